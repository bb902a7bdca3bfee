"""What people wrote on a figure, each note with its author and moment."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.asked import moment_in_words


def notes(found: list[dict[str, Any]]) -> Any:
    """The notes as plain text, oldest first; a withdrawn one stays and is marked."""
    if not found:
        return html.P("Nobody has written a note on this figure.")
    return html.Ul([html.Li(_note(note)) for note in found], className="written")


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
