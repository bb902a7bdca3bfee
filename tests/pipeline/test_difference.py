"""What changed is added up where it adds up, and compared on one day elsewhere."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import duckdb
import polars as pl
import pytest

from pipeline.difference import Difference, difference
from store.errors import WrongUse
from store.paths import Home
from store.releases import publish
from tests.dashboard.small_england import ENGLAND, RELEASED_AT, tables

Asked = Callable[..., Difference]
FLOW, STOCK, TOTAL = "cases_by_specimen_date", "population", "cases_by_report_date"
DAYS = [date(2020, 7, day) for day in (1, 2, 3)]
SINCE, UNTIL = datetime(2020, 7, 3, 12), datetime(2020, 7, 5, 12)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Asked:
    """Three metrics that were 10 on each of three days, a day after it, and 11 since 4 July.

    Among 5 to 9 year olds it was 1, and 2 since.
    """
    home = Home(tmp_path_factory.mktemp("difference"))
    content = tables()
    stocks = pl.col("metric_id").is_in([STOCK, TOTAL])
    cumulative = pl.when(metric_id=TOTAL).then(pl.lit(FLOW)).otherwise("cumulative_of")
    versions = pl.DataFrame([row for rows in map(_of_stratum, ("all", "age_5_9")) for row in rows])
    strata = content["strata"]
    content |= {
        "metrics": content["metrics"].with_columns(
            is_additive_over_time=~stocks, cumulative_of=cumulative
        ),
        "strata": pl.concat([strata, strata.with_columns(stratum_id=pl.lit("age_5_9"))]),
        "figure_versions": content["figure_versions"].clear().pipe(_with, versions),
        "figure_changes": content["figure_changes"].clear().pipe(_with, versions),
    }
    with duckdb.connect(str(home.warehouse)) as connection:
        for name, frame in content.items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table {name} as from frame")
            connection.unregister("frame")
    publish(home, built_at=RELEASED_AT, build_id="small", is_simulated=False, keep=3)

    def asking(metric: str | None = None, stratum: str = "all") -> Difference:
        return difference(home, SINCE, UNTIL, metric, None, stratum)

    return asking


def _of_stratum(stratum: str) -> list[dict[str, object]]:
    first = 10.0 if stratum == "all" else 1.0
    rows = []
    for metric in (FLOW, STOCK, TOTAL):
        for day in DAYS:
            said = datetime(day.year, day.month, day.day) + timedelta(days=1)
            revised = datetime(2020, 7, 5)
            moments = [(1, said, revised, first, first), (2, revised, None, first + 1, 1.0)]
            rows += [
                {
                    "figure_id": f"{metric}.{ENGLAND}.{stratum}.{day}",
                    "metric_id": metric,
                    "area_id": ENGLAND,
                    "stratum_id": stratum,
                    "event_date": day,
                    "version": version,
                    "known_from": known_from,
                    "changed_at": known_from,
                    "known_to": known_to,
                    "value": value,
                    "amount": amount,
                    "part": "whole",
                    "kind": "new" if version == 1 else "backfill",
                }
                for version, known_from, known_to, value, amount in moments
            ]
    return rows


def _with(table: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    known = [name for name in table.columns if name in rows.columns]
    return pl.concat(
        [table, rows.select(known).cast({n: table.schema[n] for n in known})], how="diagonal"
    )


def parts(found: Difference) -> set[tuple[object, ...]]:
    return set(found.parts.select("metric_id", "kind", "figures", "amount", "event_date").rows())


def test_days_add_up_and_what_there_is_on_a_day_does_not(asked: Asked):
    assert parts(asked()) == {
        (FLOW, "backfill", 3, 3.0, None),
        (FLOW, "new", 1, 10.0, None),
        (STOCK, "backfill", 1, 1.0, DAYS[1]),
    }


def test_a_total_so_far_is_compared_on_the_newest_day_known_at_both_moments(asked: Asked):
    assert parts(asked(TOTAL)) == {(TOTAL, "backfill", 1, 1.0, DAYS[1])}


def test_a_stratum_is_compared_when_it_is_asked_for(asked: Asked):
    assert parts(asked(FLOW, "age_5_9")) == {
        (FLOW, "backfill", 3, 3.0, None),
        (FLOW, "new", 1, 1.0, None),
    }
    with pytest.raises(WrongUse, match="nobody is not known"):
        asked(FLOW, "nobody")
