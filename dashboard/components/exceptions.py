"""Exceptions of a stand-up: a table, worst first, each with why it is here and what is done."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.components.bar import native
from dashboard.components.figure_button import figure_button
from dashboard.components.posting import carried, posting
from dashboard.components.source_table import badge
from dashboard.components.table import table
from dashboard.figures.svg import INK, sparkline
from dashboard.seen import Seen

HEAD = [
    "Area and measure, or source",
    "Now",
    "Since the one before",
    "Last 14 settled",
    "Why it is here",
]
LONGEST_ACTION, LONGEST_OWNER = 2000, 255
Row = dict[str, Any]
Run = tuple[str, str]


def exceptions(
    seen: Seen,
    rows: list[Row],
    runs: dict[Run, list[float | None]],
    *,
    may_act: bool,
    ink: str = INK,
) -> html.Div:
    """One row a figure or source; `runs` are the last settled values by measure and area."""
    cells = []
    for place, row in enumerate(rows, start=1):
        run = runs.get((row.get("metric_id", ""), row.get("area_id", "")), [])
        cells.append(_row(seen, place, row, _line(run, ink), may_act=may_act))
    caption = "Exceptions, worst first"
    return table(caption, HEAD, cells, numeric=(1, 2), is_caption_shown=False)


def _line(run: list[float | None], ink: str) -> html.Img:
    src = sparkline(run, width=120, height=24, ink=ink)
    return html.Img(src=src, alt=_in_words(run), className="sparkline")


def _row(seen: Seen, place: int, row: Row, line: html.Img, *, may_act: bool) -> list[Any]:
    if row.get("figure_id") is None:
        return _source(seen, place, row)
    when = words.period(row["event_date"], row["grain"])
    about = f"{row['metric_name']}, {row['area_name']}, {when}"
    return [
        [
            f"{place}. ",
            html.A(row["area_name"], href=seen.area_link(row["area_id"])),
            html.Div(row["metric_name"], className="small"),
        ],
        [figure_button(row, about), html.Div(words.day(row["event_date"]), className="small when")],
        _change(row),
        line,
        [html.Div(row["why"]), _take_up(seen, row) if may_act else None],
    ]


def _source(seen: Seen, place: int, row: Row) -> list[Any]:
    """A source with a problem has no figure of its own, so there is nothing to take up here."""
    link = html.A(row["title"], href=seen.link(f"/sources/{row['source_id']}"))
    return [
        [f"{place}. ", link, html.Div(f"Source, {row['publisher']}", className="small")],
        badge(row["state"]),
        "",
        "",
        row["why"],
    ]


def _change(row: Row) -> str:
    if row["value_before"] is None:
        return "not available"
    return words.signed(row["value"] - row["value_before"], row["decimals"])


def _in_words(run: list[float | None]) -> str:
    held = [value for value in run if value is not None]
    if not held:
        return "No settled values."
    low, high = words.number(min(held)), words.number(max(held))
    return f"Between {low} and {high}, the newest {words.number(held[-1])}."


def _take_up(seen: Seen, row: Row) -> html.Details:
    """What is to be done about it: who, what, by when."""
    return html.Details(
        [
            html.Summary("Take up an action"),
            posting(
                "/standup/action",
                carried("figure", row["figure_id"]),
                carried("release", seen.reader.release.release_id),
                native(
                    "text",
                    "text",
                    "What is to be done",
                    hint="no names of patients, no NHS numbers",
                    longest=LONGEST_ACTION,
                    required="required",
                ),
                native("text", "owner", "Who does it", longest=LONGEST_OWNER, required="required"),
                native("datetime-local", "due", "By when (UTC)", required="required"),
                button="Take up",
            ),
        ]
    )
