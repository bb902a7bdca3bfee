"""Answers that an open release gave before: it never changes, so neither do they."""

from collections import OrderedDict
from threading import Lock
from typing import Any

import polars as pl

MOST_BYTES = 24_000_000
LARGEST_BYTES = 1_000_000
Key = tuple[str, str]


class Answers:
    """The answers of one reader, the least used go first; safe to share between threads.

    Only small ones are kept, and no question that names a moment of the engine's own clock or its
    dice may be asked of a reader that remembers.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._size = most_bytes, 0
        self._kept: OrderedDict[Key, pl.DataFrame] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> pl.DataFrame | None:
        """What was answered before."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def keep(self, key: Key, rows: pl.DataFrame) -> None:
        """Remember an answer, unless it is large."""
        size = int(rows.estimated_size())
        if size > LARGEST_BYTES:
            return
        with self._lock:
            if key not in self._kept:
                self._size += size
            self._kept[key] = rows
            while self._size > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._size -= int(oldest.estimated_size())


def key(sql: str, parameters: dict[str, Any]) -> Key:
    """A question as it is told from every other."""
    return sql, repr(sorted(parameters.items()))
