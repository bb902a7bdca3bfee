"""Facts, each under its name."""

from collections.abc import Iterable
from typing import Any

from dash import html


def listed(rows: Iterable[tuple[str, Any]]) -> html.Dl:
    """Pairs of a name and what is told of it."""
    return html.Dl(
        [html.Div([html.Dt(name), html.Dd(told)]) for name, told in rows], className="facts"
    )
