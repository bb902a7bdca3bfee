"""The hexagon map of England's authorities: one cell each, all of one size, none on another.

`cells.csv` says where each stands; `python -m dashboard.hexagons.placing` writes it anew when
`dbt_project/seeds/areas.csv` has changed.
"""

import csv
from collections.abc import Collection
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

CELLS = Path(__file__).parent / "cells.csv"


class Cell(NamedTuple):
    """A place on the grid: odd rows are shifted right by half a cell; rows count from the north."""

    column: int
    row: int


@cache
def maps() -> dict[date, dict[str, Cell]]:
    """Each map by the first day of the boundaries that it shows, oldest first."""
    found: dict[date, dict[str, Cell]] = {}
    with CELLS.open(newline="") as file:
        for row in csv.DictReader(file):
            cells = found.setdefault(date.fromisoformat(row["boundaries_from"]), {})
            cells[row["area_id"]] = Cell(int(row["column"]), int(row["row"]))
    return found


def showing(area_ids: Collection[str]) -> dict[str, Cell]:
    """The map of the boundaries to which most of the areas belong."""
    named = set(area_ids)
    return max(maps().values(), key=lambda cells: len(named & set(cells)))
