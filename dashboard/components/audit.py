"""The audit on a page: one row a question, with what became of it; nothing can be changed here."""

import json
from datetime import datetime
from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.asked import Asked
from dashboard.audit_filters import Filters
from dashboard.components.bar import form, native
from dashboard.components.posting import posting
from dashboard.components.table import table
from journal.checks import Checked
from journal.reading import NOTHING_NAMED, Wanted
from people.roles import roles

A_PAGE = 100
LONGEST_QUESTION = 300
MOST_NAMED = 3
HEAD = ["When", "Who", "Page or question", "About", "Rows", "Release", "Outcome"]
OWN = [name for name in HEAD if name != "Who"]
WAYS_OUT = {
    "page": "page, its address",
    "callback": "page, its content",
    "csv": "CSV file",
    "html": "HTML file",
    "json": "JSON file",
    "parquet": "Parquet file",
    "zip": "package of a release",
    "txt": "note that goes with a file",
    "action": "button on a page",
    "audit": "audit on the command line",
    "people": "accounts on the command line",
}
TWICE = (
    "A visit to a page is two questions: its address, then its content. The first entry can be "
    "this very look, whose answer is on its way."
)
OUTCOMES = (("", "All"), ("given", "Answered"), ("refused", "Refused"), ("none", "No answer"))


def entries(found: pl.DataFrame, caption: str, called: dict[str, str] | None) -> html.Div:
    """A table of questions; `called` names the people by subject, None where all are one's own."""
    rows = [_row(row, called) for row in found.to_dicts()]
    head = OWN if called is None else HEAD
    return table(caption, head, rows, numeric=(head.index("Rows"),), is_caption_shown=False)


def pages(found: pl.DataFrame, filters: Filters, asked: Asked, path: str) -> html.P | None:
    """The way to older entries, and back to the newest."""
    links: list[Any] = []
    if filters.before is not None:
        newest = filters.address(asked, path)
        links.append(html.A("Newest entries", href=f"{newest}#audit", className="download"))
    if found.height > A_PAGE:
        last = found["entry_id"][A_PAGE - 1]
        older = filters.address(asked, path, before=last)
        links.append(html.A("Older entries", href=f"{older}#audit", className="download"))
    return html.P(links, className="pages") if links else None


def choice(filters: Filters, asked: Asked, people: list[tuple[str, str]], exits: list[str]) -> Any:
    """Person, way out, outcome and days."""
    ways = [("", "All"), *((name, WAYS_OUT.get(name, name)) for name in exits)]
    return form(
        "/governance#audit",
        "Which entries",
        native("select", "person", "Person", filters.person or "", options=_known(people, filters)),
        native("select", "exit", "Way out", filters.exit or "", options=ways),
        native("select", "outcome", "Outcome", filters.outcome or "", options=OUTCOMES),
        *days(asked),
    )


def days(asked: Asked) -> tuple[html.Div, html.Div]:
    """The first and the last day."""
    start, end = (day.isoformat() if day else "" for day in (asked.start, asked.end))
    return native("date", "from", "From", start), native("date", "to", "To", end)


def _known(people: list[tuple[str, str]], filters: Filters) -> list[tuple[str, str]]:
    """Everybody on the audit, and whoever the address names although they are not on it."""
    asked = filters.person
    more = [(asked, asked)] if asked and asked not in dict(people) else []
    return [("", "Everybody"), *people, *more]


def told(wanted: Wanted, counted: int, whole: int) -> str:
    """How many questions are shown of how many there are."""
    all_of = words.counted(whole, "question is", "questions are")
    if wanted == Wanted():
        return words.sentence(f"{all_of} on the audit, the newest first")
    return words.sentence(
        f"{words.counted(counted, 'question is', 'questions are')} as chosen, of {whole:,} on the "
        "audit, the newest first"
    )


def state(checked: Checked | None, newest: int) -> list[Any]:
    """Whether the chain of the audit was found whole, up to where and when, and how to check."""
    return [html.H3("Whether it is whole"), *_found(checked, newest), _check()]


def _found(checked: Checked | None, newest: int) -> list[Any]:
    if checked is None:
        return [html.P("Nobody has checked the whole audit on this page yet.")]
    who = f"checked at {words.moment(checked.checked_at)} by {checked.person}"
    if checked.broken is not None:
        broken = f"{words.sentence(checked.broken)} {words.sentence(who)}"
        do = " Let nobody repair it, and find out who can write to the journal."
        return [html.P(f"{broken}{do}", className="wrong", role="alert")]
    since = words.counted(max(newest - checked.entry_id, 0), "entry was", "entries were")
    took = f"It took {checked.took_ms / 1000:.1f} seconds"
    return [
        html.P(f"Whole up to entry {checked.entry_id:,}, {who}. {took}; {since} added since."),
        html.P(
            [
                "Keep this mark where nobody who runs the store can write: ",
                html.Code(f"{checked.entry_id}:{checked.hash}"),
            ],
            className="small",
        ),
    ]


def _check() -> html.Form | None:
    hint = "Every entry is read, about a second for each 100,000."
    return posting(
        "/governance/check",
        html.Span(hint, className="hint"),
        button="Check the whole audit now",
        is_quiet=True,
        style="check",
    )


def _row(row: dict[str, Any], called: dict[str, str] | None) -> list[Any]:
    own = [
        _when(row),
        _question(row),
        _about(row),
        "" if row["rows"] is None else f"{row['rows']:,}",
        html.Div(row["release_id"], className="small") if row["release_id"] else "",
        _outcome(row["outcome"]),
    ]
    return own if called is None else [own[0], _who(row, called), *own[1:]]


def _when(row: dict[str, Any]) -> list[Any]:
    at = datetime.fromisoformat(row["written_at"])
    return [
        html.Div(f"{at.day} {at:%b %Y, %H:%M:%S}", className="when"),
        html.Div(f"entry {row['entry_id']:,}", className="small"),
    ]


def _who(row: dict[str, Any], called: dict[str, str]) -> list[Any]:
    role = roles()[row["role"]].name if row["role"] in roles() else row["role"]
    return [
        html.Div(called.get(row["person"], row["person"])),
        html.Div(f"{role}, {row['scope']}", className="small"),
    ]


def _question(row: dict[str, Any]) -> list[html.Div]:
    text = row["question"]
    is_long = len(text) > LONGEST_QUESTION
    short = f"{text[:LONGEST_QUESTION]}\u2026 ({len(text):,} characters)" if is_long else text
    way = WAYS_OUT.get(row["exit"], row["exit"])
    return [html.Div(short, className="question"), html.Div(way, className="small")]


def _about(row: dict[str, Any]) -> list[html.Div]:
    named = [_named(row[name]) for name in ("areas", "metrics")]
    as_of = row["as_of"]
    moment = f"as of {datetime.fromisoformat(as_of):%Y-%m-%d %H:%M}" if as_of else ""
    return [html.Div(text) for text in (*named, moment) if text]


def _named(names: str) -> str:
    found = [] if names == NOTHING_NAMED else json.loads(names)
    more = [f"{len(found) - MOST_NAMED} more"] if len(found) > MOST_NAMED else []
    return ", ".join([*found[:MOST_NAMED], *more])


def _outcome(outcome: str | None) -> str:
    if outcome is None:
        return "No answer on record"
    return "Answered" if outcome == "given" else f"Refused: {outcome}"
