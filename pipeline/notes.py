"""Notes on a figure from the terminal: writing one, withdrawing one, listing them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from journal import notes
from journal.notes import SeenFigure
from pipeline.asking import asking
from pipeline.passport import question, say_notes
from pipeline.terminal import line, say_if_to_come
from store import passport
from store.exports import document_to_json
from store.figure_document import document
from store.moments import parse_moment
from store.paths import Home
from store.reader import Reader, open_reader
from store.viewer import Viewer

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class About:
    """The figure that is spoken of, as whoever speaks sees it.

    `withheld` stands in place of what was written on it, where an agreement wants that.
    """

    home: Home
    seen: SeenFigure
    withheld: str | None


@contextmanager
def about(home: Home, named: str, as_of: str | None, doing: str, viewer: Viewer) -> Iterator[About]:
    """The figure by its id or by a citation; what is done within goes on the audit as `doing`.

    Raises what `store.figure_document.document` does.
    """
    moment = parse_moment(as_of) if as_of is not None else None
    say_if_to_come(moment)

    def opened(at: datetime | None, release_id: str | None) -> Reader:
        return open_reader(home, viewer, as_of=at, release_id=release_id)

    asked = question(named, moment, "note")
    with asking(home, replace(asked, question=f"{named}: {doing}"), viewer):
        found = document(opened, named, moment)
        figure_id = found["figure_id"]
        words = passport.withheld(opened(None, None), figure_id)
        yield About(home, SeenFigure(figure_id, found["release"]["release_id"], moment), words)


def write(about: About, text: str, author: str) -> Rows:
    """Keep a note. Raises `WrongUse` for a text or a name that cannot be kept."""
    return [notes.write(about.home, about.seen, author, text)]


def withdraw(about: About, note_id: str, person: str) -> Rows:
    """Mark a note as withdrawn. Raises `WrongUse` where it is not this person's to withdraw."""
    return [notes.withdraw(about.home, about.seen.figure_id, note_id, person)]


def written_on(about: About) -> Rows:
    """All notes on the figure; at a past moment those that were written by then."""
    return notes.on_figure(about.home, about.seen.figure_id, about.seen.as_of)


def report(about: About, found: Rows, *, as_json: bool) -> None:
    """Say the notes as their reader may read them today, or that there is none."""
    found = notes.without_text(found, about.withheld)
    if as_json:
        print(document_to_json({"figure_id": about.seen.figure_id, "notes": found}), end="")
    elif found:
        say_notes(found)
    else:
        line(f"There is no note on {about.seen.figure_id}.")
