"""Reported problems on the pages: who may do what, who is told what, and what is put down."""

from datetime import timedelta

import duckdb
import pytest
from homes import copied

from dashboard.pages import area, figure, problems, standup
from journal import chain
from journal import problems as kept
from journal.notes import SeenFigure
from journal.problems import Report, Reporter
from journal.reading import questions
from people import roles
from people.exits import register
from store import passport, releases
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import HERE, looking_at, signed_in
from tests.dashboard.small_england import ENGLAND, LEICESTER, write_release

NORTH_WEST = "E12000002"
FIGURE = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-20"
IN_NORTH_WEST = f"cases_by_specimen_date.{NORTH_WEST}.all.2020-07-20"
TRIAGE = ("operations", "analyst")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    root = tmp_path_factory.mktemp("published")
    write_release(root)
    return root


@pytest.fixture
def home(published, tmp_path):
    copied(published, tmp_path / "home")
    return Home(tmp_path / "home")


@pytest.fixture(autouse=True)
def at_home(home, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", "demonstration")


def post(step, persona="analyst", **form):
    return signed_in(persona).post(f"/problems/{step}", data=form, headers=HERE)


def report(home, persona="local_official", **changes):
    form = {"figure": FIGURE, "release": releases.current(home).release_id}
    form |= {"kind": "counted_twice", "wrong": "One laboratory sent its file twice."}
    answer = post("report", persona, **(form | changes))
    return answer, answer.headers.get("Location", "").partition("#")[2]


def shown(persona, **query):
    with looking_at("/problems", persona):
        return words_in(problems.layout(**query))


def figure_page(persona="local_official", figure_id=FIGURE):
    with looking_at(f"/figure/{figure_id}", persona):
        return words_in(figure.layout(figure_id))


def value_of(home):
    with open_reader(home) as reader:
        return passport.figure(reader, FIGURE)["value"]


def accept(home, number, persona="analyst", **changes):
    form = {"problem": number, "stands": repr(value_of(home)), "value": "1927"}
    form |= {"reason": "The laboratory confirms it."}
    form |= {"expires_on": (now() + timedelta(days=9)).date().isoformat()}
    return post("accept", persona, **(form | changes))


def test_a_report_has_a_number_and_its_reporter_sees_what_came_of_it(home):
    answer, number = report(home, expected="27", contact="Tom, extension 12")
    assert answer.status_code == 303 and number.startswith("PR-"), answer.get_data(as_text=True)
    told = shown("local_official")
    assert number in told and "One laboratory sent its file twice." in told
    assert "Under query" not in told and "Reported" in told
    assert number not in shown("regional_lead"), "one's own alone"
    post("take-up", problem=number)
    assert "James Wu looks into it" in shown("local_official")
    post("reject", problem=number, reason="It counts residents.")
    assert "James Wu rejected it" in shown("local_official")
    assert "It counts residents." in shown("local_official")


def test_a_figure_says_that_it_is_under_query_until_the_report_is_closed(home):
    _, number = report(home)
    told = figure_page("national_leader")
    assert "Under query since" in told and number in told
    assert "Tom Hughes" not in told, "who reported it is not for everybody"
    with looking_at(f"/areas/{LEICESTER}", "national_leader"):
        assert f"under query since {now().day} " in words_in(area.layout(LEICESTER))
    post("take-up", problem=number)
    assert "Under query since" in figure_page()
    post("reject", problem=number, reason="It counts residents.")
    assert "Under query since" not in figure_page()
    assert "It counts residents." in figure_page()


def test_an_empty_page_says_how_to_report_to_those_who_may(home):
    how = "choose \u201cReport a problem with this figure\u201d"
    for persona in sorted(roles.roles()):
        told = shown(persona)
        assert "You have reported no problem so far." in told
        assert (how in told) == register("action.report").is_open_to(persona), persona


def test_whoever_may_report_is_offered_the_form_for_the_figure(home):
    told = shown("local_official", problem=FIGURE)
    assert "Report a problem" in told and "Do not enter names of patients or NHS numbers" in told
    assert "Report a problem" not in shown("engineer", problem=FIGURE)
    assert "Report a problem with this figure" in figure_page()
    assert "Report a problem with this figure" not in figure_page("engineer")
    assert "There is no figure" in shown("local_official", problem="a.b.c.2020-01-01")


@pytest.mark.parametrize(
    "changes",
    [
        {"figure": "a.b.c.2020-01-01"},
        {"kind": "odd"},
        {"wrong": ""},
        {"wrong": "Patient 943 476 5919 was counted twice"},
        {"as_of": "noon"},
    ],
)
def test_what_cannot_be_kept_is_refused_in_one_sentence(home, changes):
    answer, _ = report(home, **changes)
    assert answer.status_code == 400
    assert len(answer.get_data(as_text=True).strip().splitlines()) == 1
    assert kept.all_by(home) == []


def test_only_some_roles_look_into_reports_and_only_analysts_accept_them(home):
    _, number = report(home, figure=IN_NORTH_WEST)
    for persona in sorted(roles.roles()):
        if persona not in TRIAGE:
            assert post("take-up", persona, problem=number).status_code == 403
            assert number not in shown(persona) or persona == "local_official"
    assert post("take-up", "operations", problem=number).status_code == 303
    assert accept(home, number, "operations").status_code == 403
    assert "An analyst can accept it" in shown("operations")
    assert "Accept it" in shown("analyst")


def test_nobody_looks_into_reports_outside_of_their_scope(home):
    _, number = report(home)
    assert number not in shown("operations"), "who is of the North West"
    answer = post("take-up", "operations", problem=number)
    assert answer.status_code == 400 and "not of your area" in answer.get_data(as_text=True)
    assert kept.found(home, number)["state"] == "reported"
    assert number in shown("analyst"), "who is of England"


def test_an_accepted_report_is_guarded_by_what_the_publisher_says(home):
    _, number = report(home)
    post("take-up", problem=number)
    assert accept(home, number).status_code == 303
    problem = kept.found(home, number)
    assert (problem["state"], problem["value"]) == ("accepted", 1927.0)
    assert problem["guard_value"] == value_of(home)
    assert problem["guard_source_id"] == "phe_cases_vintages"
    assert "The next release shows the correction." in shown("analyst")


def test_whoever_accepts_sees_what_each_source_says_and_that_totals_do_not_follow(home):
    _, number = report(home)
    post("take-up", problem=number)
    told = shown("analyst")
    with open_reader(home) as reader:
        claims = passport.claims(reader, FIGURE)
    for claim in claims.iter_rows(named=True):
        assert f"{claim['source_title']} says {claim['value']:,.0f}" in told
    assert claims.height
    assert "running totals, and the areas that contain this one, stay" in told


def test_an_analyst_takes_a_correction_back_and_the_reporter_is_told(home):
    _, number = report(home)
    post("take-up", problem=number)
    accept(home, number)
    assert "Take it back" in shown("analyst")
    assert "Take it back" not in shown("operations")
    assert post("take-back", "operations", problem=number, reason="No.").status_code == 403
    assert post("take-back", problem=number, reason=" ").status_code == 400
    assert post("take-back", problem=number, reason="The first count was right.").status_code == 303
    assert kept.found(home, number)["ended_because"] == "taken_back"
    told = shown("local_official")
    assert "James Wu took the correction back" in told and "The first count was right." in told
    asked = questions(home)["question"]
    assert any(text.startswith(f"take {number} back, because: The first") for text in asked)


def test_a_report_is_handed_on_and_a_closed_one_taken_up_again(home):
    _, number = report(home, figure=IN_NORTH_WEST)
    post("take-up", "operations", problem=number)
    assert "Look into it instead" not in shown("operations")
    assert "Look into it instead" in shown("analyst")
    assert post("hand-on", problem=number).status_code == 303
    assert "James Wu looks into it in their place" in shown("local_official")
    post("reject", problem=number, reason="It counts residents.")
    assert "1 report that changed nothing" in shown("analyst")
    answer = post("reopen", "operations", problem=number)
    again = answer.headers["Location"].partition("#")[2]
    assert kept.found(home, again)["follows"] == number
    assert f"{again} goes on from {number}" in shown("local_official")
    assert "changed nothing" not in shown("analyst")
    assert post("reopen", problem=number).status_code == 400


@pytest.mark.parametrize("reason", ["suppressed_by_publisher", "suppressed_by_us"])
def test_what_somebody_hid_is_not_told_by_a_correction(home, reason):
    folder = releases.folder(home, releases.current(home).release_id)
    with duckdb.connect(str(folder / "controlled.duckdb")) as connection:
        hidden = f"value = null, missing_reason = '{reason}'"
        day = "metric_id = 'cases_by_specimen_date' and event_date = date '2020-07-20'"
        connection.execute(f"update figure_versions set {hidden} where {day} and known_to is null")
        connection.execute(f"update figures set {hidden} where {day}")
    assert value_of(home) is None
    _, number = report(home)
    post("take-up", problem=number)
    assert "it is for its own source to correct it" in shown("analyst")
    answer = accept(home, number, stands="", value="2")
    assert answer.status_code == 400
    assert "for its own source to correct it" in answer.get_data(as_text=True)
    assert kept.found(home, number)["state"] == "taken_up"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"stands": "1.0"}, "shows another value by now"),
        ({"value": "many"}, "is not a number"),
        ({"value": "nan"}, "more than any figure"),
        ({"value": "-5"}, "less than nobody"),
        ({"value": "27.4"}, "give no decimals"),
        ({"expires_on": "soon"}, "is not a day"),
        ({"expires_on": "2020-01-01"}, "cannot end on"),
        ({"reason": " "}, "the reason is empty"),
        ({"problem": "PR-00000000"}, "there is no report"),
    ],
)
def test_a_correction_that_cannot_be_is_refused(home, changes, why):
    _, number = report(home)
    post("take-up", problem=number)
    answer = accept(home, number, **changes)
    assert answer.status_code == 400 and why in answer.get_data(as_text=True)
    assert kept.found(home, number)["state"] == "taken_up"


