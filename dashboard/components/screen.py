"""The stand-up on a wall: large, dark, ten exceptions at a time, brought up to date by itself.

`assets/screen.js` turns the pages, asks for what is new every minute and leaves on Esc.
"""

from typing import Any

from dash import dcc, html

from dashboard.components.attributes import data
from dashboard.components.exceptions import Run, exceptions
from dashboard.seen import Seen
from store.moments import now

BODY, ASKED = "screen-body", "screen-asked"
INK = "#6bace6"
KEYS = "Left and Right turn the page, Esc leaves."
Row = dict[str, Any]


def screen(seen: Seen, area_id: str, body: list[Any]) -> html.Div:
    """The body with what the browser needs to ask for it again: which area, at which moment."""
    leave = seen.link(seen.path, area=area_id)
    named = ("release", "replay")
    asked = {"area": area_id} | {name: getattr(seen.asked, name) or "" for name in named}
    moment = seen.asked.as_of.isoformat() if seen.asked.as_of else ""
    return html.Div(
        [html.Div(body, id=BODY), dcc.Store(id=ASKED)],
        className="wall",
        **data(leave=leave, moment=moment, **asked),
    )


def body(seen: Seen, title: str, told: str, rows: list[Row], runs: dict[Run, Any]) -> list[Any]:
    """Title, sentence, every exception, which page this is and when it was brought up to date."""
    none = html.P("No exceptions: no settled figure here is out of its ordinary variation.")
    listed = exceptions(seen, rows, runs, may_act=False, ink=INK) if rows else none
    refreshed = html.Span(f"Brought up to date at {now():%H:%M} UTC.")
    foot = html.P([html.Span(className="turned"), refreshed, html.Span(KEYS)], className="turning")
    return [html.H1(title), html.P(told, className="lede"), listed, foot]
