"""How full trusts are: shares, days in a row above the limit, and when a stand-up looks at it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from dashboard import exceptions
from dashboard.components.capacity import capacity
from dashboard.limits import limits
from dashboard.pages import standup
from dashboard.queries.capacity import pressure
from journal import actions
from journal.notes import SeenFigure
from store import releases
from store.moments import now
from store.paths import Home
from store.reader import Reader, open_reader
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import looking_at
from tests.dashboard.small_england import ENGLAND
from tests.dashboard.with_beds import BROKEN, FULL, NAMES, OCCUPIED, ONCE, QUIET, write_release

LONDON, HACKNEY, NORTH_WEST = "E12000007", "E09000012", "E12000002"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    root = tmp_path_factory.mktemp("beds")
    write_release(root)
    return Home(root)


@pytest.fixture(autouse=True)
def at_home(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIGPOINT_HOME", str(home.root))
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", "demonstration")


@pytest.fixture(scope="module")
def reader(home: Home) -> Iterator[Reader]:
    with open_reader(home) as opened:
        yield opened


def of(reader: Reader, area_id: str) -> dict[str, dict]:
    rows = pressure(reader, limits()[0], area_id).to_dicts()
    return {row["area_id"]: row for row in rows}


def test_the_limit_is_what_the_file_says():
    (limit,) = limits()
    assert (limit.metric_id, limit.above, limit.days) == (OCCUPIED, 0.95, 3)


def test_each_trust_stands_at_its_newest_day_the_fullest_first(reader):
    found = of(reader, ENGLAND)
    assert list(found) == [FULL, BROKEN, QUIET, ONCE]
    assert found[FULL]["share"] == 0.98
    assert (found[FULL]["value"], found[FULL]["value_before"]) == (980, 970)
    assert str(found[QUIET]["event_date"]) == "2020-07-29"


@pytest.mark.parametrize(("trust", "days"), [(FULL, 4), (ONCE, 1), (BROKEN, 2), (QUIET, 4)])
def test_days_above_are_counted_in_a_row_and_a_day_without_a_report_ends_it(reader, trust, days):
    assert of(reader, ENGLAND)[trust]["days_above"] == days


@pytest.mark.parametrize("place", [LONDON, HACKNEY, "E40000003"])
def test_a_place_has_the_trusts_of_its_nhs_region(reader, place):
    assert set(of(reader, place)) == {FULL, ONCE}


def test_above_the_limit_for_three_days_is_an_exception_and_for_one_is_not(reader):
    rows = exceptions.ranked(reader, [], [], ENGLAND)
    full = [row for row in rows if row["rule_id"] == "above_limit"]
    assert [row["area_id"] for row in full] == [FULL, QUIET]
    assert full[0]["why"] == "98% of general and acute beds taken: above 95% for 4 days."


def test_the_stand_up_draws_each_trust_beside_its_numbers():
    with looking_at("/standup"):
        page = standup.layout(area=ENGLAND)
    (section,) = [
        one for one in every(page, "Section") if words_in(one).startswith("Capacity pressure")
    ]
    told = words_in(section)
    assert "4 of 4 trusts have more than 95%" in told and "2 of them for 3 days or more" in told
    rows = every(every(section, "Tbody")[0], "Tr")
    assert [words_in(row).split()[0] for row in rows] == ["Full", "Broken", "Quiet", "Once"]
    assert "98.0%" in words_in(rows[0]) and len(every(rows[0], "Button", "figure")) == 2
    assert len(every(section, "Img", "bar-image")) == len(NAMES)


def test_without_a_trust_that_reports_there_is_a_sentence():
    (told,) = capacity(None, limits()[0], [])  # type: ignore[arg-type]
    assert words_in(told) == "No trust here has reported how many general and acute beds are taken."


@pytest.mark.parametrize(("place", "is_there"), [(LONDON, 1), (ENGLAND, 1), (NORTH_WEST, 0)])
def test_an_action_about_a_trust_is_open_in_the_stand_up_that_looks_at_it(
    home, reader, place, is_there
):
    figure_id = of(reader, ENGLAND)[FULL]["figure_id"]
    seen = SeenFigure(figure_id, releases.current(home).release_id, None)
    due = now() + timedelta(hours=4)
    action = actions.take_up(home, seen, "Open a ward", "Bo", due, "Maria Silva")
    with looking_at("/standup"):
        told = words_in(standup.layout(area=place))
    actions.finish(home, action["action_id"], "Maria Silva")
    assert told.count("Open a ward") == is_there
    assert ("1 open action" in told) == bool(is_there)
