"""Notes are kept as they were written, and a past moment knows only what was written by then."""

from datetime import datetime, timedelta

import pytest

from journal import notes
from journal.notes import SeenFigure
from store.errors import WrongUse

FIGURE = "cases_by_specimen_date.E92000001.all.2020-07-01"
OTHER = "cases_by_specimen_date.E92000001.all.2020-07-02"
AS_OF = datetime(2020, 7, 3, 16)
SEEN = SeenFigure(FIGURE, "20200805-162000-000", AS_OF)
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def own_journal(journal):
    return journal


def test_a_note_is_kept_as_it_was_written(home):
    written = notes.write(home, SEEN, " Amina ", " Two trusts are late:\n<b>Hull</b> and York. ")
    assert notes.on_figure(home, FIGURE) == [written]
    assert written["author"] == "Amina"
    assert written["text"] == "Two trusts are late:\n<b>Hull</b> and York."
    assert (written["release_id"], written["as_of"]) == (SEEN.release_id, AS_OF)
    assert notes.on_figure(home, OTHER) == []


def test_notes_come_oldest_first(home):
    for text in ("first", "second", "third"):
        notes.write(home, SEEN, "Amina", text)
    assert [note["text"] for note in notes.on_figure(home, FIGURE)] == ["first", "second", "third"]


def test_a_past_moment_knows_only_what_was_written_by_then(home):
    first = notes.write(home, SEEN, "Amina", "first")
    second = notes.write(home, SEEN, "Amina", "second")
    at = first["written_at"]
    assert notes.on_figure(home, FIGURE, at - TICK) == []
    assert notes.on_figure(home, FIGURE, at) == [first]
    assert notes.on_figure(home, FIGURE, second["written_at"]) == [first, second]


def test_a_withdrawn_note_stays_and_was_not_withdrawn_before(home):
    written = notes.write(home, SEEN, "Amina", "Two trusts are late.")
    withdrawn = notes.withdraw(home, FIGURE, written["note_id"], "Amina")
    assert notes.on_figure(home, FIGURE) == [withdrawn]
    assert withdrawn["withdrawn_by"] == "Amina"
    assert withdrawn["text"] == written["text"]
    before = withdrawn["withdrawn_at"] - TICK
    assert notes.on_figure(home, FIGURE, before) == [written]


def test_a_note_is_withdrawn_once_and_by_its_author(home):
    note_id = notes.write(home, SEEN, "Amina", "Two trusts are late.")["note_id"]
    with pytest.raises(WrongUse, match="written by Amina, who alone"):
        notes.withdraw(home, FIGURE, note_id, "Bert")
    with pytest.raises(WrongUse, match="there is no note"):
        notes.withdraw(home, OTHER, note_id, "Amina")
    with pytest.raises(WrongUse, match="there is no note"):
        notes.withdraw(home, FIGURE, "note-0", "Amina")
    notes.withdraw(home, FIGURE, note_id, "Amina")
    with pytest.raises(WrongUse, match="withdrawn already"):
        notes.withdraw(home, FIGURE, note_id, "Amina")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (" \n", "is empty"),
        ("x" * 2001, "2,001 characters; 2,000 are the most"),
        ("a\x00b", "cannot be shown"),
        ("a\x1b[31mb", "cannot be shown"),
        ("1\u202e2", "cannot be shown"),
        ("\ud800", "cannot be shown"),
    ],
)
def test_what_cannot_be_kept_or_read_is_refused(home, text, why):
    with pytest.raises(WrongUse, match=why):
        notes.write(home, SEEN, "Amina", text)
    assert notes.on_figure(home, FIGURE) == []


def test_a_note_needs_an_author(home):
    with pytest.raises(WrongUse, match="name of the author is empty"):
        notes.write(home, SEEN, " ", "Two trusts are late.")
