"""What goes between a server and a confined process: a line of JSON, and bytes after it.

Neither side ever reads anything that could be code from the other: words are JSON, answers are
Arrow's own stream, and every length is checked against what was agreed before.
"""

import json
import struct
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

# The length of the words, then that of the bytes after them.
LENGTHS = struct.Struct("<IQ")
LONGEST_WORDS = 8_000_000
Message = dict[str, Any]
Parameter = str | int | float | bool | date | datetime | None


def packed(words: Message, body: bytes = b"") -> bytes:
    """A message as it goes over the pipe."""
    text = json.dumps(words).encode()
    return LENGTHS.pack(len(text), len(body)) + text + body


def received(read: Callable[[int], bytes], longest: int) -> tuple[Message, bytes]:
    """The next message; `read` gives exactly as many bytes as it is asked for, or raises.

    Raises `ValueError` where it is longer than `longest` bytes, or no message at all.
    """
    words, body = LENGTHS.unpack(read(LENGTHS.size))
    if words > LONGEST_WORDS or body > longest:
        raise ValueError("a message is longer than was agreed")
    found = json.loads(read(words))
    if not isinstance(found, dict):
        raise ValueError("a message is not what was agreed")
    return found, read(body)


def told(value: Parameter) -> Any:
    """A parameter as JSON can hold it."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    return value


def understood(value: Any) -> Parameter:
    """A parameter that was told as JSON."""
    if not isinstance(value, dict):
        return value  # type: ignore[no-any-return]
    [(kind, text)] = value.items()
    return datetime.fromisoformat(text) if kind == "datetime" else date.fromisoformat(text)
