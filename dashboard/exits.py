"""Which exit an address or a callback is, found where it was made; without one it is shut."""

import re
from collections.abc import Mapping
from typing import Any

import dash
from flask import Flask, request

from dashboard import looking
from people.exits import Exit, leaves_by, register, way_of

__all__ = ["leaves_by"]
FRAME, ROUTER, SIGN_IN = register("frame"), register("callback.page"), register("sign_in")
# What Dash itself answers, by the names of its endpoints; none of it holds a figure.
DASH = (
    "_dash_assets.static",
    "/_dash-component-suites/<string:package_name>/<path:fingerprinted_path>",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_reload-hash",
    "/_favicon.ico",
)
# Dash makes the callback that turns an address into a page.
PAGE_CALLBACK = ".._pages_content.children..._pages_store.data.."
CALLBACKS = "/_dash-update-component"
PAGES = ("/", "/<path:path>")
# Pages that Dash does not make.
OTHER_PAGES = ("dbt_pages.of_release",)
# The sign-in page looks like the others, and anybody may read how that is done.
OPEN_ASSETS = re.compile(r"/assets/(?:trigpoint\.css|mark\.svg|built/source-sans-3-[\w-]+\.woff2)")
_pages: dict[str, Exit] = {}


def may_take(name: str) -> bool:
    """Whether who is looking may take an exit: only then does a page lead there."""
    return looking.may(register(name))


def is_page(endpoint: str | None) -> bool:
    """Whether a person reads what it answers: they are led to sign in, and told in a page."""
    return endpoint in PAGES or endpoint in OTHER_PAGES


def page_leaves_by(name: str, module: str) -> Exit:
    """Let a page be an exit of this name."""
    return _pages.setdefault(module, register(name))


def of_view(server: Flask, endpoint: str) -> Exit | None:
    """The exit of an endpoint, whatever is asked of it; of pages and callbacks by what is asked."""
    if endpoint in DASH:
        return FRAME
    return way_of(server.view_functions[endpoint])


def of_page(path: str) -> Exit | None:
    """The exit of the page at a path, found as Dash finds the page."""
    page, _ = dash._pages._path_to_page(path.strip("/"))  # type: ignore[no-untyped-call]
    return _pages.get(page["module"]) if page else _pages.get("dashboard.pages.not_found_404")


def of_callback(callbacks: Mapping[str, Any], output: str) -> Exit | None:
    """The exit of a callback that runs here."""
    if output == PAGE_CALLBACK:
        return ROUTER
    return way_of(callbacks.get(output, {}).get("callback"))


def asked_for(server: Flask, callbacks: Mapping[str, Any], body: Any) -> list[Exit | None]:
    """Every exit that this request would take: a callback that makes a page takes two."""
    endpoint = request.endpoint or ""
    if endpoint == CALLBACKS:
        if request.method == "OPTIONS":
            return [FRAME]
        output = body["output"]
        page = _path(body) if output == PAGE_CALLBACK else None
        return [of_callback(callbacks, output), *([of_page(page)] if page is not None else [])]
    if endpoint in PAGES:
        return [of_page(request.path)]
    if endpoint == "_dash_assets.static" and OPEN_ASSETS.fullmatch(request.path):
        return [SIGN_IN]
    return [of_view(server, endpoint)] if endpoint in server.view_functions else [None]


def _path(body: Mapping[str, Any]) -> str:
    return next(str(part["value"]) for part in body["inputs"] if part["property"] == "pathname")
