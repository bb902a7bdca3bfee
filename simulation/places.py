"""Where the simulated people live and which hospitals take them in: the seeds, nothing else.

Boundaries are those of 1 July 2020 on every simulated day: 314 lower-tier authorities of England,
and Wales, Scotland and Northern Ireland as one unit each. Three things are simpler than in life:
an authority belongs to the NHS region that shares most of its region of residence, people are
taken to trusts of their own NHS region only, and a district without an estimate of its own has an
equal share of what is left of its county.
"""

from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]

SEEDS = Path(__file__).parent.parent / "dbt_project" / "seeds"
BOUNDARIES_OF = date(2020, 7, 1)
ENGLAND, UNITED_KINGDOM = "E92000001", "K02000001"
ENGLAND_AND_WALES = (ENGLAND, "W92000004")
NATIONS = (ENGLAND, "N92000002", "S92000003", "W92000004")
NHS_REGION_OF = {
    "E12000001": "E40000009",
    "E12000002": "E40000010",
    "E12000003": "E40000009",
    "E12000004": "E40000008",
    "E12000005": "E40000008",
    "E12000006": "E40000007",
    "E12000007": "E40000003",
    "E12000008": "E40000005",
    "E12000009": "E40000006",
}
SPECIALIST = 0.08
# How many patients who die of COVID-19 a trust takes, next to an acute trust, by words in its name.
SMALLER_TRUSTS = {
    "Ambulance": 0.0,
    "Children": 0.02,
    "Community|Partnership|Mental|Care|Health NHS|Project|Online": 0.04,
    "Royal Marsden|Christie|Clatterbridge|Orthopaedic": SPECIALIST,
    "Moorfields|Heart|Neurology|Walton": SPECIALIST,
}


@dataclass(frozen=True)
class Places:
    """The units of the simulation, in the order of the columns of every array.

    `areas` has one row a unit: area_id, area_name, upper_id, region_id, nhs_region_id, nation_id,
    counted_with, population, latitude, longitude. Region columns are empty outside England.
    `trusts` has one row a trust: area_id, area_name, nhs_region_id, pull (relative size).
    `hospitals` are those of them that have beds, in columns of their own.
    `names` and `populations` cover every area of the seeds.
    """

    areas: pl.DataFrame
    trusts: pl.DataFrame
    names: dict[str, str]
    populations: dict[str, int]

    def summed(self, counts: Counts, column: str) -> tuple[list[str], Counts]:
        """Sum the last axis (areas) by a column of `areas`: the groups, sorted, and their counts.

        Units without a value in the column are left out.
        """
        return grouped(counts, self.areas[column])

    @cached_property
    def hospitals(self) -> pl.DataFrame:
        """The trusts that have beds, for adults: those with Hospital in their name."""
        is_hospital = pl.col("area_name").str.contains("Hospital") & (pl.col("pull") >= SPECIALIST)
        return self.trusts.filter(is_hospital)

    @property
    def late_trust(self) -> int:
        """The column of the largest trust of the Midlands, the one whose returns come late."""
        midlands = self.trusts.with_row_index().filter(pl.col("nhs_region_id") == "E40000008")
        return int(midlands.sort("pull", "area_id", descending=True)["index"][0])


def grouped(counts: Counts, groups: pl.Series) -> tuple[list[str], Counts]:
    """Sum the last axis of `counts` by `groups` (one label a column; null is left out)."""
    placed = pl.DataFrame({"group": groups}).with_row_index().drop_nulls().sort("group", "index")
    starts = placed.select(pl.col("group").is_first_distinct().arg_true()).to_series().to_numpy()
    columns = placed["index"].to_numpy()
    names = [str(name) for name in placed["group"].unique(maintain_order=True)]
    return names, np.add.reduceat(counts[..., columns], starts, axis=-1)


@cache
def read_places(seeds: Path = SEEDS) -> Places:
    """Read `areas.csv` and `populations.csv` of the seeds."""
    areas = pl.read_csv(seeds / "areas.csv", infer_schema=False).filter(_valid())
    people = pl.read_csv(seeds / "populations.csv", infer_schema=False).select(
        "area_id", pl.col("population").cast(pl.Int64)
    )
    return Places(
        areas=pl.concat([_authorities(areas, people), _nations(areas, people)]),
        trusts=_trusts(areas),
        names=dict(areas.select("area_id", "area_name").iter_rows()),
        populations=dict(people.iter_rows()),
    )


def _valid() -> pl.Expr:
    day = BOUNDARIES_OF.isoformat()
    begun = pl.col("valid_from").is_null() | (pl.col("valid_from") <= day)
    return begun & (pl.col("valid_to").is_null() | (pl.col("valid_to") >= day))


def _authorities(areas: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    english = areas.filter(
        (pl.col("is_lower_tier") == "true") & pl.col("area_id").str.starts_with("E")
    )
    counties = people.rename({"area_id": "parent_area_id", "population": "county"})
    left = pl.col("county") - pl.col("population").sum().over("parent_area_id")
    unknown = pl.col("population").is_null().sum().over("parent_area_id")
    return (
        english.join(people, on="area_id", how="left")
        .join(counties, on="parent_area_id", how="left")
        .with_columns(population=pl.coalesce("population", left // unknown))
        .select(*_unit(ENGLAND))
        .sort("area_id")
    )


def _nations(areas: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    others = areas.filter(pl.col("area_id").is_in(NATIONS[1:])).join(people, on="area_id")
    return (
        others.with_columns(region_id=pl.lit(None, pl.String))
        .select(*_unit(None))
        .with_columns(nation_id="area_id", upper_id=pl.lit(None, pl.String))
        .sort("area_id")
    )


def _unit(nation: str | None) -> list[pl.Expr]:
    is_upper = pl.col("is_upper_tier") == "true"
    return [
        pl.col("area_id"),
        pl.col("area_name"),
        pl.when(is_upper).then("area_id").otherwise("parent_area_id").alias("upper_id"),
        pl.col("region_id"),
        pl.col("region_id").replace_strict(NHS_REGION_OF, default=None).alias("nhs_region_id"),
        pl.lit(nation, pl.String).alias("nation_id"),
        pl.col("counted_with"),
        pl.col("population"),
        pl.col("latitude").cast(pl.Float64),
        pl.col("longitude").cast(pl.Float64),
    ]


def _trusts(areas: pl.DataFrame) -> pl.DataFrame:
    pull = pl.lit(1.0)
    for words, size in SMALLER_TRUSTS.items():
        pull = pl.when(pl.col("area_name").str.contains(words)).then(size).otherwise(pull)
    english = areas.filter(
        (pl.col("area_type") == "trust") & pl.col("parent_area_id").str.starts_with("E40")
    )
    return (
        english.select("area_id", "area_name", nhs_region_id="parent_area_id", pull=pull)
        .filter(pl.col("pull") > 0)
        .sort("area_id")
    )
