"""The expected final value over 150 invented days: learned without looking ahead, and mostly right.

An invented laboratory publishes 41 areas every day. A day fills in over nine days, slower at the
weekend, by chance in each area; so it is known how it grows and how wide an honest range is.
"""

from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
import pytest
from homes import copied

from pipeline.build import _define_macros, _invoke
from store.paths import Home

FIRST_DAY = datetime(2020, 3, 2)
DAYS, AREAS = 150, 41
SHARES = np.array([0.1, 0.3, 0.2, 0.14, 0.1, 0.06, 0.04, 0.03, 0.03])
CASES = "cases_by_specimen_date"
CUT = datetime(2020, 7, 1, 23, 59, 59, 999999)
LEARNED = "metric_id, area_id, event_date, value, is_provisional, expected_low, expected_high"
EVERY = f"{LEARNED}, expected_low_80, expected_high_80"


def said() -> pl.DataFrame:
    """What was published, only where it changed: area_id, value, event_date, known_from."""
    rng = np.random.default_rng(2020)
    rows = []
    for area in range(AREAS):
        level = 1500 if area == 0 else 3 + area * 6
        for day in range(DAYS):
            happened = FIRST_DAY.toordinal() + day
            shares = SHARES * ([1, 1, 1, 1, 1, 0.5, 0.4][day % 7] ** (np.arange(9) < 2))
            arrived = rng.multinomial(rng.poisson(level), shares / shares.sum()).cumsum()
            for age, value in enumerate(arrived, start=1):
                if day + age < DAYS and (age == 1 or value != arrived[age - 2]):
                    rows.append((f"A{area}", happened, happened + age, float(value)))
    frame = pl.DataFrame(rows, ["area_id", "event", "known", "value"], orient="row")
    epoch = datetime(1970, 1, 1).toordinal()
    return frame.select(
        "area_id",
        "value",
        event_date=(pl.col("event") - epoch).cast(pl.Int32).cast(pl.Date),
        known_from=(pl.col("known") - epoch).cast(pl.Int32).cast(pl.Date).cast(pl.Datetime("us"))
        + pl.duration(hours=16),
    )


def built(empty_home: Home, root: Path, decided: pl.DataFrame) -> duckdb.DuckDBPyConnection:
    """A warehouse in which the models ran on these decisions, a running total among them."""
    copied(empty_home.root, root)
    home = Home(root)
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.register("told", decided.to_arrow())
        for metric_id in (CASES, f"{CASES}_cumulative"):
            connection.execute(
                "insert into work.decided by name select *, 'laboratory' as source_id, "
                "'all' as stratum_id, known_from as published_at, $1 as metric_id from told",
                [metric_id],
            )
        connection.execute(
            "insert into main.publications select 'laboratory', metric_id, area_id, moment "
            "from (select distinct metric_id, area_id from work.decided) "
            "cross join (select distinct known_from as moment from work.decided)"
        )
    _invoke(home, ["run", "--select", "decided+", "--exclude", "decided"], lambda *_: None)
    _define_macros(home)
    return duckdb.connect(str(home.warehouse), read_only=True)


@pytest.fixture(scope="module")
def whole(empty_home: Home, tmp_path_factory: pytest.TempPathFactory):
    with built(empty_home, tmp_path_factory.mktemp("whole") / "home", said()) as connection:
        yield connection


@pytest.fixture(scope="module")
def cut(empty_home: Home, tmp_path_factory: pytest.TempPathFactory):
    by_then = said().filter(pl.col("known_from") <= CUT)
    with built(empty_home, tmp_path_factory.mktemp("cut") / "home", by_then) as connection:
        yield connection


def test_as_known_is_what_could_be_learned_by_then(whole, cut):
    then = f"select {EVERY} from figures_as_known(timestamp '{CUT}') order by all"
    asked = whole.sql(then).fetchall()
    assert asked == cut.sql(f"select {EVERY} from main.figures order by all").fetchall()
    ranges = sum(row[5] is not None for row in asked)
    assert ranges > 100


def test_scores_as_known_are_those_of_then(whole, cut):
    # The week that is going on is scored from the next Monday on.
    scores = f"select * from {{}} where scored_on <= timestamp '{CUT}' order by all"
    then = whole.sql(scores.format(f"expectation_scores_as_known(timestamp '{CUT}')")).fetchall()
    assert then == cut.sql(scores.format("main.expectation_scores")).fetchall()
    assert then


def test_past_ranges_held_about_as_often_as_they_should(whole):
    ranges, held_80, held_95 = whole.sql(
        "select sum(ranges), sum(ranges * held_80) / sum(ranges), "
        "sum(ranges * held_95) / sum(ranges) from main.expectation_scores"
    ).fetchall()[0]
    assert ranges > 10_000
    assert 0.78 < held_80 < 0.88
    assert 0.93 < held_95 < 0.98


def test_days_are_provisional_for_as_long_as_they_grow_once_that_is_known(whole):
    until = dict(
        whole.sql(
            "select distinct event_date, provisional_until - event_date from main.figure_versions "
            f"where metric_id = '{CASES}'"
        ).fetchall()
    )
    assert {days for day, days in until.items() if day < datetime(2020, 5, 1).date()} == {5}
    assert {days for day, days in until.items() if day > datetime(2020, 6, 1).date()} == {7}


def test_only_provisional_figures_carry_a_range_and_running_totals_none(whole):
    counts = whole.sql(
        "select metric_id, is_provisional, count(expected_low), count(expected_high) "
        "from main.figures group by all order by all"
    ).fetchall()
    assert [row[:2] for row in counts if row[2] or row[3]] == [(CASES, True)]
    assert whole.sql(
        "select count(*) from main.figures where expected_low > expected_low_80 "
        "or expected_low_80 > expected_high_80 or expected_high_80 > expected_high"
    ).fetchall() == [(0,)]
