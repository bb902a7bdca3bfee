"""How one count is shown under a rule, before anyone asks what could be derived from it."""

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from store.disclosure.rules import Rule

if TYPE_CHECKING:
    from store.disclosure.system import Bounds, Flags, Numbers, Positions


HIDDEN_BY_US = "suppressed_by_us"
LEFT_OUT = "the day is left out: beside what was shown before, a small count could be narrowed"


class Shown(IntEnum):
    """Ways of showing a count, from the one that tells most to the one that tells nothing."""

    AS_IS = 0
    ZERO = 1
    ROUNDED = 2
    HIDDEN = 3
    MERGED = 4
    WITHHELD = 5


WHY = {
    Shown.AS_IS: "already public",
    Shown.ZERO: "zero is shown",
    Shown.ROUNDED: "rounded on its own",
    Shown.HIDDEN: "a small count",
    Shown.MERGED: "a small count near it could be narrowed, so zero and small are shown alike",
    Shown.WITHHELD: "a small count near it could be narrowed from this number",
}


def first_shown(values: "Numbers", rule: Rule) -> "Positions":
    """How each count is shown when nothing else is known."""
    if not rule.is_treated:
        return np.full(len(values), Shown.AS_IS)
    return np.select(
        [values < rule.hide_from, values <= rule.hide_to],
        [Shown.ZERO, Shown.HIDDEN],
        default=Shown.ROUNDED,
    ).astype(np.int64)


def is_small(values: "Numbers", rule: Rule) -> "Flags":
    """Which counts the rule hides."""
    return np.asarray((values >= rule.hide_from) & (values <= rule.hide_to) & rule.is_treated)


def rounded(values: "Numbers", rule: Rule) -> "Numbers":
    """To the nearest multiple, halves up."""
    return np.asarray(np.floor(values / rule.round_to + 0.5) * rule.round_to)


def bounds(values: "Numbers", shown: "Positions", rule: Rule) -> "Bounds":
    """The lowest and highest count that each one shown may stand for; no highest is infinite."""
    about = rounded(values, rule)
    below, above = rule.round_to // 2, (rule.round_to - 1) // 2
    low = np.select(
        [shown <= Shown.ZERO, shown == Shown.ROUNDED, shown == Shown.HIDDEN],
        [values, np.maximum(about - below, rule.hide_to + 1), rule.hide_from],
        default=0.0,
    )
    high = np.select(
        [shown <= Shown.ZERO, shown == Shown.ROUNDED, shown <= Shown.MERGED],
        [values, about + above, rule.hide_to],
        default=np.inf,
    )
    return low.astype(np.float64), high.astype(np.float64)


def words(rule: Rule) -> pl.Expr:
    """What stands in a cell, as text, from the columns shown_as and shown_value."""
    number = pl.col("shown_value").cast(pl.Int64).cast(pl.String)
    return (
        pl.when(pl.col("shown_as") == Shown.HIDDEN)
        .then(pl.lit(rule.hidden_words))
        .when(pl.col("shown_as") == Shown.MERGED)
        .then(pl.lit(rule.merged_words))
        .when(pl.col("shown_as") == Shown.WITHHELD)
        .then(pl.lit("withheld"))
        .otherwise(number)
    )
