"""The hexagon map as SVG text: one cell an authority, coloured by its band."""

from collections.abc import Iterable
from html import escape
from math import sqrt
from typing import NamedTuple

from dashboard.hexagons import Cell

# Units of the drawing between neighbouring cells; the gap is one pixel where it is 560 wide.
APART, GAP = 20.0, 1.0
ROW = APART * sqrt(3) / 2


class Hexagon(NamedTuple):
    """What one cell shows: `style` is a class of the style sheet, `told` what its tip says."""

    area_id: str
    cell: Cell
    style: str
    told: str
    href: str


def drawn(hexagons: Iterable[Hexagon], outlined: Iterable[str]) -> str:
    """The map; `outlined` cells are drawn last, so that no neighbour lies on their line."""
    cells, marked = list(hexagons), set(outlined)
    first = [one for one in cells if one.area_id not in marked]
    last = [one for one in cells if one.area_id in marked]
    width = max((_centre(one.cell)[0] for one in cells), default=0) + APART
    height = max((_centre(one.cell)[1] for one in cells), default=0) + APART
    body = "".join(_hexagon(one, is_here=False) for one in first)
    body += "".join(_hexagon(one, is_here=True) for one in last)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}">'
        f"{_hatching()}{body}</svg>"
    )


def _hatching() -> str:
    """Hidden areas are hatched: colour alone is never the sign."""
    return (
        '<defs><pattern id="hatched" width="5" height="5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="5" height="5" fill="#ffffff"/>'
        '<rect width="3" height="5" fill="#c9d2da"/></pattern></defs>'
    )


def _hexagon(one: Hexagon, *, is_here: bool) -> str:
    style = f"{one.style} here" if is_here else one.style
    # On a dark cell a dark line alone would not be seen.
    halo = f'<path class="halo" d="{_outline(one.cell)}"/>' if is_here else ""
    return (
        f'{halo}<path class="{style}" d="{_outline(one.cell)}" data-href="{escape(one.href)}">'
        f"<title>{escape(one.told)}</title></path>"
    )


def _outline(cell: Cell) -> str:
    x, y = _centre(cell)
    half = (APART - GAP) / 2
    tall = half / sqrt(3)
    corners = [(0, -2), (1, -1), (1, 1), (0, 2), (-1, 1), (-1, -1)]
    points = [f"{x + half * across:.1f},{y + tall * down:.1f}" for across, down in corners]
    return f"M{' '.join(points)}Z"


def _centre(cell: Cell) -> tuple[float, float]:
    return APART * (cell.column + cell.row % 2 / 2 + 1), ROW * cell.row + APART
