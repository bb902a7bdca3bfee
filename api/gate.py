"""The gate of the API: whose token it is, by which exit the answer would leave, and whether it may.

It takes nothing but a token in the header Authorization: no cookie, so no other site can make a
browser ask, and nothing in the address, which is written to logs.
"""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, current_app, g, request
from werkzeug.exceptions import MethodNotAllowed

from api import NAME, parameters, said
from api.faults import BEARER, NOT_ON_AUDIT, Problem, problem
from api.limits import limits
from api.said import Said
from journal import audit
from journal.audit import NOT_STATED, Asked, Asker, AuditNotWritten, Given, Question
from people import accounts, attempts, tokens
from people.accounts import DEMONSTRATION, Known
from people.attempts import TooOften
from people.exits import Exit, way_of
from people.settings import SignIn
from people.tokens import Bearer
from store import passport, releases
from store.errors import NoRelease
from store.paths import Home
from store.reader import Tally, count_rows
from store.settings import Settings
from store.viewer import Viewer

LONGEST_PURPOSE = 200
TOO_OFTEN = "more requests than one person may make in a minute"
TOKEN = re.compile(r"[Bb]earer +(\S+)")
NOBODY = (
    "Send a token as “Authorization: Bearer tp_…”. You make one on your record; a session or a "
    "cookie is not taken here."
)
LET_IN_NO_MORE = (
    "This token is not, or no longer, one that lets anybody in. Make another on your record."
)
MAY_NOT = "Your role may not take this. Ask whoever gives out access to Trigpoint where you work."
NOT_MADE_FOR_IT = "This token may not do that. Make one that may, on your record."


@dataclass
class Call:
    """One request that was let in: who asks, and its place on the audit until it is answered."""

    home: Home
    bearer: Bearer
    said: Said
    asked: Asked
    tally: Tally

    @property
    def viewer(self) -> Viewer:
        """How the door knows who asks."""
        return accounts.viewer(self.bearer.person)


def admit(settings: SignIn) -> None:
    """Let a request in, or raise a problem; what is open to anybody needs no token."""
    if request.blueprint != NAME:
        raise MethodNotAllowed
    way = way_of(current_app.view_functions[request.endpoint or ""])
    parameters.require_no_token()
    if way is not None and way.is_open_to(None):
        return
    home = Settings.read().home
    bearer = _bearer(home, settings)
    _require_seldom(home, bearer)
    body = said.body()
    tally = count_rows()
    asked = audit.ask(home, _asker(bearer.person), _question(home, bearer, body))
    g.call = Call(home, bearer, body, asked, tally)
    _require_allowed(bearer, way)


def call() -> Call:
    """The request that was let in."""
    found: Call = g.call
    return found


def guard(below: Blueprint) -> None:
    """Put each answer of these addresses on the audit before it leaves."""
    below.after_request(_put_answer)


def _bearer(home: Home, settings: SignIn) -> Bearer:
    """Who brought a token that holds; only what is no token counts as a guess.

    So somebody at the same address who guesses shuts nobody out who has one.
    """
    given = TOKEN.fullmatch(request.headers.get("Authorization", "").strip())
    if given is None:
        raise Problem(401, NOBODY, WWW_Authenticate=BEARER)
    found = tokens.find(home, given.group(1), settings)
    if found is None:
        attempts.take(home, limits().guesses, request.remote_addr or "")
        _put_former(home, given.group(1))
        raise Problem(401, LET_IN_NO_MORE, WWW_Authenticate=f'{BEARER}, error="invalid_token"')
    return found


def _put_former(home: Home, token: str) -> None:
    """Put on the audit that somebody brought a token which lets its person in no more."""
    former = tokens.former(home, token)
    if former is not None:
        told = f"token {former.token_id}, which holds no more: {request.method} {request.path}"
        asked = audit.ask(home, _asker(former.person), Question("api", told))
        asked.refused("401 UNAUTHORIZED")


def _require_seldom(home: Home, bearer: Bearer) -> None:
    """Count every request, whatever becomes of it, before anything of it is kept.

    The audit is told once a minute that somebody asks too often, and nothing of what they send.
    """
    subject = bearer.person.subject
    try:
        attempts.take(home, limits().requests, subject)
    except TooOften as fault:
        with suppress(TooOften):
            attempts.take(home, limits().told, subject)
            told = Question("api", f"token {bearer.token_id}: {TOO_OFTEN}")
            asked = audit.ask(home, _asker(bearer.person), told)
            asked.refused("429 TOO MANY REQUESTS")
        raise fault from None


def _require_allowed(bearer: Bearer, way: Exit | None) -> None:
    if way is None or not way.is_open_to(bearer.person.role):
        raise Problem(403, MAY_NOT)
    if not bearer.opens(way):
        raise Problem(403, NOT_MADE_FOR_IT)


def _asker(person: Known) -> Asker:
    is_played = person.subject.startswith(f"{DEMONSTRATION}|")
    usual = DEMONSTRATION if is_played else NOT_STATED
    stated = " ".join(request.headers.get(parameters.PURPOSE, "").split())[:LONGEST_PURPOSE]
    return Asker(person.subject, person.role, person.scope, stated or usual)


def _question(home: Home, bearer: Bearer, body: Said) -> Question:
    """What is asked and by which token: the address, and the parts of a question in the body."""
    areas, metrics = request.args.getlist("area"), request.args.getlist("metric")
    cell = passport.cell(str((request.view_args or {}).get("figure_id", "")))
    if cell:
        areas, metrics = [*areas, cell["area_id"]], [*metrics, cell["metric_id"]]
    as_of, told = None, request.args if body is None else body
    with suppress(ValueError):
        as_of = parameters.moment(str(told.get("as_of")))
    text = f"{request.method} {request.full_path.removesuffix('?')}{said.on_audit(body)}"
    text = f"token {bearer.token_id}: {text}"
    return Question("api", text, areas, metrics, _release(home, told), as_of)


def _release(home: Home, told: Mapping[str, Any]) -> str | None:
    given = str(told.get("release"))
    if re.fullmatch(parameters.RELEASE, given):
        return given
    try:
        return releases.current(home).release_id
    except NoRelease:
        return None


def _put_answer(response: Response) -> Response:
    found: Any = g.pop("call", None)
    if found is None:
        return response
    try:
        if response.status_code < 400:
            found.asked.given(Given(found.tally.rows, release_id=_told_release(response)))
        else:
            found.asked.refused(response.status)
    except AuditNotWritten:
        return problem(503, NOT_ON_AUDIT)
    return response


def _told_release(response: Response) -> str | None:
    return response.headers.get("X-Trigpoint-Release")
