"""The published files as the rows that the models start from, in a warehouse of their own."""

from collections.abc import Iterable
from datetime import timedelta

import numpy as np
import polars as pl

from bench.truth.episodes import Arrival
from bench.truth.publishers import PUBLISHERS, Published, dates_of
from bench.warehouse import Warehouse

FILE = "file_sha256"
SERIES = "counts"


def fill(warehouse: Warehouse, published: Published, arrived: list[Arrival]) -> None:
    """Give a warehouse the policy for these publishers, what arrived, and what it says."""
    metric = published.metric.metric_id
    warehouse.give(
        "sources",
        pl.DataFrame(
            [{"source_id": p.name, "absence": p.absence, "is_agreed": True} for p in PUBLISHERS]
        ),
    )
    warehouse.give(
        "series",
        pl.DataFrame(
            [
                {
                    "source_id": p.name,
                    "series_id": SERIES,
                    "metric_id": metric,
                    "is_cumulative_to_daily": False,
                }
                for p in PUBLISHERS
            ]
        ),
    )
    warehouse.give(
        "precedence",
        pl.DataFrame(
            [
                {
                    "rule_id": p.name,
                    "metric_id": metric,
                    "source_id": p.name,
                    "rank": p.rank,
                    "tolerance_relative": 0.05,
                }
                for p in PUBLISHERS
            ]
        ),
    )
    warehouse.give("events", _events(published))
    warehouse.give("arrivals", _arrivals(published, arrived))
    warehouse.give("restated_before", pl.DataFrame())
    warehouse.give("published_values", _values(published, arrived))


def _events(published: Published) -> pl.DataFrame:
    first_day = published.truth.first_day
    return pl.DataFrame(
        [
            {
                "event_id": f"widened-{p.name}",
                "kind": "coverage",
                "metric_id": published.metric.metric_id,
                "source_id": p.name,
                "area_id": None,
                "happened_on": first_day + timedelta(published.widened_on + p.follows_after),
            }
            for p in PUBLISHERS
        ]
    )


def _arrivals(published: Published, arrived: Iterable[Arrival]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "source_id": arrival.publisher.name,
                "file_name": arrival.file_id,
                "file_sha256": arrival.file_id,
                "verdict": "landed",
                "published_at": published.published_at(
                    arrival.publisher, arrival.edition.published
                ),
                "landed_at": published.published_at(arrival.publisher, arrival.edition.published)
                + timedelta(minutes=5),
                "rows_quarantined": 0,
                "row_cap": 0,
            }
            for arrival in arrived
        ]
    )


def _values(published: Published, arrived: list[Arrival]) -> pl.DataFrame:
    areas = pl.Series("area_code", published.area_ids, dtype=pl.Categorical)
    frames = [_rows_of(published, arrival, areas) for arrival in arrived]
    return pl.concat(frames).with_columns(
        series_id=pl.lit(SERIES), stratum_id=pl.lit("all"), sheet_name=pl.lit("")
    )


def _rows_of(published: Published, arrival: Arrival, areas: pl.Series) -> pl.DataFrame:
    edition = arrival.edition
    days, columns = np.nonzero(~np.isnan(edition.values))
    dates = pl.Series(dates_of(published, edition.first, len(edition.values)), dtype=pl.Date)
    published_at = published.published_at(arrival.publisher, edition.published)
    return pl.DataFrame(
        {
            "area_code": areas.gather(columns),
            "event_date": dates.gather(days),
            "value": edition.values[days, columns],
            "file_row": np.arange(len(days)),
        }
    ).with_columns(
        source_id=pl.lit(arrival.publisher.name, pl.Categorical),
        published_at=pl.lit(published_at),
        landed_at=pl.lit(published_at + timedelta(minutes=5)),
        **{FILE: pl.lit(arrival.file_id, pl.Categorical)},
    )
