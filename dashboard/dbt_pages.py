"""dbt's own pages of the warehouse that a release was made from, shut off from everything else.

They run inline scripts and make functions from text, so they stand in a sandbox: a document
without an origin, which has no cookie, reads no page of ours and fetches nothing from anywhere.
"""

from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, request

from dashboard import asked
from dashboard.exits import leaves_by
from dashboard.queries import catalogue
from dashboard.seen import see
from store.errors import TrigpointError

PATH = "/catalogue/dbt"
# Where dbt's page looks for what it shows, in the words of dbt itself.
PLACES = {name: f'"{name.upper()}.JSON INLINE DATA"' for name in ("manifest", "catalog")}
POLICY = (
    "sandbox allow-scripts; default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; webrtc 'block'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    # A document in a sandbox may not ask for a group of windows of its own, by the standard.
    "Cross-Origin-Opener-Policy": "unsafe-none",
    "X-DNS-Prefetch-Control": "off",
}

dbt_pages = Blueprint("dbt_pages", __name__)


@dbt_pages.errorhandler(TrigpointError)
def nothing_there(fault: TrigpointError) -> Response:
    """Why there is nothing to show, in one sentence, as before the first release."""
    return Response(f"{fault}\n", 404, mimetype="text/plain")


@dbt_pages.get(PATH)
@leaves_by("page.catalogue")
def of_release() -> Response:
    """Every model, seed, source and test as dbt shows them, of the release that is asked for."""
    seen = see(asked.read(request.args.to_dict()), PATH)
    parts = catalogue.artifacts(seen.reader)
    if seen.gone or not parts:
        abort(404)
    return Response(composed(parts), mimetype="text/html", headers=HEADERS)


def composed(parts: Mapping[str, str]) -> str:
    """dbt's page with its manifest and catalog, JSON both, written into it."""
    page = _page()
    for name, place in PLACES.items():
        # Within a script a text must not end it, whatever somebody described a column by.
        page = page.replace(place, parts[name].replace("<", "\\u003c"))
    return page


@lru_cache(maxsize=1)
def _page() -> str:
    """The page as the installed dbt ships it, found without running any of dbt."""
    spec = find_spec("dbt")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("dbt is not installed")
    folders = [Path(place) / "task" / "docs" for place in spec.submodule_search_locations]
    found = next(path for folder in folders if (path := folder / "index.html").is_file())
    return found.read_text(encoding="utf-8")
