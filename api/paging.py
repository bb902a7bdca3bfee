"""Pages of one release, one after another: each begins behind the last row of the one before.

A cursor names its release, the question that it belongs to, and the key of that row. So pages never
mix two releases, and no row is missed or given twice, whatever is published in between.
"""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from api.faults import Problem
from api.parameters import RELEASE, Wanted
from api.resources import Column, Resource

TEXT = re.compile(r"[A-Za-z0-9_.\-]{1,200}")
READS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "date": date.fromisoformat,
    "moment": datetime.fromisoformat,
}
NO_CURSOR = "This cursor is none that was given out here; begin again without it."
OTHER_QUESTION = (
    "This cursor goes on with another question; ask with the parameters that it was given for, or "
    "begin again without it."
)


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: behind `skip` rows of those that have this key, in this release."""

    release_id: str
    question: str
    key: tuple[Any, ...]
    skip: int

    def written(self) -> str:
        """The cursor as text for an address."""
        parts = [self.release_id, self.question, [_text(part) for part in self.key], self.skip]
        packed = json.dumps(parts, separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def begin(resource: Resource, wanted: Wanted) -> Cursor | None:
    """Where the page that is wanted begins; None for the first.

    Raises a problem for a cursor that was not given out here, or for another question.
    """
    if wanted.cursor is None:
        return None
    try:
        found = _read(wanted.cursor, resource.key)
    except (ValueError, TypeError, binascii.Error, RecursionError):
        raise Problem(400, NO_CURSOR) from None
    if found.question != of_question(resource, wanted):
        raise Problem(409, OTHER_QUESTION)
    if wanted.release_id not in {None, found.release_id}:
        raise Problem(409, OTHER_QUESTION)
    return found


def behind(
    rows: Sequence[Mapping[str, Any]],
    resource: Resource,
    place: tuple[str, str],
    before: Cursor | None,
) -> Cursor:
    """Where the page after these rows begins; `place` is their release and question."""
    last = _key(rows[-1], resource)
    alike = next((n for n, row in enumerate(reversed(rows)) if _key(row, resource) != last), None)
    skip = len(rows) if alike is None else alike
    if alike is None and before is not None and before.key == last:
        skip += before.skip
    return Cursor(*place, last, skip)


def of_question(resource: Resource, wanted: Wanted) -> str:
    """A mark of all that decides which rows there are, so that a cursor knows its question."""
    asked = [resource.name, sorted(wanted.filters.items()), wanted.as_of]
    return hashlib.sha256(json.dumps(asked, default=str).encode()).hexdigest()[:16]


def _read(text: str, key: Sequence[Column]) -> Cursor:
    packed = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    release_id, question, parts, skip = json.loads(packed)
    is_right = (
        isinstance(release_id, str)
        and re.fullmatch(RELEASE, release_id)
        and isinstance(question, str)
        and type(skip) is int
        and 0 < skip < 2**31
    )
    if not is_right or not isinstance(parts, list):
        raise ValueError
    values = [_part(part, column) for part, column in zip(parts, key, strict=True)]
    return Cursor(release_id, question, tuple(values), skip)


def _part(part: Any, column: Column) -> Any:
    if not isinstance(part, str) or (column.type == "text" and not TEXT.fullmatch(part)):
        raise ValueError
    return READS[column.type](part)


def _key(row: Mapping[str, Any], resource: Resource) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in resource.key)


def _text(part: Any) -> str:
    return part.isoformat() if isinstance(part, date | datetime) else str(part)
