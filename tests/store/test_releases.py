"""Releases and the door to them, on a warehouse that was really built (and holds no file yet)."""

import shutil
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from store import reader as reader_module
from store import release_tables, releases
from store.errors import NoRelease, TrigpointError, WrongUse
from store.paths import Home
from store.reader import open_reader

BUILT = datetime(2020, 8, 5, 16)


@pytest.fixture
def home(empty_home: Home, tmp_path: Path) -> Home:
    """A warehouse of one's own with one figure in two versions."""
    shutil.copy(empty_home.warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as connection:
        for value, known_from, known_to in (
            (5, "2020-05-02", "2020-05-09"),
            (8, "2020-05-09", None),
        ):
            connection.execute(
                "insert into main.figure_versions by name "
                "select 'm.A.all.2020-05-01' as figure_id, "
                "'cases_by_specimen_date' as metric_id, 'A' as area_id, 'all' as stratum_id, "
                "date '2020-05-01' as event_date, ? as value, 'ecdc' as source_id, "
                "?::timestamp as known_from, ?::timestamp as known_to, "
                "date '2020-05-06' as provisional_until, "
                "timestamp '2020-05-09' as settled_at, "
                "4 as expected_low, 6 as expected_low_80, "
                "8 as expected_high_80, 9 as expected_high",
                [value, known_from, known_to],
            )
        connection.execute(
            "insert into main.unlisted_areas values "
            "('ecdc', 'cases_by_specimen_date', 'A', '2020-06-01', null)"
        )
        connection.execute(
            "insert into main.publications values "
            "('ecdc', 'cases_by_specimen_date', 'A', '2020-05-02'), "
            "('ecdc', 'cases_by_specimen_date', 'A', '2020-05-09')"
        )
        connection.execute(
            "insert into main.expectation_scores values "
            "('ecdc', 'cases_by_specimen_date', 2, '2020-05-04', 9, 0.8, 0.9, 0.1, 0.2), "
            "('ecdc', 'cases_by_specimen_date', 2, '2020-05-11', 9, 0.8, 1.0, 0.1, 0.2)"
        )
        connection.execute(
            "insert into main.figures by name "
            "select * from figures_as_known(timestamp '2100-01-01')"
        )
    return Home(tmp_path)


def publish(home: Home, build_id: str = "b1", keep: int = 3) -> releases.Release:
    return releases.publish(home, built_at=BUILT, build_id=build_id, is_simulated=False, keep=keep)


def test_nothing_published_is_said_plainly(tmp_path: Path):
    with pytest.raises(NoRelease, match="run `trigpoint run"):
        open_reader(Home(tmp_path))


def test_a_reader_sees_the_figure_and_its_past(home: Home):
    publish(home)
    with open_reader(home) as now, open_reader(home, as_of=datetime(2020, 5, 3)) as then:
        asked = "select value, is_provisional, is_listed from figures"
        assert now.ask(asked).rows() == [(8.0, False, False)]
        assert then.ask(asked).rows() == [(5.0, True, True)]
        assert then.ask("select count(*) from releases").item() == 1
        assert then.ask("select known_to, settled_at from figure_versions").rows() == [(None, None)]
        assert then.ask("from unlisted_areas").is_empty()
        assert now.ask("select count(*) from publications").item() == 2
        assert then.ask("select count(*) from publications").item() == 1
    with open_reader(home, as_of=datetime(2020, 5, 1)) as before:
        assert before.ask("select * from figures").is_empty()


def test_a_range_goes_when_its_day_is_settled_and_is_there_at_a_moment_before(home: Home):
    publish(home)
    ends = "expected_low, expected_low_80, expected_high_80, expected_high"
    with open_reader(home) as now, open_reader(home, as_of=datetime(2020, 5, 8)) as then:
        assert now.ask(f"select {ends} from figures").rows() == [(None, None, None, None)]
        assert then.ask(f"select {ends} from figures").rows() == [(4.0, 6.0, 8.0, 9.0)]
        assert now.ask("select count(*) from expectation_scores").item() == 2
        assert then.ask("select held_95 from expectation_scores").rows() == [(0.9,)]


@pytest.mark.parametrize(
    ("as_of", "value"),
    [
        ("date '2020-05-08'", 5),
        ("date '2020-05-09'", 8),
        ("timestamp '2020-05-09'", 8),
        ("timestamp '2020-05-08 23:59:59'", 5),
        ("'2020-05-08'", 5),
        ("'2020-05-09T12:00'", 8),
        ("'2020-5-8'", 5),
        ("'2020-5-9'", 8),
        ("'2020-05-09T00:30+01:00'", 5),
        ("'2020-05-08T23:30-01:00'", 8),
        ("'2020-05-09 00:30 Europe/London'", 5),
        ("'2020-05-09T00:00Z'", 8),
        ("timestamptz '2020-05-09 00:30:00+01:00'", 5),
    ],
)
def test_a_day_means_its_end_and_a_time_itself(home: Home, as_of: str, value: int):
    publish(home)
    with open_reader(home) as reader:
        found = reader.ask(f"select value from figures_as_known({as_of})")
    assert found.item() == value


def test_what_came_later_is_not_among_what_was_known(home: Home):
    """Every table that grows with time is cut at the moment, or says why not."""
    publish(home)
    as_they_are_now = {
        "metrics",
        "strata",
        "areas",
        "area_parts",
        "area_successions",
        "sources",
    }
    assert {*release_tables.RELEASED} - {*reader_module.AS_KNOWN} == as_they_are_now


def test_parameters_are_values_and_never_sql(home: Home):
    publish(home)
    with open_reader(home) as reader:
        answer = reader.ask(
            "select value from figures where area_id = $area_id", area_id="A' or '1'='1"
        )
        assert answer.is_empty()


@pytest.mark.parametrize(
    "statement",
    [
        "copy (select 1) to '{file}'",
        "select * from read_text('{file}')",
        "attach '{file}' as mine",
        "create table controlled.main.mine as select 1",
        "delete from controlled.main.figures",
        "install httpfs",
        "set enable_external_access = true",
    ],
)
def test_a_reader_can_neither_write_nor_leave_its_file(home: Home, statement: str):
    release = publish(home)
    file = releases.controlled_file(home, release.release_id)
    before = file.read_bytes()
    with open_reader(home) as reader, pytest.raises(WrongUse):
        reader.ask(statement.format(file=file))
    assert file.read_bytes() == before


def test_rollback_shows_the_release_before_and_says_when_there_is_none(home: Home):
    first, second = publish(home, "b1"), publish(home, "b2")
    assert releases.current(home) == second
    assert releases.rollback(home) == first
    assert releases.current(home) == first
    with pytest.raises(WrongUse, match="first release"):
        releases.rollback(home)
    with pytest.raises(WrongUse, match="is not kept"):
        releases.rollback(home, "20200101-000000-000")


def test_only_the_last_releases_stay_and_the_shown_one_stays_too(home: Home):
    first = publish(home, "b1")
    second = publish(home, "b2")
    releases.rollback(home, first.release_id)
    published = [publish(home, f"b{number}", keep=2) for number in range(3, 6)]
    kept = [release.release_id for release in releases.kept(home)]
    assert kept == [release.release_id for release in published[-2:]]
    assert second.release_id not in kept


def test_a_release_that_cannot_be_verified_is_never_shown(home: Home):
    shown = publish(home)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.execute("insert into main.figures select * from main.figures")
    with pytest.raises(TrigpointError, match="figures stand twice"):
        publish(home, "b2")
    assert releases.current(home) == shown
    assert [path.name for path in home.releases.glob(".draft*")] == []


def test_an_open_reader_keeps_its_release_while_the_next_is_published(home: Home):
    publish(home)
    with open_reader(home) as reader:
        publish(home, "b2")
        assert reader.ask("select value from figures").item() == 8.0
        assert reader.ask("select release_id from releases").height == 1


def test_what_a_caller_defines_never_stands_in_for_a_table(home: Home):
    publish(home)
    with open_reader(home) as reader:
        answer = reader.ask(
            "with figure_versions as (select 1 as nothing) "
            "select value from figures_as_known(timestamp '2020-05-03')"
        )
        assert answer.item() == 5.0


def test_a_runaway_question_is_stopped_and_says_so(home: Home, monkeypatch: pytest.MonkeyPatch):
    publish(home)
    monkeypatch.setattr(reader_module, "LONGEST_S", 1)
    monkeypatch.setattr(reader_module, "LARGEST_BYTES", 1_000_000)
    with open_reader(home) as reader:
        with pytest.raises(WrongUse, match="more than 1 seconds"):
            reader.ask("select sum(a.range * b.range) from range(1000000) a, range(1000000) b")
        with pytest.raises(WrongUse, match="ask for fewer rows"):
            reader.ask("select range from range(10000000)")
        assert reader.ask("select 1 as one").item() == 1
