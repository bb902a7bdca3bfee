"""Reported problems: a figure that is wrong, who weighs the report, and what came of it.

A report is taken up, perhaps handed on, then accepted as a correction or rejected with a reason.
What was accepted is a claim of the next build; once a release shows it the report is `corrected`,
and it has `ended` once its publisher says something else, it expires, somebody takes it back, or
another correction takes its place. What is closed is taken up again under a new number.
"""

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from journal.engine import journal_of
from journal.notes import LONGEST_NAME, SeenFigure, cell_of, figure_id_of, readable
from journal.tables import LONGEST_TEXT, PROBLEM_KINDS, Problem
from store import passport
from store.errors import WrongUse
from store.moments import now
from store.paths import Home
from store.reader import Reader

SHOWN = (
    *("problem_id", "metric_id", "area_id", "stratum_id", "event_date", "as_of", "release_id"),
    *("kind", "wrong", "expected", "evidence", "contact", "reporter", "reported_by", "reported_at"),
    *("state", "taken_up_by", "taken_up_at", "decided_by", "decided_at", "reason"),
    *("value", "expires_on", "guard_source_id", "guard_value"),
    *("corrected_at", "ended_at", "ended_because", "ended_by", "ended_why"),
    *("handed_at", "handed_to", "follows"),
)
# Until one of these is left, whoever is shown the figure is told that it is under query.
UNDER_QUERY = ("reported", "taken_up", "accepted")
# Whatever became of it since, its file may have reached the store.
ONCE_ACCEPTED = ("accepted", "corrected", "ended")
TAKEN_BACK, NOT_TAKEN_IN = "taken_back", "not_taken_in"
# What a report says that only whoever may see the figure is told; a text may name any number.
TEXTS = ("wrong", "expected", "evidence", "reason", "ended_why")
# Of a count shown as "0 to 7" the very kind tells: one of whom somebody was counted twice is 2.
WITHHELD_WITH_THEM = ("kind", "value", "guard_value")
# What each later state puts down, so that a past moment can be shown without it.
LATER = {
    "taken_up_at": ("taken_up_at", "taken_up_by"),
    "handed_at": ("handed_at", "handed_to"),
    "decided_at": (
        *("decided_at", "decided_by", "reason"),
        *("value", "expires_on", "guard_source_id", "guard_value"),
    ),
    "corrected_at": ("corrected_at",),
    "ended_at": ("ended_at", "ended_because", "ended_by", "ended_why"),
}
# What whoever reported it said, which stays so when it is taken up again.
REPORTED = (
    *("metric_id", "area_id", "stratum_id", "event_date", "as_of", "release_id"),
    *("kind", "wrong", "expected", "evidence", "contact", "reporter", "reported_by"),
)
LONGEST_CORRECTION = timedelta(days=366)
# As a loader has it: nobody can count more people than there are.
MOST = 70_000_000
LONGEST_LINE = 500
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Reporter:
    """Who reports: `subject` is the name by which the sign-in knows them."""

    subject: str
    name: str


@dataclass(frozen=True)
class Report:
    """What somebody says of a figure; `evidence` is a text and never fetched."""

    kind: str
    wrong: str
    expected: str = ""
    evidence: str = ""
    contact: str = ""


@dataclass(frozen=True)
class Correction:
    """What holds instead, why and until which day; it ends once the guard says something else.

    `decimals` is how many places the figure is counted to.
    """

    value: float
    reason: str
    expires_on: date
    guard_source_id: str
    guard_value: float | None
    decimals: int = 0


def report(home: Home, seen: SeenFigure, told: Report, reporter: Reporter) -> dict[str, Any]:
    """Keep what is said to be wrong with a figure; its `problem_id` is what the reporter quotes.

    Raises `WrongUse` for a kind that there is not, or a text that cannot be kept.
    """
    if told.kind not in PROBLEM_KINDS:
        raise WrongUse(f"\u201c{told.kind[:40]}\u201d is not among the things that can be wrong")
    problem = Problem(
        problem_id=_number(),
        **cell_of(seen.figure_id),
        as_of=seen.as_of,
        release_id=seen.release_id,
        kind=told.kind,
        wrong=readable("what is wrong", told.wrong, LONGEST_TEXT),
        expected=_line("what it should be", told.expected),
        evidence=_line("the evidence", told.evidence),
        contact=_line("the contact", told.contact),
        reporter=reporter.subject,
        reported_by=readable("the name of who reports", reporter.name, LONGEST_NAME),
        reported_at=now(),
        state="reported",
    )
    with journal_of(home).writing() as session:
        session.add(problem)
        session.flush()
        return _shown(problem, None)


def take_up(home: Home, problem_id: str, person: str) -> dict[str, Any]:
    """Put down who looks into a report. Raises `WrongUse` unless it is new."""

    def change(problem: Problem, at: datetime) -> None:
        problem.state, problem.taken_up_at, problem.taken_up_by = "taken_up", at, person

    return _moved(home, problem_id, ("reported",), change)


