"""How many questions of programs and in SQL a process answers at once: each holds a thread.

A server has eight threads a process (`pipeline/serving.py`). Half of them are always left to pages,
and to whoever wants to stop a question.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from store.sandbox import Busy

MOST, MOST_OF_ONE_PERSON = 4, 2
_held: Counter[str] = Counter()
_lock = Lock()


@contextmanager
def place(person: str) -> Iterator[None]:
    """One of the places, to the end of the block. Raises `Busy` where there is none for them."""
    with _lock:
        if _held[person] >= MOST_OF_ONE_PERSON or _held.total() >= MOST:
            raise Busy("too many questions are being answered here; run it again in a moment")
        _held[person] += 1
    try:
        yield
    finally:
        with _lock:
            _held[person] -= 1
