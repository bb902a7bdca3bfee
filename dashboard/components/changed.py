"""What changed in figures that had been published, by kind; the parts add up to the difference.

Figures do not add up over the kinds: one that changed in two ways is counted in both.
"""

from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.table import table
from dashboard.figures.bars import waterfall

HEAD = ["Measure, and why it changed", "Figures", "By", "Drawn to scale"]


def changed(found: pl.DataFrame, area_name: str) -> html.Div:
    """One row a kind under the difference of its measure, over all its dates."""
    rows = []
    for _, parts in found.group_by("metric_id", maintain_order=True):
        rows += _measure(parts.to_dicts())
    caption = f"Changes of published figures of {words.place(area_name)}, over all their dates"
    return table(caption, HEAD, rows, numeric=(1, 2))


def _measure(parts: list[dict[str, Any]]) -> list[list[Any]]:
    amounts, decimals = [part["amount"] for part in parts], parts[0]["decimals"]
    whole = None if None in amounts else sum(amounts)
    drawn = _drawn(amounts)
    name = html.Strong(parts[0]["metric_name"])
    head = [name, f"{parts[0]['of_measure']:,}", html.Strong(_signed(whole, decimals)), drawn[0]]
    return [head, *(_part(part, bar) for part, bar in zip(parts, drawn[1:], strict=True))]


def _drawn(amounts: list[float | None]) -> list[html.Img | None]:
    """The whole and its parts as a waterfall down the rows; none where one may not be told."""
    told = [amount for amount in amounts if amount is not None]
    if len(told) < len(amounts):
        return [None] * (len(amounts) + 1)
    return [html.Img(src=src, alt="", className="bar-image") for src in waterfall(told)]


def _part(part: dict[str, Any], bar: html.Img | None) -> list[Any]:
    kind = words.KINDS.get(part["kind"], part["kind"].replace("_", " "))
    return [
        html.Span(kind, className="part"),
        f"{part['figures']:,}",
        _signed(part["amount"], part["decimals"]),
        bar,
    ]


def _signed(amount: float | None, decimals: int | None) -> str:
    return "not told here" if amount is None else words.signed(amount, decimals)
