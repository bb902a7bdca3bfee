"""All sources on one table, and the calendar of their arrivals."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components import squares
from dashboard.components.attributes import aria
from dashboard.components.table import table
from dashboard.seen import Seen

HEAD = [
    "Source",
    "Due, and newest file",
    "Rows in newest file",
    "Rows in quarantine",
    "Files held",
    "Figures in dispute",
]
STATES = {
    "held": "File held",
    "refused": "Newest file refused",
    "late": "Late",
    "nothing": "No file yet",
    "current": "Up to date",
    "ended": "Ended",
}
BADGES = {"late": "behind", "held": "refused"}
SQUARES = 14
Days = Mapping[str, Mapping[date, Mapping[str, Any]]]


def by_source(found: pl.DataFrame) -> Days:
    """The rows of a calendar by source and day."""
    days: dict[str, dict[date, dict[str, Any]]] = {}
    for row in found.to_dicts():
        days.setdefault(row["source_id"], {})[row["day"]] = row
    return days


def sources_table(
    seen: Seen, found: list[dict[str, Any]], last: date | None, days: Days
) -> html.Div:
    """One row a source; `last` is the newest day of the squares, None where nothing came yet."""
    shown = _before(last, SQUARES) if last else []
    head = [*HEAD, f"Last {SQUARES} days"] if shown else HEAD
    rows = [_row(seen, row, shown, days.get(row["source_id"], {})) for row in found]
    return table("Sources, those with a problem first", head, rows, numeric=range(2, 6))


def _row(
    seen: Seen,
    row: dict[str, Any],
    shown: list[date],
    days: Mapping[date, Mapping[str, Any]],
) -> list[Any]:
    landed = row["rows_landed"]
    cells = [
        [
            html.A(row["title"], href=seen.link(f"/sources/{row['source_id']}")),
            html.Div(row["publisher"], className="small"),
            html.Div(badge(row["state"]), className="state"),
        ],
        [row["due"] or "no due time", html.Div(_newest(row), className="small")],
        "\u2013" if landed is None else f"{landed:,}",
        *(f"{row[name]:,}" for name in ("quarantined", "held", "disputes")),
    ]
    return [*cells, squares.row(shown, days)] if shown else cells


def _newest(row: dict[str, Any]) -> str:
    newest = row["published_at"]
    return f"newest of {words.moment(newest)}" if newest else "no file so far"


def badge(state: str) -> html.Span:
    """The state of a source in words."""
    return html.Span(STATES[state], className=f"badge {BADGES.get(state, state)}")


def _before(last: date, count: int) -> list[date]:
    """So many days up to the last one, oldest first."""
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def calendar(
    seen: Seen, found: list[dict[str, Any]], first: date, last: date, days: Days
) -> html.Section:
    """Source by day, with the due time beside each source and bank holidays named below."""
    span = [first + timedelta(days=on) for on in range((last - first).days + 1)]
    holidays = {
        day: row["holiday_name"]
        for of_source in days.values()
        for day, row in of_source.items()
        if row["holiday_name"]
    }
    caption = f"Arrivals by day of publication, {words.day(first)} to {words.day(last)}"
    grid = html.Table(
        [
            html.Caption(caption),
            html.Thead(html.Tr([html.Th("Source", scope="col"), *_days(span, holidays)])),
            html.Tbody([_line(seen, row, span, days) for row in found]),
        ],
        className="calendar",
    )
    scroll = html.Div(grid, className="scroll", tabIndex=0, role="region", **aria(label=caption))
    named = [
        f"{words.day(day)} was {name}" for day, name in sorted(holidays.items()) if day in span
    ]
    told = words.sentence(f"Bank holidays: {words.joined(named)}") if named else None
    return html.Section(
        [
            html.H2("Calendar of arrivals"),
            squares.key(),
            scroll,
            html.P(told, className="small") if told else None,
            html.P(
                "Due times are local ones, of London. Sources are measured against each other, so "
                "the newest day is that of the newest file of all; it is not judged yet.",
                className="small",
            ),
        ],
        id="calendar",
    )


def _days(span: list[date], holidays: Mapping[date, str]) -> list[html.Th]:
    return [
        html.Th(
            [
                html.Span(f"{day:%a}"[:2], className="small", **aria(hidden="true")),
                html.Span(str(day.day), **aria(hidden="true")),
                html.Span(words.weekday(day), className="unseen"),
            ],
            scope="col",
            className="holiday" if day in holidays else "weekend" if day.weekday() > 4 else "",
            title=f"{words.weekday(day)}{f', {holidays[day]}' if day in holidays else ''}",
        )
        for day in span
    ]


def _line(seen: Seen, row: dict[str, Any], span: list[date], days: Days) -> html.Tr:
    own = days.get(row["source_id"], {})
    cells = [html.Td(squares.drawn(squares.square(own.get(day)), day)) for day in span]
    head = [
        html.A(row["title"], href=seen.link(f"/sources/{row['source_id']}")),
        html.Div(row["due"] or "no due time", className="small"),
    ]
    return html.Tr([html.Th(head, scope="row"), *cells])
