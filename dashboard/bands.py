"""Bands of a map: the quarters of the rates that are shown, from the lowest to the highest."""

from bisect import bisect_left
from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from dashboard import words

NAMES = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
ALIKE = "the same everywhere"
HIDDEN, MISSING = "hidden", "nothing"


class Bands(NamedTuple):
    """Where the first, second and third quarter end; a rate on an edge is in the lower one."""

    edges: tuple[float, ...]
    lowest: float
    highest: float

    def of(self, rate: float) -> int:
        """The band of a rate, 0 to 3."""
        return bisect_left(self.edges, rate)

    def name(self, band: int) -> str:
        """`second quarter`; where all rates are equal there are no quarters."""
        return ALIKE if self.lowest == self.highest else NAMES[band]

    def told(self, band: int) -> str:
        """`Second quarter: over 10.1 to 14.9`; rates to one decimal, as everywhere on the page."""
        ends = (self.lowest, *self.edges, self.highest)
        low, high = (words.number(end, 1) for end in ends[band : band + 2])
        over = "over " if band else ""
        span = high if ends[band] == ends[band + 1] else f"{over}{low} to {high}"
        name = self.name(band)
        return f"{name[:1].upper()}{name[1:]}: {span}"


def bands(rates: Sequence[float]) -> Bands:
    """Four bands of as many areas each, as far as equal rates allow; of at least one rate.

    Equal rates are in one band: of nothing but the lowest rate in the lowest, of nothing but the
    highest in the highest, however many areas have it.
    """
    held = sorted(rates)
    below = max((rate for rate in held if rate < held[-1]), default=held[-1])
    ends = (held[ceil(len(held) * quarter / 4) - 1] for quarter in (1, 2, 3))
    return Bands(tuple(min(end, below) for end in ends), held[0], held[-1])
