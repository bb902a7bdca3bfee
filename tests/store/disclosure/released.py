"""The simulated England as daily releases in real files, read through the door as audiences do."""

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import polars as pl
from attacker import KEY, Attacker

from simulation.arrivals import Spread, arrive
from simulation.england import Truth, by_residence, simulate
from simulation.places import ENGLAND
from store import releases
from store.paths import Home
from store.reader import open_reader
from store.viewer import Viewer

METRIC = "admissions_by_residence"
FIRST_RELEASE, RELEASES = 29, 30
LEVEL = ["whole_id", "part_id"]
SHOWN = """
    select metric_id, area_id, stratum_id, event_date, value, lower, upper, known_from
    from figures
    where metric_id = $metric
    order by event_date, area_id
"""


@dataclass(frozen=True)
class England:
    """Authorities with small counts of admissions, their counties and NHS regions."""

    truth: Truth
    admissions: Spread
    areas: pl.DataFrame
    days: tuple[int, ...]

    @classmethod
    def simulated(cls, days: Iterable[int]) -> "England":
        truth = simulate(FIRST_RELEASE + RELEASES, 2020)
        areas = truth.places.areas.filter(pl.col("nation_id") == ENGLAND)
        return cls(truth, arrive(truth).admissions, areas, tuple(days))

    @property
    def tree(self) -> pl.DataFrame:
        """England, NHS regions, upper-tier authorities, districts: what an atlas says."""
        levels = [
            self.areas.select(whole_id=pl.lit(ENGLAND), part_id="nhs_region_id"),
            self.areas.select(whole_id="nhs_region_id", part_id="upper_id"),
            self.areas.filter(pl.col("upper_id") != pl.col("area_id")).select(
                whole_id="upper_id", part_id="area_id"
            ),
        ]
        return pl.concat(levels).unique(maintain_order=True)

    @property
    def scopes(self) -> dict[str, set[str]]:
        """Every region, NHS region, county and authority, and the areas that lie within."""
        found: dict[str, set[str]] = {}
        columns = ("area_id", "upper_id", "nhs_region_id", "region_id")
        for area, upper, nhs_region, region in self.areas.select(columns).iter_rows():
            found.setdefault(area, set()).add(area)
            found.setdefault(upper, set()).update({area, upper})
            found.setdefault(nhs_region, set()).update({area, upper, nhs_region})
            found.setdefault(region, set()).update({area, upper})
        return found

    def counts(self, number: int) -> pl.DataFrame:
        """The exact counts of the chosen days as they are known at a release, in `KEY`."""
        last = FIRST_RELEASE + number
        known = self.admissions.known(last)
        days = [day for day in self.days if day <= last]
        dates = np.array([self.truth.dates[day] for day in days], dtype="datetime64[D]")
        levels = [
            pl.DataFrame(
                {
                    "area_id": np.tile(np.array(codes, dtype=object), len(days)),
                    "event_date": np.repeat(dates, len(codes)),
                    "value": counts[days].ravel(),
                },
                schema_overrides={"area_id": pl.String},
            )
            for codes, counts in by_residence(self.truth.places, known)
        ]
        return keyed(pl.concat(levels), METRIC)

    def moment(self, number: int) -> datetime:
        """When the extract behind a release came out."""
        day = self.truth.dates[FIRST_RELEASE + number] + timedelta(1)
        return datetime.combine(day, datetime.min.time())

    def publish(self, home: Home, number: int) -> None:
        """Put all that was known by a release into the warehouse and publish it."""
        known = [
            self.counts(n).with_columns(known_from=pl.lit(self.moment(n)))
            for n in range(number + 1)
        ]
        fill(home, pl.concat(known))
        publish(home, self.moment(number))


def fill(home: Home, known: pl.DataFrame) -> None:
    """Make a warehouse say of each cell (`KEY`, value, known_from) what is given, and no more."""
    cell = list(KEY)
    is_first = pl.col("value").shift(1).over(cell).is_null()
    moved = is_first | (pl.col("value") != pl.col("value").shift(1).over(cell))
    versions = (
        known.sort(*cell, "known_from")
        .filter(moved)
        .with_columns(known_to=pl.col("known_from").shift(-1).over(cell))
        .with_columns(pl.col("value").cast(pl.Float64))
    )
    with duckdb.connect(str(home.warehouse)) as connection:
        connection.register("given", versions.to_arrow())
        for table in ("figures", "figure_versions", "claims"):
            connection.execute(f"delete from main.{table}")
        connection.execute(VERSIONS)
        connection.execute(CLAIMS)
        connection.execute(
            "insert into main.figures by name "
            "select * from figures_as_known(timestamp '2100-01-01')"
        )


