"""Notes stand on the page of their figure and in its drawer, as plain text."""

from datetime import datetime, timedelta

import pytest

from dashboard.components import drawer
from dashboard.pages import figure
from journal import notes
from journal.notes import SeenFigure
from store.paths import Home
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import looking_at, signed_in
from tests.dashboard.small_england import CITED, EXPLAINED, write_release

TEXT = "Two trusts are late: [see](javascript:alert(1)) <b>both</b>"


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    root = tmp_path_factory.mktemp("noted")
    return Home(root), write_release(root).release_id


@pytest.fixture(scope="module")
def written(place):
    home, release_id = place
    seen = SeenFigure(CITED, release_id, datetime(2020, 8, 1, 12))
    return notes.write(home, seen, "Amina", TEXT)


@pytest.fixture(autouse=True)
def at_that_home(place, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(place[0].root))
    with looking_at("/"):
        yield


def items(page):
    return [words_in(item) for item in every(page, "Ul", "written")]


def test_page_and_drawer_show_the_note_as_plain_text(written):
    for page in (figure.layout(figure_id=CITED), drawer.show({"figure": CITED})):
        (said,) = items(page)
        assert TEXT in said
        assert "Amina" in said
        assert "as known at 12:00 on 1 August 2020" in said
        assert "Withdrawn" not in said


def test_a_moment_before_the_note_does_not_show_it(written):
    before = (written["written_at"] - timedelta(microseconds=1)).isoformat()
    asked = {"figure": CITED, "as_of": before}
    for page in (figure.layout(figure_id=CITED, as_of=before), drawer.show(asked)):
        assert items(page) == []
        assert "Nobody has written a note on this figure." in words_in(page)


def test_the_file_holds_the_note(written):
    found = signed_in().get(f"/files/figure.json?figure={CITED}").get_json()
    assert [note["text"] for note in found["notes"]] == [TEXT]


def test_another_spelling_of_the_date_is_the_same_figure(written):
    spelled = CITED.replace("2020-07-21", "2020-7-21")
    assert len(items(figure.layout(figure_id=spelled))) == 1


def test_a_withdrawn_note_stays_and_is_marked(place):
    home, release_id = place
    note = notes.write(home, SeenFigure(EXPLAINED, release_id, None), "Bo", "Wrong figure.")
    notes.withdraw(home, EXPLAINED, note["note_id"], "Bo")
    (said,) = items(figure.layout(figure_id=EXPLAINED))
    assert said.startswith("Withdrawn")
    assert "Wrong figure." in said
    assert "withdrawn by Bo" in said
