"""Attributes that Python cannot name as arguments: `aria-…` and `data-…`."""

from typing import Any


def aria(**values: Any) -> dict[str, Any]:
    """`aria(label="Pages")` is `{"aria-label": "Pages"}`."""
    return {f"aria-{name}": value for name, value in values.items()}


def data(**values: Any) -> dict[str, Any]:
    """`data(figure="…")` is `{"data-figure": "…"}`."""
    return {f"data-{name}": value for name, value in values.items()}
