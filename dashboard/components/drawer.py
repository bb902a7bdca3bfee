"""The drawer that any figure opens: its passport in short, over the page."""

from typing import Any

from dash import Input, Output, callback, dcc, html

from dashboard import asked
from dashboard.components import passport, problems
from dashboard.components.attributes import aria, data
from dashboard.components.bar import copy_link
from dashboard.components.citation import cite
from dashboard.components.figure_button import text
from dashboard.components.notes import notes
from dashboard.components.visible import as_seen
from dashboard.exits import leaves_by, may_take
from dashboard.queries import problems as reported
from dashboard.queries.notes import on_figure
from dashboard.seen import Seen, see
from store import passport as queries

DRAWER, BODY, ASKED = "drawer", "drawer-body", "figure-asked"


def drawer() -> list[Any]:
    """The empty drawer and the store through which the browser asks for a figure."""
    close = html.Button("Close", type="button", className="button quiet", **data(close=DRAWER))
    return [
        dcc.Store(id=ASKED),
        html.Dialog(
            [close, html.Div(id=BODY)],
            id=DRAWER,
            className="drawer",
            **aria(label="Where this figure comes from"),
        ),
    ]


@callback(Output(BODY, "children"), Input(ASKED, "data"), prevent_initial_call=True)
@leaves_by("callback.drawer")
def show(wanted: Any) -> list[Any]:
    """The passport of the figure asked for, at the moment the page is at."""
    given = wanted if isinstance(wanted, dict) else {}
    named = {name: given.get(name) for name in ("figure", "as_of", "release", "replay")}
    seen = see(asked.read(named), "")
    request, reader = seen.asked, seen.reader
    figure = queries.figure(reader, request.figure) if request.figure else None
    if figure is None or request.figure is None:
        return [html.H2("There is no such figure"), html.P("It is not in this release.")]
    said, history = queries.claims(reader, request.figure), queries.versions(reader, request.figure)
    wrong = reported.about(seen, figure["figure_id"])
    content = [
        html.H2(["Where ", html.Span(text(figure), className="value"), " comes from"]),
        html.P(passport.title(figure), className="about"),
        problems.query_line(wrong),
        cite(seen, request.figure),
        passport.facts(figure),
        html.H3("What each source says"),
        passport.claims(figure, said),
        html.H3("How it was revised"),
        passport.versions(figure, history, queries.changes(reader, request.figure)),
        html.H3("What it counts"),
        *passport.definition(figure),
        html.H3("Notes"),
        notes(on_figure(seen, figure["figure_id"])),
        problems.report_link(seen, figure["figure_id"]),
        _ways(seen, request.figure),
    ]
    return [as_seen(part) for part in content]


def _ways(seen: Seen, figure_id: str) -> html.P:
    """To the full page, to the rows as a file for whoever may take it, and a link to just this."""
    csv = seen.link("/files/versions.csv", figure=figure_id)
    return html.P(
        [
            html.A("Full page", href=seen.link(f"/figure/{figure_id}")),
            html.A("Versions as CSV", href=csv, download="")
            if may_take("export.versions")
            else None,
            *copy_link(seen),
        ],
        className="ways",
    )
