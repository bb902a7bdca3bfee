"""What a stand-up puts down: that it begins and ends, actions, and that they are done."""

from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from dashboard import looking
from dashboard.exits import leaves_by
from dashboard.readers import reader_at
from journal import actions, standups
from journal.notes import SeenFigure
from people.accounts import Known
from store import passport, releases
from store.errors import TrigpointError, WrongUse
from store.settings import Settings

standing_up = Blueprint("standing_up", __name__, url_prefix="/standup")


@standing_up.errorhandler(400)
def refused(fault: HTTPException) -> Response:
    """Why nothing was put down, in one sentence."""
    return Response(f"{fault.description}\n", 400, mimetype="text/plain")


@standing_up.errorhandler(TrigpointError)
def not_done(fault: TrigpointError) -> Response:
    """What cannot be kept, and why."""
    return Response(f"{fault}\n", 400, mimetype="text/plain")


@standing_up.post("/start")
@leaves_by("action.standup")
def start() -> AnyResponse:
    """Begin the stand-up of one's own scope on the release that is shown now."""
    home, person = Settings.read().home, _person()
    standups.start(home, person.scope, releases.current(home).release_id, person.name)
    return _back(person.scope)


@standing_up.post("/end")
@leaves_by("action.standup")
def end() -> AnyResponse:
    """End the stand-up of one's own scope."""
    home, person = Settings.read().home, _person()
    held = standups.going_on(home, person.scope)
    if held is None:
        abort(400, "There is no stand-up here that could be ended.")
    standups.end(home, held.standup_id, person.name)
    return _back(person.scope)


@standing_up.post("/action")
@leaves_by("action.take_up")
def take_up() -> AnyResponse:
    """Put down what is to be done about a figure that this reader is shown."""
    given, person = request.form, _person()
    figure_id, release_id = given.get("figure", ""), given.get("release", "")
    if not passport.is_known(reader_at(None, release_id or None), figure_id):
        abort(400, "There is no such figure here, so nothing was put down.")
    seen = SeenFigure(figure_id, release_id, None)
    text, owner = given.get("text", ""), given.get("owner", "")
    actions.take_up(
        Settings.read().home, seen, text, owner, _due(given.get("due", "")), person.name
    )
    return _back(person.scope)


@standing_up.post("/done")
@leaves_by("action.done")
def done() -> AnyResponse:
    """Put down that an action was done."""
    person = _person()
    actions.finish(Settings.read().home, request.form.get("action", ""), person.name)
    return _back(person.scope)


def _due(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(
            f"\u201c{text[:40]}\u201d is not a time; write it as 2026-11-23T14:00 (UTC)"
        ) from None


def _person() -> Known:
    person = looking.person()
    if person is None:
        abort(401)
    return person


def _back(scope: str) -> AnyResponse:
    return redirect(f"/standup?{urlencode({'area': scope})}", 303)
