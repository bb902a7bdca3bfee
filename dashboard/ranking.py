"""How an area stands among others: the median of its neighbours, and its rank.

Both are made of shown rates alone. An area of which a day is hidden or missing has no rate here, so
it is in no median and in no rank, and nothing about it can be read from either.
"""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

NEIGHBOURS = 5
# Of so few no median is told: it would be one area's rate under another name.
FEWEST = 3


class Standing(NamedTuple):
    """`middle` of `beside` neighbours; `rank` of `ranked` areas, 1 the highest, ties alike."""

    middle: float | None
    beside: int
    rank: int | None
    ranked: int


def standing(
    rates: Mapping[str, float | None], here: str, neighbours: Sequence[str], peers: Sequence[str]
) -> Standing:
    """Where `here` stands; `rates` holds a rate, or None, for whoever has one."""
    beside = _shown(rates, neighbours)
    among = _shown(rates, peers)
    mine = rates.get(here)
    is_ranked = mine is not None and len(among) >= FEWEST
    return Standing(
        median(beside) if len(beside) >= FEWEST else None,
        len(beside),
        1 + sum(rate > mine for rate in among) if is_ranked and mine is not None else None,
        len(among),
    )


def _shown(rates: Mapping[str, float | None], area_ids: Sequence[str]) -> list[float]:
    return [rate for area_id in area_ids if (rate := rates.get(area_id)) is not None]
