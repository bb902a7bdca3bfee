"""Disclosure control of a simulated England, beside rounding each cell and asking nothing more.

`python -m bench.disclosure [--days 60] [--releases 3]`. Deaths as registered by lower-tier
authority, county, region and England, as known on successive days: first for the public alone,
then for every authority, county and region with an exact file of its own.
"""

import argparse
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.arrivals import arrive
from simulation.england import simulate
from simulation.places import ENGLAND
from store.disclosure.controlled import control
from store.disclosure.relations import Relations
from store.disclosure.rules import read_rules
from store.disclosure.seen import Seen

Done = TypeVar("Done")
RULE = read_rules()["nhs_subnational"]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--days", type=int, default=60)
    options.add_argument("--releases", type=int, default=3)
    asked = options.parse_args()
    releases, areas = _releases(asked.days, asked.releases)
    exact = _neighbours(areas)
    print("| release | cells | rounding, s | public, s (cells/s) | all audiences, s (cells/s) |")
    print("|---|---|---|---|---|")
    alone: Seen | None = None
    among: Seen | None = None
    for number, cells in enumerate(releases, 1):
        relations = Relations(areas=_tree(areas))
        plain, _ = _seconds(partial(_rounded, cells))
        public, first = _seconds(partial(control, cells, RULE, relations, alone))
        everyone, second = _seconds(partial(control, cells, RULE, relations, among, exact))
        alone, among = first.seen, second.seen
        print(
            f"| {number} | {cells.height:,} | {plain:.3f} | {public:.2f} "
            f"({cells.height / public:,.0f}) | {everyone:.1f} ({cells.height / everyone:,.0f}) |"
        )


def _seconds(work: Callable[[], Done]) -> tuple[float, Done]:
    began = time.perf_counter()
    done = work()
    return time.perf_counter() - began, done


def _rounded(cells: pl.DataFrame) -> pl.DataFrame:
    value = pl.col("value")
    about = ((value / RULE.round_to + 0.5).floor() * RULE.round_to).cast(pl.Int64)
    is_small = value.is_between(RULE.hide_from, RULE.hide_to)
    return cells.with_columns(shown=pl.when(~is_small).then(about))


def _releases(days: int, number: int) -> tuple[list[pl.DataFrame], pl.DataFrame]:
    truth = simulate(days, 2020)
    registered = arrive(truth).registrations
    is_english = (truth.places.areas["nation_id"] == ENGLAND).to_numpy()
    areas = truth.places.areas.filter(pl.col("nation_id") == ENGLAND)
    found = []
    for last in range(days - number, days):
        known = registered.known(last)[: last + 1, is_english]
        found.append(_cells(known, truth.dates[: last + 1], areas))
    return found, areas


def _cells(known: npt.NDArray[np.int64], dates: list[date], areas: pl.DataFrame) -> pl.DataFrame:
    counts = pl.DataFrame(
        {
            "area_id": np.tile(areas["area_id"].to_numpy(), len(dates)),
            "event_date": np.repeat(np.array(dates, dtype="datetime64[D]"), areas.height),
            "value": known.ravel(),
        }
    ).join(areas.select("area_id", "upper_id", "region_id"), on="area_id")
    levels = [
        counts.group_by("event_date", area_id=column).agg(pl.col("value").sum())
        for column in ("area_id", "upper_id", "region_id", pl.lit(ENGLAND))
    ]
    return (
        pl.concat(levels)
        .unique()
        .select(
            metric_id=pl.lit("deaths"),
            area_id="area_id",
            stratum_id=pl.lit("all"),
            event_date=pl.col("event_date").cast(pl.Date),
            form=pl.lit("daily"),
            value="value",
        )
    )


def _tree(areas: pl.DataFrame) -> pl.DataFrame:
    districts = areas.filter(pl.col("upper_id") != pl.col("area_id"))
    levels = [
        areas.select(whole_id=pl.lit(ENGLAND), part_id="region_id"),
        areas.select(whole_id="region_id", part_id="upper_id"),
        districts.select(whole_id="upper_id", part_id="area_id"),
    ]
    return pl.concat(levels).unique().with_columns(partition=pl.lit("level"))


def _neighbours(areas: pl.DataFrame) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for area, upper, region in areas.select("area_id", "upper_id", "region_id").iter_rows():
        found.setdefault(area, set()).add(area)
        found.setdefault(upper, set()).update({area, upper})
        found.setdefault(region, set()).update({area, upper, region})
    return found


if __name__ == "__main__":
    main()
