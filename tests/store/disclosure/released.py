"""The simulated England as daily releases, and what an audience of them is entitled to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from attacker import KEY, Attacker

from simulation.arrivals import Spread, arrive
from simulation.england import Truth, simulate
from simulation.places import ENGLAND
from store.disclosure import Controlled, Relations, Rule, Seen, control

PARTITION = {"partition": pl.lit("level")}
FIRST_RELEASE, RELEASES = 29, 30


@dataclass(frozen=True)
class England:
    """Authorities with small counts (deaths as registered), their counties and regions."""

    truth: Truth
    deaths: Spread
    areas: pl.DataFrame

    @classmethod
    def simulated(cls) -> "England":
        truth = simulate(FIRST_RELEASE + RELEASES, 2020)
        areas = truth.places.areas.filter(pl.col("nation_id") == ENGLAND)
        return cls(truth, arrive(truth).registrations, areas)

    @property
    def tree(self) -> pl.DataFrame:
        """England, regions, upper-tier authorities, districts."""
        levels = [
            self.areas.select(whole_id=pl.lit(ENGLAND), part_id="region_id"),
            self.areas.select(whole_id="region_id", part_id="upper_id"),
            self.areas.filter(pl.col("upper_id") != pl.col("area_id")).select(
                whole_id="upper_id", part_id="area_id"
            ),
        ]
        return pl.concat(levels).unique(maintain_order=True).with_columns(**PARTITION)

    @property
    def neighbours(self) -> dict[str, set[str]]:
        """Every region, upper-tier authority and district with an exact file of its own area."""
        found: dict[str, set[str]] = {}
        for area, upper, region in self.areas.select(
            "area_id", "upper_id", "region_id"
        ).iter_rows():
            found.setdefault(area, set()).add(area)
            found.setdefault(upper, set()).update({area, upper})
            found.setdefault(region, set()).update({area, upper, region})
        return found

    def release(self, number: int, days: list[int]) -> pl.DataFrame:
        """These days as they were known at a release."""
        english = (self.truth.places.areas["nation_id"] == ENGLAND).to_numpy()
        counts = self.deaths.known(FIRST_RELEASE + number)[days][:, english]
        dates = np.array([self.truth.dates[day] for day in days], dtype="datetime64[D]")
        known = pl.DataFrame(
            {
                "area_id": np.tile(self.areas["area_id"].to_numpy(), len(days)),
                "event_date": np.repeat(dates, self.areas.height),
                "value": counts.ravel(),
            }
        ).join(self.areas.select("area_id", "upper_id", "region_id"), on="area_id")
        levels = [
            known.group_by("event_date", area_id=column).agg(pl.col("value").sum())
            for column in ("area_id", "upper_id", "region_id", pl.lit(ENGLAND))
        ]
        return keyed(pl.concat(levels).unique().sort("event_date", "area_id"))


def keyed(cells: pl.DataFrame) -> pl.DataFrame:
    """Deaths a day of everyone, in the columns that disclosure control takes."""
    return cells.select(
        metric_id=pl.lit("deaths"),
        area_id="area_id",
        stratum_id=pl.lit("all"),
        event_date=pl.col("event_date").cast(pl.Date),
        form=pl.lit("daily"),
        value="value",
    )


def released(
    releases: list[pl.DataFrame],
    rule: Rule,
    tree: pl.DataFrame,
    neighbours: Mapping[str, set[str]],
) -> list[Controlled]:
    """Each release controlled after the ones before."""
    found: list[Controlled] = []
    seen: Seen | None = None
    for cells in releases:
        found.append(control(cells, rule, Relations(areas=tree), seen, neighbours))
        seen = found[-1].seen
    return found


def parts_of(tree: pl.DataFrame) -> dict[str, list[list[str]]]:
    """The parts of each whole, one list for each partition."""
    grouped = tree.group_by("whole_id", "partition", maintain_order=True).agg("part_id")
    found: dict[str, list[list[str]]] = {}
    for whole, _, parts in grouped.iter_rows():
        found.setdefault(whole, []).append(parts)
    return found


def attacked(
    shown: list[pl.DataFrame],
    truths: list[pl.DataFrame],
    tree: pl.DataFrame,
    own: set[str],
) -> dict:
    """What an audience finds that is entitled to the areas `own`."""
    attacker = Attacker(parts_of(tree))
    targets: dict = {}
    for cells, truth in zip(shown, truths, strict=True):
        values = {tuple(key): value for *key, value in truth.select(*KEY, "value").iter_rows()}
        attacker.reads(cells, {cell: value for cell, value in values.items() if cell[1] in own})
        beside = others(values, tree, own)
        for *key, revision in cells.select(*KEY, "revision").iter_rows():
            cell = tuple(key)
            if 1 <= values[cell] <= 7 and cell[1] not in own and beside[cell] > 0:
                targets[cell, revision] = values[cell]
    return attacker.finds(targets)


def others(values: Mapping, tree: pl.DataFrame, own: set[str]) -> dict:
    """Of each cell, the people who are not the audience's own."""
    above: dict[str, list[str]] = {}
    for whole, part in tree.select("whole_id", "part_id").iter_rows():
        above.setdefault(part, []).append(whole)
    left = dict(values)
    for area in own - {part for part, wholes in above.items() if set(wholes) & own}:
        for cell in [cell for cell in values if cell[1] == area]:
            waiting = [area]
            while waiting:
                at = waiting.pop()
                left[(cell[0], at, *cell[2:])] -= values[cell]
                waiting += above.get(at, [])
    return left


def day(number: int) -> date:
    """A day of a small made-up world."""
    return date(2020, 3, number)
