"""Files.

The rows that a chart or table shows, as CSV made for people, a page as one
sheet of paper; areas for the search.
"""

import csv
import io
import re
from datetime import datetime
from typing import Any, Literal

from flask import Blueprint, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from dashboard import asked, looking, replaying, words
from dashboard.briefing import area_of, brief, metric_of
from dashboard.components.areas_table import ranked
from dashboard.exits import leaves_by
from dashboard.paper import today as paper
from dashboard.paper.typeset import NotTypeset, typeset
from dashboard.queries import authorities, conflicts, reference, source, trend
from dashboard.readers import reader_at
from dashboard.seen import Seen
from dashboard.words import FLAGS
from journal.figure_document import document
from people.settings import SignIn
from store import passport
from store.errors import TrigpointError
from store.exports import RUNS_AS_FORMULA, document_to_json
from store.reader import Reader

FIRST = ("area code", "area name", "date", "value", "flag")
QUARANTINE = {
    "file_name": "file",
    "file_sha256": "checksum (SHA-256)",
    "published_at": "published",
    "landed_at": "landed",
    "sheet_name": "sheet",
    "file_row": "row",
    "row_text": "what it says",
    "reasons": "why it is set aside",
}
FORMULA = re.compile(RUNS_AS_FORMULA)

files = Blueprint("files", __name__, url_prefix="/files")


@files.errorhandler(TrigpointError)
def nothing_there(fault: TrigpointError) -> Response:
    """No file before the first release, of a release that is not kept, of no figure."""
    return _said(f"{fault}\n", 404)


@files.errorhandler(NotTypeset)
def no_sheet(fault: NotTypeset) -> Response:
    """A sheet that could not be made, although there is something to make it of."""
    return _said(f"{fault}\n", 500)


@files.errorhandler(400)
@files.errorhandler(404)
def no_file(fault: HTTPException) -> Response:
    """Why there is no file, in one sentence: a program must not take other numbers for its own."""
    return _said(f"{fault.description}\n", fault.code or 400)


def _said(sentence: str, code: int) -> Response:
    return Response(sentence, code, mimetype="text/plain")


@files.get("/areas.json")
@leaves_by("lookup.areas")
def areas() -> Response:
    """Every area as code, name, kind: the suggestions of the search."""
    seen = _seen()
    rows = [
        [row["area_id"], row["area_name"], words.area_type(row["area_type"])]
        for row in reference.areas(seen.reader).to_dicts()
    ]
    return jsonify(rows)


@files.get("/trend.csv")
@leaves_by("export.trend")
def trend_file() -> Response:
    """One measure in one area by date."""
    seen = _seen()
    metric, area = _metric(seen.reader, seen.asked.measure), seen.asked.area or ""
    points = trend.trend(seen.reader, metric["metric_id"], area, seen.asked.start, seen.asked.end)
    if points.is_empty():
        abort(
            404, f"There is no figure of \u201c{metric['metric_id']}\u201d for this area and time."
        )
    rows = [
        _row(point, metric)
        | {
            "7-day average": point["mean"],
            "expected final from": point["expected_low"],
            "expected final to": point["expected_high"],
        }
        for point in points.to_dicts()
    ]
    return _csv(rows, metric["metric_id"], area, seen)


@files.get("/today.pdf")
@leaves_by("export.today_pdf")
def today_as_pdf() -> Response:
    """Today of one area as one A4 page."""
    return _today("pdf", "application/pdf")


@files.get("/today.png")
@leaves_by("export.today_png")
def today_as_png() -> Response:
    """Today of one area as a picture of that page."""
    return _today("png", "image/png")


