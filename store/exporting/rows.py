"""The rows of one answer, a part at a time: no more of it is in memory than the part in hand."""

from collections.abc import Iterator, Mapping
from threading import Timer
from typing import Any, TypeAlias

import duckdb

from store.errors import WrongUse
from store.reader import NOT_ANSWERED, Reader, count_given, not_answered, require_known_types

# Arrow's own, which have no types that a checker knows.
Schema: TypeAlias = Any
Batch: TypeAlias = Any
ROWS_AT_ONCE = 100_000
LONGEST_S = 3600.0


class Rows:
    """An answer that is still being given. Iterate once, and close it, also half way.

    `schema` is that of Arrow and known before the first part. Each part has at most
    `ROWS_AT_ONCE` rows; `WrongUse` is raised from the iteration when the engine cannot go on.
    """

    def __init__(
        self, reader: Reader, sql: str, parameters: Mapping[str, Any], longest_s: float
    ) -> None:
        self._longest_s = longest_s
        self._cursor = reader.cursor()
        self._alarm = Timer(longest_s, self.stop)
        self._alarm.daemon = True
        self._alarm.start()
        try:
            asked = self._cursor.sql(sql, params=dict(parameters) or None)
            self._parts = asked.to_arrow_reader(ROWS_AT_ONCE)
            self.schema: Schema = self._parts.schema
            require_known_types(self.schema)
        except NOT_ANSWERED as fault:
            self.close()
            raise self._told(fault) from None
        except WrongUse:
            self.close()
            raise

    def __iter__(self) -> Iterator[Batch]:
        try:
            for part in self._parts:
                count_given(part.num_rows)
                yield part
        except NOT_ANSWERED as fault:
            raise self._told(fault) from None
        finally:
            self.close()

    def stop(self) -> None:
        """Break the answer off, from any thread; whoever iterates is told by `WrongUse`."""
        self._cursor.interrupt()

    def close(self) -> None:
        """Let the engine's answer go."""
        self._alarm.cancel()
        self._cursor.close()

    def _told(self, fault: Exception) -> WrongUse:
        # Arrow hands on what the engine said as a fault of its own.
        if isinstance(fault, duckdb.InterruptException) or "INTERRUPT" in str(fault).upper():
            return WrongUse(f"the answer was stopped, or took more than {self._longest_s:g} s")
        return not_answered(fault)

    def __enter__(self) -> "Rows":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def rows_of(
    reader: Reader,
    sql: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    longest_s: float = LONGEST_S,
) -> Rows:
    """The rows of one select statement at the reader's scope and moment, a part at a time.

    `$name` in it takes the value of `name`. Only for statements of our own: one that a person wrote
    belongs into the confined engine. Raises `WrongUse` when it cannot be answered.
    """
    return Rows(reader, sql, parameters or {}, longest_s)
