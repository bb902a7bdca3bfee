"""What stands around an answer in the workspace: tables, editor, controls, earlier queries."""

import json
from pathlib import Path
from typing import Any

import polars as pl
from dash import dcc, html

from dashboard import wanted, words
from dashboard.asked import unknown
from dashboard.components.attributes import aria, data
from dashboard.components.bar import native
from dashboard.components.grid import script
from dashboard.components.posting import brings_back, carried, posting
from dashboard.first_queries import of_column, of_measure, of_table
from dashboard.results import seconds_in_words
from dashboard.seen import Seen
from journal import queries
from journal.queries import Kept
from store import dictionary
from store.moments import written
from store.reader import AS_KNOWN
from store.sandbox import Limits

PATH = "/workspace"
ASSETS = Path(__file__).parents[1] / "assets"
FIRST = "-- Ctrl+Enter runs what stands here.\n"
MACROS = [
    *((f"{name}_as_known", f"{name} as they were known at a moment") for name in AS_KNOWN),
    ("figures_as_shown", "What the pages showed at a moment"),
]
# Tables that no release holds: they are of the record of what was shown.
OF_EVERY_READER = {
    "figures_shown": "What was on the pages of each figure, from when until when.",
    "releases_shown": "Which release was shown, from when until when.",
}
OUTCOMES = {
    queries.REFUSED: "did not run",
    queries.STOPPED: "stopped",
    queries.TOO_LONG: "took too long",
    queries.NOT_ANSWERED: "not answered",
}
LONGEST_LINE = 90


def first(seen: Seen, tables: pl.DataFrame, measures: pl.DataFrame, area_id: str) -> str:
    """A query to begin with: about what the address names, else the first headline of an area."""
    asked, ranked = seen.asked, measures.sort("headline_rank", "metric_id", nulls_last=True)
    if asked.table:
        return FIRST + _of_table(seen, tables.filter(pl.col("table_name") == asked.table))
    known = ranked["metric_id"].to_list()
    if asked.measure and asked.measure not in known:
        seen.notes.append(unknown("measure", asked.measure))
    chosen = asked.measure if asked.measure in known else next(iter(known), "")
    return FIRST + of_measure(str(chosen), area_id)


def _of_table(seen: Seen, columns: pl.DataFrame) -> str:
    """Nothing but names that there are comes into the text."""
    table, column = seen.asked.table or "", seen.asked.column
    if columns.is_empty():
        seen.notes.append(unknown("table", table))
        return of_table("figures")
    if column in columns["column_name"].to_list():
        return of_column(table, str(column))
    return of_table(table)


def editor(seen: Seen, kept: Kept | None, text: str, limits: Limits) -> html.Section:
    """The box with a text, what runs and stops it, the values of its `$name`s and the moment."""
    box = dcc.Textarea(id="query-text", value=text, spellCheck=False, rows=8)
    return html.Section(
        [
            html.Label("Query in SQL", htmlFor="query-text", id="query-label"),
            html.Div(box, className="box"),
            html.P(
                "Ctrl+Enter runs it, Tab leaves the box. A $name in it takes a value: a number, a "
                "date (2020-07-01), true, false or text; in quotes it is always text.",
                id="query-hint",
                className="small",
            ),
            html.Div(id="query-parameters", className="parameters"),
            html.Div(_controls(seen, kept, limits), className="controls"),
            html.P(id="query-said", className="unseen", role="status"),
        ],
        className="query",
        **data(
            needs=_asset("workspace.js"),
            editor=_asset("built/editor.js"),
            grid=script(),
            run="yes" if kept else "",
            query=kept.query_id if kept else "",
            values=_values(kept),
            longest=str(limits.seconds),
            moment=seen.asked.as_of.isoformat() if seen.asked.as_of else "",
            release=seen.asked.release or "",
            replay=seen.asked.replay or "",
        ),
        **aria(label="Query"),
    )


def _values(kept: Kept | None) -> str:
    given = kept.text.parameters if kept else {}
    return json.dumps({name: wanted.written(value) for name, value in given.items()})


def _asset(name: str) -> str:
    """The address of a script that pages fetch for themselves; empty where it was never built."""
    file = ASSETS / name
    return f"/assets/{name}?m={file.stat().st_mtime_ns}" if file.exists() else ""


def _controls(seen: Seen, kept: Kept | None, limits: Limits) -> list[Any]:
    moment = seen.asked.as_of.date().isoformat() if seen.asked.as_of else ""
    return [
        html.Div(
            [
                _button("Run", "run", "button"),
                _button("Stop", "stop", "button quiet", disabled=True),
                _button("Explain", "plan", "button quiet"),
                html.Span(id="query-clock", className="unseen", role="status"),
            ],
            className="does",
        ),
        native("date", "as_of", "As it was on", moment, hint="empty: now"),
        None if seen.is_replay else _save(seen, kept),
    ]


def _button(text: str, does: str, style: str, **more: Any) -> html.Button:
    return html.Button(text, type="button", className=style, **data(does=does), **more)


