"""How full trusts are: shares, days in a row above the limit, and when a stand-up looks at it."""

from collections.abc import Iterator
from datetime import timedelta

import duckdb
import pytest
from homes import copied

from dashboard import exceptions
from dashboard.components.capacity import capacity
from dashboard.limits import limits
from dashboard.pages import standup
from dashboard.queries.capacity import days_in_words, pressure
from store.moments import now
from store.paths import Home
from store.reader import Reader, open_reader
from store.releases import controlled_file, current
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import HERE, looking_at, signed_in
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


def test_just_above_the_limit_does_not_read_as_at_the_limit(reader, monkeypatch):
    close = limits()[0]._replace(above=0.9799, days=1)
    monkeypatch.setattr(exceptions, "limits", lambda: (close,))
    (full,) = [
        row
        for row in exceptions.ranked(reader, [OCCUPIED], [], ENGLAND)
        if row["rule_id"] == "above_limit"
    ]
    assert full["why"] == "98.00% of general and acute beds taken: above 97.99% for 1 day."


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
    assert words_in(told) == (
        "No trust here has reported how many general and acute beds are taken in the 14 days "
        "before the newest publication."
    )


def test_a_trust_that_stopped_reporting_is_not_under_pressure_for_ever(home, tmp_path):
    copied(home.root, tmp_path / "home")
    late = Home(tmp_path / "home")
    with duckdb.connect(str(controlled_file(late, current(late).release_id))) as release:
        release.execute(
            "insert into arrivals by name select * replace (timestamp '2020-08-20' as "
            "published_at, 'new' as file_sha256) from arrivals where verdict = 'landed' limit 1"
        )
    with open_reader(late) as reader:
        assert of(reader, ENGLAND) == {}


def test_an_action_on_a_trust_stays_open_until_it_is_done(tmp_path, monkeypatch, home):
    """A trust lies in an NHS region, which is no part of England's regions."""
    copied(home.root, tmp_path / "home")
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path / "home"))
    release_id = current(Home(tmp_path / "home")).release_id
    form = {
        "figure": f"{OCCUPIED}.{FULL}.all.2020-07-30",
        "release": release_id,
        "text": "Open a ward",
        "owner": "Bo",
        "due": (now() + timedelta(days=1)).isoformat(timespec="minutes"),
    }
    client = signed_in("operations")
    assert client.post("/standup/action", data=form, headers=HERE).status_code == 303
    for place in (ENGLAND, LONDON, "E40000003"):
        with looking_at("/standup"):
            assert "Open a ward" in words_in(standup.layout(area=place)), place
    with looking_at("/standup"):
        assert "Open a ward" not in words_in(standup.layout(area=NORTH_WEST))


def test_further_back_than_anybody_counted_is_said_so():
    assert (days_in_words(59), days_in_words(60)) == ("59 days", "60 days or more")
