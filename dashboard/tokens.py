"""Tokens for one's own programs: made and ended on one's own record, and shown once."""

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard import words
from dashboard.exits import leaves_by
from dashboard.putting_down import puts_down, whoever
from people import tokens as kept
from people.settings import SignIn
from store.errors import WrongUse
from store.moments import now
from store.settings import Settings

PATH = "/your-record/tokens"
RECORD = "/your-record#tokens"

tokens: Blueprint = puts_down("tokens", PATH)


@tokens.post("/make")
@leaves_by("action.make_token")
def make() -> AnyResponse:
    """Make a token and show it, this once: only its hash is kept."""
    given, days = request.form, _days(request.form.get("days", ""))
    uses = [use for use in given.get("uses", "").split(",") if use]
    home, settings = Settings.read().home, SignIn.read()
    token = kept.make(home, whoever().subject, given.get("name", ""), uses, days, settings)
    until = words.moment(kept.end_of(now(), days))
    return make_response(render_template("token_made.html", token=token, until=until, back=RECORD))


@tokens.post("/end")
@leaves_by("action.end_token")
def end() -> AnyResponse:
    """End one of one's own tokens."""
    kept.end(Settings.read().home, whoever().subject, request.form.get("token_id", ""))
    return redirect(RECORD, 303)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 4:
        raise WrongUse("say for how many days the token lasts, as a number")
    return int(text)
