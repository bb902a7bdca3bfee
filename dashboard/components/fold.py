"""What a phone folds up: a laptop has room for it, so there it stands open and has no lid."""

from typing import Any

from dash import html


def folded_on_a_phone(summary: str, *content: Any) -> html.Details:
    """Content under a line that opens it; `assets/fold.js` closes it where there is no room."""
    return html.Details([html.Summary(summary), *content], className="fold", open=True)
