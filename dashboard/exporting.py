"""What the page "Export" does: a file is begun, given up, looked at, and at last handed out."""

import re
from datetime import datetime
from urllib.parse import quote

from flask import Response, abort, jsonify, redirect, request, send_file
from werkzeug.wrappers import Response as AnyResponse

from dashboard import asked, audited, words
from dashboard.exits import leaves_by
from dashboard.putting_down import puts_down, whoever
from dashboard.queries import reference
from dashboard.readers import reader_at
from journal import audit
from journal.audit import Given, Question
from people import accounts
from store.errors import WrongUse
from store.exporting import jobs
from store.exporting.jobs import FAILED, MAKING, READY, Job, State
from store.exporting.wanted import WHAT, Wanted
from store.exporting.writing import note_name
from store.reader import Reader
from store.settings import Settings

PATH = "/exports"
# "Leicester (E06000016)", as the search suggests it.
CODE = re.compile(r".*\((?P<code>[A-Z0-9]{3,12})\)\s*")
GONE = "There is no such file of yours; it may be older than a day."
KINDS = {
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".zip": "application/zip",
    ".parquet": "application/vnd.apache.parquet",
}

exporting = puts_down("exporting", PATH)
handing_out = puts_down("handing_out", "/files/exports")


@exporting.post("/make")
@leaves_by("export.make")
def make() -> AnyResponse:
    """Begin to write the file that the form asks for, once that is on the audit."""
    person, home = whoever(), Settings.read().home
    wanted = _wanted()
    with audit.asking(home, audited.asker(), _question(wanted)) as put:
        jobs.start(home, person.subject, accounts.viewer(person), wanted)
        # Its rows are put down when they leave.
        put.given(Given(release_id=wanted.release_id))
    return redirect(PATH, 303)


@exporting.post("/cancel")
@leaves_by("action.cancel_export")
def cancel() -> AnyResponse:
    """Give up one of one's own files, or take it away."""
    jobs.cancel(_own(request.form.get("export", ""), 400))
    return redirect(PATH, 303)


@exporting.get("/<export_id>/state.json")
@leaves_by("export_state")
def state(export_id: str) -> Response:
    """How far one's own file is; whoever asks is looking, so it goes on."""
    job = jobs.find(Settings.read().home, whoever().subject, export_id)
    if job is None:
        return jsonify({"state": "gone", "said": GONE})
    job.watch()
    return jsonify(told(job))


@handing_out.get("/<export_id>/<name>")
@leaves_by("export.prepared")
def hand_out(export_id: str, name: str) -> Response:
    """A file, or the note that goes with it, or a part of it where a browser goes on."""
    home = Settings.read().home
    jobs.forget_old(home)
    job = _own(export_id, 404)
    path, ready = job.path(name), job.state
    if path is None:
        abort(404, GONE)
    jobs.require_standing(home, job, accounts.viewer(whoever()))
    wanted, rows = job.wanted, ready.rows if name == ready.name else 0
    audited.hold(Given(rows, _areas(wanted), _metrics(wanted), wanted.release_id))
    mark = ready.sha256 if name == ready.name else f"{ready.sha256}-note"
    kind = KINDS[path.suffix]
    return send_file(path, kind, as_attachment=True, download_name=name, etag=mark)


def told(job: Job) -> dict[str, object]:
    """What a page shows of an export: `rows` of `of`, a sentence, and where its files are."""
    now = job.state
    told: dict[str, object] = {
        "state": now.state,
        "rows": now.rows,
        "of": now.of,
        "said": _said(now),
    }
    if now.state == READY:
        told |= {"file": address(job, now.name), "note": address(job, note_name(now.name))}
    return told


def address(job: Job, name: str) -> str:
    """Where a file of an export is handed out."""
    return f"/files/exports/{job.export_id}/{quote(name)}"


def _said(now: State) -> str:
    if now.state == READY:
        return f"Ready: {words.counted(now.rows, 'row', 'rows')}, {_size(now.bytes)}"
    if now.state == FAILED:
        return words.sentence(f"No file: {now.why}")
    if now.state != MAKING:
        return words.sentence(f"Given up: {now.why}")
    if not now.of:
        return "Counting rows"
    return f"{words.number(now.rows)} of {words.counted(now.of, 'row', 'rows')}"


def _size(size: int) -> str:
    """Bytes as people say them."""
    for unit, least in (("GB", 10**9), ("MB", 10**6), ("kB", 10**3)):
        if size >= least:
            return f"{size / least:,.1f} {unit}"
    return f"{size} bytes"


def _own(export_id: str, otherwise: int) -> Job:
    job = jobs.find(Settings.read().home, whoever().subject, export_id)
    if job is None:
        abort(otherwise, GONE)
    return job


def _question(wanted: Wanted) -> Question:
    said = f"{PATH}/make {wanted.what} as {wanted.form}, {wanted.start or ''} to {wanted.end or ''}"
    return Question(
        "action", said, _areas(wanted), _metrics(wanted), wanted.release_id, wanted.as_of
    )


def _areas(wanted: Wanted) -> list[str]:
    return [wanted.area_id] if wanted.area_id else []


def _metrics(wanted: Wanted) -> list[str]:
    return [wanted.metric_id] if wanted.metric_id else []


def _wanted() -> Wanted:
    """What the form asks for; it has to be right in every part."""
    given = {name: value.strip() for name, value in request.form.items()}
    if given.get("what") not in WHAT:
        abort(400, "Choose what to take away.")
    names = ("measure", "from", "to", "as_of", "release")
    given["as_of"] = _same_day(given.get("as_of", ""), given.get("moment", ""))
    wished = asked.read({name: given[name] for name in names if given.get(name)})
    if wished.notes:
        abort(400, wished.notes[0])
    reader = reader_at(None, wished.release)
    if wished.measure and reference.metric(reader, wished.measure) is None:
        abort(400, asked.unknown("measure", wished.measure))
    return Wanted(
        given["what"],
        given.get("form", ""),
        reader.release.release_id,
        _moment(wished.as_of, reader),
        wished.measure,
        _area(reader, given.get("area", "")),
        wished.start,
        wished.end,
    )


def _same_day(day: str, moment: str) -> str:
    """The very moment that the page showed, while nobody chose another day than that of it."""
    return moment if day and moment.startswith(day) else day


def _moment(as_of: datetime | None, reader: Reader) -> datetime | None:
    """A moment after the release was published is the release itself."""
    return as_of if as_of and as_of < reader.release.released_at else None


def _area(reader: Reader, text: str) -> str | None:
    """The area of a code, of what the search suggests, or of a name that only one has."""
    if not text:
        return None
    suggested = CODE.fullmatch(text)
    code = suggested["code"] if suggested else text
    if asked.AREA.fullmatch(code) and reference.area(reader, code):
        return code
    named = [
        row["area_id"]
        for row in reference.found(reader, text).to_dicts()
        if row["area_name"].lower() == text.lower()
    ]
    if len(named) != 1:
        raise WrongUse(f"there is no one area \u201c{text[:40]}\u201d; choose it from the list")
    return str(named[0])
