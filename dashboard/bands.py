"""Bands of a map: the quarters of the rates that are shown, from the lowest to the highest."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from dashboard import words

NAMES = ("lowest quarter", "second quarter", "third quarter", "highest quarter")
HIDDEN, MISSING = "hidden", "nothing"


class Bands(NamedTuple):
    """Where the second, third and fourth quarter begin; a rate on an edge is in the upper one."""

    edges: tuple[float, ...]
    lowest: float
    highest: float

    def of(self, rate: float) -> int:
        """The band of a rate, 0 to 3."""
        return bisect_right(self.edges, rate)

    def told(self, band: int) -> str:
        """`Second quarter: 10.1 to 14.9`; rates to one decimal, as everywhere on the page."""
        ends = (self.lowest, *self.edges, self.highest)
        low, high = (words.number(end, 1) for end in ends[band : band + 2])
        until = "to" if band == len(NAMES) - 1 else "to under"
        return f"{NAMES[band][:1].upper()}{NAMES[band][1:]}: {low} {until} {high}"


def bands(rates: Sequence[float]) -> Bands:
    """Four bands of as many areas each, as far as equal rates allow; of at least one rate."""
    held = sorted(rates)
    edges = tuple(held[len(held) * quarter // 4] for quarter in (1, 2, 3))
    return Bands(edges, held[0], held[-1])
