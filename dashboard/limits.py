"""From where on a trust is short of beds: the limits that `capacity_limits.csv` states.

One row a limit: which count, as a share of which other (`of` names it in words), above how many per
cent, and for how many days in a row before a stand-up looks at it.
"""

import csv
from functools import cache
from pathlib import Path
from typing import NamedTuple

LIMITS = Path(__file__).parent / "capacity_limits.csv"


class Limit(NamedTuple):
    """A limit on what is taken of something; `above` is a share, 0.95 for 95 per cent."""

    limit_id: str
    metric_id: str
    of_metric_id: str
    of: str
    above: float
    days: int


@cache
def limits() -> tuple[Limit, ...]:
    """Every limit in the order of the file."""
    with LIMITS.open(newline="") as file:
        return tuple(
            Limit(
                row["limit_id"],
                row["metric_id"],
                row["of_metric_id"],
                row["of"],
                float(row["above_percent"]) / 100,
                int(row["days"]),
            )
            for row in csv.DictReader(file)
        )
