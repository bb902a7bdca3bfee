"""Notes on the command line: written, listed, withdrawn, and in the passport of their figure."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from store.moments import now
from tests.dashboard.small_england import CITED, DISPUTED, write_release


@pytest.fixture(scope="session")
def trigpoint(one_process):
    """What is said and put down does not depend on how often a process starts."""
    return one_process


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("noted")
    write_release(root)
    return root


def noted(trigpoint, place, *arguments):
    ran = trigpoint("note", *arguments, "--home", place, "--json")
    assert ran.code == 0, ran.error
    return json.loads(ran.out)["notes"]


def test_a_note_is_written_listed_shown_and_withdrawn(trigpoint, place):
    assert trigpoint("note", CITED, "--home", place).out == f"There is no note on {CITED}.\n"
    (written,) = noted(trigpoint, place, CITED, "Two trusts are late.", "--as", "Amina")
    assert noted(trigpoint, place, CITED) == [written]
    assert (written["author"], written["as_of"]) == ("Amina", None)
    shown = trigpoint("figure", CITED, "--home", place)
    assert "Two trusts are late." in shown.out
    assert "Amina" in shown.out
    document = json.loads(trigpoint("figure", CITED, "--json", "--home", place).out)
    assert document["notes"] == [written]
    (withdrawn,) = noted(trigpoint, place, CITED, "--withdraw", written["note_id"], "--as", "Amina")
    assert withdrawn["withdrawn_by"] == "Amina"
    shown = trigpoint("figure", CITED, "--home", place)
    assert "(withdrawn by Amina" in shown.out


def test_a_past_moment_shows_what_was_written_by_then(trigpoint, place):
    before = now()
    moment = "2020-08-06T12:00"
    (written,) = noted(trigpoint, place, DISPUTED, "Looked at.", "--as", "Bo", "--as-of", moment)
    assert written["as_of"] == "2020-08-06T12:00:00"
    assert noted(trigpoint, place, DISPUTED) == [written]
    assert noted(trigpoint, place, DISPUTED, "--as-of", before.isoformat()) == []
    later = (now() + timedelta(seconds=1)).isoformat()
    ran = trigpoint("figure", DISPUTED, "--as-of", later, "--json", "--home", place)
    assert json.loads(ran.out)["notes"] == [written]
    ran = trigpoint("figure", DISPUTED, "--as-of", before.isoformat(), "--json", "--home", place)
    assert json.loads(ran.out)["notes"] == []


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("nothing.at.all", "x"), "there is no figure"),
        ((CITED, " "), "a note is empty"),
        ((CITED, "x", "--as", " "), ""),
        ((CITED, "--withdraw", "note-0"), "there is no note note-0"),
        ((CITED, "x", "--withdraw", "note-0"), "either write a note or withdraw one"),
        ((CITED, "x", "--as-of", "yesterday"), "is not a moment"),
        (("TP-nothing", "x"), "is no citation"),
    ],
)
def test_what_is_wrong_is_one_plain_line(trigpoint, place, arguments, why):
    ran = trigpoint("note", *arguments, "--home", place)
    if not why:  # a blank name is no name, so the account's is taken
        assert ran.code == 0
        return
    assert ran.code == 2
    assert why in ran.error
    assert len(ran.error.splitlines()) == 1
