"""What could not be done, as programs are told it: RFC 9457 problems, each in a plain sentence."""

import json
import logging
import uuid
from contextlib import suppress
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestEntityTooLarge

from api import NAME
from api.limits import limits
from journal.audit import AuditNotWritten
from journal.engine import JournalUnavailable
from people.attempts import TooOften
from store.errors import NoRelease, NotAnswered, ReleaseGone, TrigpointError, UnknownScope, WrongUse
from store.sandbox import Busy, Refused, SandboxUnavailable

log = logging.getLogger(__name__)
METHODS = ("GET", "HEAD", "POST")
TYPE = "application/problem+json"
BEARER = 'Bearer realm="trigpoint"'
NOT_ON_AUDIT = (
    "No answer is given, because it cannot be put on the audit. Tell whoever runs this store; "
    "nothing is lost."
)
NO_ENGINE = "Questions in SQL are not answered here now. Tell whoever runs this store."
# When to come back where too many questions wait already.
WHEN_BUSY_S = 5
NO_ADDRESS = "There is no such address; /api/v1/openapi.json describes those there are."
# The sentence of a status where nothing better is known.
SAID = {
    404: NO_ADDRESS,
    405: "This address does not take that method; Allow names those it does.",
    413: f"The body is too long; the longest has {limits().most_body_bytes:,} bytes.",
}
# The status that each kind of fault deserves, the narrower kinds first.
STATUS: tuple[tuple[type[TrigpointError], int], ...] = (
    (ReleaseGone, 410),
    (NoRelease, 409),
    (UnknownScope, 409),
    (SandboxUnavailable, 503),
    (AuditNotWritten, 503),
    (JournalUnavailable, 503),
    (NotAnswered, 422),
    (WrongUse, 422),
)


class Problem(Exception):  # noqa: N818
    """A request that is not answered: its status, one sentence, and headers that go with it.

    The names of `headers` have `_` in place of `-`.
    """

    def __init__(self, status: int, sentence: str, **headers: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence
        self.headers = headers


def problem(status: int, said: str, line: int | None = None, **headers: str) -> Response:
    """A problem as an answer. `headers` have `_` in place of `-`.

    `line` is the line of a question that is wrong.
    """
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": said.strip(),
    }
    body |= {"line": line} if line is not None else {}
    answer = Response(json.dumps(body, ensure_ascii=False) + "\n", status, mimetype=TYPE)
    answer.headers["Cache-Control"] = "no-store"
    for name, value in headers.items():
        answer.headers[name.replace("_", "-")] = value
    return answer


def told_by(below: Blueprint) -> None:
    """Let every fault of these addresses be told as a problem."""
    below.register_error_handler(Problem, _problem)
    below.register_error_handler(TooOften, _too_often)
    below.register_error_handler(Refused, _refused)
    below.register_error_handler(Busy, _busy)
    below.register_error_handler(TrigpointError, _not_done)
    below.register_error_handler(HTTPException, of_http)
    below.register_error_handler(Exception, _broken)


def of_http(fault: HTTPException) -> Response:
    """A fault that Flask itself found: no such address, another method, a body that is too long."""
    status = fault.code or 500
    said = SAID.get(status) or fault.description or HTTPStatus(status).phrase
    if isinstance(fault, RequestEntityTooLarge):
        said = SAID[413]
    answer = problem(status, said)
    if isinstance(fault, MethodNotAllowed):
        answer.headers["Allow"] = ", ".join(_methods())
    return answer


def _methods() -> list[str]:
    """What this address takes; pages that Dash finds at any address count for nothing here."""
    adapter, found = current_app.create_url_adapter(request), []
    for method in METHODS:
        with suppress(HTTPException):
            endpoint, _ = adapter.match(method=method) if adapter else ("", {})
            found += [method] if endpoint.startswith(f"{NAME}.") else []
    return found


def sentence(fault: TrigpointError) -> str:
    """What a fault of the store says, as a sentence of its own."""
    said = str(fault)
    return f"{said[:1].upper()}{said[1:]}."


def _problem(fault: Problem) -> Response:
    return problem(fault.status, fault.sentence, None, **fault.headers)


def _too_often(fault: TooOften) -> Response:
    said = f"This was asked for too often. Try again in {fault.wait_s} seconds."
    return problem(429, said, Retry_After=str(fault.wait_s))


def _refused(fault: Refused) -> Response:
    return problem(422, sentence(fault), fault.line)


def _busy(fault: Busy) -> Response:
    return problem(429, sentence(fault), Retry_After=str(WHEN_BUSY_S))


def _not_done(fault: TrigpointError) -> Response:
    """The sentence that people are told by every other exit as well."""
    status = next((status for kind, status in STATUS if isinstance(fault, kind)), 500)
    if status == 503:
        log.error("%s: %s", request.path, fault)
        return problem(503, NO_ENGINE if isinstance(fault, SandboxUnavailable) else NOT_ON_AUDIT)
    return problem(status, sentence(fault))


def _broken(_: Exception) -> Response:
    """A fault of ours: a reference to the log."""
    reference = uuid.uuid4().hex[:8]
    log.exception("%s could not be answered (reference %s)", request.path, reference)
    return problem(500, f"The fault is on our side. Report reference {reference}.")
