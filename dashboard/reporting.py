"""What is put down of a reported problem: that it is one, who looks into it, what was decided.

Each is put on the audit with the number of the report before it is done.
"""

from datetime import date

from flask import abort, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from dashboard.exits import leaves_by
from dashboard.putting_down import figure_seen, puts_down, putting, whoever
from dashboard.queries import problems as queries
from dashboard.readers import reader_at
from journal import problems
from journal.problems import Correction, Report, Reporter
from store import passport
from store.errors import WrongUse
from store.paths import Home
from store.settings import Settings

reporting = puts_down("reporting", "/problems")


@reporting.post("/report")
@leaves_by("action.report")
def report() -> AnyResponse:
    """Keep what is said to be wrong with a figure that this reader is shown."""
    given, person, seen = request.form, whoever(), figure_seen()
    told = Report(
        *(given.get(name, "") for name in ("kind", "wrong", "expected", "evidence", "contact"))
    )
    reporter = Reporter(person.subject, person.name)
    with putting(f"report a problem with {seen.figure_id}", seen.figure_id):
        problem = problems.report(_home(), seen, told, reporter)
    return _back(problem["problem_id"])


@reporting.post("/take-up")
@leaves_by("action.triage")
def take_up() -> AnyResponse:
    """Put down who looks into a report."""
    number, figure_id = _problem()
    with putting(f"look into {number}", figure_id):
        problems.take_up(_home(), number, whoever().name)
    return _back(number)


@reporting.post("/hand-on")
@leaves_by("action.triage")
def hand_on() -> AnyResponse:
    """Put down who looks into a report from now on, in place of somebody else."""
    number, figure_id = _problem()
    with putting(f"look into {number} in place of who did", figure_id):
        problems.hand_on(_home(), number, whoever().name)
    return _back(number)


@reporting.post("/reopen")
@leaves_by("action.triage")
def reopen() -> AnyResponse:
    """Take a report that was closed up again, under a number of its own."""
    number, figure_id = _problem()
    with putting(f"take {number} up again", figure_id):
        problem = problems.reopen(_home(), number, whoever().name)
    return _back(problem["problem_id"])


@reporting.post("/reject")
@leaves_by("action.triage")
def reject() -> AnyResponse:
    """Put down that a report changes nothing, and why."""
    number, figure_id = _problem()
    reason = request.form.get("reason", "")
    with putting(f"reject {number}, because: {reason}", figure_id):
        problems.reject(_home(), number, whoever().name, reason)
    return _back(number)


@reporting.post("/accept")
@leaves_by("action.accept")
def accept() -> AnyResponse:
    """Put down what holds instead; the next build takes it in."""
    number, figure_id = _problem()
    correction = _correction(figure_id)
    said = f"accept {number} until {correction.expires_on}, because: {correction.reason}"
    with putting(said, figure_id):
        problems.accept(_home(), number, whoever().name, correction)
    return _back(number)


@reporting.post("/take-back")
@leaves_by("action.take_back")
def take_back() -> AnyResponse:
    """Put down that a correction holds no longer, and why; the next build follows."""
    number, figure_id = _problem()
    reason = request.form.get("reason", "")
    with putting(f"take {number} back, because: {reason}", figure_id):
        problems.take_back(_home(), number, whoever().name, reason)
    return _back(number)


def _correction(figure_id: str) -> Correction:
    """What the form says, guarded by what stands in the release that is shown now."""
    given, reader = request.form, reader_at(None, None)
    figure = passport.figure(reader, figure_id)
    if figure is None or not queries.can_correct(figure):
        raise WrongUse(
            f"{figure_id} is not published as it is, so it is for its own source to correct it"
        )
    stands = "" if figure["value"] is None else repr(figure["value"])
    if given.get("stands", "") != stands:
        raise WrongUse(f"{figure_id} shows another value by now; load the page and look again")
    source_id, value = queries.guard(reader, figure)
    wanted, reason = _number(given.get("value", "")), given.get("reason", "")
    until = _day(given.get("expires_on", ""))
    return Correction(wanted, reason, until, source_id, value, figure["decimals"])


def _problem() -> tuple[str, str]:
    """The report of the form and its figure, where whoever looks may look into it."""
    number = request.form.get("problem", "")
    problem = problems.found(_home(), number)
    if not queries.may_triage(reader_at(None, None), whoever(), problem):
        abort(400, "This report is not of your area, or withheld from you; nothing was put down.")
    return number, problem["figure_id"]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise WrongUse(f"\u201c{text[:40]}\u201d is not a number; write it as 98412") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUse(f"\u201c{text[:40]}\u201d is not a day; write it as 2026-12-24") from None


def _home() -> Home:
    return Settings.read().home


def _back(problem_id: str) -> AnyResponse:
    return redirect(f"/problems#{problem_id}", 303)
