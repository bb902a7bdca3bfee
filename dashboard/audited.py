"""The audit around every address: what was asked is put down before the page looks for it.

Free of it is only what the register of exits says holds no figure: scripts, styles, the sign-in.
"""

import json
import logging
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask, Response, abort, g, request

from dashboard import asked, replaying
from dashboard.exits import CALLBACKS
from dashboard.looking import own_area, person
from journal import audit
from journal.audit import NOT_STATED, Asker, AuditNotWritten, Given, Question
from people.accounts import DEMONSTRATION
from people.exits import WITHOUT_FIGURES
from store import passport, releases
from store.citations import parse
from store.errors import NoRelease, WrongUse
from store.reader import count_rows
from store.settings import Settings

log = logging.getLogger(__name__)
# How the process asks itself once before it serves; nobody else can set this on a request.
SETTING_UP: Mapping[str, Any] = {"trigpoint.setting_up": True}
NAMED = re.compile(r"/(?P<kind>areas|figure|cite)/(?P<name>[^/]+)")
EXITS = {f".{end}": end for end in ("csv", "json", "html", "pdf", "png", "parquet", "zip", "txt")}
# What is about the area of whoever looks unless they name another.
OF_ONES_OWN_AREA = ("/", "/standup", "/files/today.pdf", "/files/today.png")
REFUSAL = (
    "No answer is given, because it cannot be put on the audit. Tell whoever runs this store; "
    "nothing is lost.\n"
)


def guard(server: Flask) -> None:
    """Put each answer on the audit before it leaves; its question was put there by the gate."""
    server.after_request(_put_answer)


def asker() -> Asker:
    """Who is looking, and why: a demonstration, or what nobody has stated."""
    known = person()
    if known is None:
        abort(401)
    is_played = known.subject.startswith(f"{DEMONSTRATION}|")
    return Asker(known.subject, known.role, known.scope, DEMONSTRATION if is_played else NOT_STATED)


def put_question() -> Response | None:
    """Put what is asked on the audit; where that cannot be done there is no answer."""
    if not any(way is None or way.kind not in WITHOUT_FIGURES for way in g.ways):
        return None
    g.tally = count_rows()
    try:
        g.audited = audit.ask(Settings.read().home, asker(), question())
    except AuditNotWritten as fault:
        return refusal(fault)
    return None


def count(rows: int) -> None:
    """Add rows that no reader gave to those that this answer holds."""
    tally = g.get("tally")
    if tally is not None:
        tally.rows += rows


def refuse(why: str) -> None:
    """Say that what is asked has no answer, although the page says why in one of its own."""
    g.refused = why


def hold(given: Given) -> None:
    """Say what this answer holds, where no reader gave it: it was made before."""
    g.given = given


def _put_answer(response: Response) -> Response:
    put = g.pop("audited", None)
    if put is None:
        return response
    why = g.pop("refused", None)
    try:
        if why is not None:
            put.refused(why)
        elif response.status_code < 400:
            put.given(g.get("given") or Given(g.tally.rows))
        else:
            put.refused(response.status)
    except AuditNotWritten as fault:
        return refusal(fault)
    return response


def refusal(fault: Exception) -> Response:
    """That there is no answer, because nothing can be put on the audit."""
    log.error("%s: %s", request.path, fault)
    return Response(REFUSAL, 503, mimetype="text/plain")


def question() -> Question:
    """What the request asks, whatever way it comes: address, file or callback."""
    if request.path == CALLBACKS and request.method == "POST":
        return _called(request.get_json())
    text = request.full_path.removesuffix("?")
    return _asked(_exit(request.path), text, request.path, request.args.to_dict())


def _called(body: dict[str, Any]) -> Question:
    """What a callback asks: a page by its address, or what the browser put into a store."""
    values = {part["property"]: part.get("value") for part in body["inputs"]}
    if "pathname" in values:
        path, search = str(values["pathname"]), str(values.get("search") or "")
        return _asked("callback", path + search, path, dict(parse_qsl(search.removeprefix("?"))))
    value = values.get("data")
    text = f"{body['output']} {json.dumps(value, ensure_ascii=False)}"
    return _asked("callback", text, "", value if isinstance(value, dict) else {})


def _asked(exit_: str, text: str, path: str, query: Mapping[str, Any]) -> Question:
    wanted = asked.read(query)
    areas, metrics, release_id = _about(path, wanted)
    release_id = release_id or _current(replaying.allowed(wanted).replay)
    return Question(exit_, text, areas, metrics, release_id, wanted.as_of)


def _exit(path: str) -> str:
    if path.startswith("/cite/"):
        return "citation"
    if request.method == "POST":
        return "action"
    return next((EXITS[end] for end in EXITS if path.endswith(end)), "page")


def _about(path: str, wanted: asked.Asked) -> tuple[list[str], list[str], str | None]:
    """The areas and metrics that are named, and the release if one is."""
    areas = [wanted.area] if wanted.area else []
    metrics = [wanted.measure] if wanted.measure else []
    release_id, figure_id = wanted.release, wanted.figure or wanted.problem
    found = NAMED.fullmatch(path)
    if found and found["kind"] == "areas":
        areas.append(found["name"])
    elif found and found["kind"] == "figure":
        figure_id = found["name"]
    elif found:
        figure_id, release_id = _cited(found["name"])
    cell = passport.cell(figure_id) if figure_id else None
    if cell:
        areas, metrics = [*areas, cell["area_id"]], [*metrics, cell["metric_id"]]
    return areas or ([own_area()] if path in OF_ONES_OWN_AREA else []), metrics, release_id


def _cited(text: str) -> tuple[str | None, str | None]:
    try:
        citation = parse(text)
    except WrongUse:
        return None, None
    return citation.figure_id, citation.release_id


def _current(replay: str | None) -> str | None:
    try:
        return releases.current(replaying.home(replay)).release_id
    except NoRelease:
        return None
