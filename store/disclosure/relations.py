"""Which released numbers are sums of others: areas, breakdowns, days; and in what they differ.

Everything here is public. An attacker knows it, so the audit uses it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import polars as pl

KEY = ["metric_id", "area_id", "stratum_id", "event_date", "form"]
WITHOUT_FORM = KEY[:-1]
THROUGH = " > "  # between the partitions of a sum that skips a level
ALWAYS = {"since": date.min, "until": date.max}
TREE: Mapping[str, Any] = {
    "whole_id": pl.String,
    "part_id": pl.String,
    "partition": pl.String,
    "since": pl.Date,
    "until": pl.Date,
}


def no_tree() -> pl.DataFrame:
    """A tree without branches."""
    return pl.DataFrame(schema=TREE)


@dataclass(frozen=True)
class Relations:
    """What adds up to what.

    `areas` and `strata` have the columns whole_id, part_id, partition: within one partition (a
    level of areas, ages, sexes) the parts of a whole add up to it; `since` and `until`, if given,
    are the first and last day of a part. A rolling count is the sum of `rolling_days` daily ones,
    its last day included.
    """

    areas: pl.DataFrame = field(default_factory=no_tree)
    strata: pl.DataFrame = field(default_factory=no_tree)
    rolling_days: int = 7

    def sums(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Every sum that the cells (`KEY`, cell) take part in, a row for each term.

        Columns: relation, whole (a cell), cell, coefficient (-1 whole, 1 part; rolling counts also
        as the change from the day before), is_complete (no part is missing for lack of a cell).
        """
        keyed = cells.select(*KEY, "cell")
        found = [
            _of_parts(keyed, every_level(self.areas), "area_id"),
            _of_parts(keyed, every_level(self.strata), "stratum_id"),
            _running(keyed),
            _window(keyed, self.rolling_days),
            _window_moved(keyed, self.rolling_days),
            _window_of_running(keyed, self.rolling_days),
        ]
        return pl.concat(found).sort("relation", "whole", "cell")


def every_level(tree: pl.DataFrame) -> pl.DataFrame:
    """The tree, and each whole as the sum of its parts' parts, down to the lowest level.

    They follow from the tree, and bounds pass through them where the level between is withheld.
    """
    lasting = [pl.lit(day).alias(name) for name, day in ALWAYS.items() if name not in tree.columns]
    tree = tree.with_columns(lasting).with_columns(
        pl.col("since").fill_null(date.min), pl.col("until").fill_null(date.max)
    )
    levels = [tree.select(list(TREE))]
    inner = tree.select(
        part_id="whole_id",
        inner_id="part_id",
        inner="partition",
        inner_since="since",
        inner_until="until",
    )
    while True:
        label = pl.concat_str("partition", pl.lit(THROUGH), "inner")
        last = levels[-1].join(
            tree.select("partition").unique().rename({"partition": "inner"}), how="cross"
        )
        placed = last.join(inner, on=["part_id", "inner"], how="left")
        goes_down = pl.col("inner_id").is_not_null().any().over("whole_id", "partition", "inner")
        deeper = placed.filter(goes_down).select(
            "whole_id",
            part_id=pl.coalesce("inner_id", "part_id"),
            partition=label,
            since=pl.max_horizontal("since", "inner_since"),
            until=pl.min_horizontal("until", "inner_until"),
        )
        if deeper.is_empty():
            return pl.concat(levels)
        levels.append(deeper)


def _of_parts(cells: pl.DataFrame, tree: pl.DataFrame, column: str) -> pl.DataFrame:
    """Sums over areas or strata. A part without a cell counts as nothing: most would take it so."""
    wholes = cells.rename({"cell": "whole"}).join(tree, left_on=column, right_on="whole_id")
    there = pl.col("event_date").is_between("since", "until")
    parts = wholes.filter(there).drop(column).rename({"part_id": column}).join(cells, on=KEY)
    relation = column + "/" + pl.col("partition")
    return _with_wholes(parts.select("whole", "cell", coefficient=1, relation=relation))


def _running(cells: pl.DataFrame) -> pl.DataFrame:
    """A cumulative count is that of the day before and the day's own."""
    wholes = _form(cells, "cumulative").rename({"cell": "whole"})
    before = _shifted(_form(cells, "cumulative"), 1)
    terms = [
        wholes.join(part, on=WITHOUT_FORM).select("whole", "cell", coefficient=1)
        for part in (before, _form(cells, "daily"))
    ]
    return _with_wholes(pl.concat(terms).with_columns(relation=pl.lit("running")), expected=2)


def _window(cells: pl.DataFrame, days: int) -> pl.DataFrame:
    """A rolling count is the sum of the last days."""
    wholes = _form(cells, "rolling").rename({"cell": "whole"})
    daily = _form(cells, "daily")
    parts = pl.concat([_shifted(daily, ago) for ago in range(days)])
    terms = wholes.join(parts, on=WITHOUT_FORM).select("whole", "cell", coefficient=1)
    return _with_wholes(terms.with_columns(relation=pl.lit("window")), expected=days)


def _window_moved(cells: pl.DataFrame, days: int) -> pl.DataFrame:
    """A rolling count differs from the day before's by the day that comes in and the one that goes.

    It follows from the two windows, and bounds pass through it where both windows are wide.
    """
    rolling, daily = _form(cells, "rolling"), _form(cells, "daily")
    wholes = rolling.rename({"cell": "whole"})
    signed = ((_shifted(rolling, 1), 1), (daily, 1), (_shifted(daily, days), -1))
    terms = [
        wholes.join(part, on=WITHOUT_FORM).select("whole", "cell", coefficient=pl.lit(sign))
        for part, sign in signed
    ]
    found = _with_wholes(pl.concat(terms).with_columns(relation=pl.lit("window moved")), expected=3)
    return found.filter("is_complete")


def _window_of_running(cells: pl.DataFrame, days: int) -> pl.DataFrame:
    """A cumulative count is that of some days before and the rolling count."""
    wholes = _form(cells, "cumulative").rename({"cell": "whole"})
    before = _shifted(_form(cells, "cumulative"), days)
    terms = [
        wholes.join(part, on=WITHOUT_FORM).select("whole", "cell", coefficient=1)
        for part in (before, _form(cells, "rolling"))
    ]
    found = pl.concat(terms).with_columns(relation=pl.lit("window of running"))
    return _with_wholes(found, expected=2)


def _form(cells: pl.DataFrame, form: str) -> pl.DataFrame:
    return cells.filter(pl.col("form") == form).drop("form")


def _shifted(cells: pl.DataFrame, days: int) -> pl.DataFrame:
    """Cells under a date so many days later."""
    return cells.with_columns(pl.col("event_date") + timedelta(days))


def _with_wholes(terms: pl.DataFrame, expected: int | None = None) -> pl.DataFrame:
    """Add the whole of each sum as a term of its own."""
    terms = terms.select("relation", "whole", "cell", pl.col("coefficient").cast(pl.Int8))
    complete = pl.len() == expected if expected else pl.lit(True)
    sums = terms.group_by("relation", "whole").agg(is_complete=complete.all())
    wholes = sums.select("relation", "whole", cell="whole", coefficient=pl.lit(-1, pl.Int8))
    return pl.concat([terms, wholes]).join(sums, on=["relation", "whole"])
