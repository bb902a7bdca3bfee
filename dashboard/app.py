"""The dashboard as a server: `gunicorn dashboard.app:server`.

The store's home is read from `TRIGPOINT_HOME`; a new release is followed as soon as it is current.
"""

import logging
import re
import uuid
from importlib import import_module
from pathlib import Path

from dash import ClientsideFunction, Dash, Input, Output, dcc, html, page_container
from dash.exceptions import DependencyException
from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

import api
from api import addresses, faults
from dashboard import asked, audited, exits, gate, security
from dashboard.asked import AREA
from dashboard.cited import cited
from dashboard.components.drawer import drawer
from dashboard.compressed import compressed
from dashboard.dbt_pages import dbt_pages
from dashboard.exporting import exporting, handing_out
from dashboard.files import files
from dashboard.governing import governing
from dashboard.noting import noting
from dashboard.queries import catalogue, reference
from dashboard.queries.source import source
from dashboard.querying import answers, querying
from dashboard.reporting import reporting
from dashboard.rolling_back import rolling_back
from dashboard.seen import see
from dashboard.signing_in import signing_in
from dashboard.standing_up import standing_up
from dashboard.subscribing import subscribing
from dashboard.tokens import tokens
from journal.engine import JournalUnavailable
from people.settings import PROVIDER, SignIn, cookie_secret
from store import passport, releases
from store.errors import NoRelease, ReleaseGone, UnknownScope, WrongUse
from store.figure_document import from_record
from store.reader import Reader
from store.settings import Settings

log = logging.getLogger(__name__)
ASSETS = Path(__file__).parent / "assets"
PAGES = (
    *("today", "standup", "areas", "area", "figure", "workspace", "sources", "source"),
    *("conflicts", "releases", "exports"),
    *("catalogue", "catalogue_metric", "catalogue_table", "catalogue_column"),
    *("governance", "your_record", "problems", "subscriptions", "not_found_404"),
)
# Pages below `/sources/` that are no source.
SECTIONS = ("conflicts", "releases")
INDEX = """<!DOCTYPE html>
<html lang="en-GB">
<head>
{%metas%}
<title>{%title%}</title>
<link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
{%css%}
</head>
<body>
<a class="skip" href="#main">Skip to main content</a>
{%app_entry%}
<noscript><p>Trigpoint needs JavaScript to show its figures.</p></noscript>
<div id="trouble" role="alert"></div>
<dialog id="signed-out" class="signed-out" aria-labelledby="signed-out-said">
<h2 id="signed-out-said">You have been signed out</h2>
<p>Sign in to go on where you were.</p>
<p class="kept" hidden>What you have written is kept.</p>
<p><a class="button" href="/sign-in">Sign in</a></p>
</dialog>
{%config%}
{%scripts%}
{%renderer%}
</body>
</html>
"""
# Scripts that no page loads but the one that needs them (`assets/needs.js`).
FETCHED_BY_PAGES = r"^(?:workspace|editor)\.js"
NAMED = re.compile(r"/(areas|figure|sources|catalogue/(?:metrics|tables|columns))/([^/]+)")


def create() -> Dash:
    """The application: pages, drawer, files, guards. Makes no network connection of its own."""
    server = Flask("trigpoint", root_path=str(ASSETS.parent), static_folder=None)
    _sign_in(server)
    security.guard(server)
    server.register_blueprint(files)
    server.register_blueprint(exporting)
    server.register_blueprint(handing_out)
    server.register_blueprint(cited)
    server.register_blueprint(dbt_pages)
    server.register_blueprint(governing)
    server.register_blueprint(noting)
    server.register_blueprint(answers)
    server.register_blueprint(querying)
    server.register_blueprint(reporting)
    server.register_blueprint(rolling_back)
    server.register_blueprint(signing_in)
    server.register_blueprint(standing_up)
    server.register_blueprint(subscribing)
    server.register_blueprint(tokens)
    addresses.join(server)
    server.add_url_rule("/health", "health", health)
    server.register_error_handler(404, not_found)
    server.register_error_handler(405, wrong_method)
    server.register_error_handler(500, broken)
    server.register_error_handler(JournalUnavailable, audited.refusal)
    # A script that no page names, which Dash takes for a fault of its own.
    server.register_error_handler(DependencyException, not_found)
    app = Dash(
        "dashboard",
        server=server,  # type: ignore[arg-type]
        assets_folder=str(ASSETS),
        assets_ignore=FETCHED_BY_PAGES,
        pages_folder="",
        use_pages=True,
        index_string=INDEX,
        include_pages_meta=False,
        serve_locally=True,
        suppress_callback_exceptions=True,
        update_title="",
        title="Trigpoint",
        csrf_token_name=gate.FORM_TOKEN,
        csrf_header_name=gate.FORM_HEADER,
        use_async=False,
        enable_mcp=False,
        compress=False,  # dashboard/compressed.py
    )
    for page in PAGES:
        import_module(f"dashboard.pages.{page}")
    app.layout = html.Div([page_container, *drawer(), dcc.Store(id="arrived")])
    app.clientside_callback(  # type: ignore[no-untyped-call]
        ClientsideFunction("trigpoint", "arrived"),
        Output("arrived", "data"),
        Input("_pages_store", "data"),
        prevent_initial_call=True,
    )
    gate.guard(server, app.callback_map)
    # What is registered last runs first: the status, then the audit of it, then the headers.
    server.after_request(lambda response: security.secured(response, app.csp_hashes()))
    audited.guard(server)
    server.after_request(_stated)
    server.after_request(compressed)
    _set_up(server)
    return app


