"""The trend as drawn for paper: gaps break the line, days filling in and hidden ones are marked."""

import re
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from dashboard.figures import printed
from dashboard.figures.line import ACCENT, CONTEXT, SHADE, VEIL

SVG = "{http://www.w3.org/2000/svg}"
FIRST = date(2020, 7, 1)


def points(values: list[float | None], **of_last: Any) -> list[dict[str, Any]]:
    """A row a day; `of_last` holds for the last day alone."""
    nothing = {"mean": None, "is_provisional": False, "is_hidden": False}
    nothing |= {"expected_low": None, "expected_high": None}
    rows = [
        nothing | {"event_date": FIRST + timedelta(place), "value": value}
        for place, value in enumerate(values)
    ]
    return [*rows[:-1], rows[-1] | of_last]


def drawn(rows: list[dict[str, Any]], **more: Any) -> ElementTree.Element:
    return ElementTree.fromstring(printed.trend(rows, **more))


def lines(svg: ElementTree.Element, colour: str) -> list[str]:
    return [path.get("d", "") for path in svg.iter(f"{SVG}path") if path.get("stroke") == colour]


def where(place: int, of: int) -> float:
    """How far from the left a day stands."""
    room = printed.WIDTH - printed.LEFT - printed.RIGHT
    return printed.LEFT + room * place / (of - 0.5)


def texts(svg: ElementTree.Element) -> list[str]:
    return [one.text or "" for one in svg.iter(f"{SVG}text")]


def blocks(svg: ElementTree.Element, colour: str) -> list[ElementTree.Element]:
    return [one for one in svg.iter(f"{SVG}rect") if one.get("fill") == colour]


def test_a_gap_breaks_the_line_and_a_single_value_is_a_dot():
    svg = drawn(points([1, 2, None, 4, None, 5, 6]))
    assert [line.count("L") for line in lines(svg, ACCENT)] == [1, 1]
    (dot,) = svg.iter(f"{SVG}circle")
    assert float(dot.get("cx", 0)) == pytest.approx(where(3, 7), abs=0.1)


def test_a_gap_of_days_filling_in_is_dashed_from_the_last_settled_day():
    svg = drawn(points([4, 4, 4, 2], is_provisional=True))
    (settled,), (dashed,) = lines(svg, ACCENT), lines(svg, CONTEXT)
    assert settled.count("L") == 2
    assert dashed.count("L") == 1
    assert dashed.startswith(f"M{settled.rsplit('L', 1)[1]}L")
    (block,) = blocks(svg, SHADE)
    assert texts(svg)[-1] == "Incomplete"
    last = float(dashed.rsplit("L", 1)[1].split()[0])
    left, width = float(block.get("x", 0)), float(block.get("width", 0))
    assert left < last <= left + width


def test_a_hidden_day_is_neither_zero_nor_a_gap_but_marked():
    svg = drawn(points([4, 4, None], is_hidden=True))
    assert len(blocks(svg, VEIL)) == 1
    assert texts(svg)[-1] == "[c]"
    assert not blocks(drawn(points([4, 4, None])), VEIL)


def test_a_mean_takes_the_place_of_the_strong_line():
    rows = [row | {"mean": 3.0} for row in points([2, 3, 4])]
    assert len(lines(drawn(rows), ACCENT)) == 1


def test_a_range_of_final_values_is_a_closed_band_within_the_paper():
    svg = drawn(points([4, 4, 4], is_provisional=True, expected_low=5, expected_high=90))
    (band,) = lines(svg, printed.BAND)
    assert band.endswith("Z")
    assert "120" in texts(svg) or "100" in texts(svg)
    assert all(0 <= float(y) <= printed.HEIGHT for y in re.findall(r" (-?[\d.]+)", band))


@pytest.mark.parametrize("most", [0, 0.03, 0.4, 3, 9, 98, 6_840, 1_000_000])
def test_the_scale_begins_at_zero_and_holds_the_highest_value(most: float):
    scale = [one for one in texts(drawn(points([0, most]))) if re.fullmatch(r"[\d,.]+", one)]
    assert float(scale[0]) == 0
    assert float(scale[4].replace(",", "")) >= most
    assert len({*scale}) == len(scale)


def test_one_day_alone_can_be_drawn():
    for step_days in (1, 7):
        assert len([*drawn(points([5]), step_days=step_days).iter(f"{SVG}circle")]) == 1
