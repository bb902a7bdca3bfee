"""Where each authority stands on the hexagon map: `python -m dashboard.hexagons.placing`.

Centroids that crowd, as London's do, are first pushed apart until each has the room of one cell,
while everything is drawn back to where it was. Then each gets a cell of its own so that the sum of
squared distances is smallest (`linear_sum_assignment`). Nothing is random, so the same register of
areas gives the same map.
"""

import csv
from collections.abc import Iterator
from datetime import date
from math import cos, radians, sqrt
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.optimize import linear_sum_assignment  # type: ignore[attr-defined]

from dashboard.hexagons import CELLS, Cell

SEED = Path(__file__).parents[2] / "dbt_project" / "seeds" / "areas.csv"
# Figures begin in 2020; maps of boundaries that ended before are not drawn.
FIRST = date(2020, 1, 1)
# Kilometres between neighbouring cells: with it the map keeps the outline of the country.
APART_KM = 27.0
KM_PER_DEGREE = 111.2
STEPS, PUSH, PULL = 400, 0.5, 0.01
MARGIN = 3
Points = npt.NDArray[np.float64]


def authorities(day: date) -> pl.DataFrame:
    """England's lower-tier and unitary authorities on a day: area_id, latitude, longitude."""
    areas = pl.read_csv(SEED, try_parse_dates=True, infer_schema_length=None)
    start, end = pl.col("valid_from"), pl.col("valid_to")
    return areas.filter(
        pl.col("is_lower_tier"),
        pl.col("area_id").str.starts_with("E"),
        start.is_null() | (start <= day),
        end.is_null() | (end >= day),
    ).sort("area_id")


def boundary_days() -> list[date]:
    """The first day of each set of boundaries, from `FIRST` on."""
    areas = pl.read_csv(SEED, try_parse_dates=True, infer_schema_length=None)
    lower = areas.filter(pl.col("is_lower_tier"), pl.col("area_id").str.starts_with("E"))
    began = lower["valid_from"].drop_nulls().unique()
    return [FIRST, *sorted(day for day in began if day > FIRST)]


def placed(areas: pl.DataFrame) -> dict[str, Cell]:
    """A cell for each area, no two the same; the map begins at column and row 0."""
    points = spread(_kilometres(areas) / APART_KM)
    cells, centres = _grid(points)
    distance = ((points[:, None, :] - centres[None, :, :]) ** 2).sum(axis=2)
    chosen = [cells[place] for place in linear_sum_assignment(distance)[1]]
    left = min(cell.column for cell in chosen)
    # An even number, so that the rows that are shifted stay so.
    top = min(cell.row for cell in chosen) // 2 * 2
    moved = [Cell(cell.column - left, cell.row - top) for cell in chosen]
    return dict(zip(areas["area_id"], moved, strict=True))


def _kilometres(areas: pl.DataFrame) -> Points:
    """Kilometres east and south, near enough for a country of this size."""
    latitude, longitude = (areas[name].to_numpy() for name in ("latitude", "longitude"))
    east = longitude * KM_PER_DEGREE * cos(radians(float(latitude.mean())))
    return np.column_stack([east, -latitude * KM_PER_DEGREE])


def spread(points: Points) -> Points:
    """The points pushed apart to a distance of about 1, each drawn back to where it was."""
    home, found = points, points.copy()
    for _ in range(STEPS):
        apart = found[:, None, :] - found[None, :, :]
        distance = np.sqrt((apart**2).sum(axis=2))
        np.fill_diagonal(distance, np.inf)
        near = np.clip(1 - distance, 0, None) / np.maximum(distance, 1e-6)
        found = found + PUSH * (apart * near[:, :, None]).sum(axis=1) / 2 + PULL * (home - found)
    return found


def _grid(points: Points) -> tuple[list[Cell], Points]:
    """Every cell around the points with its centre; neighbours in a row are 1 apart."""
    low, high = points.min(axis=0) - MARGIN, points.max(axis=0) + MARGIN
    height = sqrt(3) / 2
    cells = [
        Cell(column, row)
        for row in range(int(low[1] / height), int(high[1] / height))
        for column in range(int(low[0]), int(high[0]))
    ]
    centres = np.array([(cell.column + cell.row % 2 / 2, cell.row * height) for cell in cells])
    return cells, centres


def rows() -> Iterator[tuple[str, str, int, int]]:
    """The rows of `cells.csv`: boundaries_from, area_id, column, row."""
    for day in boundary_days():
        for area_id, cell in placed(authorities(day)).items():
            yield day.isoformat(), area_id, *cell


if __name__ == "__main__":
    with CELLS.open("w", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["boundaries_from", "area_id", "column", "row"])
        out.writerows(rows())
