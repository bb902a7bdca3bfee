"""How a number is cited, and what is left of a cited number whose release is pruned."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.components.attributes import data
from dashboard.components.figure_button import text
from dashboard.seen import Seen
from store.citations import Citation


def cite(seen: Seen, figure_id: str) -> html.P:
    """The citation with a button that copies it; a past moment of a release has none."""
    if seen.asked.as_of:
        told = "Only what a release shows of now can be cited: go back to now, or copy the link."
        return html.P(told, className="cite")
    citation = str(Citation(figure_id, seen.reader.release.release_id))
    return html.P(
        [
            html.Span("Cite this number:"),
            html.A(html.Code(citation), href=f"/cite/{citation}"),
            html.Button(
                "Copy citation", type="button", className="button quiet", **data(copy=citation)
            ),
            html.Span(role="status", className="copied"),
        ],
        className="cite",
    )


def on_record(found: dict[str, Any], decimals: int | None) -> list[Any]:
    """What the record says that a pruned release showed, from its document."""
    figure = found["figure"]
    reason = words.missing(figure["missing_reason"]) if figure["value"] is None else ""
    shown = text(figure | {"decimals": decimals})
    return [
        html.P(found["sentence"]),
        html.P(
            [html.Strong(shown, className="value"), " ", html.Span(reason)], className="headline"
        ),
        html.Ul([html.Li(_span(span)) for span in found["shown"]]),
        html.P(["Citation: ", html.Code(found["citation"])], className="cite"),
    ]


def _span(span: dict[str, Any]) -> str:
    until = words.moment(span["shown_to"]) if span["shown_to"] else "now"
    return f"Shown from {words.moment(span['shown_from'])} until {until}."