def test_the_stand_up_says_what_came_of_a_report(home):
    _, number = report(home)
    post("take-up", problem=number)
    post("reject", problem=number, reason="It counts residents.")
    with looking_at("/standup", "local_official"):
        page = standup.layout(area=LEICESTER)
        before = standup.layout(area=LEICESTER, as_of="2020-08-05")
    (section,) = [one for one in every(page, "Section") if number in words_in(one)]
    told = words_in(section)
    assert "was reported" in told and "It counts residents." in told
    assert number not in words_in(before)


def test_every_step_stands_on_the_audit_with_the_number(home):
    _, number = report(home)
    post("take-up", problem=number)
    accept(home, number)
    asked = [text for text in questions(home)["question"] if number in text or FIGURE in text]
    for step in ("report a problem with", "look into", "accept"):
        assert any(text.startswith(step) for text in asked), step
    assert chain.verify(home).entry_id > 0


def test_a_report_of_england_stands_where_england_is_looked_at(home):
    seen = SeenFigure(
        f"cases_by_specimen_date.{ENGLAND}.all.2020-07-20", releases.current(home).release_id, None
    )
    told = Report("too_low", "A laboratory is missing.")
    number = kept.report(home, seen, told, Reporter("local|x", "Xenia"))["problem_id"]
    with looking_at("/standup", "national_leader"):
        assert number in words_in(standup.layout(area=ENGLAND))
