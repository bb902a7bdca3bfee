"""The one gate: who asks, by which exit the answer would leave, and whether they may take it.

It stands before every view, every page and every callback. What has no rule is shut to everybody.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from flask import Flask, Response, current_app, g, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

import api
from api import gate as api_gate
from api.faults import problem
from dashboard import audited, exits, looking, security
from people import attempts, sessions
from people.accounts import DEMONSTRATION
from people.attempts import TooOften
from people.exits import LIMITED, Exit
from people.settings import SignIn, is_loopback
from store.settings import Settings

# The name of a cookie and a field; what is secret is their value.
FORM_TOKEN = "trigpoint_form"  # noqa: S105 # nosec B105
FORM_HEADER = "X-Trigpoint-Form"
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip", "Via")
MAY_NOT = "Your role may not take this. Ask whoever gives out access to Trigpoint where you work.\n"
SIGN_IN_FIRST = "Nobody is signed in. Sign in at /sign-in and ask again.\n"
ELSEWHERE = "This did not come from a page of this site, so it was not done.\n"
NOT_HERE = (
    "Trigpoint is not served at this address. Set TRIGPOINT_ADDRESS to it where it should be.\n"
)


def guard(server: Flask, callbacks: Mapping[str, Any]) -> None:
    """Let every request pass here, before anything that could answer it."""

    @server.before_request
    def gate() -> AnyResponse | None:
        is_no_address = request.routing_exception is not None
        if is_no_address or audited.SETTING_UP.items() <= request.environ.items():
            return None
        settings = SignIn.read()
        elsewhere = _place(settings)
        if elsewhere is not None:
            return elsewhere
        if api.is_below(request.path):
            api_gate.admit(settings)
            return None
        _who(settings)
        security.form(callbacks)
        return (
            _ways(server, callbacks)
            or _origin(settings)
            or audited.put_question()
            or _allowed(settings)
        )


def cookie_name(settings: SignIn) -> str:
    """The name of our cookie; browsers let nobody but this very host set one that begins so."""
    return "__Host-trigpoint" if settings.is_secure else "trigpoint"


def _place(settings: SignIn) -> Response | None:
    """Whether we are reached at our own address: another name may be a page that plays tricks."""
    if request.path == "/health" or _is_own_host(settings, request.host):
        return None
    return _said(NOT_HERE, 421)


def _is_own_host(settings: SignIn, host: str) -> bool:
    if settings.way == DEMONSTRATION and not _is_this_machine():
        return False
    if settings.address is not None:
        return host == urlsplit(settings.address).netloc
    return is_loopback(urlsplit(f"//{host}").hostname or "")


def _is_this_machine() -> bool:
    """Whether somebody at this machine asks, and nobody hands it on for somebody else."""
    is_handed_on = any(name in request.headers for name in FORWARDED)
    return is_loopback(request.remote_addr or "") and not is_handed_on


def _who(settings: SignIn) -> None:
    token = request.cookies.get(cookie_name(settings))
    person = sessions.find(Settings.read().home, token, settings) if token else None
    looking.let_in(person, token if person else None)


def _ways(server: Flask, callbacks: Mapping[str, Any]) -> AnyResponse | None:
    """Find what would be taken; whoever is not signed in goes no further than what is open."""
    # A body that no callback of ours takes was refused before; of others nothing is believed.
    body = request.get_json(silent=True) if request.path == exits.CALLBACKS else None
    g.ways = exits.asked_for(server, callbacks, body)
    if looking.person() or _are_open():
        return None
    if exits.is_page(request.endpoint) and request.method in {"GET", "HEAD"}:
        back = request.full_path.removesuffix("?")
        return redirect(f"/sign-in?{urlencode({'next': back})}")
    return _said(SIGN_IN_FIRST, 401)


def _are_open() -> bool:
    ways: list[Exit | None] = g.ways
    return all(way is not None and way.is_open_to(None) for way in ways)


def _origin(settings: SignIn) -> Response | None:
    """What changes something, or makes us look for an answer, has to come from a page of ours.

    Browsers say on every POST where it comes from, and no page can make them lie. Somebody who is
    signed in also brings what only a page of their session can know.
    """
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return None
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    is_ours = site in {None, "same-origin"} and (origin is None or _is_own_origin(settings, origin))
    token = looking.token()
    if token is None or _are_open():
        return None if is_ours and (site or origin) else _said(ELSEWHERE, 403)
    brought = request.headers.get(FORM_HEADER) or request.form.get(FORM_TOKEN, "")
    is_known = sessions.is_form_token(token, brought)
    return None if is_ours and is_known else _said(ELSEWHERE, 403)


def _is_own_origin(settings: SignIn, origin: str) -> bool:
    return origin == (settings.address or f"http://{request.host}")


def _allowed(settings: SignIn) -> AnyResponse | None:
    ways: list[Exit | None] = g.ways
    if not all(way is not None and looking.may(way) for way in ways):
        return _refused()
    person = looking.person()
    if person and any(way is not None and way.kind in LIMITED for way in ways):
        limit = attempts.exports(settings.exports_a_minute)
        try:
            attempts.take(Settings.read().home, limit, person.subject)
        except TooOften as fault:
            return too_often(fault)
    return None


def _refused() -> Response:
    if exits.is_page(request.endpoint):
        return current_app.make_response((render_template("not_allowed.html"), 403))
    return _said(MAY_NOT, 403)


def too_often(fault: TooOften) -> Response:
    """One sentence, and when to come back."""
    said = _said(f"This was asked for too often. Try again in {fault.wait_s} seconds.\n", 429)
    said.headers["Retry-After"] = str(fault.wait_s)
    return said


def _said(sentence: str, code: int) -> Response:
    if api.is_below(request.path):
        return problem(code, sentence)
    return Response(sentence, code, mimetype="text/plain")