def hand_on(home: Home, problem_id: str, person: str) -> dict[str, Any]:
    """Put down who looks into a report in place of whoever did. Raises `WrongUse` if they do."""

    def change(problem: Problem, at: datetime) -> None:
        if person == (problem.handed_to or problem.taken_up_by):
            raise WrongUse(f"{person} looks into {problem_id} already")
        problem.handed_to, problem.handed_at = person, at

    return _moved(home, problem_id, ("taken_up",), change)


def reject(home: Home, problem_id: str, person: str, reason: str) -> dict[str, Any]:
    """Put down that a report changes nothing, and why. Raises `WrongUse` unless it is taken up."""
    why = readable("the reason", reason, LONGEST_TEXT)

    def change(problem: Problem, at: datetime) -> None:
        problem.state, problem.reason = "rejected", why
        problem.decided_at, problem.decided_by = at, person

    return _moved(home, problem_id, ("taken_up",), change)


def accept(home: Home, problem_id: str, person: str, correction: Correction) -> dict[str, Any]:
    """Put down what holds instead, from now on; the next build takes it in.

    Raises `WrongUse` unless the report is taken up, and for a value that no figure can have, one
    that the publisher says already, or a day that is past or more than a year away; and while
    another report of the figure is accepted, which the next build takes in first.
    """
    why = readable("the reason", correction.reason, LONGEST_TEXT)
    _require_correct(correction)

    def change(problem: Problem, at: datetime) -> None:
        problem.state, problem.reason = "accepted", why
        problem.decided_at, problem.decided_by = at, person
        problem.value, problem.expires_on = correction.value, correction.expires_on
        problem.guard_source_id = correction.guard_source_id
        problem.guard_value = correction.guard_value

    return _moved(home, problem_id, ("taken_up",), change, _require_no_other)


def correct(home: Home, problem_id: str) -> dict[str, Any]:
    """Put down that a release shows the correction. Raises `WrongUse` unless it was accepted."""

    def change(problem: Problem, at: datetime) -> None:
        problem.state, problem.corrected_at = "corrected", at

    return _moved(home, problem_id, ("accepted",), change)


def end(home: Home, problem_id: str, because: str, why: str | None = None) -> dict[str, Any]:
    """Put down that a correction holds no longer. Raises `WrongUse` unless one did or was to."""

    def change(problem: Problem, at: datetime) -> None:
        problem.state, problem.ended_at, problem.ended_because = "ended", at, because
        problem.ended_why = why

    return _moved(home, problem_id, ("accepted", "corrected"), change)


def take_back(home: Home, problem_id: str, person: str, reason: str) -> dict[str, Any]:
    """Put down that whoever accepts reports ends a correction, and why; the next build follows.

    Raises `WrongUse` unless the correction holds or was to.
    """
    why = readable("the reason", reason, LONGEST_TEXT)

    def change(problem: Problem, at: datetime) -> None:
        problem.state, problem.ended_at, problem.ended_because = "ended", at, TAKEN_BACK
        problem.ended_by, problem.ended_why = person, why

    return _moved(home, problem_id, ("accepted", "corrected"), change)


def reopen(home: Home, problem_id: str, person: str) -> dict[str, Any]:
    """Take a report that was closed up again, under a new number; the old one stays as it is.

    Raises `WrongUse` unless it was rejected or has ended, and where that was done before.
    """
    with journal_of(home).writing() as session:
        before = session.get(Problem, problem_id)
        if before is None:
            raise WrongUse(f"there is no report {problem_id[:60]}")
        if before.state not in ("rejected", "ended"):
            raise WrongUse(f"{problem_id} is not closed, so there is nothing to take up again")
        after = session.scalars(select(Problem).filter_by(follows=problem_id)).first()
        if after is not None:
            raise WrongUse(f"{problem_id} was taken up again already, as {after.problem_id}")
        at = max(now(), before.reported_at)
        problem = Problem(
            **{name: getattr(before, name) for name in REPORTED},
            problem_id=_number(),
            follows=problem_id,
            reported_at=at,
            state="taken_up",
            taken_up_at=at,
            taken_up_by=person,
        )
        session.add(problem)
        session.flush()
        return _shown(problem, None)


def found(home: Home, problem_id: str) -> dict[str, Any]:
    """One report by its number. Raises `WrongUse` where there is none."""
    with journal_of(home).reading() as session:
        problem = session.get(Problem, problem_id)
        if problem is None:
            raise WrongUse(f"there is no report {problem_id[:60]}")
        return _shown(problem, None)


def all_by(home: Home, moment: datetime | None = None) -> Rows:
    """Every report that was made by a moment, as it was then, oldest first."""
    made = Problem.reported_at <= (moment or now())
    return _listed(home, made, by=moment)


def in_state(home: Home, *states: str) -> Rows:
    """The reports that are in one of these states, oldest first."""
    return _listed(home, Problem.state.in_(states))


def of_reporter(home: Home, subject: str) -> Rows:
    """What one person reported, oldest first."""
    return _listed(home, Problem.reporter == subject)


