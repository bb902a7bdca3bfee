"""Disclosure control of a whole release: what stands in each figure for people outside its area.

Each metric that is not public is controlled by its rule, after all that was ever shown of it. Days
in which nothing changed stay as they were shown. Where no choice is safe for some counts, their day
is left out at every level: one level alone could be told from the others.
"""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from store.disclosure import memory as memories
from store.disclosure import policy as policies
from store.disclosure import proof as proofs
from store.disclosure.cells import World, counts, figures
from store.disclosure.controlled import CannotProtect, as_shown, control, proof
from store.disclosure.memory import Memory, part_of
from store.disclosure.policy import Guarded, Policy
from store.disclosure.relations import KEY
from store.disclosure.showing import HIDDEN_BY_US, LEFT_OUT
from store.errors import DamagedRecord

VERSIONS: dict[str, Any] = {
    "place": pl.Int64,
    "shown_from": pl.Datetime("us"),
    "figure_id": pl.String,
    "known_from": pl.Datetime("us"),
    "value": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "missing_reason": pl.String,
}


@dataclass(frozen=True)
class LeftOut:
    """How many days of a metric are not shown at all, and the first of them."""

    metric_id: str
    first_day: str
    days: int


@dataclass(frozen=True)
class Remembered:
    """What is kept of one metric: the system of all that was shown, and each version shown."""

    memory: Memory = field(default_factory=Memory)
    versions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VERSIONS))


@dataclass(frozen=True)
class Protected:
    """A release as people outside its areas see it.

    `versions` has a row for each version of a figure that was ever shown to them, in the order of
    `place`: since when it is known to them (shown_from), which version it is in truth (figure_id,
    known_from), and what stands in it (value, lower, upper, missing_reason). `proof` has a row for
    each cell that does not show its number. `remembered` is to be kept, by metric.
    """

    policy: Policy
    versions: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=VERSIONS))
    proof: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=proofs.COLUMNS))
    left_out: tuple[LeftOut, ...] = ()
    remembered: dict[str, Remembered] = field(default_factory=dict)


def protect(warehouse: Path, kept: Path | None) -> Protected:
    """Control everything of a warehouse that is not public, after what `kept` says was shown.

    Raises `WrongUse` for a rule that nobody wrote, `DamagedRecord` for a record that is not whole.
    """
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        policy = policies.read(connection)
        shown = [one for one in policy.guarded if one.outside == "controlled"]
        world = World.read(connection) if shown else None
        found = [
            _protect(one, figures(connection, one), world, _remembered(kept, one.family_id))
            for one in shown
            if world
        ]
    return Protected(
        policy,
        versions=pl.concat([pl.DataFrame(schema=VERSIONS), *(one.versions for one in found)]),
        proof=pl.concat([pl.DataFrame(schema=proofs.COLUMNS), *(one.proof for one in found)]),
        left_out=tuple(left for one in found for left in one.left_out),
        remembered={name: of for one in found for name, of in one.remembered.items()},
    )


def keep(protected: Protected, folder: Path) -> None:
    """Write what is to be remembered, each metric into a folder of its own."""
    for name, of in protected.remembered.items():
        memories.write(of.memory, folder / name)
        of.versions.write_parquet(folder / name / "versions.parquet")


def _remembered(kept: Path | None, name: str) -> Remembered:
    folder = kept / name if kept else None
    if folder is None or not folder.exists():
        return Remembered()
    memory = memories.read(folder)
    try:
        return Remembered(memory, pl.read_parquet(folder / "versions.parquet"))
    except (OSError, pl.exceptions.PolarsError):
        raise DamagedRecord(
            f"{folder}/versions.parquet cannot be read; put it back from a backup"
        ) from None


def _protect(guarded: Guarded, found: pl.DataFrame, world: World, before: Remembered) -> Protected:
    cells, memory, gone = _controlled(guarded, counts(found, guarded), world, before.memory)
    seen, rule = memory.seen(), guarded.rule
    release = _latest(seen.numbers).join(cells.select(KEY), on=KEY, how="semi")
    versions = _versions(_standing(found, as_shown(release, rule)), before.versions)
    told = pl.concat([proof(seen, release, rule), _unproved(gone)], how="diagonal").with_columns(
        rule=pl.lit(rule.name)
    )
    return Protected(
        Policy((guarded,)),
        versions=versions,
        proof=told.select(pl.col(name).cast(kind) for name, kind in proofs.COLUMNS.items()),
        left_out=_days(guarded, gone),
        remembered={guarded.family_id: Remembered(memory, versions)},
    )


