"""Answers as they leave: rows in a form, where they are from, and a mark by which they are known.

The mark (ETag) of a page is made from all that decides what it holds, so that a program which has
it already is told so without the question being asked again.
"""

import hashlib
import json
from datetime import datetime
from importlib.metadata import version
from itertools import chain
from typing import Any
from urllib.parse import urlencode

import polars as pl
from flask import Response, request

from api.formats import FORMS, JSON, NOT_WRITTEN
from api.parameters import Wanted
from api.rows import Page
from people.settings import SignIn
from store.errors import WrongUse
from store.exports import document_to_json, json_pieces, whole_or_pieces
from store.moments import written
from store.reader import Reader
from store.releases import Release

# Whoever keeps an answer asks before each use: rights and agreements end at any moment.
CACHED = "private, no-cache"
VARY = "Accept, Authorization"
NAMED_ALONE = {"metric": "all-metrics", "area": "all-areas"}


def mark(reader: Reader, wanted: Wanted, form: str) -> str:
    """What tells an answer from every other: release, moment, scope, what is withheld, question."""
    withheld = reader.withheld
    told = [
        version("trigpoint"),
        reader.release.release_id,
        reader.as_of,
        reader.viewer.scope,
        *(sorted(found) for found in (withheld.release, withheld.exact or (), withheld.record)),
        [sorted(names) for names in withheld.audience],
        withheld.exact is None,
        request.path,
        sorted(wanted.filters.items()),
        [wanted.limit, wanted.cursor, form],
    ]
    return _hash(json.dumps(told, default=str).encode())


def is_known(etag: str) -> bool:
    """Whether the program has this answer already."""
    return bool(request.if_none_match) and request.if_none_match.contains_weak(etag)


def unchanged(etag: str) -> Response:
    """That the program has this answer already."""
    answer = Response(status=304)
    del answer.headers["Content-Type"]  # of no body
    return _kept(answer, etag)


def of_page(page: Page, wanted: Wanted, form: str, release: Release) -> Response:
    """One page in the form that was chosen, with the way to the next."""
    following = _address(page.next.written()) if page.next else None
    if form == "json":
        head = _head(release, wanted.as_of) | {"next": following}
        answer = rows_as_json(head, page.rows)
    else:
        answer = rows_as(form, page.rows, _file_name(wanted, release, form))
    if following:
        site = SignIn.read().address or request.host_url.rstrip("/")
        answer.headers["Link"] = f'<{site}{following}>; rel="next"'
    return answer


def rows_as_json(head: dict[str, Any], rows: pl.DataFrame) -> Response:
    """Rows below what is said of them all. Raises `WrongUse` where a value has no form in JSON."""
    told = json.dumps(head, default=_as_text, ensure_ascii=False).removesuffix("}")
    try:
        pieces = chain([f'{told}, "rows": '.encode()], json_pieces(rows), [b"}\n"])
        return Response(whole_or_pieces(pieces), mimetype=JSON)
    except NOT_WRITTEN as fault:
        raise _not_written(fault, "JSON") from None


def rows_as(form: str, rows: pl.DataFrame, name: str) -> Response:
    """Rows as a file. Raises `WrongUse` where a value has no such form."""
    chosen = FORMS[form]
    try:
        content = whole_or_pieces(chosen.written(rows))
        answer = Response(content, mimetype=chosen.media_type)
    except NOT_WRITTEN as fault:
        raise _not_written(fault, form) from None
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def of_document(told: dict[str, Any]) -> Response:
    """One nested document as JSON, marked by what it says."""
    return by_content(Response(document_to_json(told), mimetype=JSON))


def by_content(answer: Response) -> Response:
    """An answer marked by what it says, for what is not of one release alone."""
    etag = _hash(answer.get_data())
    return unchanged(etag) if is_known(etag) else _kept(answer, etag)


def with_place(
    answer: Response, release_id: str, as_of: datetime | None, etag: str | None = None
) -> Response:
    """The answer with its release, its moment and its mark among its headers."""
    answer.headers["X-Trigpoint-Release"] = release_id
    if as_of is not None:
        answer.headers["X-Trigpoint-As-Of"] = written(as_of)
    return _kept(answer, etag) if etag else answer


def file_name(what: str, release_id: str, as_of: datetime | None, ending: str) -> str:
    """A name that says what a file holds, of which release and moment."""
    at = f"as-of-{as_of:%Y-%m-%dT%H%M}" if as_of else "as-of-release"
    return f"{what}_{release_id}_{at}.{ending}"


def _file_name(wanted: Wanted, release: Release, form: str) -> str:
    """With the measure and the area where one is named, and how many where there are more."""
    kind = request.path.rsplit("/", 1)[-1]
    parts = [kind, *(_named(wanted, name) for name in NAMED_ALONE if kind in {"figures", "claims"})]
    as_of = wanted.as_of or release.released_at
    return file_name("_".join(parts), release.release_id, as_of, FORMS[form].ending)


def _named(wanted: Wanted, name: str) -> str:
    given = wanted.filters.get(name, [])
    if len(given) > 1:
        return f"{len(given)}-{name}s"
    return str(given[0]) if given else NAMED_ALONE[name]


def _head(release: Release, as_of: datetime | None) -> dict[str, Any]:
    return {
        "release_id": release.release_id,
        "released_at": release.released_at,
        "as_of": written(as_of) if as_of else None,
        "is_simulated": release.is_simulated,
    }


def _address(cursor: str) -> str:
    """The same question from the cursor on, as a path of this site."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "cursor"]
    return f"{request.path}?{urlencode([*kept, ('cursor', cursor)])}"


def _kept(answer: Response, etag: str) -> Response:
    answer.set_etag(etag)
    answer.headers["Cache-Control"] = CACHED
    answer.headers["Vary"] = VARY
    return answer


def _hash(told: bytes) -> str:
    return hashlib.sha256(told).hexdigest()[:32]


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _not_written(fault: BaseException, form: str) -> WrongUse:
    told = " ".join(str(fault).split())[:200]
    return WrongUse(f"the answer cannot be written as {form} ({told}); cast its columns to varchar")
