"""What the page "Your mail" puts down: that somebody wants to be sent something, or no more."""

from flask import Blueprint, Response, abort, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from dashboard import looking
from dashboard.exits import leaves_by, may_take
from dashboard.queries import reference
from dashboard.readers import reader_at
from journal import subscriptions
from journal.subscriptions import ALERT, ALERTS, BRIEF, Wanted
from people import addresses
from people.accounts import Known
from store.errors import TrigpointError, WrongUse
from store.settings import Settings

PATH = "/subscriptions"
EVERY_ALERT = "every_alert"

subscribing = Blueprint("subscribing", __name__, url_prefix=PATH)


@subscribing.errorhandler(400)
@subscribing.errorhandler(403)
def refused(fault: HTTPException) -> Response:
    """Why nothing was put down, in one sentence."""
    return Response(f"{fault.description}\n", fault.code or 400, mimetype="text/plain")


@subscribing.errorhandler(TrigpointError)
def not_done(fault: TrigpointError) -> Response:
    """What cannot be kept, and why."""
    return Response(f"{fault}\n", 400, mimetype="text/plain")


@subscribing.post("/subscribe")
@leaves_by("action.subscribe")
def subscribe() -> AnyResponse:
    """Keep what somebody wants to be sent, where this store may send to."""
    wanted = _wanted()
    if not may_take(f"mail.{wanted.kind}"):
        abort(403, "Your role is sent none of this.")
    if wanted.channel != "mail" and not may_take("webhook"):
        abort(403, "Your role sends nothing to channels.")
    addresses.require_address(wanted.channel, wanted.address)
    _require_known(wanted)
    subscriptions.subscribe(Settings.read().home, _person().subject, wanted)
    return redirect(PATH, 303)


@subscribing.post("/end")
@leaves_by("action.unsubscribe")
def end() -> AnyResponse:
    """End one of one's own subscriptions."""
    wanted = request.form.get("subscription", "")
    subscriptions.end(Settings.read().home, _person().subject, wanted)
    return redirect(PATH, 303)


def _wanted() -> Wanted:
    given = {name: value.strip() for name, value in request.form.items()}
    what = given.get("what", "")
    alerts = ALERTS if what == EVERY_ALERT else (what,)
    return Wanted(
        BRIEF if what == BRIEF else ALERT,
        () if what == BRIEF else alerts,
        given.get("area", ""),
        given.get("measure") or None,
        given.get("channel", ""),
        given.get("address", ""),
        _quiet(given.get("quiet_from", ""), given.get("quiet_to", "")),
    )


def _quiet(begins: str, ends: str) -> tuple[int, int] | None:
    if not begins and not ends:
        return None
    try:
        return int(begins), int(ends)
    except ValueError:
        raise WrongUse("give both hours of quiet, or none of them") from None


def _require_known(wanted: Wanted) -> None:
    reader = reader_at()
    if reference.area(reader, wanted.area_id) is None:
        abort(400, "There is no such area here, so nothing was put down.")
    if wanted.metric_id and reference.metric(reader, wanted.metric_id) is None:
        abort(400, "There is no such measure here, so nothing was put down.")


def _person() -> Known:
    person = looking.person()
    if person is None:
        abort(401)
    return person
