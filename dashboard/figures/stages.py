"""The way of a column from the files to a release, as SVG text: a box a stage, left to right."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, GAP, TOP, LINE, EDGE = 180, 22, 40, 20, 10
# As many letters as fit into a box at the size of the style sheet.
LETTERS = 26


class Line(NamedTuple):
    """One line in a box; `href` is empty where it leads nowhere."""

    text: str
    href: str = ""


class Stage(NamedTuple):
    """What stands at one stage of the way."""

    title: str
    lines: Sequence[Line]


def drawn(stages: Sequence[Stage]) -> str:
    """The stages with an arrow from each to the next; all boxes are as high as the highest."""
    height = TOP + LINE * max((len(stage.lines) for stage in stages), default=0) + EDGE
    width = len(stages) * (WIDTH + GAP) - GAP
    boxes = "".join(_box(stage, place, height) for place, stage in enumerate(stages))
    arrows = "".join(_arrow(place, height) for place in range(1, len(stages)))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">{boxes}{arrows}</svg>'
    )


def _box(stage: Stage, place: int, height: int) -> str:
    left = place * (WIDTH + GAP)
    lines = "".join(
        _line(line, left + EDGE, TOP + LINE * at + 14) for at, line in enumerate(stage.lines)
    )
    return (
        f'<rect x="{left + 0.5}" y="0.5" width="{WIDTH - 1}" height="{height - 1}" rx="4"/>'
        f'<text class="title" x="{left + EDGE}" y="24">{escape(stage.title)}</text>{lines}'
    )


def _line(line: Line, x: int, y: int) -> str:
    way = f' data-href="{escape(line.href)}"' if line.href else ""
    text = line.text if len(line.text) <= LETTERS else f"{line.text[: LETTERS - 1]}\u2026"
    return f'<text x="{x}" y="{y}"{way}>{escape(text)}<title>{escape(line.text)}</title></text>'


def _arrow(place: int, height: int) -> str:
    start, y = place * (WIDTH + GAP) - GAP + 4, height / 2
    end = start + GAP - 8
    head = f"M{end - 6} {y - 5}L{end} {y}L{end - 6} {y + 5}"
    return f'<path class="arrow" d="M{start} {y}H{end}{head}"/>'
