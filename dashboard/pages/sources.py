"""Sources: did the data arrive, and was it right?"""

from datetime import date, timedelta
from typing import Any

import polars as pl
from dash import html

from dashboard import sentences
from dashboard.asked import unknown
from dashboard.components.bar import bar, find
from dashboard.components.page import page
from dashboard.components.source_table import by_source, calendar, sources_table
from dashboard.components.sources_menu import menu
from dashboard.opening import opened
from dashboard.queries import sources
from dashboard.queries.arrivals import newest_publication
from dashboard.registry import register
from dashboard.seen import Seen

PATH = "/sources"
DAYS = 28
# More do not fit on a screen.
MOST_DAYS = 62
PROBLEMS = "problems"


def layout(**query: str) -> html.Div:
    """Every source; `view=problems`, `from` and `to` of the calendar, `as_of`."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """One sentence, one table, one calendar."""
    found = sources.overview(seen.reader)
    if seen.asked.view not in {None, PROBLEMS}:
        seen.notes.append(unknown("view", str(seen.asked.view)))
    shown = found.filter(pl.col("state").is_in(sources.PROBLEMS)) if _only(seen) else found
    newest = newest_publication(seen.reader)
    last = newest.date() if newest and sources.has_calendar(seen.reader) else None
    content: list[Any] = [
        html.H1("Sources"),
        html.P(sentences.sources(found["state"].to_list()), className="lede"),
        menu(seen),
        _switch(seen, found),
    ]
    rows = shown.to_dicts()
    if rows:
        content += _tables(seen, rows, last)
    else:
        content.append(html.P("No source is late, refused or held."))
    return page(seen, *content, bar=bar(seen, find()))


def _tables(seen: Seen, rows: list[dict[str, Any]], last: date | None) -> list[Any]:
    if last is None:
        none = "This release was written before due times were kept, so it has no calendar."
        if newest_publication(seen.reader) is None:
            none = "Nothing had been published by then, so there is no calendar."
        return [sources_table(seen, rows, None, {}), html.P(none)]
    first, until = _span(seen, last)
    days = by_source(sources.calendar(seen.reader, min(first, last - timedelta(days=13)), last))
    return [sources_table(seen, rows, last, days), calendar(seen, rows, first, until, days)]


def _span(seen: Seen, last: date) -> tuple[date, date]:
    """The days of the calendar: those asked for, none of them after the newest publication."""
    until = min(seen.asked.end or last, last)
    first = min(seen.asked.start or until - timedelta(days=DAYS - 1), until)
    return max(first, until - timedelta(days=MOST_DAYS - 1)), until


def _only(seen: Seen) -> bool:
    return seen.asked.view == PROBLEMS


def _switch(seen: Seen, found: pl.DataFrame) -> html.P:
    problems = found.filter(pl.col("state").is_in(sources.PROBLEMS)).height
    days = {
        name: day.isoformat() if day else None
        for name, day in (("from", seen.asked.start), ("to", seen.asked.end))
    }
    if _only(seen):
        told = {0: "", 1: "Only the one with a problem is shown. "}
        shown = told.get(problems, f"Only the {problems} with a problem are shown. ")
        return html.P([shown, html.A("Show all sources", href=seen.link(PATH, **days))])
    return html.P(html.A("Show only problems", href=seen.link(PATH, view=PROBLEMS, **days)))


register(__name__, PATH, "Sources \u2013 Trigpoint", layout, "page.sources")
