"""Tables: native ones, with a caption, row heads and numbers on the right."""

from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components.attributes import aria, data

MEANINGS = {
    "p": "provisional: still filling in",
    "c": "hidden to protect privacy",
    "x": "not available",
    "z": "does not apply or is not collected here",
    "r": "revised since first published",
}
ROOM_ON_A_PHONE = 3
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

    `numeric` are the columns of numbers; each of `marks` is explained under the table. A table of
    more columns than a phone has room for becomes cards there, one a row.
    """
    body = html.Tbody([_row(row, head, numeric) for row in rows], role="rowgroup")
    return framed(caption, head, body, numeric, marks, is_caption_shown=is_caption_shown)


def framed(
    caption: str,
    head: Sequence[str],
    body: html.Tbody,
    numeric: Sequence[int],
    marks: Sequence[str],
    *,
    is_caption_shown: bool = True,
) -> html.Div:
    """The rows of a table with its caption and heads, and what its marks mean."""
    shown = "" if is_caption_shown else "unseen"
    inner = html.Table(
        className="cards-on-a-phone" if len(head) > ROOM_ON_A_PHONE else "",
        # Browsers take the roles away where the style sheet lays a table out as something else.
        role="table",
        children=[
            html.Caption(caption, className=shown),
            html.Thead(_heads(head, numeric), role="rowgroup"),
            body,
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


def _heads(head: Sequence[str], numeric: Sequence[int]) -> html.Tr:
    heads = [
        html.Th(text, scope="col", role="columnheader", className=_kind(i, numeric))
        for i, text in enumerate(head)
    ]
    return html.Tr(heads, role="row")


def _row(cells: Sequence[Cell], head: Sequence[str], numeric: Sequence[int]) -> html.Tr:
    first, *others = cells
    values = [
        html.Td(cell, role="cell", className=_kind(i, numeric), **data(head=head[i]))
        for i, cell in enumerate(others, start=1)
    ]
    return html.Tr([html.Th(first, scope="row", role="rowheader"), *values], role="row")


def _kind(column: int, numeric: Sequence[int]) -> str:
    return "number" if column in numeric else ""
