"""Notes stand on the page of their figure and in its drawer, as plain text."""

from datetime import datetime, timedelta

import pytest

from dashboard.components import drawer
from dashboard.pages import figure, standup
from journal import notes
from journal.notes import SeenFigure
from journal.reading import questions
from people.exits import register
from people.personas import personas
from store.paths import Home
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import HERE, looking_at, signed_in
from tests.dashboard.small_england import CITED, EXPLAINED, LEICESTER, write_release

OF_LEICESTER = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-20"
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


def put_down(place, persona="analyst", **changes):
    form = {"figure": OF_LEICESTER, "release": place[1], "text": "The laboratory was shut."}
    return signed_in(persona).post("/notes/write", data=form | changes, headers=HERE)


def stand_up(area, **query):
    with looking_at("/standup"):
        return [words_in(item) for item in items_of(standup.layout(area=area, **query))]


def items_of(page):
    (section,) = [one for one in every(page, "Section") if words_in(every(one, "H2")) == "Notes"]
    return every(section, "Li")


def test_a_note_written_on_the_page_comes_up_on_the_next_stand_up_and_on_the_audit(
    place, monkeypatch
):
    answer = put_down(place)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith(f"/figure/{OF_LEICESTER}#notes")
    said = [words_in(every(figure.layout(figure_id=OF_LEICESTER), "Ul", "written"))]
    for told in (*said, *stand_up(LEICESTER)):
        assert "The laboratory was shut." in told and "James Wu" in told
    at = standup.now()
    for days, is_told in ((1, True), (2, False)):
        monkeypatch.setattr(standup, "now", lambda later=at + timedelta(days=days): later)
        assert any("The laboratory was shut." in one for one in stand_up(LEICESTER)) == is_told
    asked = questions(place[0], who="demonstration|analyst")["question"].to_list()
    assert f"write a note on {OF_LEICESTER}" in asked


def test_a_note_of_another_area_is_not_on_the_stand_up(place):
    put_down(place)
    assert stand_up("E08000003") == []


@pytest.mark.parametrize(
    "changes",
    [
        {"text": " "},
        {"text": "Patient 943 476 5919 was counted twice"},
        {"figure": "a.b.c.2020-01-01"},
        {"as_of": "noon"},
        {"release": "20010101-000000-000"},
    ],
)
def test_a_note_that_cannot_be_kept_is_refused_in_one_sentence(place, changes):
    before = notes.on_figure(place[0], OF_LEICESTER)
    answer = put_down(place, **changes)
    assert answer.status_code == 400
    assert len(answer.get_data(as_text=True).strip().splitlines()) == 1
    assert notes.on_figure(place[0], OF_LEICESTER) == before


def test_only_whoever_may_write_notes_is_offered_the_form(place):
    for persona, found in personas().items():
        may = register("action.note").is_open_to(found.role)
        with looking_at("/", persona):
            forms = every(figure.layout(figure_id=CITED), "Form")
        assert any(form.action == "/notes/write" for form in forms) == may, persona
        assert put_down(place, persona).status_code == (303 if may else 403)
