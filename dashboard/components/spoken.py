"""Sentences on a page, each figure in them a button, each other clause the way to its page."""

from typing import Any

from dash import html

from dashboard import spoken
from dashboard.components.figure_button import figure_button
from dashboard.seen import Seen


def read_out(seen: Seen, sentences: list[spoken.Sentence]) -> html.P:
    """The sentences as one paragraph to be read aloud."""
    parts: list[Any] = []
    for sentence in sentences:
        parts += [*([" "] if parts else []), *(_part(seen, part) for part in sentence)]
    return html.P(parts, className="lede")


def _part(seen: Seen, part: spoken.Part) -> Any:
    if isinstance(part, spoken.Shown):
        return figure_button(part.row, part.about)
    if isinstance(part, spoken.Way):
        return html.A(part.text, href=seen.link(part.path, view=part.view))
    return part
