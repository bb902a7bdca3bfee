"""What somebody writes on a figure as a note: put on the audit, then kept for good."""

from flask import abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.exits import leaves_by
from dashboard.putting_down import moment, puts_down, putting, whoever
from dashboard.readers import reader_at
from journal import notes
from journal.notes import SeenFigure
from store import passport
from store.settings import Settings

noting = puts_down("noting", "/notes")


@noting.post("/write")
@leaves_by("action.note")
def write() -> AnyResponse:
    """Keep a note on a figure that this reader is shown, as it is shown to them."""
    given, person = request.form, whoever()
    figure_id, release_id = given.get("figure", ""), given.get("release", "")
    as_of = moment(given.get("as_of", ""))
    if passport.figure(reader_at(as_of, release_id or None), figure_id) is None:
        abort(400, "There is no such figure here, so nothing was put down.")
    seen = SeenFigure(figure_id, release_id, as_of)
    with putting(f"write a note on {figure_id}", figure_id):
        notes.write(Settings.read().home, seen, person.name, given.get("text", ""))
    # A page of the past does not show what is written of it now.
    return redirect(f"/figure/{figure_id}#notes", 303)
