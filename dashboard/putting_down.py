"""What all addresses share that put something down: who does it, and refusals in one sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException

from dashboard import audited, looking
from dashboard.readers import reader_at
from journal import audit
from journal.audit import Question
from journal.notes import SeenFigure
from people.accounts import Known
from store import passport
from store.errors import TrigpointError, WrongUse
from store.settings import Settings


def puts_down(name: str, prefix: str) -> Blueprint:
    """The addresses below `prefix`; whatever is refused there is told as plain text."""
    below = Blueprint(name, __name__, url_prefix=prefix)
    below.register_error_handler(400, _refused)
    below.register_error_handler(403, _refused)
    below.register_error_handler(TrigpointError, _not_done)
    return below


def whoever() -> Known:
    """Who is signed in; nobody else puts anything down."""
    person = looking.person()
    if person is None:
        abort(401)
    return person


@contextmanager
def putting(said: str, figure_id: str) -> Iterator[None]:
    """Put on the audit what is about to be put down of a figure; nothing is without it."""
    cell = passport.cell(figure_id) or {}
    about = [cell["area_id"]], [cell["metric_id"]]
    question = Question("action", said, *about, reader_at(None, None).release.release_id)
    with audit.asking(Settings.read().home, audited.asker(), question):
        yield


def figure_seen() -> SeenFigure:
    """The figure of the form as this reader is shown it: 400 where they are shown none.

    Raises `WrongUse` for what is no moment.
    """
    given = request.form
    figure_id, release_id = given.get("figure", ""), given.get("release", "")
    as_of = _moment(given.get("as_of", ""))
    if passport.figure(reader_at(as_of, release_id or None), figure_id) is None:
        abort(400, "There is no such figure here, so nothing was put down.")
    return SeenFigure(figure_id, release_id, as_of)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError:
        raise WrongUse(
            f"\u201c{text[:40]}\u201d is not a moment at which to see a figure"
        ) from None


def _refused(fault: HTTPException) -> Response:
    return Response(f"{fault.description}\n", fault.code or 400, mimetype="text/plain")


def _not_done(fault: TrigpointError) -> Response:
    return Response(f"{fault}\n", 400, mimetype="text/plain")
