"""Actions of a stand-up: what is open with who does it by when, and what came of the others."""

from datetime import datetime
from typing import Any

from dash import html

from dashboard import words
from dashboard.components.passport import title
from dashboard.components.posting import carried, posting
from dashboard.components.table import table
from dashboard.seen import Seen
from store import passport

Row = dict[str, Any]


def carried_over(seen: Seen, found: list[Row], at: datetime, *, may_act: bool) -> html.Div:
    """The open actions, what is due first at the top; each can be said to be done."""
    head = ["What is to be done", "About", "Owner", "Due"]
    rows = [[*_told(seen, row), _due(row, at), *([_done(row)] if may_act else [])] for row in found]
    return table("Open actions", [*head, "Done"] if may_act else head, rows, is_caption_shown=False)


def moved(seen: Seen, found: list[Row], since: datetime) -> html.Ul:
    """The minute: which actions were opened and which were done."""
    return html.Ul(
        [html.Li(line) for row in found for line in _lines(row, since)], className="prose"
    )


def _told(seen: Seen, row: Row) -> list[Any]:
    link = seen.link(f"/figure/{row['figure_id']}")
    figure = passport.figure(seen.reader, row["figure_id"])
    about = title(figure) if figure else row["figure_id"]
    return [row["text"], html.A(about, href=link), row["owner"]]


def _due(row: Row, at: datetime) -> list[Any]:
    late = html.Span("Overdue", className="badge behind") if row["due_at"] < at else None
    return [words.moment(row["due_at"]), " ", late]


def _done(row: Row) -> Any:
    return posting(
        "/standup/done", carried("action", row["action_id"]), button="Mark as done", is_quiet=True
    )


def _lines(row: Row, since: datetime) -> list[str]:
    told = []
    if row["opened_at"] > since:
        due = words.moment(row["due_at"])
        told.append(f"Opened by {row['opened_by']}: {row['text']} ({row['owner']}, due {due})")
    if row["done_at"] is not None and row["done_at"] > since:
        told.append(f"Done by {row['done_by']}, {words.moment(row['done_at'])}: {row['text']}")
    return told
