"""What a stand-up puts down: that it begins and ends, actions, and that they are done."""

from datetime import datetime
from urllib.parse import urlencode

from flask import abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.exits import leaves_by
from dashboard.putting_down import puts_down, whoever
from dashboard.readers import reader_at
from journal import actions, standups
from journal.notes import SeenFigure
from store import passport, releases
from store.errors import WrongUse
from store.settings import Settings

standing_up = puts_down("standing_up", "/standup")


@standing_up.post("/start")
@leaves_by("action.standup")
def start() -> AnyResponse:
    """Begin the stand-up of one's own scope on the release that is shown now."""
    home, person = Settings.read().home, whoever()
    standups.start(home, person.scope, releases.current(home).release_id, person.name)
    return _back(person.scope)


@standing_up.post("/end")
@leaves_by("action.standup")
def end() -> AnyResponse:
    """End the stand-up of one's own scope."""
    home, person = Settings.read().home, whoever()
    held = standups.going_on(home, person.scope)
    if held is None:
        abort(400, "There is no stand-up here that could be ended.")
    standups.end(home, held.standup_id, person.name)
    return _back(person.scope)


@standing_up.post("/action")
@leaves_by("action.take_up")
def take_up() -> AnyResponse:
    """Put down what is to be done about a figure that this reader is shown."""
    given, person = request.form, whoever()
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
    person = whoever()
    actions.finish(Settings.read().home, request.form.get("action", ""), person.name)
    return _back(person.scope)


def _due(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise WrongUse(
            f"\u201c{text[:40]}\u201d is not a time; write it as 2026-11-23T14:00 (UTC)"
        ) from None


def _back(scope: str) -> AnyResponse:
    return redirect(f"/standup?{urlencode({'area': scope})}", 303)
