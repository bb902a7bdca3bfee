"""The trend as SVG text for paper: no script, colours that print, every word in the one font."""

import math
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from dashboard import words
from dashboard.figures.line import ACCENT, CONTEXT, FAINT, GRID, INK, MUTED, SHADE, VEIL

WIDTH, HEIGHT = 680, 200
LEFT, RIGHT, TOP, BOTTOM = 46, 8, 8, 22
FONT, SIZE = "Source Sans Pro", 11
DATES, STEPS = 6, 4
BAND = "#b9c8d6"
Row = dict[str, Any]
Point = tuple[float, float]


class Plane:
    """Where dates and values lie on the paper; counts start at zero."""

    def __init__(self, points: Sequence[Row], step_days: int) -> None:
        self.half = timedelta(hours=12) * step_days
        self.first = points[0]["event_date"]
        self.span = max((points[-1]["event_date"] - self.first) + self.half, self.half)
        held = [row[name] for row in points for name in ("value", "expected_high")]
        self.step = _step(max([0.0, *(value for value in held if value is not None)]))
        self.top = self.step * STEPS

    def across(self, day: date, more: timedelta = timedelta()) -> float:
        """From the left, never outside of the plane."""
        part: float = (day - self.first + more) / self.span
        return round(LEFT + min(max(part, 0.0), 1.0) * (WIDTH - LEFT - RIGHT), 1)

    def down(self, value: float) -> float:
        """From the top."""
        return round(HEIGHT - BOTTOM - value / self.top * (HEIGHT - TOP - BOTTOM), 1)


def trend(points: Sequence[Row], *, step_days: int = 1) -> str:
    """Values by date with gaps that break the line, and days still filling in in a shaded block.

    `points` have event_date, value, mean, is_provisional, is_hidden, expected_low, expected_high,
    oldest first, at least one.
    """
    plane = Plane(points, step_days)
    has_mean = any(row["mean"] is not None for row in points)
    parts = [
        *_blocks(points, plane, "is_provisional", SHADE),
        *_blocks(points, plane, "is_hidden", VEIL),
        *_scale(plane),
        *_days(points, plane),
        *_band(points, plane),
        *_line(points, plane, _settled, FAINT if has_mean else ACCENT, 1 if has_mean else 1.75),
        *_line(points, plane, lambda row: row["mean"], ACCENT, 2),
        *_line(_joined(points), plane, lambda row: row["value"], CONTEXT, 1.25, dash="4 3"),
        *_said(points, plane, "is_provisional", "Incomplete", TOP + SIZE),
        *_said(points, plane, "is_hidden", "[c]", HEIGHT - BOTTOM - 4),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" font-family="{FONT}" font-size="{SIZE}">'
        f"{''.join(parts)}</svg>"
    )


def _step(most: float) -> float:
    """The distance of the lines of the scale: 1, 2, 2.5 or 5 times a power of ten."""
    least = (most or 1.0) * 1.05 / STEPS
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * size for size in (1.0, 2.0, 2.5, 5.0, 10.0) if power * size >= least)


def _scale(plane: Plane) -> Iterable[str]:
    decimals = 0 if plane.step == int(plane.step) else len(f"{plane.step:g}".split(".")[1])
    for place in range(STEPS + 1):
        y = plane.down(plane.step * place)
        colour = GRID if place else MUTED
        yield f'<path d="M{LEFT} {y}H{WIDTH - RIGHT}" stroke="{colour}" stroke-width="0.75"/>'
        told = words.number(plane.step * place, decimals)
        yield _text(LEFT - 6, y + SIZE / 3, told, "end", MUTED)


def _days(points: Sequence[Row], plane: Plane) -> Iterable[str]:
    every = [row["event_date"] for row in points]
    chosen = sorted({round(place * (len(every) - 1) / (DATES - 1)) for place in range(DATES)})
    for place in chosen:
        x, day = plane.across(every[place]), every[place]
        foot = HEIGHT - BOTTOM
        yield f'<path d="M{x} {foot}v4" stroke="{MUTED}" stroke-width="0.75"/>'
        told = f"{day.day} {day:%b}" + (f" {day.year}" if place in {chosen[0], chosen[-1]} else "")
        anchor = {0: "start", len(every) - 1: "end"}.get(place, "middle")
        yield _text(x if anchor != "end" else WIDTH - RIGHT, foot + 4 + SIZE, told, anchor, MUTED)


def _settled(row: Row) -> float | None:
    value: float | None = row["value"]
    return None if row["is_provisional"] else value


def _joined(points: Sequence[Row]) -> list[Row]:
    """What is dashed: days filling in, and the settled one before, so that the two lines meet."""
    after = [*(row["is_provisional"] for row in points[1:]), False]
    return [
        row if row["is_provisional"] or is_next else row | {"value": None}
        for row, is_next in zip(points, after, strict=True)
    ]


def _line(
    points: Sequence[Row],
    plane: Plane,
    value_of: Callable[[Row], float | None],
    colour: str,
    width: float,
    dash: str = "none",
) -> Iterable[str]:
    placed = [(plane.across(row["event_date"]), value_of(row)) for row in points]
    for is_held, run in groupby(placed, lambda one: one[1] is not None):
        drawn = [(x, plane.down(value)) for x, value in run if value is not None]
        if is_held and len(drawn) == 1:
            yield f'<circle cx="{drawn[0][0]}" cy="{drawn[0][1]}" r="{width}" fill="{colour}"/>'
        elif is_held:
            yield (
                f'<path d="{_path(drawn)}" fill="none" stroke="{colour}" stroke-width="{width}" '
                f'stroke-dasharray="{dash}" stroke-linejoin="round" stroke-linecap="round"/>'
            )


def _path(points: Sequence[Point]) -> str:
    return f"M{'L'.join(f'{x} {y}' for x, y in points)}"


def _band(points: Sequence[Row], plane: Plane) -> Iterable[str]:
    """Where the final values are expected."""
    for is_held, run in groupby(points, lambda row: row["expected_low"] is not None):
        if is_held:
            rows = list(run)
            high = [(plane.across(r["event_date"]), plane.down(r["expected_high"])) for r in rows]
            low = [(plane.across(r["event_date"]), plane.down(r["expected_low"])) for r in rows]
            closed = _path([*high, *reversed(low)])
            yield f'<path d="{closed}Z" fill="{BAND}" stroke="{BAND}" stroke-width="1.5"/>'


def _runs(points: Sequence[Row], plane: Plane, name: str) -> Iterable[tuple[float, float]]:
    """From where to where each run of dates lies of which `name` is true."""
    for is_so, run in groupby(points, lambda row: bool(row[name])):
        if is_so:
            days = [row["event_date"] for row in run]
            yield plane.across(days[0], -plane.half), plane.across(days[-1], plane.half)


def _blocks(points: Sequence[Row], plane: Plane, name: str, colour: str) -> Iterable[str]:
    for left, right in _runs(points, plane, name):
        yield (
            f'<rect x="{left}" y="{TOP}" width="{round(right - left, 1)}" '
            f'height="{HEIGHT - TOP - BOTTOM}" fill="{colour}"/>'
        )


def _said(points: Sequence[Row], plane: Plane, name: str, told: str, y: float) -> Iterable[str]:
    """A word in the last block alone: in each it would stand on its neighbour's."""
    for _, right in list(_runs(points, plane, name))[-1:]:
        yield _text(right - 2, y, told, "end", INK)


def _text(x: float, y: float, told: str, anchor: str, colour: str) -> str:
    return f'<text x="{x}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{told}</text>'
