"""The tables that worlds make up for the models: what arrived, what it says, and the policy.

Worlds stand side by side in one warehouse under names of their own (`m@w0`, `full@w0`) and share
nothing, so one run of the models decides many.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from bench.warehouse import Warehouse
from tests.dbt_project.worlds import ABSENCE, AREAS, File, World

FILE = "file_sha256"
USUAL_LAG_DAYS = 8
Row = dict[str, Any]
Tables = dict[str, pl.DataFrame]


def tables(named: Mapping[str, World]) -> Tables:
    """The rows of every table that the models start from, by the name of the table."""
    return {
        table: pl.DataFrame(
            [
                {**row, **{name: f"{row[name]}@{world}" for name in OWN & row.keys()}}
                for world, of in named.items()
                for row in rows(of)
            ],
            infer_schema_length=None,
        )
        for table, rows in _ROWS.items()
    }


def fill(warehouse: Warehouse, made: Tables, severity: str | None = None) -> None:
    """Give the worlds' tables to a warehouse, with areas, and breakers that look at small counts.

    `severity` takes the place of that of every breaker but the one that sees a cut file.
    """
    warehouse.give("areas", _AREAS)
    thresholds = warehouse.connection.sql("from policy.breaker_thresholds").pl()
    judges = pl.lit(severity) if severity else pl.col("severity")
    warehouse.give(
        "breaker_thresholds",
        thresholds.with_columns(
            least_count=pl.col("least_count").clip(upper_bound=2),
            severity=pl.when(breaker_id="row_cap").then("severity").otherwise(judges),
        ),
    )
    for table, rows in made.items():
        warehouse.give(table, rows)


OWN = {"metric_id", "source_id", "rule_id", "event_id"}


def _sources(_: World) -> Iterator[Row]:
    for source, absence in ABSENCE.items():
        yield {"source_id": source, "absence": absence, "is_agreed": True}


def _metrics(_: World) -> Iterator[Row]:
    yield {
        "metric_id": "m",
        "grain": "day",
        "usual_lag_days": USUAL_LAG_DAYS,
        "quantity_id": "q",
    }


def _series(_: World) -> Iterator[Row]:
    for source in ABSENCE:
        yield {
            "source_id": source,
            "series_id": "said",
            "metric_id": "m",
            "is_cumulative_to_daily": False,
        }


def _precedence(world: World) -> Iterator[Row]:
    for rule in world.rules:
        yield {
            "rule_id": f"{rule.source}-{rule.rank}-since-{rule.agreed_on}",
            "metric_id": "m",
            "source_id": rule.source,
            "rank": rule.rank,
            "tolerance_absolute": rule.tolerance,
            "agreed_on": rule.agreed_on,
            "retired_on": rule.retired_on,
        }


def _events(world: World) -> Iterator[Row]:
    if world.happened_on:
        yield {
            "event_id": "e",
            "kind": "redefinition",
            "metric_id": "m",
            "happened_on": world.happened_on,
        }


def _arrivals(world: World) -> Iterator[Row]:
    for file in world.files:
        landed = {
            "source_id": file.source,
            "file_name": file.name,
            "file_sha256": file.name,
            "published_at": file.published_at,
            "rows_quarantined": int(file.has_quarantined_rows),
            "row_cap": 65_536 if file.is_cut else 0,
        }
        yield {**landed, "landed_at": file.landed_at, "verdict": "landed"}
        # The same bytes arrive again a day later, as they often do.
        later = file.landed_at + timedelta(1)
        yield {**landed, "landed_at": later, "row_cap": 0, "verdict": "known"}


def _published_values(world: World) -> Iterator[Row]:
    for file in world.files:
        for at, ((area, day), said) in enumerate(file.said.items()):
            yield {
                "source_id": file.source,
                "series_id": "said",
                "area_code": area,
                "area_name": area,
                "stratum_id": "all",
                "event_date": day,
                "value": None if isinstance(said, str) else said,
                "missing_reason": said if isinstance(said, str) else None,
                **_came_from(file),
                "file_row": at,
                "sheet_name": "",
            }


def _restated_before(world: World) -> Iterator[Row]:
    for file in world.files:
        for (area, day), value in file.restated.items():
            yield {
                "metric_id": "m",
                "source_id": file.source,
                "area_id": area,
                "event_date": day,
                FILE: file.name,
                "value": value,
            }


def _came_from(file: File) -> Row:
    return {"published_at": file.published_at, "landed_at": file.landed_at, FILE: file.name}


_AREAS = pl.DataFrame(
    [{"area_id": area, "area_type": "ltla", "parent_area_id": "P"} for area in AREAS]
    + [{"area_id": "P", "area_type": "region", "parent_area_id": None}]
)
_ROWS = {
    "sources": _sources,
    "metrics": _metrics,
    "series": _series,
    "precedence": _precedence,
    "events": _events,
    "arrivals": _arrivals,
    "published_values": _published_values,
    "restated_before": _restated_before,
}
