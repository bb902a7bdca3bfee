"""How much a question may take, by the role of whoever asks: `limits.csv`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from store.errors import WrongUse


@dataclass(frozen=True)
class Limits:
    """What one question may take, and how many of them a person may have.

    `seconds` is the time it may run, `rows` and `bytes` the most of its answer, `at_once` how many
    may run together and `waiting` how many more may wait.
    """

    seconds: int
    rows: int
    bytes: int
    at_once: int
    waiting: int


def limits_of(role: str) -> Limits:
    """The limits of a role. Raises `WrongUse` for a role that has none."""
    found = _all().get(role)
    if found is None:
        raise WrongUse(f"the role {role} may not ask questions in SQL; ask for another role")
    return found


@cache
def _all() -> dict[str, Limits]:
    with (Path(__file__).parent / "limits.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row.pop("role"): Limits(**{name: int(number) for name, number in row.items()})
        for row in rows
    }
