"""What the page "Your mail" puts down: that somebody wants to be sent something, or no more."""

from flask import abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.exits import leaves_by, may_take
from dashboard.putting_down import puts_down, whoever
from dashboard.queries import reference
from dashboard.readers import reader_at
from journal import confirmations, subscriptions
from journal.subscriptions import ALERT, ALERTS, BRIEF, Wanted
from people import addresses
from store.errors import WrongUse
from store.settings import Settings

PATH = "/subscriptions"
EVERY_ALERT = "every_alert"

subscribing = puts_down("subscribing", PATH)


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
    home, subject = Settings.read().home, whoever().subject
    subscriptions.subscribe(home, subject, wanted)
    confirmations.forget_unused(home, subject, wanted.address)
    return redirect(PATH, 303)


@subscribing.post("/confirm")
@leaves_by("action.subscribe")
def confirm() -> AnyResponse:
    """Put down that the address of a link is of whoever is signed in and was sent it."""
    confirmations.confirm(Settings.read().home, whoever().subject, request.form.get("token", ""))
    return redirect(PATH, 303)


@subscribing.post("/end")
@leaves_by("action.unsubscribe")
def end() -> AnyResponse:
    """End one of one's own subscriptions."""
    wanted = request.form.get("subscription", "")
    subscriptions.end(Settings.read().home, whoever().subject, wanted)
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
