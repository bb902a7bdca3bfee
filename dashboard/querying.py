"""What the workspace puts down and hands out: queries saved, shared, taken away; whole answers."""

import json
import uuid
from collections.abc import Iterator
from dataclasses import replace

import polars as pl
import pyarrow.lib as pa
from flask import Blueprint, Response, abort, redirect, request
from pyarrow import parquet
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from dashboard import asked, audited, looking, wanted
from dashboard.components.workspace import PATH
from dashboard.exits import leaves_by
from dashboard.putting_down import puts_down, whoever
from dashboard.readers import reader_at
from dashboard.results import with_flags
from dashboard.running import of_kept
from journal import queries
from journal.queries import Kept, Text
from people.places import place
from store import sandbox
from store.errors import TrigpointError
from store.exports import csv_pieces, whole_or_pieces
from store.sandbox import Answer
from store.settings import Settings

querying = puts_down("querying", PATH)
answers = Blueprint("answers", __name__, url_prefix="/files")


@querying.post("/save")
@leaves_by("action.save_query")
def save() -> AnyResponse:
    """Keep what stands in the editor under a name."""
    text, name = _text(), request.form.get("name", "")
    kept = queries.keep_named(Settings.read().home, whoever().subject, text, name)
    return _opened(kept)


@querying.post("/share")
@leaves_by("action.share_query")
def share() -> AnyResponse:
    """Let whoever may open the workspace open one of one's own queries by its id."""
    wanted_id = request.form.get("query", "")
    return _opened(queries.share(Settings.read().home, wanted_id, whoever().subject))


@querying.post("/end")
@leaves_by("action.save_query")
def end() -> AnyResponse:
    """Take one of one's own queries out of sight, also of whom it was shared with."""
    queries.end(Settings.read().home, request.form.get("query", ""), whoever().subject)
    return _opened()


@answers.get("/query.csv")
@leaves_by("export.query")
def as_csv() -> Response:
    """The whole answer to a kept query as CSV made for people."""
    kept, given = _whole()
    content = whole_or_pieces(csv_pieces(pl.DataFrame(given.table)))
    return _file(content, "text/csv", "csv", kept, given)


@answers.get("/query.parquet")
@leaves_by("export.query")
def as_parquet() -> Response:
    """The same rows with their types."""
    kept, given = _whole()
    sink = pa.BufferOutputStream()
    parquet.write_table(given.table, sink, compression="zstd")
    content = sink.getvalue().to_pybytes()
    return _file(content, "application/vnd.apache.parquet", "parquet", kept, given)


@answers.errorhandler(TrigpointError)
def not_answered(fault: TrigpointError) -> Response:
    """Why there is no file, in one sentence."""
    return Response(f"{fault}\n", 400, mimetype="text/plain")


@answers.errorhandler(400)
@answers.errorhandler(404)
@answers.errorhandler(413)
def no_file(fault: HTTPException) -> Response:
    """The same where the address is at fault."""
    return Response(f"{fault.description}\n", fault.code or 400, mimetype="text/plain")


def _opened(kept: Kept | None = None) -> AnyResponse:
    """The workspace again, with a query in it, from the release and of the moment of the form."""
    names = ("as_of", "release")
    place = asked.read({name: request.form.get(name) for name in names})
    return redirect(place.link(PATH, query=kept.query_id if kept else None), 303)


def _text() -> Text:
    """What the form brings from the editor. Raises `WrongUse` for values that cannot be read."""
    given = request.form
    try:
        sent = json.loads(given.get("parameters") or "{}")
    except ValueError:
        abort(400, "The values of the query cannot be read, so nothing was saved.")
    moment = asked.read({"as_of": given.get("as_of")})
    if moment.notes:
        abort(400, moment.notes[0])
    return Text(given.get("sql", ""), wanted.parameters(sent), moment.as_of)


def _whole() -> tuple[Kept, Answer]:
    """A kept query, answered anew at the scope of whoever asks; never a part of it."""
    asked_for = asked.read(request.args.to_dict())
    if asked_for.notes:
        abort(400, asked_for.notes[0])
    home, subject = Settings.read().home, whoever().subject
    kept = queries.one(home, asked_for.query or "", subject)
    if kept is None:
        abort(404, asked.unknown("query", asked_for.query or ""))
    question = of_kept(kept, asked_for)
    with place(subject):
        given = sandbox.ask(home, looking.viewer(), subject, question, uuid.uuid4().hex)
    if given.is_cut:
        abort(413, given.too_large)
    audited.count(given.table.num_rows)
    reader = reader_at(given.as_of, given.release_id)
    return kept, replace(given, table=with_flags(reader, given.table))


def _file(
    content: bytes | Iterator[bytes], mimetype: str, form: str, kept: Kept, given: Answer
) -> Response:
    moment = f"_as-of-{given.as_of:%Y-%m-%dT%H%M}" if given.as_of else ""
    name = f"{kept.query_id}{moment}_{given.release_id}.{form}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=mimetype, headers=headers)
