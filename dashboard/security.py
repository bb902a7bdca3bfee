"""What every response carries, and which addresses exist at all."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask, Response, abort, request

KNOWN = re.compile(
    r"/(?:$|health$|sign-in(?:/(?:as|start|return))?$|sign-out$|areas(?:/[^/]+)?$|figure/[^/]+$|cite/[^/]+$|assets/(?:built/)?[^/]+$|files/(?:areas|figure)\.json$"
    r"|files/(?:trend|comparison|regions|authorities|versions|audit|access|conflicts)\.csv$"
    r"|files/today\.(?:pdf|png)$|files/quarantine/[^/]+\.csv$|sources(?:/[^/]+)?$|sources/releases/roll-back$"
    r"|files/(?:register|record-of-processing)\.(?:html|csv)$|governance(?:/check)?$|your-record$"
    r"|standup(?:/(?:start|end|action|done))?$"
    r"|problems(?:/(?:report|take-up|hand-on|reject|reopen|accept|take-back))?$"
    r"|workspace(?:/(?:save|share|end))?$|files/query\.(?:csv|parquet)$"
    r"|exports(?:/(?:make|cancel|[0-9a-f]{32}/state\.json))?$|files/exports/[0-9a-f]{32}/[^/]+$"
    r"|subscriptions(?:/(?:subscribe|confirm|end))?$|notes/write$"
    r"|your-record/tokens/(?:make|end)$"
    r"|api/v1/(?:openapi\.json|sql|(?:metrics|figures|releases)(?:/[^/]+)?|areas|claims)$"
    r"|catalogue/dbt$|catalogue(?:/(?:metrics|tables|columns)/[^/]+)?$"
    r"|_dash-layout$|_dash-dependencies$|_dash-update-component$|_reload-hash$|_favicon\.ico$"
    r"|_dash-component-suites/.+$)"
)
# Dash and Plotly set styles from script; nothing else may be inline but what Dash itself hashes.
POLICY = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; form-action 'self'; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
CALLBACKS = "/_dash-update-component"
# The longest body that a page sends is a few hundred bytes.
MOST_BYTES = 1_000_000
DATA = (
    *("/files/", "/_dash-layout", "/_dash-update-component", "/health", "/sign"),
    "/your-record/tokens/",
)


def guard(server: Flask) -> None:
    """Refuse every address that is not on the list, before anything else looks at it."""
    server.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @server.before_request
    def only_known() -> None:
        if not KNOWN.fullmatch(request.path):
            abort(404)


def form(callbacks: Mapping[str, Any]) -> None:
    """Refuse what no page of ours sends to a callback, before anybody takes it at its word."""
    if request.path == CALLBACKS and request.method == "POST" and not _is_ours(_body(), callbacks):
        abort(400)


def _body() -> Any:
    try:
        return request.get_json(silent=True)
    except RecursionError:
        return None


def _is_ours(body: Any, known: Mapping[str, Any]) -> bool:
    """Whether a body names a callback that runs here and gives it what it takes."""
    output = body.get("output") if isinstance(body, dict) else None
    callback = known.get(output) if isinstance(output, str) else None
    if callback is None or "callback" not in callback:
        return False
    parts = [
        _named(body.get("inputs")) == _named(callback["inputs"]),
        _named(body.get("state", [])) == _named(callback["state"]),
        _named(_listed(body.get("outputs"))) == _outputs(callback),
        all(isinstance(name, str) for name in _listed(body.get("changedPropIds", []))),
    ]
    return all(parts) and all(map(_is_readable, body["inputs"]))


def _named(parts: Any) -> list[tuple[Any, Any]] | None:
    """Component and property of each part; None where these are not parts of a callback."""
    if not isinstance(parts, list) or not all(isinstance(part, dict) for part in parts):
        return None
    return [(part.get("id"), part.get("property")) for part in parts]


def _outputs(callback: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    outputs = _listed(callback["output"])
    return [(output.component_id, output.component_property) for output in outputs]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _is_readable(part: Mapping[str, Any]) -> bool:
    """Whether an address is text that can be written down: JSON also carries half characters."""
    value = part.get("value")
    if part["id"] != "_pages_location":
        return True
    if not isinstance(value, str) or not value.isprintable():
        return False
    return part["property"] != "pathname" or value.startswith("/")


def policy(hashes: Sequence[str]) -> str:
    """The content security policy, with the hashes of Dash's own inline scripts."""
    return POLICY.format(hashes=" ".join(hashes))


def secured(response: Response, hashes: Sequence[str]) -> Response:
    """The response with its headers; answers with figures in them are not stored.

    A page that is not ours brings a policy of its own, which shuts it off from ours.
    """
    response.headers.setdefault("Content-Security-Policy", policy(hashes))
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.path.startswith(DATA) or response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response
