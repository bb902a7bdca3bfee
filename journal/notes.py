"""Notes on figures: written once, never changed, at most withdrawn, and then still there."""

import re
import uuid
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from journal.engine import journal_of
from journal.tables import LONGEST_TEXT, AboutFigure, Note
from store import passport
from store.errors import WrongUse
from store.moments import now
from store.paths import Home
from store.reader import Reader

SHOWN = (
    *("note_id", "author", "text", "written_at"),
    *("as_of", "release_id", "withdrawn_at", "withdrawn_by"),
)
# Control characters, halves of characters, and marks that let a text read other than it is.
UNREADABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)
LONGEST_NAME = 255
# As NHS numbers are written, 943 476 5919; a telephone number has its country or more digits.
TEN_DIGITS = re.compile(r"(?<![\d+])(?<!\+\d\d )\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)", re.ASCII)


@dataclass(frozen=True)
class SeenFigure:
    """A figure as somebody saw it: in which release, and at which past moment if at one."""

    figure_id: str
    release_id: str
    as_of: datetime | None


def write(home: Home, seen: SeenFigure, author: str, text: str) -> dict[str, Any]:
    """Keep a note on a figure; gives it back as `on_figure` does.

    Raises `WrongUse` for an empty, a too long or an unreadable text or name.
    """
    note = Note(
        note_id=f"note-{uuid.uuid4().hex[:12]}",
        **cell_of(seen.figure_id),
        as_of=seen.as_of,
        release_id=seen.release_id,
        author=readable("the name of the author", author, LONGEST_NAME),
        text=readable("a note", text, LONGEST_TEXT),
        written_at=now(),
    )
    with journal_of(home).writing() as session:
        session.add(note)
        session.flush()
        return _shown(note, None)


def withdraw(home: Home, figure_id: str, note_id: str, person: str) -> dict[str, Any]:
    """Mark a note on a figure as withdrawn, by the author alone.

    Raises `WrongUse` where there is no such note, it is somebody else's or withdrawn already.
    """
    with journal_of(home).writing() as session:
        note = session.get(Note, note_id)
        if note is None or figure_id_of(note) != figure_id:
            raise WrongUse(f"there is no note {note_id[:60]} on {figure_id}")
        if note.author != person:
            raise WrongUse(f"{note_id} was written by {note.author}, who alone can withdraw it")
        if note.withdrawn_at is not None:
            raise WrongUse(
                f"{note_id} was withdrawn already, at {note.withdrawn_at:%Y-%m-%d %H:%M}"
            )
        # The clock of the machine may have been set back since.
        note.withdrawn_at, note.withdrawn_by = max(now(), note.written_at), person
        session.flush()
        return _shown(note, None)


def on_figure(home: Home, figure_id: str, by: datetime | None = None) -> list[dict[str, Any]]:
    """The notes on a figure as `SHOWN`, oldest first; those written by a moment, as they were then.

    Raises `JournalUnavailable` when they cannot be read.
    """
    columns = cell_of(figure_id)
    asked = select(Note).filter_by(**columns).order_by(Note.written_at, Note.note_id)
    if by is not None:
        asked = asked.where(Note.written_at <= by)
    with journal_of(home).reading() as session:
        return [_shown(note, by) for note in session.scalars(asked)]


def between(home: Home, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """The notes written after one moment and by another, as they were by then, oldest first.

    Each names its figure and area too. Raises `JournalUnavailable` when they cannot be read.
    """
    written = select(Note).where(Note.written_at > since, Note.written_at <= until)
    with journal_of(home).reading() as session:
        found = session.scalars(written.order_by(Note.written_at, Note.note_id))
        return [
            _shown(note, until) | {"figure_id": figure_id_of(note), "area_id": note.area_id}
            for note in found
        ]


def for_reader(reader: Reader, figure_id: str, by: datetime | None = None) -> list[dict[str, Any]]:
    """The notes on a figure as this reader may see them: every way out of a note is this one."""
    found = on_figure(reader.home, figure_id, by)
    return without_text(found, passport.withheld(reader, figure_id)) if found else found


def without_text(found: list[dict[str, Any]], words: str | None) -> list[dict[str, Any]]:
    """Notes of which only that they were written is told, where `words` stand in their place."""
    return found if words is None else [note | {"text": words} for note in found]


def readable(what: str, text: str, longest: int) -> str:
    """A text without blanks around it. Raises `WrongUse` when it cannot be kept as it is."""
    text = text.strip()
    if not text:
        raise WrongUse(f"{what} is empty; write what there is to say")
    if len(text) > longest:
        raise WrongUse(f"{what} has {len(text):,} characters; {longest:,} are the most")
    if UNREADABLE.search(text):
        raise WrongUse(f"{what} holds characters that cannot be shown; write it as plain text")
    if any(_is_nhs_number(re.sub(r"\D", "", found)) for found in TEN_DIGITS.findall(text)):
        raise WrongUse(f"{what} holds what looks like an NHS number; leave it out")
    return text


def _is_nhs_number(digits: str) -> bool:
    """Whether ten digits end with the check digit (modulus 11) of an NHS number."""
    weighed = sum(
        int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)
    )
    return (11 - weighed % 11) % 11 == int(digits[-1])


def cell_of(figure_id: str) -> dict[str, Any]:
    """The cell of a figure that is known, as the columns of whatever is about it."""
    cell = passport.cell(figure_id) or {}
    return cell | {"event_date": date.fromisoformat(cell["event_date"])}


def figure_id_of(row: AboutFigure) -> str:
    """The figure that a row of the journal is about."""
    return f"{row.metric_id}.{row.area_id}.{row.stratum_id}.{row.event_date}"


def _shown(note: Note, by: datetime | None) -> dict[str, Any]:
    shown = {name: getattr(note, name) for name in SHOWN}
    is_later = by is not None and note.withdrawn_at is not None and note.withdrawn_at > by
    return shown | {"withdrawn_at": None, "withdrawn_by": None} if is_later else shown
