"""The hexagon map: every authority once, none on another, neighbours near, always the same."""

from datetime import date

import polars as pl
import pytest

from dashboard import hexagons
from dashboard.hexagons import placing

DAY = date(2020, 7, 1)


def test_every_authority_of_every_day_of_boundaries_has_one_cell_of_its_own():
    for day in placing.boundary_days():
        cells = hexagons.at(day)
        assert set(cells) == set(placing.authorities(day)["area_id"])
        assert len(set(cells.values())) == len(cells)


def test_a_day_has_the_boundaries_that_held_on_it():
    assert len(hexagons.at(DAY)) == 314
    assert "E07000004" in hexagons.at(date(2020, 3, 31))
    assert "E07000004" not in hexagons.at(date(2020, 4, 1))
    assert hexagons.at(date(2019, 1, 1)) == hexagons.at(placing.FIRST)


def test_the_register_gives_the_cells_that_are_kept():
    newest = placing.boundary_days()[-1]
    assert placing.placed(placing.authorities(newest)) == hexagons.at(newest)


def test_neighbours_stay_near():
    """Of most authorities the nearest one stands beside them, of nine in ten within two cells."""
    areas, cells = placing.authorities(DAY).to_dicts(), hexagons.at(DAY)
    apart = []
    for one in areas:
        others = [other for other in areas if other is not one]
        nearest = min(others, key=lambda other: _squared(one, other))
        apart.append(_apart(cells[one["area_id"]], cells[nearest["area_id"]]))
    assert sum(cells < 1.1 for cells in apart) > 0.7 * len(apart)
    assert sum(cells < 2.1 for cells in apart) > 0.9 * len(apart)


def _squared(one: dict[str, float], other: dict[str, float]) -> float:
    """Degrees of longitude are six tenths as long as those of latitude here."""
    north, east = (one[name] - other[name] for name in ("latitude", "longitude"))
    return north**2 + (0.61 * east) ** 2


def _apart(one: hexagons.Cell, other: hexagons.Cell) -> float:
    across = one.column + one.row % 2 / 2 - other.column - other.row % 2 / 2
    return float((across**2 + 0.75 * (one.row - other.row) ** 2) ** 0.5)


def test_points_on_one_spot_are_pushed_apart():
    areas = pl.DataFrame({"area_id": ["A", "B"], "latitude": [52.0, 52.0], "longitude": [0.0, 0.0]})
    cells = placing.placed(areas)
    assert cells["A"] != cells["B"]
    assert _apart(cells["A"], cells["B"]) == pytest.approx(1)
