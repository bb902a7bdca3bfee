"""What all addresses share that put something down: who does it, and refusals in one sentence."""

from flask import Blueprint, Response, abort
from werkzeug.exceptions import HTTPException

from dashboard import looking
from people.accounts import Known
from store.errors import TrigpointError


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


def _refused(fault: HTTPException) -> Response:
    return Response(f"{fault.description}\n", fault.code or 400, mimetype="text/plain")


def _not_done(fault: TrigpointError) -> Response:
    return Response(f"{fault}\n", 400, mimetype="text/plain")
