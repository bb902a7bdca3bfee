"""A chart in its figure: finding, key, drawing, the same rows as a table and as a file."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from dash import dcc, html

from dashboard.components.attributes import aria
from dashboard.exits import may_take

HEIGHT = 320
QUIET: Any = {
    "displayModeBar": False,
    "displaylogo": False,
    "showSendToCloud": False,
    "showEditInChartStudio": False,
    "plotlyServerURL": "",
    "responsive": True,
    "scrollZoom": False,
    "doubleClick": False,
    "showTips": False,
}


@dataclass(frozen=True)
class Told:
    """A chart in words: the finding, what is drawn, one sentence for those who do not see it."""

    finding: str
    about: str
    summary: str


def graph(drawn: dict[str, Any]) -> dcc.Graph:
    """The only place where a Plotly graph is made: no mode bar, nothing sent anywhere."""
    return dcc.Graph(figure=drawn, config=QUIET, style={"height": f"{HEIGHT}px"})


def chart(
    told: Told,
    drawn: dict[str, Any],
    key: list[tuple[str, str]],
    table: Any,
    csv: str,
    note: str | None = None,
) -> html.Figure:
    """The drawing with everything that has to stand beside it.

    `key` pairs a line's style (a class of the style sheet) with its name; `csv` is the address of
    the rows that the chart and the table show; `note` says how far what is drawn can be relied on.
    """
    return html.Figure(
        [
            html.Figcaption([html.H2(told.finding), html.P(told.about, className="about")]),
            html.Ul([_entry(style, name) for style, name in key], className="key"),
            html.Div(graph(drawn), className="drawing", role="img", **aria(label=told.summary)),
            html.P(note, className="small") if note else None,
            html.Div(
                [
                    html.Details([html.Summary("Show as table"), table]),
                    download(csv),
                ],
                className="under",
            ),
        ],
        className="chart",
    )


def download(csv: str) -> html.A | None:
    """The link to the same rows as a file, for whoever may take them out."""
    if not may_take(f"export.{PurePosixPath(urlsplit(csv).path).stem}"):
        return None
    return html.A("Download CSV", href=csv, download="", className="download")


def empty(told: Told) -> html.Figure:
    """What stands where there is nothing to draw: a sentence, never an empty chart."""
    return html.Figure(
        [html.Figcaption([html.H2(told.finding), html.P(told.about, className="about")])],
        className="chart",
    )


def _entry(style: str, name: str) -> html.Li:
    return html.Li([html.Span(className=f"line {style}", **aria(hidden="true")), name])
