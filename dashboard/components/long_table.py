"""Long tables, whose rows travel as texts and are laid out by the browser (`assets/rows.js`).

A year of days beside three areas is thousands of parts. Made one by one here and once more in the
browser they cost more than everything else on a page.
"""

import json
from collections.abc import Sequence
from typing import Any

from dash import html

from dashboard.components import figure_button
from dashboard.components.attributes import data
from dashboard.components.table import framed
from store.exports import visible

# A text, or a text with what it is: a link, a figure that opens where it comes from, a mark.
Cell = str | dict[str, str]


def long_table(
    caption: str,
    head: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    *,
    numeric: Sequence[int] = (),
    marks: Sequence[str] = (),
) -> html.Div:
    """The same table as `table` makes, of texts, `figure` and `linked` alone."""
    written = json.dumps(
        [[_seen(cell) for cell in row] for row in rows], ensure_ascii=False, separators=(",", ":")
    )
    return framed(caption, head, html.Tbody(role="rowgroup", **data(rows=written)), numeric, marks)


def figure(row: dict[str, Any], about: str, mark: str = "") -> Cell:
    """A figure as its button and its mark; `row` and `about` are those of `figure_button`."""
    cell = {"text": figure_button.text(row), "figure": row["figure_id"], "about": about}
    return cell | ({"mark": mark} if mark else {})


def linked(text: str, href: str) -> Cell:
    """A text that leads to an address."""
    return {"text": text, "href": href}


def marked(text: str, mark: str) -> Cell:
    """A text with its mark, `not available [x]`."""
    return {"text": text, "mark": mark} if mark else text


def _seen(cell: Cell) -> Cell:
    """What cannot be seen in a text is shown by its escape, as everywhere on a page."""
    if isinstance(cell, str):
        return visible(cell)
    return {name: visible(value) for name, value in cell.items()}
