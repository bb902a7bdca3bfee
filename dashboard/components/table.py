"""Tables: native ones, with a caption, row heads and numbers on the right."""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria

MEANINGS = {
    "p": "provisional: still filling in",
    "c": "hidden to protect privacy",
    "x": "not available",
    "z": "does not apply or is not collected here",
    "r": "revised since first published",
}
MANY = 4
Cell = Any


def table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    numeric: Sequence[int] = (),
    marks: Sequence[str] = (),
    is_caption_shown: bool = True,
) -> html.Div:
    """A table that scrolls inside itself; the first cell of each row is its head.

    `numeric` are the columns of numbers; each of `marks` is explained under the table.
    """
    shown = "" if is_caption_shown else "unseen"
    inner = html.Table(
        className="many" if len(head) > MANY else "",
        children=[
            html.Caption(caption, className=shown),
            html.Thead(html.Tr([_head(text, i in numeric) for i, text in enumerate(head)])),
            html.Tbody([_row(row, numeric) for row in rows]),
        ],
    )
    scroll = html.Div(
        inner,
        className="scroll",
        tabIndex=0,
        role="region",
        **aria(label=caption),
    )
    return html.Div([scroll, explained(marks)], className="table")


def explained(marks: Sequence[str]) -> html.P | None:
    """What the marks under a table mean, or nothing where none is used."""
    used = [mark for mark in MEANINGS if mark in marks]
    if not used:
        return None
    text = "; ".join(f"[{mark}] {MEANINGS[mark]}" for mark in used)
    return html.P(f"{text}.", className="small")


def marked(value: Cell, mark: str) -> Cell:
    """A value with its mark, `626 [p]`."""
    if not mark:
        return value
    return html.Span([value, " ", html.Span(f"[{mark}]", className="mark")])


def _head(text: str, is_numeric: bool) -> html.Th:
    return html.Th(text, scope="col", className="number" if is_numeric else "")


def _row(cells: Sequence[Cell], numeric: Sequence[int]) -> html.Tr:
    first, *others = cells
    return html.Tr(
        [
            html.Th(first, scope="row"),
            *(
                html.Td(cell, className="number" if i in numeric else "")
                for i, cell in enumerate(others, start=1)
            ),
        ]
    )
