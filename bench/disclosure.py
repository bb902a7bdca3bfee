"""What disclosure control costs a release, as releases follow each other, every scope audited.

`python -m bench.disclosure [--releases 30]`. Admissions by lower-tier authority, county, NHS region
and England: 30 days in the first release, then one more day and the revisions of the last nine in
each. Beside it: rounding each cell and asking nothing more.
"""

import argparse
import time
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import numpy as np
import polars as pl

from simulation.arrivals import arrive
from simulation.england import Truth, by_residence, simulate
from simulation.places import ENGLAND, NHS_REGION_OF, SEEDS, Counts
from store.disclosure.cells import World
from store.disclosure.controlled import control
from store.disclosure.memory import Memory
from store.disclosure.relations import KEY
from store.disclosure.rules import Rule, read_rules

Done = TypeVar("Done")
FIRST_DAYS = 30


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--releases", type=int, default=30)
    count = options.parse_args().releases
    truth = simulate(FIRST_DAYS + count - 1, 2020)
    admissions, world = arrive(truth).admissions, _world(truth)
    rule, memory = read_rules()["nhs_subnational"], Memory()
    print("| release | cells | changed days | rounding, CPU s | all scopes, CPU s |")
    print("|---|---|---|---|---|")
    for number in range(count):
        last = FIRST_DAYS - 1 + number
        cells = _cells(truth, admissions.known(last)[: last + 1])
        plain, _ = _seconds(partial(_rounded, cells, rule))
        took, (memory, changed) = _seconds(partial(_controlled, cells, world, rule, memory))
        print(f"| {number + 1} | {cells.height:,} | {changed} | {plain:.3f} | {took:.2f} |")


def _controlled(
    cells: pl.DataFrame, world: World, rule: Rule, memory: Memory
) -> tuple[Memory, int]:
    newest = pl.col("revision") == pl.col("revision").max().over(KEY)
    known = memory.numbers.filter(newest).select(*KEY, was="value")
    told = cells.join(known, on=KEY, how="left")
    days = told.filter(~pl.col("was").eq_missing(pl.col("value")))["event_date"].unique().sort()
    changed = cells.filter(pl.col("event_date").is_in(days.implode()))
    scopes, relations = world.audiences(cells), world.relations(cells)
    done = control(changed, rule, relations, memory.seen(days.to_list()), scopes)
    return memory.after(done.seen, rule), len(days)


def _world(truth: Truth) -> World:
    """England, NHS regions, regions, counties and authorities of the simulation."""
    areas = truth.places.areas.filter(pl.col("nation_id") == ENGLAND)
    nhs = pl.DataFrame(
        [(whole, part, "region of residence") for part, whole in NHS_REGION_OF.items()],
        schema=["whole_id", "part_id", "partition"],
        orient="row",
    )
    districts = areas.filter(pl.col("upper_id") != pl.col("area_id"))
    levels = [
        nhs.select(pl.lit(ENGLAND).alias("whole_id"), part_id="whole_id", partition=pl.lit("nhs")),
        nhs,
        areas.select(whole_id="region_id", part_id="upper_id", partition=pl.lit("upper tier")),
        districts.select(whole_id="upper_id", part_id="area_id", partition=pl.lit("ltla")),
    ]
    lasting = [pl.lit(None, pl.Date).alias(name) for name in ("since", "until")]
    tree = pl.concat(levels).unique().with_columns(lasting)
    strata = pl.read_csv(SEEDS / "strata.csv", infer_schema=False).cast(
        {"age_from": pl.Int64, "age_to": pl.Int64}
    )
    return World(tree.sort("whole_id", "partition", "part_id"), strata)


def _cells(truth: Truth, known: Counts) -> pl.DataFrame:
    dates = np.array(truth.dates[: len(known)], dtype="datetime64[D]")
    levels = [
        pl.DataFrame(
            {
                "area_id": np.tile(np.array(codes, dtype=object), len(known)),
                "event_date": np.repeat(dates, len(codes)),
                "value": counts.ravel(),
            },
            schema_overrides={"area_id": pl.String, "value": pl.Float64},
        )
        for codes, counts in by_residence(truth.places, known)
    ]
    return (
        pl.concat(levels)
        .select(
            metric_id=pl.lit("admissions"),
            area_id="area_id",
            stratum_id=pl.lit("all"),
            event_date=pl.col("event_date").cast(pl.Date),
            form=pl.lit("daily"),
            value="value",
        )
        .sort(KEY)
    )


def _rounded(cells: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    value = pl.col("value")
    about = ((value / rule.round_to + 0.5).floor() * rule.round_to).cast(pl.Int64)
    is_small = value.is_between(rule.hide_from, rule.hide_to)
    return cells.with_columns(shown=pl.when(~is_small).then(about))


def _seconds(work: Callable[[], Done]) -> tuple[float, Done]:
    began = time.process_time()
    done = work()
    return time.process_time() - began, done


if __name__ == "__main__":
    main()
