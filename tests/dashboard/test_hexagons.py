"""The hexagon map: every authority once, none on another, neighbours near, always the same."""

from datetime import date

import polars as pl
import pytest

from dashboard import hexagons
from dashboard.hexagons import placing
from tests.dashboard.small_england import AYLESBURY_VALE

DAY = date(2020, 4, 1)


def test_every_authority_of_every_day_of_boundaries_has_one_cell_of_its_own():
    for day in placing.boundary_days():
        cells = hexagons.maps()[day]
        assert set(cells) == set(placing.authorities(day)["area_id"])
        assert len(set(cells.values())) == len(cells)


def test_figures_are_shown_within_the_boundaries_of_their_time():
    before, since = placing.boundary_days()[:2]
    assert len(hexagons.maps()[since]) == 314
    for day in (before, since):
        published = placing.authorities(day)["area_id"].to_list()
        assert hexagons.showing(published[20:]) == hexagons.maps()[day]
    assert AYLESBURY_VALE in hexagons.maps()[before]
    assert AYLESBURY_VALE not in hexagons.maps()[since]


def test_the_register_gives_the_cells_that_are_kept():
    newest = placing.boundary_days()[-1]
    assert placing.placed(placing.authorities(newest)) == hexagons.maps()[newest]


def test_neighbours_stay_near():
    """Of most authorities the nearest one stands beside them, of nine in ten within two cells."""
    areas, cells = placing.authorities(DAY).to_dicts(), hexagons.maps()[DAY]
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
