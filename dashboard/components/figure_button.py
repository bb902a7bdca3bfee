"""The button that every published figure is: it opens where the figure comes from."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.components.attributes import data
from store.agreements import WITHHELD_WORDS
from store.passport import HIDDEN


def figure_button(row: dict[str, Any], about: str, *, is_large: bool = False) -> html.Button:
    """A figure as a button; `row` holds figure_id, value, decimals and missing_reason.

    `about` names measure, area and date for those who hear the button out of its place.
    """
    return html.Button(
        [
            text(row),
            html.Span(f" {about}, where it comes from", className="unseen"),
        ],
        className="figure large" if is_large else "figure",
        type="button",
        **data(figure=row["figure_id"]),
    )


def text(row: dict[str, Any]) -> str:
    """The value as it is shown: a number, `hidden`, `1 to 7` where bounds are known, why not."""
    value = row["value"]
    if value is not None:
        return words.number(value, row.get("decimals"))
    if row.get("missing_reason") in WITHHELD_WORDS:
        return str(row["missing_reason"])
    if row.get("missing_reason") in HIDDEN:
        return _bounds(row) or "hidden"
    return "no value"


def _bounds(row: dict[str, Any]) -> str | None:
    lower, upper = row.get("lower"), row.get("upper")
    if lower is None or upper is None:
        return None
    return f"{words.number(lower)} to {words.number(upper)}"
