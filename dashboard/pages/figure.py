"""Figure: the passport of one number, in full."""

from itertools import pairwise
from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components import chart, passport, problems
from dashboard.components.bar import bar, find
from dashboard.components.citation import cite, on_record
from dashboard.components.figure_button import figure_button, text
from dashboard.components.notes import notes, write
from dashboard.components.page import page
from dashboard.components.table import table
from dashboard.figures import line
from dashboard.opening import not_found, opened, titled
from dashboard.queries import catalogue
from dashboard.queries import problems as reported
from dashboard.queries.notes import on_figure
from dashboard.registry import register
from dashboard.seen import Seen
from store import passport as queries
from store.errors import ReleaseGone, WrongUse
from store.figure_document import from_record
from store.reader import Reader

NEVER = "Never revised"


def layout(figure_id: str = "", **query: str) -> html.Div:
    """The page of one figure by its id; `as_of`."""
    return opened(f"/figure/{figure_id}", query, lambda seen: build(seen, str(figure_id)))


def title(figure_id: str = "", **_: str) -> str:
    """Measure, area and date, for the window and the history."""
    return titled(lambda reader: _named(reader, figure_id))


def _named(reader: Reader, figure_id: str) -> str | None:
    """The figure in words; its id where only an earlier release had it."""
    figure = queries.figure(reader, figure_id)
    if figure:
        return passport.title(figure)
    record = queries.shown(reader, figure_id)
    return figure_id if record is not None and record.height else None


def build(seen: Seen, figure_id: str) -> html.Div:
    """Everything behind a figure, or that there is none at this moment."""
    if seen.gone:
        return _on_record(seen, figure_id, seen.gone)
    figure = queries.figure(seen.reader, figure_id)
    if figure is None:
        return _absent(seen, figure_id)
    said = queries.claims(seen.reader, figure_id)
    history = queries.versions(seen.reader, figure_id)
    wrong = reported.about(seen, figure["figure_id"])
    return page(
        seen,
        html.H1(passport.title(figure)),
        _value(seen, figure),
        problems.query_line(wrong),
        cite(seen, figure_id),
        html.Div(
            [
                html.Section(
                    [html.H2("Where it comes from"), passport.facts(figure), _way(seen, figure)]
                ),
                html.Section([html.H2("What it counts"), *passport.definition(figure)]),
            ],
            className="two",
        ),
        html.Section([html.H2("What each source says"), passport.claims(figure, said)]),
        _versions(seen, figure, history),
        _shown(seen, figure),
        _related(seen, figure),
        _events(seen, figure),
        _notes(seen, figure["figure_id"]),
        _problems(seen, figure["figure_id"], wrong),
        bar=bar(seen, find()),
    )


def _way(seen: Seen, figure: dict[str, Any]) -> html.P | None:
    """How its file calls the column, and the way to the lineage."""
    if not catalogue.has(seen.reader):
        return None
    feeds = catalogue.feeds(seen.reader, figure["metric_id"], figure["source_id"])
    path = f"/catalogue/metrics/{figure['metric_id']}"
    source = figure["source_id"] if feeds.height else None
    link = html.A("Definition and lineage", href=f"{seen.link(path, view=source)}#lineage")
    return html.P([link, ": from this measure down to the column of the file."])


def _absent(seen: Seen, figure_id: str) -> html.Div:
    if seen.asked.as_of and queries.is_known(seen.reader, figure_id):
        told = html.P("This figure had not been published by then.")
        return page(seen, html.H1("No figure yet"), told)
    return not_found(seen.asked, seen.path, "There is no figure with this name in the release.")


def _on_record(seen: Seen, figure_id: str, gone: ReleaseGone) -> html.Div:
    """A cited number whose release is gone: what the record says, or that it says nothing."""
    try:
        found = from_record(seen.reader, figure_id, gone)
    except WrongUse as fault:
        return not_found(seen.asked, seen.path, words.sentence(str(fault)))
    figure = queries.figure(seen.reader, figure_id)
    heading = passport.title(figure) if figure else figure_id
    decimals = figure["decimals"] if figure else None
    written = notes(on_figure(seen, found["figure_id"]))
    kept = html.Section([html.H2("Notes"), written], className="prose")
    content = (*on_record(found, decimals), kept)
    return page(seen, html.H1(heading), *content, bar=bar(seen, find()))


def _notes(seen: Seen, figure_id: str) -> html.Section:
    return html.Section(
        [html.H2("Notes"), notes(on_figure(seen, figure_id)), write(seen, figure_id)],
        id="notes",
        className="prose",
    )


def _problems(seen: Seen, figure_id: str, wrong: list[dict[str, Any]]) -> html.Section:
    return html.Section(
        [
            html.H2("Reported problems"),
            problems.told(wrong),
            problems.report_link(seen, figure_id),
        ],
        className="prose",
    )


