"""The replay bar: a data day in a home of its own, its clock in the address."""

import json
from datetime import date

import pytest

from dashboard import replaying
from dashboard.asked import Asked
from journal import problems
from journal.notes import SeenFigure
from journal.reading import questions
from people.accounts import DEMONSTRATION
from store import releases
from store.errors import WrongUse
from store.paths import Home
from store.replayed import Day, Replayed, ended, home_of, keep
from tests.dashboard.asked_in_sql import stopping
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import CITED, ENGLAND, write_release
from tests.dashboard.test_security import CALLBACKS, asking, located

REPLAYED = Replayed(
    "a-worst-day",
    "Fifteen thousand cases late",
    "A naive store would have believed it.",
    ENGLAND,
    (
        Day(date(2020, 7, 2), "Cases were left out."),
        Day(date(2020, 8, 6), "They came back at once."),
    ),
)
AT = "replay=a-worst-day&as_of="


@pytest.fixture
def served(tmp_path, monkeypatch) -> Home:
    """A home in which a figure is 88, with a replay in which it is 4,711."""
    home = Home(tmp_path / "home")
    write_release(home.root, cited=88.0)
    own = home_of(home, REPLAYED.replay_id)
    own.root.mkdir(parents=True)
    write_release(own.root, cited=4711.0)
    keep(own, REPLAYED)
    monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", DEMONSTRATION)
    return home


def page(path: str, search: str = "") -> str:
    answer = signed_in().post(CALLBACKS, json=located(path, search))
    return json.dumps(answer.get_json(), ensure_ascii=False)


def test_what_was_kept_is_read_again(served):
    assert ended(served) == {REPLAYED.replay_id: REPLAYED}


@pytest.mark.parametrize("broken", ["", "[]", "{}", '{"title": 1}', "no json"])
def test_a_replay_that_cannot_be_read_is_not_offered(served, broken: str):
    (home_of(served, REPLAYED.replay_id).root / "replay.json").write_text(broken)
    assert ended(served) == {}
    assert "Fifteen thousand" not in page("/")


def test_every_page_offers_it_and_answers_from_the_store_that_is_served(served):
    for path in ("/", "/standup", "/areas", "/sources", f"/figure/{CITED}"):
        told = page(path)
        assert "Replay one of the worst data days" in told, path
        assert "4,711" not in told, path
    first = f"/?as_of=2020-07-02&replay=a-worst-day&area={ENGLAND}"
    assert json.dumps(first) in page("/")


def test_a_chosen_day_answers_from_its_own_store_and_says_what_happened(served):
    told = page(f"/figure/{CITED}", f"?{AT}2020-08-06")
    assert "4,711" in told and "They came back at once." in told
    assert "A naive store would have believed it." in told
    earlier = page("/", f"?{AT}2020-07-02")
    assert "Cases were left out." in earlier and "naive store" not in earlier


def test_drawer_and_file_answer_from_it_as_the_page_does(served):
    body = asking({"figure": CITED, "replay": "a-worst-day", "as_of": "2020-08-06"})
    drawer = signed_in().post(CALLBACKS, json=body).get_data(as_text=True)
    assert "4,711" in drawer
    file = signed_in().get(f"/files/figure.json?figure={CITED}&{AT}2020-08-06").get_json()
    assert file["figure"]["value"] == 4711.0


def test_every_link_of_a_replay_stays_in_it(served):
    told = page("/", f"?{AT}2020-08-06")
    for path in ("/standup", "/areas", "/sources"):
        assert json.dumps(f"{path}?as_of=2020-08-06&replay=a-worst-day") in told


def test_the_clock_goes_to_the_days_beside(served):
    told = page("/areas", f"?{AT}2020-08-06")
    assert json.dumps("?as_of=2020-07-02&replay=a-worst-day") in told
    assert told.count('"aria-current": "date"') + told.count('"aria-current":"date"') == 1


def test_nothing_is_written_down_in_a_replay_nor_shown_of_what_was(served):
    reported = problems.report(
        served,
        SeenFigure(CITED, releases.current(served).release_id, None),
        problems.Report("too_high", "Counted on two lists"),
        problems.Reporter("demonstration|national_leader", "Lee"),
    )
    assert reported["problem_id"] in page("/problems")
    there = f"?{AT}2020-08-06"
    for path in ("/problems", f"/figure/{CITED}", "/standup", f"/areas/{ENGLAND}"):
        told = page(path, f"{there}&problem={CITED}")
        assert reported["problem_id"] not in told, path
        assert "Write a note" not in told and "Report this problem" not in told, path
        assert "Report a problem with" not in told, path
        assert "Begin the stand-up" not in told and "Take up" not in told, path
    assert "nothing can be reported in it" in page("/problems", there)
    assert not list(home_of(served, "a-worst-day").root.glob("journal*"))


@pytest.mark.parametrize("name", ["another-day", "../home", "..", "A"])
def test_a_replay_that_is_none_is_noted_and_nothing_of_it_is_opened(served, name: str):
    told = page("/", f"?replay={name}")
    assert "There is no replay" in told and "4,711" not in told
    assert signed_in().get(f"/files/areas.json?replay={name}").status_code == 400
    assert signed_in().get(f"/files/figure.json?figure={CITED}&replay={name}").status_code == 400


def test_a_query_is_stopped_in_no_home_but_a_replays(served):
    client = signed_in("analyst")
    for given in (["a-worst-day"], {"a": 1}, 5, "../../elsewhere", "/", "a/b"):
        answer = client.post(CALLBACKS, json=stopping(run="0" * 32, replay=given))
        assert answer.status_code == 200, (given, answer.text)
        assert "The query has ended" in answer.text
    assert not (served.root.parent / "elsewhere").exists()


@pytest.mark.parametrize("name", ["", "..", "../../elsewhere", "/", "a-worst-day/..", "a\n"])
def test_what_is_no_id_has_no_home(tmp_path, name: str):
    with pytest.raises(WrongUse, match="no such replay"):
        home_of(Home(tmp_path), name)


def test_a_folder_by_another_name_is_no_replay(tmp_path):
    own = home_of(Home(tmp_path), REPLAYED.replay_id)
    for folder in (own.root, own.root.parent / "Some Folder"):
        folder.mkdir(parents=True)
        keep(Home(folder), REPLAYED)
    assert [*ended(Home(tmp_path))] == [REPLAYED.replay_id]


@pytest.mark.parametrize("way", ["local", "provider"])
def test_outside_a_demonstration_there_is_no_replay(served, monkeypatch, way: str):
    """Pages, files and the drawer all take what `allowed` leaves of a request."""
    asked = Asked(replay=REPLAYED.replay_id)
    assert replaying.allowed(asked) == asked
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", way)
    assert replaying.to_choose() == {}
    left = replaying.allowed(asked)
    assert left.replay is None and "There is no replay" in left.notes[0]


def test_the_audit_names_the_release_of_a_replay_and_of_none_that_is_not_to_be_had(served):
    client = signed_in()
    for replay, home in (("a-worst-day", home_of(served, "a-worst-day")), ("another-day", served)):
        client.get(f"/?replay={replay}")
        newest = questions(served).row(0, named=True)
        assert newest["release_id"] == releases.current(home).release_id, replay