def _save(seen: Seen, kept: Kept | None) -> html.Form | None:
    """What stands in the box is put into the form as it is sent."""
    return posting(
        f"{PATH}/save",
        *(carried(name, "") for name in ("sql", "parameters")),
        *brings_back(seen, None),
        native("text", "name", "Save it as", (kept.name if kept else "") or "", longest=200),
        button="Save",
        is_quiet=True,
        style="save",
    )


def limits_told(limits: Limits, rows: int) -> str:
    """What a question may cost, stated beside where it is asked."""
    return (
        f"A query may take {limits.seconds:g} seconds. The first {rows:,} rows of its answer are "
        f"shown; a file holds up to {limits.rows:,}."
    )


def catalogue(found: pl.DataFrame, measures: pl.DataFrame) -> html.Aside:
    """Every table with its columns, every measure, and the table functions of a past moment.

    `assets/workspace.js` makes the lists of these attributes: as components of Dash, thousands of
    them would be looked at again with every answer.
    """
    names = found["table_name"].unique(maintain_order=True).to_list()
    rows = found.partition_by("table_name", as_dict=True, maintain_order=True)
    listed = {
        "tables": [_table(name, rows[name,]) for name in names],
        "measures": measures.select("metric_id", "metric_name", "definition").rows(),
        "functions": MACROS,
    }
    told = {name: json.dumps(rows, ensure_ascii=False) for name, rows in listed.items()}
    return html.Aside(
        [
            html.H2("Tables"),
            native("search", "table", "Find a table or column"),
            html.Div(className="tables", **data(lists="tables")),
            html.H2("Measures"),
            html.Div(className="tables", **data(lists="measures")),
            html.H2("At a past moment"),
            html.Div(className="tables", **data(lists="functions")),
        ],
        className="catalogue",
        **aria(label="What can be asked"),
        **data(**told),
    )


def _table(name: str, columns: pl.DataFrame) -> list[Any]:
    """Name and meaning of a table, then name, type and meaning of each of its columns."""
    said = dictionary.columns(name)
    named = [
        [one["column_name"], _kind(one["data_type"]), _meaning(said.get(one["column_name"]))]
        for one in columns.to_dicts()
    ]
    return [name, (dictionary.tables() | OF_EVERY_READER).get(name, ""), named]


def _meaning(column: dictionary.Column | None) -> str:
    return column.meaning.replace("`", "") if column else ""


def _kind(kind: str) -> str:
    """The type as it is short to read: an enumeration of many names is `text`."""
    return "text" if kind.startswith(("enum", "varchar")) else kind.split("(", maxsplit=1)[0]


def saved(seen: Seen, kept: list[Kept]) -> Any:
    """What somebody keeps under a name; each opens by its id, and can be shared or taken away."""
    if not kept:
        return html.P("You have saved no query yet.", className="small")
    return html.Ul([_saved(seen, one) for one in kept], className="kept")


def _saved(seen: Seen, one: Kept) -> html.Li:
    share = posting(
        f"{PATH}/share",
        carried("query", one.query_id),
        *brings_back(seen, one.text.as_of),
        button="Share",
        is_quiet=True,
        style="inline",
    )
    return html.Li(
        [
            html.A(one.name, href=_opens(seen, one)),
            html.Span(" Shared" if one.is_shared else "", className="small"),
            None if one.is_shared else share,
            posting(
                f"{PATH}/end",
                carried("query", one.query_id),
                *brings_back(seen, seen.asked.as_of),
                button="Take away",
                is_quiet=True,
                style="inline",
            ),
        ]
    )


def history(seen: Seen, kept: list[Kept]) -> Any:
    """What somebody ran lately, the newest first; each opens by its id."""
    if not kept:
        return html.P("You have run no query yet.", className="small")
    return html.Ul([_ran(seen, one) for one in kept], className="kept history")


def _ran(seen: Seen, one: Kept) -> html.Li:
    ran = one.ran
    became = "" if ran is None else OUTCOMES.get(ran.outcome) or _rows(ran.rows, ran.seconds)
    when = f"{one.asked_at:%H:%M} on {words.day(one.asked_at)}"
    return html.Li(
        [
            html.A(_line(one.text.sql), href=_opens(seen, one)),
            html.Span(f"{when}, {became}", className="small"),
        ]
    )


def _opens(seen: Seen, one: Kept) -> str:
    """A query is opened of its own moment, whichever the page shows."""
    as_of = written(one.text.as_of) if one.text.as_of else None
    return seen.link(PATH, query=one.query_id, as_of=as_of)


def _rows(rows: int | None, seconds: float) -> str:
    return f"{words.counted(rows or 0, 'row', 'rows')} in {seconds_in_words(seconds)}"


def _line(sql: str) -> str:
    """The query on one line, as much of it as tells it from others; comments tell nothing."""
    told = " ".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    text = " ".join(told.split()) or "(a comment)"
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE]}\u2026"