def _value(seen: Seen, figure: dict[str, Any]) -> html.Div:
    badge = words.status(figure["status"], figure["sources_reporting"])
    reason = words.missing(figure["missing_reason"]) if figure["value"] is None else figure["unit"]
    return html.Div(
        [
            html.P(
                [html.Strong(text(figure), className="value"), " ", html.Span(reason)],
                className="headline",
            ),
            html.P(
                [
                    html.Span(badge, className=f"badge {figure['status'] or 'none'}"),
                    html.Span("Provisional", className="badge provisional")
                    if figure["is_provisional"]
                    else None,
                    html.Span("Corrected", className="badge corrected")
                    if figure["is_corrected"]
                    else None,
                    html.A(
                        f"This measure in {words.place(figure['area_name'] or figure['area_id'])}",
                        href=seen.link(f"/areas/{figure['area_id']}", measure=figure["metric_id"]),
                    ),
                ],
                className="state",
            ),
        ]
    )


def _versions(seen: Seen, figure: dict[str, Any], history: pl.DataFrame) -> html.Section:
    changes = queries.changes(seen.reader, figure["figure_id"])
    shown = passport.versions(figure, history, changes)
    told = _told(figure, history)
    if told.finding == NEVER or history["value"].null_count() == history.height:
        return html.Section([chart.empty(told), shown])
    csv = seen.link("/files/versions.csv", figure=figure["figure_id"])
    drawn = line.versions(history, figure["unit"])
    key = [("accent", "Value as it was known, by date of publication")]
    return html.Section([chart.chart(told, drawn, key, shown, csv)])


def _shown(seen: Seen, figure: dict[str, Any]) -> html.Section:
    """What was on the pages, which is another matter than what was known."""
    record = queries.shown(seen.reader, figure["figure_id"])
    if record is None:
        content: Any = html.P("The record of what was shown is damaged and cannot be read.")
    elif record.is_empty():
        content = html.P("No showing of this figure is on record.")
    else:
        content = passport.shown(figure, record)
    about = "What these pages showed, and how long. The versions are what was known, and when."
    file = seen.link("/files/figure.json", figure=figure["figure_id"])
    return html.Section(
        [
            html.H2("What was shown"),
            html.P(about),
            content,
            html.P(html.A("Download all of this page as JSON", href=file, download="")),
        ]
    )


def _told(figure: dict[str, Any], history: pl.DataFrame) -> chart.Told:
    """The revisions in words: how often the value changed, from what to what."""
    shown = [text(row | {"decimals": figure["decimals"]}) for row in history.to_dicts()]
    since = words.moment(history["known_from"][0])
    if len(set(shown)) < 2:
        about = f"The value has been the same since it was first known, {since}."
        return chart.Told(NEVER, about, about)
    revised = sum(before != after for before, after in pairwise(shown))
    changes = words.counted(revised, "time", "times")
    finding = f"Revised {changes}: {shown[0]} when first known, {shown[-1]} now"
    until = words.moment(history["known_from"][-1])
    about = f"{passport.title(figure)}, as known from {since} to {until}."
    return chart.Told(finding, about, f"{finding}. {about}")


def _related(seen: Seen, figure: dict[str, Any]) -> html.Section | None:
    found = queries.related(seen.reader, figure["figure_id"])
    if found.is_empty():
        return None
    rows = [
        [
            [row["metric_name"], html.Div(row["definition"], className="definition")],
            figure_button(row, f"{row['metric_name']}, {figure['area_name']}"),
            words.signed(row["value"] - figure["value"], figure["decimals"])
            if row["value"] is not None and figure["value"] is not None
            else "\u2013",
            row["publisher"] or row["source_id"] or "",
        ]
        for row in found.to_dicts()
    ]
    head = ["Measure and what it counts", "Value", "Difference", "Publisher"]
    return html.Section(
        [
            html.H2("Other definitions of the same quantity"),
            html.P(
                "Same place, same date, counted differently. These are separate measures: they are "
                "compared and never merged."
            ),
            table("Related figures", head, rows, numeric=(1, 2), is_caption_shown=False),
        ]
    )


def _events(seen: Seen, figure: dict[str, Any]) -> html.Section | None:
    found = queries.events(seen.reader, figure["figure_id"]).to_dicts()
    if not found:
        return None
    items = [
        html.Li([html.Strong(words.day(row["happened_on"])), ": ", row["published_text"]])
        for row in found
    ]
    return html.Section([html.H2("Recorded events"), html.Ul(items)], className="prose")


register(__name__, "/figure/<figure_id>", title, layout, "page.figure")