def on_figure(home: Home, figure_id: str, by: datetime | None = None) -> Rows:
    """The reports on a figure, oldest first; those made by a moment, as they were then."""
    return _listed(home, *_same_cell(figure_id), Problem.reported_at <= (by or now()), by=by)


def in_areas(home: Home, area_ids: set[str], by: datetime | None = None) -> Rows:
    """The reports on figures of these areas, as they were by a moment, oldest first."""
    made = Problem.reported_at <= (by or now())
    return _listed(home, Problem.area_id.in_(sorted(area_ids)), made, by=by)


def between(home: Home, since: datetime, until: datetime) -> Rows:
    """The reports of which anything was put down after one moment and by another, as by then."""
    times = (Problem.reported_at, *(getattr(Problem, name) for name in LATER))
    return _listed(home, or_(*(_is_within(time, since, until) for time in times)), by=until)


def for_reader(reader: Reader, rows: Rows) -> Rows:
    """Reports as this reader may see them: every way out of what they say is this one."""
    return [_told(row, passport.withheld(reader, row["figure_id"])) for row in rows]


def _same_cell(figure_id: str) -> list[Any]:
    return [getattr(Problem, name) == value for name, value in cell_of(figure_id).items()]


def _is_within(time: InstrumentedAttribute[Any], since: datetime, until: datetime) -> Any:
    return (time > since) & (time <= until)


def _listed(home: Home, *conditions: Any, by: datetime | None = None) -> Rows:
    asked = select(Problem).where(*conditions).order_by(Problem.reported_at, Problem.problem_id)
    with journal_of(home).reading() as session:
        return [_shown(problem, by) for problem in session.scalars(asked)]


def _moved(
    home: Home,
    problem_id: str,
    states: tuple[str, ...],
    change: Callable[[Problem, datetime], None],
    require: Callable[[Session, Problem], None] = lambda *_: None,
) -> dict[str, Any]:
    """Change a report that is in one of these states, if it may be, in one transaction."""
    with journal_of(home).writing() as session:
        problem = session.get(Problem, problem_id)
        if problem is None:
            raise WrongUse(f"there is no report {problem_id[:60]}")
        if problem.state not in states:
            raise WrongUse(
                f"{problem_id} is {problem.state.replace('_', ' ')} already; only what is "
                f"{' or '.join(states).replace('_', ' ')} can be changed so"
            )
        require(session, problem)
        # The clock of the machine may have been set back since.
        change(problem, max(now(), problem.reported_at))
        session.flush()
        return _shown(problem, None)


def _require_no_other(session: Session, problem: Problem) -> None:
    """Of two that are accepted at once one would replace the other, and nobody would have said so.

    Raises `WrongUse`, which names the other.
    """
    same = _same_cell(figure_id_of(problem))
    other = session.scalars(select(Problem).where(*same, Problem.state == "accepted")).first()
    if other is not None:
        raise WrongUse(
            f"{other.decided_by} accepted {other.problem_id} of this figure already; wait until a "
            "release shows it"
        )


def _number() -> str:
    return f"PR-{secrets.token_hex(4).upper()}"


def _line(what: str, text: str) -> str | None:
    return readable(what, text, LONGEST_LINE) if text.strip() else None


def _require_correct(correction: Correction) -> None:
    today = now().date()
    if not math.isfinite(correction.value) or abs(correction.value) > MOST:
        raise WrongUse(f"{correction.value} is more than any figure can be")
    if correction.value < 0 <= (correction.guard_value or 0):
        raise WrongUse(
            f"{correction.value:,g} is less than nobody; only a figure that is below 0 already, "
            "because it takes back what was counted before, can be corrected to that"
        )
    if round(correction.value, correction.decimals) != correction.value:
        raise WrongUse(
            f"{correction.value!r} is more exact than the figure is counted; give "
            f"{correction.decimals or 'no'} decimals"
        )
    if correction.value == correction.guard_value:
        raise WrongUse("the publisher says this value already, so there is nothing to correct")
    if not today < correction.expires_on <= today + LONGEST_CORRECTION:
        raise WrongUse(
            f"a correction cannot end on {correction.expires_on}: give a day after today and "
            "within the next year"
        )


def _told(row: dict[str, Any], withheld: str | None) -> dict[str, Any]:
    if withheld is None:
        return row
    texts = {name: withheld for name in TEXTS if row[name] is not None}
    return row | texts | dict.fromkeys(WITHHELD_WITH_THEM)


def _shown(problem: Problem, by: datetime | None) -> dict[str, Any]:
    shown = {name: getattr(problem, name) for name in SHOWN}
    shown["figure_id"] = figure_id_of(problem)
    if by is None:
        return shown
    for time, put_down in LATER.items():
        if shown[time] is not None and shown[time] > by:
            shown |= dict.fromkeys(put_down)
    return shown | {"state": _state(shown)}


def _state(shown: dict[str, Any]) -> str:
    """The state of a report by what has been put down."""
    if shown["ended_at"]:
        return "ended"
    if shown["corrected_at"]:
        return "corrected"
    if shown["decided_at"]:
        return "accepted" if shown["value"] is not None else "rejected"
    return "taken_up" if shown["taken_up_at"] else "reported"
