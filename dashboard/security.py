"""What every response carries, and which addresses exist at all."""

import re
from collections.abc import Sequence

from flask import Flask, Response, abort, request

KNOWN = re.compile(
    r"/(?:$|health$|areas(?:/[^/]+)?$|figure/[^/]+$|cite/[^/]+$|assets/[^/]+$|files/(?:areas|figure)\.json$"
    r"|files/(?:trend|comparison|regions|versions)\.csv$"
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
DATA = ("/files/", "/_dash-layout", "/_dash-update-component", "/health")


def guard(server: Flask) -> None:
    """Refuse every address that is not on the list, before anything else looks at it."""

    @server.before_request
    def only_known() -> None:
        if not KNOWN.fullmatch(request.path):
            abort(404)


def policy(hashes: Sequence[str]) -> str:
    """The content security policy, with the hashes of Dash's own inline scripts."""
    return POLICY.format(hashes=" ".join(hashes))


def secured(response: Response, hashes: Sequence[str]) -> Response:
    """The response with its headers; answers with figures in them are not stored."""
    response.headers["Content-Security-Policy"] = policy(hashes)
    for name, value in HEADERS.items():
        response.headers[name] = value
    if request.path.startswith(DATA) or response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-store"
    return response