def _today(kind: Literal["pdf", "png"], mimetype: str) -> Response:
    seen = _seen()
    area = area_of(seen)
    if area is None:
        abort(404, asked.unknown("area", seen.asked.area or looking.own_area()))
    known = brief(seen, area)
    metric = _metric(seen.reader, seen.asked.measure) if seen.asked.measure else None
    site = SignIn.read().address or request.host_url.rstrip("/")
    told = paper.told(seen, known, metric or metric_of(seen, known), site)
    name = f"today_{area['area_id']}_{_as_of(seen)}_{seen.reader.release.release_id}.{kind}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(typeset("today.typ", told, kind), mimetype=mimetype, headers=headers)


@files.get("/comparison.csv")
@leaves_by("export.comparison")
def comparison_file() -> Response:
    """Rates of an area, its region and England by date."""
    seen = _seen()
    metric = _metric(seen.reader, seen.asked.measure)
    area = reference.area(seen.reader, seen.asked.area or "")
    if area is None:
        wanted = seen.asked.area
        abort(404, asked.unknown("area", wanted) if wanted else "Name an \u201carea\u201d.")
    rates = trend.comparison(
        seen.reader, metric["metric_id"], reference.compared(area), seen.asked.start, seen.asked.end
    )
    unit = f"{metric['unit']} in 7 days per 100,000 residents"
    rows = [_row(rate, metric) | {"unit": unit} for rate in rates.to_dicts()]
    return _csv(rows, f"{metric['metric_id']}_per_100000", area["area_id"], seen)


@files.get("/regions.csv")
@leaves_by("export.regions")
def regions_file() -> Response:
    """The nine regions at England's last settled date."""
    seen = _seen()
    metric = _metric(seen.reader, seen.asked.measure)
    codes = reference.regions(seen.reader)["area_id"].to_list()
    found = ranked(seen, metric, [code for code in codes if code != reference.ENGLAND])
    rows = [_row(row | {"event_date": row["until"]}, metric) | _week(row) for row in found]
    return _csv(rows, metric["metric_id"], "regions", seen)


@files.get("/authorities.csv")
@leaves_by("export.authorities")
def authorities_file() -> Response:
    """What the map shows: every authority of England at the last settled date of most."""
    seen = _seen()
    metric = _metric(seen.reader, seen.asked.measure)
    found = authorities.rates(seen.reader, metric["metric_id"])
    rows = [_row(row | {"event_date": row["until"]}, metric) | _week(row) for row in found]
    return _csv(rows, metric["metric_id"], "authorities", seen)


def _week(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "7 days": row["total"],
        "7 days before": row["total_before"],
        "7 days per 100,000": row["rate"],
    }


@files.get("/conflicts.csv")
@leaves_by("export.conflicts")
def conflicts_file() -> Response:
    """Where sources disagree, one row a figure and source that says otherwise."""
    seen = _seen()
    measure = seen.asked.measure
    if measure:
        _metric(seen.reader, measure)
    rows = [
        _row(row | {"is_provisional": False}, row)
        | {
            "stratum": row["stratum_name"],
            "other source": row["other_source_id"],
            "other value": row["other_value"],
            "widest gap": row["gap"],
            "rule": row["rule_id"],
            "why this rule": row["reason"],
            "disagreed from": row["disagreed_from"],
            "owner": row["owner"],
        }
        for row in conflicts.conflicts(seen.reader, measure).to_dicts()
    ]
    if not rows:
        abort(404, "No two sources give different values for one figure that is chosen.")
    return _csv(rows, "conflicts", measure or "all-measures", seen)


@files.get("/quarantine/<source_id>.csv")
@leaves_by("export.quarantine")
def quarantine_file(source_id: str) -> Response:
    """Every row of one source in quarantine, in the order of its page."""
    seen = _seen()
    if not asked.NAME.fullmatch(source_id) or source.source(seen.reader, source_id) is None:
        abort(404, asked.unknown("source", source_id))
    rows = source.quarantined(seen.reader, source_id).to_dicts()
    if not rows:
        abort(404, "No row of this source is in quarantine.")
    named = [{QUARANTINE[name]: value for name, value in row.items()} for row in rows]
    return _csv(named, "quarantine", source_id, seen)