def _sign_in(server: Flask) -> None:
    """What the way of signing in needs of the server as a whole."""
    settings = SignIn.read()
    if settings.proxies:
        server.wsgi_app = ProxyFix(server.wsgi_app, settings.proxies, 0, 0, 0, 0)  # type: ignore[method-assign]
    # Of Flask's own cookie there is need only on the way to a provider and back.
    server.config.update(
        SECRET_KEY=cookie_secret() if settings.way == PROVIDER else None,
        SESSION_COOKIE_NAME="trigpoint_on_the_way",
        SESSION_COOKIE_PATH="/sign-in",
        SESSION_COOKIE_SECURE=settings.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
    )


def _set_up(server: Flask) -> None:
    """Answer one request before any browser asks.

    Dash completes its scripts and callbacks during the first request of a process, and lets the
    requests beside it see them half done: a first page that fetches in parallel lost a script.
    """
    server.test_client().get("/", environ_overrides=audited.SETTING_UP)


@exits.leaves_by("health")
def health() -> Response:
    """Whether this process answers, and which release it would answer from."""
    try:
        release = releases.current(Settings.read().home).release_id
    except NoRelease:
        release = None
    return jsonify(status="ok", release=release)


def not_found(fault: Exception) -> AnyResponse:
    """A plain page with a way back, without any script; programs are told in their own way."""
    if api.is_below(request.path) and isinstance(fault, HTTPException):
        return faults.of_http(fault)
    return make_response(render_template("not_found.html"), 404)


def wrong_method(fault: HTTPException) -> AnyResponse:
    """That an address takes other methods, and which."""
    return faults.of_http(fault) if api.is_below(request.path) else fault.get_response()


def broken(_: Exception) -> tuple[str, int]:
    """A fault of ours outside a page: a reference to the log, where Flask wrote what happened."""
    reference = uuid.uuid4().hex[:8]
    log.error("%s could not be answered (reference %s)", request.path, reference)
    return f"The fault is on our side. Report reference {reference}.\n", 500


def _stated(response: Response) -> Response:
    """Answer 404 for the page of an area, a figure, a source and such that does not exist."""
    named = NAMED.fullmatch(request.path)
    if named and response.status_code == 200 and not _exists(named.group(1), named.group(2)):
        response.status_code = 404
    return response


def _exists(kind: str, name: str) -> bool:
    try:
        seen = see(asked.read(request.args.to_dict()), request.path)
    except (NoRelease, ReleaseGone, UnknownScope):
        return True
    if kind == "areas":
        return bool(AREA.fullmatch(name)) and reference.area(seen.reader, name) is not None
    if kind.startswith("catalogue/"):
        return catalogue.exists(seen.reader, kind.removeprefix("catalogue/"), name)
    if kind == "sources":
        return name in SECTIONS or source(seen.reader, name) is not None
    if seen.gone:
        return _was_shown(seen.reader, name, seen.gone)
    return passport.is_known(seen.reader, name)


def _was_shown(reader: Reader, figure_id: str, gone: ReleaseGone) -> bool:
    try:
        from_record(reader, figure_id, gone)
    except WrongUse:
        return False
    return True


app = create()
server = app.server
