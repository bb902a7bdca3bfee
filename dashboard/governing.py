"""What leaves the Governance page as a file, and the check of the audit that it offers."""

from dataclasses import asdict

import polars as pl
from flask import Blueprint, Response, abort, redirect, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from dashboard import asked, audit_filters, looking
from dashboard.exits import leaves_by
from dashboard.queries import audit as queries
from journal import checks, reading
from store import agreements, register
from store.exports import to_csv
from store.settings import Settings

# More does not open in a spreadsheet, and is made in memory.
MOST_EXPORTED = 200_000
TYPES = {"html": "text/html", "csv": "text/csv"}
# By which spreadsheets know that a CSV file is UTF-8.
MARK = "\ufeff"

governing = Blueprint("governing", __name__)


@governing.errorhandler(400)
@governing.errorhandler(404)
def no_file(fault: HTTPException) -> Response:
    """Why there is no file, in one sentence."""
    return Response(f"{fault.description}\n", fault.code or 400, mimetype="text/plain")


@governing.get("/files/<any('register', 'record-of-processing'):name>.<any('html', 'csv'):form>")
@leaves_by("export.register")
def register_file(name: str, form: str) -> Response:
    """The public register or the record of processing, made from the agreements at this moment."""
    day = agreements.today()
    text = register.files(agreements.readable().values(), day)[f"{name}.{form}"]
    return _file(text, f"{name}_{day}.{form}", TYPES[form])


@governing.get("/files/audit.csv")
@leaves_by("export.audit")
def audit_file() -> Response:
    """Every question that the filters of the page choose, the newest first."""
    given = request.args.to_dict(flat=False)
    query = {name: all_[0] if len(all_) == 1 else all_ for name, all_ in given.items()}
    filters, rest = audit_filters.split(query)
    wanted = asked.read(rest)
    for note in (*filters.notes, *wanted.notes):
        abort(400, note)
    if filters.before is not None:
        abort(400, "A file holds every page of what is chosen: leave \u201cbefore\u201d out.")
    chosen = filters.wanted(wanted)
    count = reading.count(Settings.read().home, chosen)
    if count > MOST_EXPORTED:
        abort(
            400,
            f"These are {count:,} questions, and a file takes {MOST_EXPORTED:,} at most. Choose "
            "fewer days.",
        )
    found = queries.entries(chosen)
    return _file(to_csv(found), f"audit_{agreements.today()}.csv", TYPES["csv"])


@governing.get("/files/access.csv")
@leaves_by("export.access")
def access_file() -> Response:
    """Everybody who may look, in the order of the page."""
    found = pl.DataFrame([asdict(one) for one in queries.everybody()], infer_schema_length=None)
    return _file(to_csv(found), f"access_{agreements.today()}.csv", TYPES["csv"])


@governing.post("/governance/check")
@leaves_by("action.check_audit")
def check() -> AnyResponse:
    """Read the whole audit again, and go back to the page, which says what was found."""
    person = looking.person()
    if person is None:
        abort(401)
    checks.check(Settings.read().home, person.subject)
    return redirect("/governance#audit", 303)


def _file(text: str, name: str, kind: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    is_table = kind == TYPES["csv"]
    return Response(f"{MARK if is_table else ''}{text}", mimetype=kind, headers=headers)
