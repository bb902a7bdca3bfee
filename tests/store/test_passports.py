"""What a passport says of rules, holds, events and states, on a small release made for it."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from store import passport
from store.figure_document import document
from store.paths import Home
from store.reader import Reader, open_reader
from store.releases import publish
from tests.dashboard.small_england import (
    AWAITED,
    EXPLAINED,
    RELEASED_AT,
    SIGNED,
    STANDING_IN,
    tables,
)

METRIC, AREA, _, DAY = STANDING_IN.split(".")
PREFERRED, STAND_IN = "phe_cases_vintages", "ukhsa_dashboard_json"
CHANGED_ON = date(2020, 8, 1)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A month of a small England in which the rules changed on 1 August and events happened."""
    content = tables()
    changed = {
        "precedence": _two_boards(content["precedence"]),
        "events": _events(),
        "metrics": _with_a_total(content["metrics"]),
        "figures": _awaiting_an_older_value(content["figures"]),
        "claims": _on_a_sheet(content["claims"]),
    }
    return _released(tmp_path_factory.mktemp("passports"), content | changed)


def _released(root: Path, content: dict[str, pl.DataFrame]) -> Home:
    made = Home(root)
    with duckdb.connect(str(made.warehouse)) as connection:
        for name, frame in content.items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table {name} as from frame")
            connection.unregister("frame")
    publish(made, built_at=RELEASED_AT, build_id="small", is_simulated=False, keep=3)
    return made


@pytest.fixture(scope="module")
def reader(home: Home) -> Iterator[Reader]:
    with open_reader(home) as opened:
        yield opened


def _two_boards(rules: pl.DataFrame) -> pl.DataFrame:
    """Until 1 August the source that is preferred now came last."""
    is_preferred = (pl.col("metric_id") == METRIC) & (pl.col("source_id") == PREFERRED)
    retired = rules.filter(is_preferred).with_columns(
        rank=pl.lit(99).cast(rules.schema["rank"]),
        rule_id=pl.lit("retired"),
        retired_on=pl.lit(CHANGED_ON),
    )
    agreed = pl.when(is_preferred).then(pl.lit(CHANGED_ON)).otherwise("agreed_on")
    return pl.concat([rules.with_columns(agreed_on=agreed), retired])


def _with_a_total(metrics: pl.DataFrame) -> pl.DataFrame:
    """The day of report counts as the total so far of the day of the specimen."""
    is_total = pl.col("metric_id") == "cases_by_report_date"
    return metrics.with_columns(
        cumulative_of=pl.when(is_total).then(pl.lit(METRIC)).otherwise("cumulative_of")
    )


def _events() -> pl.DataFrame:
    day = date.fromisoformat(DAY)
    rows = [
        ("of the day", METRIC, None, day, None),
        ("of the days before", METRIC, None, None, day),
        ("of the stand-in", METRIC, STAND_IN, None, None),
        ("of somebody who says nothing of it", METRIC, "phe_deaths_csv", None, None),
        ("of another metric", "deaths_28d_by_death_date", None, None, None),
    ]
    columns = ("published_text", "metric_id", "source_id", "event_from", "event_until")
    return pl.DataFrame(rows, schema=columns, orient="row").with_columns(
        event_id="published_text",
        kind=pl.lit("coverage"),
        area_id=pl.lit(None, pl.String),
        happened_on=pl.lit(date(2020, 8, 4)),
        link=pl.lit("https://www.gov.uk/"),
        event_from=pl.col("event_from").cast(pl.Date),
        event_until=pl.col("event_until").cast(pl.Date),
    )


def _awaiting_an_older_value(figures: pl.DataFrame) -> pl.DataFrame:
    """The value that stands was said in a file before the newest claim of its source."""
    awaits = pl.col("figure_id") == AWAITED
    old = tables()["figure_versions"].filter(awaits, version=1).row(0, named=True)
    return figures.with_columns(
        pl.when(awaits).then(pl.lit(old[name])).otherwise(name).alias(name)
        for name in ("value", "file_sha256", "file_row", "published_at", "landed_at")
    )


def _on_a_sheet(claims: pl.DataFrame) -> pl.DataFrame:
    return claims.with_columns(
        sheet_name=pl.when(pl.col("superseded_at").is_null())
        .then(pl.lit("new"))
        .otherwise(pl.lit("old"))
    )


def whole(home: Home, figure_id: str, as_of: datetime | None = None) -> dict[str, Any]:
    return document(lambda at, release: open_reader(home, as_of=at), figure_id, as_of)


def test_only_a_source_whose_newest_file_is_held_is_stood_in_for(reader: Reader, tmp_path: Path):
    named = passport.figure(reader, STANDING_IN)
    assert named and named["stands_in_for"].startswith("Coronavirus cases in England")
    for figure_id in (EXPLAINED, SIGNED):
        other = passport.figure(reader, figure_id)
        assert other and other["stands_in_for"] is None
    content = tables()
    free = content | {"held_spells": content["held_spells"].clear()}
    with open_reader(_released(tmp_path, free)) as with_nothing_held:
        one = passport.figure(with_nothing_held, STANDING_IN)
    assert one and one["stands_in_for"] is None


@pytest.mark.parametrize(
    ("as_of", "ranks"),
    [(None, {PREFERRED: 1, STAND_IN: 4}), (datetime(2020, 7, 31, 12), {PREFERRED: 99})],
)
def test_claims_are_ranked_by_the_rules_of_the_moment(
    home: Home, as_of: datetime | None, ranks: dict[str, int]
):
    figure_id = f"{METRIC}.{AREA}.all.2020-07-20"
    with open_reader(home, as_of=as_of) as reader:
        found = dict(passport.claims(reader, figure_id).select("source_id", "rank").rows())
    assert ranks.items() <= found.items() and len(found) == 2


def test_events_are_those_by_the_rule_of_the_kinds(reader: Reader):
    found = set(passport.events(reader, STANDING_IN)["published_text"])
    assert found == {"of the day", "of the stand-in"}
    total = f"cases_by_report_date.{AREA}.all.{DAY}"
    assert set(passport.events(reader, total)["published_text"]) >= {"of the day"}


def test_what_stands_from_before_is_not_what_its_source_says_now(home: Home):
    found = whole(home, AWAITED)
    assert found["figure"]["awaits_decision"] and "disagreed_from" in found["figure"]
    assert found["file"]["sheet_name"] == "old"
    assert [claim["is_used"] for claim in found["claims"]] == [False] * len(found["claims"])
    agreed = whole(home, EXPLAINED)
    assert not agreed["figure"]["awaits_decision"] and agreed["file"]["sheet_name"] == "new"
    assert [claim["is_used"] for claim in agreed["claims"]] == [True, False]


def test_how_often_past_ranges_held_leaves_with_the_range(home: Home):
    expected = whole(home, f"{METRIC}.{AREA}.all.2020-08-03")["expected"]
    assert (expected["past_ranges"], round(expected["past_held"], 3)) == (400, 0.95)
    assert expected["expected_low"] < expected["expected_high"]
