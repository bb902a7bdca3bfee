"""Scripts, styles and drawings, compressed once for every reader to come; pages as they are asked.

To compress scripts at each request costs a first visit more than a second on a busy machine. Files
that leave are not compressed here: they are streamed, and a proxy may.
"""

import gzip
from functools import lru_cache
from pathlib import Path

from flask import Response, request

STATIC = ("/assets/", "/_dash-component-suites/")
# No other site can have it asked: it takes a header with the session's own token, so nobody can try
# texts against the length of what comes back.
PAGES = "/_dash-update-component"
# Large, the same for everybody, and without anything to guess.
OPEN_PAGES = ("/catalogue/dbt",)
TEXT = {
    *("text/javascript", "application/javascript", "text/css", "image/svg+xml"),
    *("application/json", "text/html"),
}
LEAST_BYTES = 1000
BUILT = "/assets/built/"
ASSETS = Path(__file__).parent / "assets"


def compressed(response: Response) -> Response:
    """The response in the smallest form that the browser takes, if it is text of a kind above."""
    if not _may_be(response):
        return response
    response.headers["Vary"] = "Accept-Encoding"
    for encoding, form in FORMS.items():
        if request.accept_encodings.quality(encoding):
            response.direct_passthrough = False
            body = form(request.path, response.get_data())
            if body:
                return _as(response, encoding, body)
    return response


def _may_be(response: Response) -> bool:
    is_long = (response.content_length or LEAST_BYTES) >= LEAST_BYTES
    is_here = request.path.startswith(STATIC) or request.path in (PAGES, *OPEN_PAGES)
    return is_here and is_long and response.status_code == 200 and response.mimetype in TEXT


def _as(response: Response, encoding: str, body: bytes) -> Response:
    etag, _ = response.get_etag()
    response.set_data(body)
    response.headers["Content-Encoding"] = encoding
    if etag:
        # The same content in another form, so the mark is weak.
        response.set_etag(etag, weak=True)
    return response


def _brotli(path: str, _: bytes) -> bytes | None:
    """Only what was made when the assets were built, for it takes seconds."""
    return _built(path, "br")


def _zipped(path: str, text: bytes) -> bytes:
    if path in (PAGES, *OPEN_PAGES):
        return gzip.compress(text, 5)
    return _built(path, "gz") or _kept(text)


def _built(path: str, kind: str) -> bytes | None:
    """The form that was made when the assets were built, of what was built."""
    return _read(f"{path.removeprefix(BUILT)}.{kind}") if path.startswith(BUILT) else None


@lru_cache(maxsize=16)
def _read(name: str) -> bytes | None:
    file = ASSETS / "built" / name
    return file.read_bytes() if file.exists() else None


@lru_cache(maxsize=64)
def _kept(text: bytes) -> bytes:
    return gzip.compress(text, 9, mtime=0)


FORMS = {"br": _brotli, "gzip": _zipped}
