"""The tables that worlds make up for the models: what arrived, what it says, and the policy.

Worlds stand side by side in one warehouse under names of their own (`m@w0`, `full@w0`) and share
nothing, so one run of the models decides many.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import polars as pl

from bench.warehouse import Warehouse
from pipeline.build import PROJECT
from tests.dbt_project.worlds import ABSENCE, AREAS, Cell, File, Said, World

FILE = "file_sha256"
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
    """Give the worlds' tables to a warehouse, and the policy as small counts need it.

    `severity` takes the place of that of every breaker but the one that sees a cut file.
    """
    judges = pl.lit(severity) if severity else pl.col("severity")
    warehouse.give("areas", _AREAS)
    warehouse.give("growth_terms", _GROWTH_TERMS)
    warehouse.give(
        "breaker_thresholds",
        _policy("breaker_thresholds").with_columns(
            pl.col("^least_count.*$").clip(upper_bound=2),
            severity=pl.when(breaker_id="row_cap").then("severity").otherwise(judges),
        ),
    )
    for table, rows in made.items():
        warehouse.give(table, rows)


def _policy(seed: str) -> pl.DataFrame:
    return pl.read_csv(PROJECT / "seeds" / f"{seed}.csv", try_parse_dates=True)


OWN = {"metric_id", "quantity_id", "source_id", "rule_id", "event_id", "decision_id"}
# What worlds do not draw is as in the policy, so that no column is null that is never null there.
_METRIC, _RULE = (_policy(seed).row(0, named=True) for seed in ("metrics", "precedence"))
_GROWTH_TERMS = _policy("growth_terms").with_columns(
    settling_days=1, least_observations=2, least_days=1, least_share=0.0
)
_AREAS = pl.DataFrame(
    [{"area_id": area, "area_type": "ltla", "parent_area_id": "P"} for area in AREAS]
    + [{"area_id": "P", "area_type": "region", "parent_area_id": None}]
)


def _sources(_: World) -> Iterator[Row]:
    for source, absence in ABSENCE.items():
        yield {"source_id": source, "absence": absence, "is_agreed": True}


def _metrics(world: World) -> Iterator[Row]:
    yield {
        **_METRIC,
        "metric_id": "m",
        "quantity_id": "q",
        "usual_lag_days": 4,
        "needs_sign_off": world.needs_sign_off,
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
            **_RULE,
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


def _decisions(world: World) -> Iterator[Row]:
    for made in world.decisions:
        area, day = made.cell
        yield {
            "decision_id": f"{area}-{day}-{made.source}-{made.decided_at}",
            "kind": "cell",
            "metric_id": "m",
            "area_id": area,
            "stratum_id": "all",
            "event_date": day,
            "source_id": made.source,
            "decided_at": made.decided_at,
        }
    for gone in world.let_go:
        for breaker in _policy("breaker_thresholds").filter(severity="hold")["breaker_id"]:
            yield {
                "decision_id": f"{gone.file}-{breaker}-{gone.decided_at}",
                "kind": "let_go",
                "source_id": gone.source,
                "breaker_id": breaker,
                FILE: gone.file,
                "person": "Ada",
                "reason": "it is right",
                "decided_at": gone.decided_at,
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
        for at, (cell, said) in enumerate(file.said.items()):
            # Files often hold a row more than once, and now and then it says something else there.
            for times in range(1 + at % 2):
                yield _published(file, cell, said) | {"file_row": at + 100 * times}
            if cell in file.contradicted:
                yield _published(file, cell, 99.0) | {"file_row": at + 50}


def _published(file: File, cell: Cell, said: Said) -> Row:
    area, day = cell
    return {
        "source_id": file.source,
        "series_id": "said",
        "area_code": area,
        "area_name": area,
        "stratum_id": "all",
        "event_date": day,
        "value": None if isinstance(said, str) else said,
        "missing_reason": said if isinstance(said, str) else None,
        "published_at": file.published_at,
        "landed_at": file.landed_at,
        FILE: file.name,
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


_ROWS = {
    "sources": _sources,
    "metrics": _metrics,
    "series": _series,
    "precedence": _precedence,
    "events": _events,
    "decisions": _decisions,
    "arrivals": _arrivals,
    "published_values": _published_values,
    "restated_before": _restated_before,
}
