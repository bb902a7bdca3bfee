"""What was reported as wrong, as whoever looks may see it."""

from datetime import datetime
from typing import Any

from dashboard.queries import reference
from dashboard.seen import Seen
from journal import problems
from people.accounts import Known
from people.exits import register
from store import passport
from store.disclosure.rules import read_rules
from store.reader import Reader

TRIAGE = register("action.triage")
Row = dict[str, Any]
# Older ones stand with their figure.
MOST_CLOSED = 20
GUARD = """
    select guard_source_id, guard_value
    from corrections
    where figure_id = $figure_id and correction_id = $correction_id
"""


def about(seen: Seen, figure_id: str) -> list[Row]:
    """The reports on a figure, oldest first; at a past moment those that were made by then."""
    if seen.is_replay:
        return []
    found = problems.on_figure(seen.reader.home, figure_id, seen.asked.as_of)
    return problems.for_reader(seen.reader, found)


def under_query(seen: Seen, area_id: str) -> list[Row]:
    """The reports on figures of an area that are open, each with its figure."""
    if seen.is_replay:
        return []
    found = problems.in_areas(seen.reader.home, {area_id}, seen.asked.as_of)
    waiting = [row for row in found if row["state"] in problems.UNDER_QUERY]
    return _with_figures(seen.reader, waiting)


def own(seen: Seen, person: Known) -> list[Row]:
    """What this person reported, the newest first, each with its figure."""
    found = problems.of_reporter(seen.reader.home, person.subject)
    return _with_figures(seen.reader, found[::-1])


def moved(seen: Seen, area_ids: set[str], since: datetime, until: datetime) -> list[Row]:
    """The reports on figures of these areas of which anything was put down, with their figures."""
    found = problems.between(seen.reader.home, since, until)
    return _with_figures(seen.reader, [row for row in found if row["area_id"] in area_ids])


def queue(seen: Seen, person: Known, *states: str) -> list[Row]:
    """The reports in these states that a person may look into, oldest first, with their figures."""
    found = problems.in_state(seen.reader.home, *states)
    here = within(seen.reader, person)
    return _with_figures(seen.reader, [row for row in found if row["area_id"] in here])


def closed(seen: Seen, person: Known) -> list[Row]:
    """The reports that a person may take up again, the newest first, with their figures."""
    here, every = within(seen.reader, person), problems.all_by(seen.reader.home)
    again = {row["follows"] for row in every}
    found = [
        row
        for row in every
        if _can_reopen(row) and row["area_id"] in here and row["problem_id"] not in again
    ]
    newest = sorted(found, key=lambda row: row["decided_at"], reverse=True)
    return _with_figures(seen.reader, newest[:MOST_CLOSED])


def _can_reopen(row: Row) -> bool:
    is_refused = row["ended_because"] == problems.NOT_TAKEN_IN
    return bool(is_refused or row["state"] == "rejected")


def said(reader: Reader, figure_id: str) -> list[Row]:
    """What each source says of a cell now, best rank first, as `passport.claims` has it."""
    return passport.claims(reader, figure_id).to_dicts()


def within(reader: Reader, person: Known) -> set[str]:
    """The areas whose reports a person may look into: their own and all that it is made of."""
    if not TRIAGE.is_open_to(person.role):
        return set()
    return {*reference.inside(reader, person.scope)}


def may_triage(reader: Reader, person: Known, problem: Row) -> bool:
    """Whether somebody may look into a report: it is of their scope, and not withheld from them."""
    is_withheld = passport.withheld(reader, problem["figure_id"]) is not None
    return not is_withheld and problem["area_id"] in within(reader, person)


def can_correct(figure: Row) -> bool:
    """Whether a figure is published as it is: one under control is for its own source to mend.

    Neither is one that somebody hid, its publisher or we: a correction would tell what it is.
    """
    rule = read_rules().get(figure["disclosure_class"])
    is_hidden = figure["missing_reason"] in passport.HIDDEN
    return rule is not None and not rule.is_treated and not is_hidden


def guard(reader: Reader, figure: Row) -> tuple[str, float | None]:
    """Whose value a correction of a figure would replace, and that value.

    Of a figure that is corrected already it is what guards that correction.
    """
    if not figure["is_corrected"]:
        return figure["source_id"], figure["value"]
    found = reader.ask(GUARD, figure_id=figure["figure_id"], correction_id=figure["correction_id"])
    source_id, value = found.row(0)
    return source_id, value


def _with_figures(reader: Reader, rows: list[Row]) -> list[Row]:
    """The reports as this reader may see them, each with its figure as they see it."""
    told = problems.for_reader(reader, rows)
    return [row | {"figure": passport.figure(reader, row["figure_id"])} for row in told]
