"""The addresses of the API. Each reads what is asked, at its caller's scope, and answers."""

import re
from datetime import datetime

from flask import Blueprint, Flask, Response, jsonify

from api import (
    NAME,
    PREFIX,
    answers,
    document,
    faults,
    formats,
    gate,
    paging,
    parameters,
    questions,
    rows,
)
from api.faults import Problem
from api.gate import call
from api.parameters import TAKEN, Wanted
from api.resources import Resource, resources
from journal import figure_document
from people.exits import leaves_by
from people.places import place
from store import citations, kept_readers, releases
from store.errors import TrigpointError, WrongUse
from store.reader import Reader

ITS_OWN = "A citation names its own release; ask it without as_of and release."

api = Blueprint(NAME, __name__, url_prefix=PREFIX)


def join(server: Flask) -> None:
    """Let a server answer these addresses; its own gate asks `gate.admit` first."""
    faults.told_by(api)
    gate.guard(api)
    server.register_blueprint(api)


@api.get("/openapi.json", provide_automatic_options=False)
@leaves_by("api.openapi")
def openapi() -> Response:
    """What there is to ask, as OpenAPI 3.1."""
    parameters.read(TAKEN["nothing"])
    return jsonify(document.written())


@api.get("/metrics", provide_automatic_options=False)
@leaves_by("api.metrics")
def metrics() -> Response:
    """Measures and what they mean."""
    return _page(resources()["metrics"])


@api.get("/metrics/<metric_id>", provide_automatic_options=False)
@leaves_by("api.metrics")
def metric(metric_id: str) -> Response:
    """One measure."""
    wanted = parameters.read(TAKEN["one"])
    formats.require_json()
    reader = _reader(wanted)
    columns = ", ".join(column.name for column in resources()["metrics"].columns)
    found = reader.ask(
        f"select {columns} from metrics where metric_id = $one", one=_named(metric_id)
    )
    if found.is_empty():
        raise Problem(404, f"There is no measure “{metric_id[:80]}” in this release.")
    return answers.with_place(
        answers.of_document(found.row(0, named=True)), reader.release.release_id, wanted.as_of
    )


@api.get("/areas", provide_automatic_options=False)
@leaves_by("api.areas")
def areas() -> Response:
    """Areas, places and organisations."""
    return _page(resources()["areas"])


@api.get("/figures", provide_automatic_options=False)
@leaves_by("api.figures")
def figures() -> Response:
    """Figures of measures, areas, groups of people and days."""
    with place(call().bearer.person.subject):
        return _page(resources()["figures"])


@api.get("/figures/<figure_id>", provide_automatic_options=False)
@leaves_by("api.figure")
def figure(figure_id: str) -> Response:
    """Everything behind one figure, or behind the number that a citation names."""
    wanted = parameters.read(TAKEN["one"])
    formats.require_json()

    def opened(as_of: datetime | None, release_id: str | None) -> Reader:
        return _reader(Wanted(as_of=as_of, release_id=release_id or wanted.release_id))

    if figure_id.startswith(citations.PREFIX) and wanted != Wanted(limit=wanted.limit):
        raise Problem(409, ITS_OWN)
    try:
        with place(call().bearer.person.subject):
            told = figure_document.document(call().home, opened, _named(figure_id), wanted.as_of)
    except TrigpointError as fault:
        # A narrower fault says itself what it is.
        if type(fault) not in {TrigpointError, WrongUse}:
            raise
        raise Problem(404, faults.sentence(fault)) from None
    return answers.with_place(
        answers.of_document(told), told["release"]["release_id"], wanted.as_of
    )


@api.get("/claims", provide_automatic_options=False)
@leaves_by("api.claims")
def claims() -> Response:
    """What each source said of figures, and when."""
    with place(call().bearer.person.subject):
        return _page(resources()["claims"])


@api.get("/releases", provide_automatic_options=False)
@leaves_by("api.releases")
def kept() -> Response:
    """Releases that are kept, oldest first."""
    resource = resources()["releases"]
    wanted, home = parameters.read(TAKEN["releases"]), call().home
    form, at = formats.chosen(wanted.format), paging.begin(resource, wanted)
    shown = releases.current(home)
    page = rows.kept_releases(home, resource, wanted, at)
    call().tally.rows = page.rows.height
    answer = answers.by_content(answers.of_page(page, wanted, form, shown))
    return answers.with_place(answer, shown.release_id, None)


@api.get("/releases/<release_id>", provide_automatic_options=False)
@leaves_by("api.releases")
def release(release_id: str) -> Response:
    """One release that is kept."""
    parameters.read(TAKEN["nothing"])
    formats.require_json()
    found = rows.one_release(call().home, _named(release_id))
    return answers.with_place(answers.of_document(found), release_id, None)


@api.post("/sql", provide_automatic_options=False)
@leaves_by("api.sql")
def sql() -> Response:
    """The answer to a question in SQL, from the confined engine."""
    return questions.answered(call(), parameters.read(TAKEN["sql"]))


def _page(resource: Resource) -> Response:
    """One page of a resource; whoever has it already is told so without asking the store."""
    wanted = parameters.read(TAKEN[resource.name])
    form, at = formats.chosen(wanted.format), paging.begin(resource, wanted)
    reader = _reader(Wanted(as_of=wanted.as_of, release_id=_release(wanted, at)))
    rows.require_named(reader, wanted)
    etag = answers.mark(reader, wanted, form)
    if answers.is_known(etag):
        call().tally.rows = 0
        return answers.with_place(answers.unchanged(etag), reader.release.release_id, wanted.as_of)
    page = rows.page(reader, resource, wanted, at)
    # Readers gave one more, by which it is known whether there is another page.
    call().tally.rows = page.rows.height
    answer = answers.of_page(page, wanted, form, reader.release)
    return answers.with_place(answer, reader.release.release_id, wanted.as_of, etag)


def _named(text: str) -> str:
    """A name out of the address, where it could be one at all."""
    if not re.fullmatch(parameters.FIGURE, text):
        raise Problem(404, f"There is nothing called “{text[:60]}” here.")
    return text


def _release(wanted: Wanted, at: paging.Cursor | None) -> str | None:
    return at.release_id if at else wanted.release_id


def _reader(wanted: Wanted) -> Reader:
    return kept_readers.reader_for(call().home, call().viewer, wanted.as_of, wanted.release_id)