@files.get("/figure.json")
@leaves_by("export.figure")
def figure_file() -> Response:
    """Everything behind one figure, or behind a citation: what `trigpoint figure --json` gives."""
    wanted = _wanted()
    if not wanted.figure:
        abort(400, "Name a figure or a citation: figure=\u2026")

    def opened(moment: datetime | None, release_id: str | None) -> Reader:
        return reader_at(moment, release_id or wanted.release, wanted.replay)

    found = document(replaying.home(wanted.replay), opened, wanted.figure, wanted.as_of)
    headers = {"Content-Disposition": f'attachment; filename="{wanted.figure}.json"'}
    return Response(document_to_json(found), mimetype="application/json", headers=headers)


@files.get("/versions.csv")
@leaves_by("export.versions")
def versions_file() -> Response:
    """Every version of one figure."""
    seen = _seen()
    figure = passport.figure(seen.reader, seen.asked.figure or "")
    if figure is None:
        wanted = seen.asked.figure
        abort(404, asked.unknown("figure", wanted) if wanted else "Name a \u201cfigure\u201d.")
    rows = [
        _row(version | {"is_provisional": False}, figure)
        | {"known from": version["known_from"], "known to": version["known_to"]}
        for version in passport.versions(seen.reader, figure["figure_id"]).to_dicts()
    ]
    measure = f"{figure['metric_id']}_versions_{figure['event_date']}"
    return _csv(rows, measure, figure["area_id"], seen)


def _seen() -> Seen:
    wanted = _wanted()
    return Seen(wanted, reader_at(wanted.as_of, wanted.release, wanted.replay), request.path)


def _wanted() -> asked.Asked:
    """The request, which has to be right in every part; a page would leave out what is wrong."""
    given = request.args.to_dict(flat=False)
    wanted = asked.read({name: all_[0] if len(all_) == 1 else all_ for name, all_ in given.items()})
    wanted = replaying.allowed(wanted)
    if wanted.notes:
        abort(400, wanted.notes[0])
    return wanted


def _metric(reader: Reader, metric_id: str | None) -> dict[str, Any]:
    found = reference.metric(reader, metric_id or "")
    if found is None:
        abort(
            404, asked.unknown("measure", metric_id) if metric_id else "Name a \u201cmeasure\u201d."
        )
    return found


def _row(row: dict[str, Any], metric: dict[str, Any]) -> dict[str, Any]:
    """The columns that every file begins with, then measure, unit and where it comes from."""
    mark = words.mark_of(row)
    first = (
        row.get("area_id"),
        row.get("area_name"),
        row["event_date"],
        row["value"],
        FLAGS[mark],
    )
    more = {
        "measure": metric["metric_name"],
        "unit": metric["unit"],
        "why no value": words.missing(row["missing_reason"]) if row.get("missing_reason") else "",
        "status": row.get("status") or "",
        "source": row.get("source_id") or "",
        "figure": row.get("figure_id") or "",
    }
    return dict(zip(FIRST, first, strict=True)) | more


def _csv(rows: list[dict[str, Any]], measure: str, area: str, seen: Seen) -> Response:
    name = f"{measure}_{area}_{_as_of(seen)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(written(rows), mimetype="text/csv", headers=headers)


def _as_of(seen: Seen) -> str:
    as_of = seen.asked.as_of or seen.reader.release.released_at
    return f"as-of-{as_of:%Y-%m-%dT%H%M}"


def written(rows: list[dict[str, Any]]) -> str:
    """Rows as CSV text with a head; text that a spreadsheet would run is led by an apostrophe."""
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    out.writerow([_cell(name) for name in (rows[0] if rows else FIRST)])
    out.writerows([[_cell(value) for value in row.values()] for row in rows])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if FORMULA.match(value) else value
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return int(value) if isinstance(value, float) and value.is_integer() else value
