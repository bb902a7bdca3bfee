"""Signing in and out: plain pages without script, one for each way of signing in."""

import re
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard import gate, looking, provider
from dashboard.exits import leaves_by
from dashboard.provider import NotSignedIn
from people import accounts, attempts, sessions
from people import settings as ways
from people.accounts import DEMONSTRATION, LOCAL, Known
from people.attempts import BY_ADDRESS, BY_NAME, TooOften
from people.personas import personas
from people.roles import role
from people.settings import PROVIDER, SignIn
from store.errors import WrongUse
from store.paths import Home
from store.settings import Settings

# What browsers take for a path of this site: one slash, then nothing that they would read as more.
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")
LONGEST_BACK = 2000
WRONG = "This name and password do not go together."
FAILED = "The sign-in did not succeed. Try again; if it stays so, tell whoever runs this store."

signing_in = Blueprint("signing_in", __name__)


@signing_in.get("/sign-in")
@leaves_by("sign_in")
def page() -> str:
    """The page of the way of signing in that is in use."""
    return _page()


@signing_in.post("/sign-in")
@leaves_by("sign_in")
def with_password() -> AnyResponse:
    """Sign in to a local account."""
    home, settings = Settings.read().home, _require_way(LOCAL)
    name = request.form.get("name", "").strip().lower()
    try:
        _count(home)
        attempts.take(home, BY_NAME, name)
    except TooOften as fault:
        return _try_later(fault)
    person = accounts.with_password(home, name, request.form.get("password", ""))
    if person is None:
        return make_response(_page(WRONG, name), 401)
    attempts.forget(home, BY_NAME, name)
    return _signed_in(home, settings, person, own_path(request.form.get("next")))


@signing_in.post("/sign-in/as")
@leaves_by("sign_in")
def as_persona() -> AnyResponse:
    """Sign in as a persona of the demonstration."""
    home, settings = Settings.read().home, _require_way(DEMONSTRATION)
    found = personas().get(request.form.get("persona", ""))
    if found is None:
        abort(400)
    person = Known(f"{DEMONSTRATION}|{found.id}", found.name, found.role, found.scope)
    accounts.enter(home, person)
    return _signed_in(home, settings, person, own_path(request.form.get("next")))


@signing_in.get("/sign-in/start")
@leaves_by("sign_in")
def start() -> AnyResponse:
    """Leave for the provider."""
    settings = _require_way(PROVIDER)
    try:
        _count(Settings.read().home)
        sent = provider.leave_for(ways.provider(), f"{_address(settings)}/sign-in/return")
    except TooOften as fault:
        return _try_later(fault)
    except NotSignedIn:
        return make_response(_page(FAILED), 502)
    provider.remember(own_path(request.args.get("next")))
    return sent


@signing_in.get("/sign-in/return")
@leaves_by("sign_in")
def come_back() -> AnyResponse:
    """Come back from the provider."""
    home, settings = Settings.read().home, _require_way(PROVIDER)
    back = own_path(provider.remembered())
    try:
        _count(home)
        person, mail = provider.come_back(ways.provider())
        accounts.enter(home, person, mail)
    except TooOften as fault:
        return _try_later(fault)
    except NotSignedIn:
        return make_response(_page(FAILED), 400)
    except WrongUse as fault:
        return make_response(render_template("no_entry.html", why=str(fault)), 403)
    return _signed_in(home, settings, person, back)


@signing_in.post("/sign-out")
@leaves_by("sign_out")
def sign_out() -> AnyResponse:
    """End the session, here and in the browser."""
    settings, token = SignIn.read(), looking.token()
    if token is not None:
        sessions.end(Settings.read().home, token)
    gone = redirect("/sign-in?signed-out", 303)
    for name in (gate.cookie_name(settings), gate.FORM_TOKEN):
        gone.delete_cookie(name, secure=settings.is_secure, samesite="Lax")
    return gone


def own_path(wanted: str | None) -> str:
    """A path of this site to go on to after sign-in, else the first page; never another site."""
    if not wanted or len(wanted) > LONGEST_BACK or not OWN_PATH.fullmatch(wanted):
        return "/"
    parts = urlsplit(wanted)
    is_own = not parts.scheme and not parts.netloc and not parts.path.startswith("/sign-")
    return wanted if is_own else "/"


def _page(said: str = "", name: str = "") -> str:
    settings = SignIn.read()
    back = own_path(request.values.get("next"))
    more: dict[str, Any] = {}
    if settings.way == DEMONSTRATION:
        more["personas"] = [(one, role(one.role)) for one in personas().values()]
    if settings.way == PROVIDER:
        more["called"] = ways.provider().called
    if "signed-out" in request.args:
        more["signed_out"] = True
    return render_template(
        "sign_in.html", way=settings.way, back=back, said=said, name=name, **more
    )


def _require_way(way: str) -> SignIn:
    settings = SignIn.read()
    if settings.way != way:
        abort(404)
    return settings


def _count(home: Home) -> None:
    attempts.take(home, BY_ADDRESS, request.remote_addr or "")


def _try_later(fault: TooOften) -> Response:
    minutes = max(1, round(fault.wait_s / 60))
    said = f"There were too many attempts. Try again in {minutes} minutes."
    answer = make_response(_page(said), 429)
    answer.headers["Retry-After"] = str(fault.wait_s)
    return answer


def _signed_in(home: Home, settings: SignIn, person: Known, back: str) -> AnyResponse:
    """Begin a session under a new token; one that the browser came with is over."""
    token = sessions.begin(home, person.subject, settings, looking.token())
    sent = redirect(back, 303)
    _set(sent, settings, gate.cookie_name(settings), token, is_for_script=False)
    # Read by the page's own script, which sends it along; no other site can.
    _set(sent, settings, gate.FORM_TOKEN, sessions.form_token(token), is_for_script=True)
    return sent


def _set(
    sent: AnyResponse, settings: SignIn, name: str, value: str, *, is_for_script: bool
) -> None:
    """A cookie until the browser is closed; Lax, so that a link in a mail opens where it leads."""
    is_hidden, is_secure = not is_for_script, settings.is_secure
    sent.set_cookie(name, value, secure=is_secure, httponly=is_hidden, samesite="Lax")


def _address(settings: SignIn) -> str:
    return settings.address or f"http://{request.host}"
