"""What every audience has been shown, kept beside the releases and longer than any of them.

`HOME/disclosure/<number>-<release_id>/<metric_id>/` holds `Seen` in parts that no sum links with
each other, so that a release asks only for the parts in which something changed: days, where a rule
shows counts by day alone. It holds exact counts and is readable by its owner only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from pathlib import Path

import polars as pl

from store.disclosure.rules import Rule
from store.disclosure.seen import NUMBERS, TERMS, TIMES, Seen
from store.errors import DamagedRecord

PART = {"part": pl.Date}
BOUNDS = dict.fromkeys(("low", "high", "any_low", "any_high"), pl.Float64)
ONLY = date(1, 1, 1)
# Columns that hold numbers of things, and what they number.
COUNTED = {"variable": "variables", "row": "rows", "cell": "cells", "whole": "cells"}


def part_of(rule: Rule) -> pl.Expr:
    """The part to which a cell belongs: its day, or the only one where sums link days."""
    is_by_day = rule.time_forms == ("daily",)
    return (pl.col("event_date") if is_by_day else pl.lit(ONLY)).alias("part")


def _no_rows(columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame(schema={**PART, **columns})


@dataclass(frozen=True)
class Memory:
    """`Seen` in parts: its tables with the column part; numbering begins anew in each part.

    `variables` has the bounds that `Seen` keeps as arrays, in the order of its variables.
    """

    numbers: pl.DataFrame = field(default_factory=lambda: _no_rows(NUMBERS))
    terms: pl.DataFrame = field(default_factory=lambda: _no_rows(TERMS))
    times: pl.DataFrame = field(default_factory=lambda: _no_rows(TIMES))
    variables: pl.DataFrame = field(default_factory=lambda: _no_rows(BOUNDS))

    def seen(self, parts: Iterable[date] | None = None) -> Seen:
        """What was shown in these parts, or in all of them, as one system."""
        wanted = self._only(parts)
        starts = wanted._starts()
        numbers, terms, times = (
            _moved(table, starts) for table in (wanted.numbers, wanted.terms, wanted.times)
        )
        bounds = {name: wanted.variables[name].to_numpy() for name in BOUNDS}
        return Seen(numbers.sort("variable"), terms.sort("row", "variable"), times, **bounds)

    def after(self, seen: Seen, rule: Rule) -> "Memory":
        """With what was seen in place of the same parts; no sum of it may link two parts."""
        found = _parted(seen, rule)
        gone = found.variables["part"].unique()
        kept = {
            table.name: getattr(self, table.name).filter(~pl.col("part").is_in(gone.implode()))
            for table in fields(self)
        }
        return Memory(
            **{
                name: pl.concat([rows, getattr(found, name)]).sort("part", maintain_order=True)
                for name, rows in kept.items()
            }
        )

    def _only(self, parts: Iterable[date] | None) -> "Memory":
        if parts is None:
            return self
        wanted = pl.Series("part", list(parts), dtype=pl.Date).implode()
        return Memory(
            **{
                t.name: getattr(self, t.name).filter(pl.col("part").is_in(wanted))
                for t in fields(self)
            }
        )

    def _starts(self) -> pl.DataFrame:
        """Where the variables, rows and cells of each part begin when all are put together."""
        counts = (
            self.variables.group_by("part")
            .agg(variables=pl.len())
            .join(self.terms.group_by("part").agg(rows=pl.col("row").max() + 1), "part", "left")
            .join(self.numbers.group_by("part").agg(cells=pl.col("cell").max() + 1), "part", "left")
            .sort("part")
            .fill_null(0)
        )
        before = pl.col("variables", "rows", "cells")
        return counts.with_columns((before.cum_sum() - before).cast(pl.Int64))


def _moved(table: pl.DataFrame, starts: pl.DataFrame) -> pl.DataFrame:
    """Numbers within each part as numbers within the whole."""
    there = {name: start for name, start in COUNTED.items() if name in table.columns}
    placed = table.join(starts, on="part", how="left", maintain_order="left")
    moved = placed.with_columns(pl.col(name) + pl.col(start) for name, start in there.items())
    return moved.select(*(name for name in table.columns if name != "part"))


def _parted(seen: Seen, rule: Rule) -> Memory:
    numbers = seen.numbers.with_columns(part_of(rule))
    parts = numbers.select("variable", "part")
    # What a sum lacks is a variable of its own, in the part of the numbers beside it.
    of_row = seen.terms.join(parts, on="variable", how="left", maintain_order="left")
    terms = of_row.with_columns(pl.col("part").max().over("row"))
    variables = pl.concat([parts, terms.select("variable", "part")]).unique().sort("variable")
    at = variables["variable"].to_numpy()
    bounds = [pl.Series(name, getattr(seen, name)[at]) for name in BOUNDS]
    times = seen.times.join(terms.select("row", "part").unique(), on="row", maintain_order="left")
    places = {
        "variable": _places(variables, "variable"),
        "row": _places(terms, "row"),
        "cell": _places(numbers, "cell"),
        "whole": _places(numbers, "cell").rename({"cell": "whole"}),
    }
    return Memory(
        numbers=_numbered(numbers, places).select(*PART, *NUMBERS),
        terms=_numbered(terms, places).select(*PART, *TERMS),
        times=_numbered(times, places).select(*PART, *TIMES),
        variables=variables.with_columns(bounds).select(*PART, *BOUNDS),
    )


def _places(table: pl.DataFrame, column: str) -> pl.DataFrame:
    """Each number of the whole beside its number within its part."""
    place = pl.col(column).rank("dense").over("part").cast(pl.Int64) - 1
    return table.select(column, "part").unique().select(column, place=place)


def _numbered(table: pl.DataFrame, places: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    for column, place in places.items():
        if column in table.columns:
            joined = table.join(place, on=column, maintain_order="left")
            table = joined.with_columns(pl.col("place").alias(column)).drop("place")
    return table


def read(folder: Path) -> Memory:
    """A memory as it was written. Raises `DamagedRecord` where it cannot be read whole."""
    try:
        return Memory(
            **{t.name: pl.read_parquet(folder / f"{t.name}.parquet") for t in fields(Memory)}
        )
    except (OSError, pl.exceptions.PolarsError):
        raise DamagedRecord(
            f"the record of what was shown under disclosure control, {folder}, cannot be read; put "
            "it back from a backup: without it nobody can tell what a new release would give away"
        ) from None


def write(memory: Memory, folder: Path) -> None:
    """Write a memory into a folder of its own."""
    folder.mkdir(parents=True)
    for table in fields(memory):
        getattr(memory, table.name).write_parquet(folder / f"{table.name}.parquet")