def _controlled(
    guarded: Guarded, cells: pl.DataFrame, world: World, memory: Memory
) -> tuple[pl.DataFrame, Memory, pl.DataFrame]:
    """The cells that are shown in some way, the memory after them, and the cells left out."""
    left = cells.clear()
    audiences = world.audiences(cells)
    while parts := _changed(cells, memory, guarded):
        changed = cells.filter(
            part_of(guarded.rule).is_in(pl.Series(parts, dtype=pl.Date).implode())
        )
        try:
            done = control(
                changed, guarded.rule, world.relations(cells), memory.seen(parts), audiences
            )
        except CannotProtect as fault:
            unsafe = fault.cells.select(part_of(guarded.rule))["part"].unique().implode()
            is_unsafe = part_of(guarded.rule).is_in(unsafe)
            left = pl.concat([left, cells.filter(is_unsafe)])
            cells = cells.filter(~is_unsafe)
        else:
            return cells, memory.after(done.seen, guarded.rule), left
    return cells, memory, left


def _changed(cells: pl.DataFrame, memory: Memory, guarded: Guarded) -> list[date]:
    """The parts in which a count is new or is not what it last was."""
    latest = _latest(memory.numbers.drop("part")).select(*KEY, was="value")
    told = cells.join(latest, on=KEY, how="left").with_columns(part_of(guarded.rule))
    is_changed = ~pl.col("was").eq_missing(pl.col("value"))
    return told.filter(is_changed)["part"].unique().sort().to_list()


def _latest(numbers: pl.DataFrame) -> pl.DataFrame:
    """The last revision of each cell, in the order of `KEY`."""
    newest = pl.col("revision") == pl.col("revision").max().over(KEY)
    return numbers.filter(newest).sort(KEY)


def _days(guarded: Guarded, gone: pl.DataFrame) -> tuple[LeftOut, ...]:
    days = gone["event_date"].unique().sort()
    return (LeftOut(guarded.family_id, str(days[0]), len(days)),) if len(days) else ()


def _standing(found: pl.DataFrame, shown: pl.DataFrame) -> pl.DataFrame:
    """What stands in each figure now; whatever was not controlled says nothing at all."""
    told = found.join(shown.drop("revision", "why"), on=KEY, how="left", maintain_order="left")
    says_bounds = pl.col("shown_as").is_in(["hidden", "merged"])
    has_value, is_shown = pl.col("value").is_not_null(), pl.col("shown_value").is_not_null()
    hidden = pl.when(~is_shown).then(pl.lit(HIDDEN_BY_US))
    return told.select(
        "figure_id",
        "known_from",
        value="shown_value",
        lower=pl.when(says_bounds).then("low"),
        upper=pl.when(says_bounds).then("high"),
        missing_reason=pl.when(has_value).then(hidden).otherwise("missing_reason"),
    )


def _versions(standing: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """The versions that were ever shown, with those that this release shows for the first time.

    All of these are known from one moment, the newest publication: when each count moved within
    that time would tell sums that held in between.
    """
    told = [pl.col(name).cast(kind) for name, kind in VERSIONS.items() if name in standing.columns]
    standing = standing.select(told)
    last = before.group_by("figure_id").agg(pl.all().sort_by("place").last())
    new = standing.join(last, on=standing.columns, how="anti", nulls_equal=True)
    moment = pl.concat([standing["known_from"], before["shown_from"]]).max()
    placed = new.with_row_index("place", before.height).with_columns(
        shown_from=pl.lit(moment, pl.Datetime("us"))
    )
    return pl.concat(
        [before, placed.select(pl.col(name).cast(kind) for name, kind in VERSIONS.items())]
    )


def _unproved(gone: pl.DataFrame) -> pl.DataFrame:
    """Cells that nothing is said of: their interval is whatever could be told before."""
    nothing = {name: pl.lit(None, pl.Int64) for name in proofs.BOUNDS}
    return gone.select(
        *KEY, shown=pl.lit("withheld"), why=pl.lit(LEFT_OUT), is_guarded=pl.lit(True), **nothing
    )
