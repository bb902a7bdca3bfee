"""What somebody writes on a figure as a note: put on the audit, then kept for good."""

from flask import redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.exits import leaves_by
from dashboard.putting_down import figure_seen, puts_down, putting, whoever
from journal import notes
from store.settings import Settings

noting = puts_down("noting", "/notes")


@noting.post("/write")
@leaves_by("action.note")
def write() -> AnyResponse:
    """Keep a note on a figure that this reader is shown, as it is shown to them."""
    person, seen = whoever(), figure_seen()
    with putting(f"write a note on {seen.figure_id}", seen.figure_id):
        notes.write(Settings.read().home, seen, person.name, request.form.get("text", ""))
    # A page of the past does not show what is written of it now.
    return redirect(f"/figure/{seen.figure_id}#notes", 303)
