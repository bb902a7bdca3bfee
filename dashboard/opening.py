"""From an address to a page: the reader opened, what is missing said plainly, no stack traces."""

import logging
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from dash import html
from flask import has_request_context

from dashboard import asked
from dashboard.components.page import frame
from dashboard.readers import reader_at
from dashboard.seen import Seen, see
from store.errors import NoRelease, ReleaseGone, UnknownScope
from store.reader import Reader

log = logging.getLogger(__name__)


def opened(path: str, query: Mapping[str, Any], build: Callable[[Seen], html.Div]) -> html.Div:
    """What `build` makes of the request, or the page that says why there is none."""

    def found(request: asked.Asked) -> html.Div:
        try:
            return build(see(request, path))
        except NoRelease:
            return no_release(request, path)
        except UnknownScope:
            return no_scope(request, path)
        except ReleaseGone as gone:
            return unreadable(request, path, gone)

    return made(path, query, found)


def made(path: str, query: Mapping[str, Any], build: Callable[[asked.Asked], html.Div]) -> html.Div:
    """What `build` makes of a request that may need no release, or that it could not be made."""
    if not has_request_context():
        return html.Div()
    request = asked.read(query)
    try:
        return build(request)
    except Exception:
        reference = uuid.uuid4().hex[:8]
        log.exception("page %s could not be made (reference %s)", path, reference)
        return failed(request, path, reference)


def titled(name: Callable[[Reader], str | None]) -> str:
    """The window's title of a page that is named after what the release holds."""
    try:
        found = name(reader_at())
    except NoRelease:
        return "No release yet \u2013 Trigpoint"
    except ReleaseGone:
        return "The release cannot be opened \u2013 Trigpoint"
    except UnknownScope:
        return "Your area is not here \u2013 Trigpoint"
    return f"{found or 'Page not found'} \u2013 Trigpoint"


def no_release(request: asked.Asked, path: str) -> html.Div:
    """Nothing has been published: what to do."""
    simulate, files = (
        html.Code("trigpoint run --simulate"),
        html.Code("trigpoint run --from FOLDER"),
    )
    content: list[Any] = [
        html.H1("No release yet"),
        html.P("Nothing has been published in this store, so there is no figure to show."),
        html.P("Publish a first release in a terminal, then load this page again:"),
        html.Ul(
            [
                html.Li([simulate, " for an England of invented numbers"]),
                html.Li([files, " for publishers\u2019 files"]),
            ]
        ),
    ]
    return frame(request, path, content)


def unreadable(request: asked.Asked, path: str, gone: ReleaseGone) -> html.Div:
    """The release that is shown is damaged, or of another version: who mends it, and how."""
    content = [
        html.H1("The release cannot be opened"),
        html.P(
            f"Release {gone.release_id} was written by another version of Trigpoint, or its files "
            "are damaged. Whoever runs this store mends it in a terminal:"
        ),
        html.P(html.Code("trigpoint publish")),
    ]
    return frame(request, path, content)


def no_scope(request: asked.Asked, path: str) -> html.Div:
    """Whoever looks is given an area that the release does not know: whom to ask."""
    content = [
        html.H1("Your area is not in this release"),
        html.P(
            "So there is nothing that you may see as its own. Ask whoever gives out access to "
            "Trigpoint where you work whether your area is the right one."
        ),
    ]
    return frame(request, path, content)


def failed(request: asked.Asked, path: str, reference: str) -> html.Div:
    """Something broke here: one sentence, a way on, a reference to the log."""
    content = [
        html.H1("This page could not be made"),
        html.P("The fault is on our side and has been written down."),
        html.P([html.A("Try again", href=path), f". If it stays, report reference {reference}."]),
    ]
    return frame(request, path, content)


def not_found(request: asked.Asked, path: str, what: str) -> html.Div:
    """There is nothing at this address: a way back."""
    content = [
        html.H1("Page not found"),
        html.P(what),
        html.P(
            [
                "Go to ",
                html.A("Today", href=request.link("/")),
                " or ",
                html.A("find an area", href=request.link("/areas")),
                ".",
            ]
        ),
    ]
    return frame(request, path, content)
