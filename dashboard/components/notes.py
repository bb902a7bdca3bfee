"""What people wrote on a figure, each note with its author and moment."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.asked import moment_in_words
from dashboard.components import passport
from dashboard.components.bar import native
from dashboard.components.posting import carried, posting
from dashboard.exits import may_take
from dashboard.seen import Seen
from journal.tables import LONGEST_TEXT


def notes(found: list[dict[str, Any]]) -> Any:
    """The notes as plain text, oldest first; a withdrawn one stays and is marked."""
    if not found:
        return html.P("Nobody has written a note on this figure.")
    return html.Ul([html.Li(_note(note)) for note in found], className="written")


def write(seen: Seen, figure_id: str) -> html.Form | None:
    """The form for a note on a figure as it is seen here, for whoever may write one."""
    if seen.is_replay or not may_take("action.note"):
        return None
    return posting(
        "/notes/write",
        carried("figure", figure_id),
        carried("release", seen.reader.release.release_id),
        carried("as_of", seen.asked.as_of.isoformat() if seen.asked.as_of else ""),
        native(
            "text",
            "text",
            "Write a note",
            hint="no names of patients, no NHS numbers",
            longest=LONGEST_TEXT,
            required="required",
        ),
        button="Save the note",
        is_quiet=True,
    )


def lately(seen: Seen, found: list[dict[str, Any]]) -> html.Ul:
    """Notes on several figures for a stand-up, each with the way to its figure."""
    return html.Ul([html.Li(_on(seen, note)) for note in found], className="written")


def _on(seen: Seen, note: dict[str, Any]) -> list[Any]:
    figure = note["figure"]
    title = passport.title(figure) if figure else note["figure_id"]
    link = html.A(title, href=seen.link(f"/figure/{note['figure_id']}"))
    return [html.P(link), *_note(note)]


def _note(note: dict[str, Any]) -> list[Any]:
    withdrawn = html.Span("Withdrawn", className="badge none") if note["withdrawn_at"] else None
    return [
        html.P([withdrawn, " " if withdrawn else None, note["text"]]),
        html.P(_about(note), className="small"),
    ]


def _about(note: dict[str, Any]) -> str:
    told = [
        f"{note['author']}, {words.moment(note['written_at'])}, on release {note['release_id']}"
    ]
    if note["as_of"]:
        told.append(f"as known at {moment_in_words(note['as_of'])}")
    if note["withdrawn_at"]:
        told.append(f"withdrawn by {note['withdrawn_by']}, {words.moment(note['withdrawn_at'])}")
    return f"{'; '.join(told)}."