VERSIONS = """
    insert into main.figure_versions by name
    select
        metric_id || '.' || area_id || '.' || stratum_id || '.' || event_date as figure_id,
        metric_id,
        area_id,
        stratum_id,
        event_date,
        value,
        'sus_admissions' as source_id,
        'admissions-residence-sus' as rule_id,
        'single' as status,
        1 as sources_reporting,
        0 as gap,
        first_value(value) over one_cell as first_value,
        row_number() over one_cell - 1 as revisions,
        false as is_corrected,
        false as awaits_decision,
        known_from as published_at,
        known_from as landed_at,
        sha256(cast(known_from as varchar)) as file_sha256,
        1 as file_row,
        row_number() over one_cell as version,
        known_from,
        known_to,
        value as expected_low,
        value as expected_high,
        event_date + 9 as provisional_until
    from given
    window one_cell as (
        partition by metric_id, area_id, stratum_id, event_date order by known_from
    )
"""
CLAIMS = """
    insert into main.claims by name
    select
        figure_id || '.' || known_from as claim_id,
        figure_id,
        metric_id,
        area_id,
        stratum_id,
        event_date,
        source_id,
        'admissions' as series_id,
        value,
        published_at,
        landed_at,
        file_sha256,
        file_row,
        known_to as superseded_at
    from main.figure_versions
"""


def publish(home: Home, moment: datetime) -> releases.Release:
    """Publish as the command does, and keep every release."""
    return releases.publish(
        home, built_at=moment, build_id=str(moment), is_simulated=True, keep=RELEASES
    )


def fresh(empty: Home, root: Path) -> Home:
    """A home of one's own with a warehouse that was really built and holds no file."""
    root.mkdir(parents=True, exist_ok=True)
    shutil.copy(empty.warehouse, root / "warehouse.duckdb")
    return Home(root)


def keyed(cells: pl.DataFrame, metric: str = "deaths") -> pl.DataFrame:
    """Counts a day of everyone, in the columns that disclosure control takes."""
    return cells.select(
        metric_id=pl.lit(metric),
        area_id="area_id",
        stratum_id=pl.lit("all"),
        event_date=pl.col("event_date").cast(pl.Date),
        form=pl.lit("daily"),
        value="value",
    )


def read(home: Home, release_id: str, scope: str | None) -> pl.DataFrame:
    """What a reader of a scope is given of a release: `KEY`, revision, shown, is_own."""
    with open_reader(home, Viewer("attacker", "reader", scope), release_id=release_id) as reader:
        found = reader.ask(SHOWN, metric=METRIC)
        own = {a for a in found["area_id"].unique() if reader.is_exact(METRIC, a)}
    number = pl.col("value").cast(pl.Int64).cast(pl.String)
    ends = [pl.col(end).cast(pl.Int64).cast(pl.String) for end in ("lower", "upper")]
    words = (
        pl.when(pl.col("value").is_not_null())
        .then(number)
        .when(pl.col("upper").is_not_null())
        .then(pl.concat_str(ends[0], pl.lit(" to "), ends[1]))
        .otherwise(pl.lit("withheld"))
    )
    return found.select(
        *KEY[:-1],
        form=pl.lit("daily"),
        revision=pl.col("known_from"),
        shown=words,
        is_own=pl.col("area_id").is_in(list(own)),
        value="value",
    )


def attack(home: Home, england: England, scope: str | None, rounds_to: int = 5) -> dict:
    """What a reader of a scope finds in all kept releases, through the door alone."""
    kept = [release.release_id for release in releases.kept(home)]
    given = [read(home, release_id, scope) for release_id in kept]
    return attacked(given, [england.counts(n) for n in range(len(kept))], england.tree, rounds_to)


def attacked(
    given: list[pl.DataFrame], truths: list[pl.DataFrame], tree: pl.DataFrame, rounds_to: int = 5
) -> dict:
    """What an audience finds of what was given to it; `is_own` cells are exact."""
    attacker = Attacker(parts_of(tree), rounds_to=rounds_to)
    targets: dict = {}
    for cells, truth in zip(given, truths, strict=True):
        values = {tuple(key): value for *key, value in truth.select(*KEY, "value").iter_rows()}
        own_cells = cells.filter("is_own")
        own = {*own_cells["area_id"]}
        exact = {tuple(key): value for *key, value in own_cells.select(*KEY, "value").iter_rows()}
        assert all(values[cell] == value for cell, value in exact.items())
        attacker.reads(cells, exact)
        beside = others(values, tree, own)
        for *key, revision in cells.select(*KEY, "revision").iter_rows():
            cell = tuple(key)
            if 1 <= values[cell] <= 7 and cell[1] not in own and beside[cell] > 0:
                targets[cell, revision] = values[cell]
    return attacker.finds(targets)


def as_given(cells: pl.DataFrame, truth: pl.DataFrame, own: set[str]) -> pl.DataFrame:
    """Controlled cells as an audience with its own areas would be given them."""
    exact = cells.join(truth, on=list(KEY))
    return exact.with_columns(is_own=pl.col("area_id").is_in(list(own)))


def parts_of(tree: pl.DataFrame) -> dict[str, list[list[str]]]:
    """The parts of each whole; here each whole has parts of one kind."""
    grouped = tree.group_by("whole_id", maintain_order=True).agg("part_id")
    return {whole: [parts] for whole, parts in grouped.iter_rows()}


def others(values: Mapping, tree: pl.DataFrame, own: set[str]) -> dict:
    """Of each cell, the people who are not the audience's own."""
    above: dict[str, list[str]] = {}
    for whole, part in tree.select(LEVEL).iter_rows():
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
