"""Accepted reports on their way to the build, and what a release made of them on the way back.

Each goes the way of any publisher's file: bytes, receipt, agreement. The journal is told once a
release shows the correction, and once it has ended.
"""

import csv
import sys
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from journal import audit, problems
from journal.audit import Question
from journal.problems import NOT_TAKEN_IN, TAKEN_BACK
from journal.tables import LONGEST_TEXT
from loaders.intake import Given, load_folders
from loaders.receipts import read_receipts, standing
from loaders.sources import ground_reports
from pipeline.asking import about, asker
from pipeline.terminal import on_one_line
from store import agreements
from store.moments import now
from store.paths import Home
from store.reader import open_reader

Row = dict[str, Any]
# In a release a correction with an end has ended, whatever the journal knows of it so far.
ENDS = "select correction_id, ended_because from corrections"
# A correction can be in a release whose figure is another: somebody chose a source of the cell.
SHOWN = """
    select corrections.correction_id
    from figures
    inner join corrections
        on
            figures.figure_id = corrections.figure_id
            and figures.published_at = corrections.accepted_at
    where figures.is_corrected
"""


def bring(home: Home) -> None:
    """Take in what was accepted since the last build, and what has ended since by a day or a word.

    A report that is refused is told so and ends; the build goes on without it. Raises
    `AuditNotWritten`.
    """
    landed = set(_landed(home))
    wanted = [row for row in _wanted(home, landed) if _name(row) not in landed]
    if not wanted:
        return
    for row in wanted:
        with audit.asking(home, asker(), _question(row)):
            pass
    with TemporaryDirectory() as folder:
        for row in wanted:
            _write(row, Path(folder))
        refused = _load(home, Path(folder))
    for row in wanted:
        if _name(row) in refused:
            _refuse(home, row, refused[_name(row)])


def tell(home: Home) -> None:
    """Put down of each accepted report whether the release that is shown holds it or it has ended.

    Raises `NoRelease` where none is shown, and `AuditNotWritten`.
    """
    waiting = problems.in_state(home, "accepted", "corrected")
    if not waiting:
        return
    with open_reader(home) as reader:
        ends = dict(reader.ask(ENDS).iter_rows())
        shown = {*reader.ask(SHOWN)["correction_id"]}
        release_id = reader.release.release_id
    for problem in waiting:
        because = ends.get(problem["problem_id"]) or _ended_without_a_word(problem)
        is_new = problem["state"] == "accepted" and problem["problem_id"] in shown
        if because or is_new:
            _tell(home, problem, because, release_id)


def _ended_without_a_word(problem: Row) -> str | None:
    """Why one is over, whatever the release holds: its day has come, or the agreement has ended."""
    if problem["expires_on"] <= now().date():
        return ground_reports.EXPIRED
    allowed = agreements.allowed(agreements.readable(), agreements.today())
    return None if ground_reports.SOURCE.name in allowed else "agreement_ended"


def _tell(home: Home, problem: Row, because: str | None, release_id: str) -> None:
    what = f"has ended ({because})" if because else "is shown"
    said = f"{problem['problem_id']}: the correction of {problem['figure_id']} {what}"
    question = Question("correction", said, *about(problem["figure_id"]), release_id)
    with audit.asking(home, asker(), question):
        if because:
            problems.end(home, problem["problem_id"], because)
        else:
            problems.correct(home, problem["problem_id"])


def _wanted(home: Home, landed: set[str]) -> list[Row]:
    """Every word that the build has to know: corrections first, then how those in files ended."""
    accepted = [
        _row(problem, ground_reports.CORRECTION, problem["decided_at"])
        for problem in problems.in_state(home, "accepted")
    ]
    held = landed | {_name(row) for row in accepted}
    once = problems.in_state(home, *problems.ONCE_ACCEPTED)
    said = [problem for problem in once if _name(problem | {"says": "correction"}) in held]
    return [*accepted, *_expired(said), *_taken_back(said)]


def _expired(said: Iterable[Row]) -> list[Row]:
    """What was to end by today; it ended at the beginning of its day, whenever this runs.

    Also what has ended otherwise: a repair that is taken back must not bring a correction back for
    ever.
    """
    today = now().date()
    return [
        _row(problem, ground_reports.EXPIRED, datetime.combine(problem["expires_on"], time.min))
        | {"value": None}
        for problem in said
        if problem["expires_on"] <= today
    ]


def _taken_back(said: Iterable[Row]) -> list[Row]:
    return [
        _row(problem, ground_reports.TAKEN_BACK, problem["ended_at"])
        | {"value": None, "reason": problem["ended_why"], "author": problem["ended_by"]}
        for problem in said
        if problem["ended_because"] == TAKEN_BACK
    ]


def _row(problem: Row, says: str, stated_at: datetime) -> Row:
    stated = {"says": says, "author": problem["decided_by"], "stated_at": stated_at.isoformat()}
    return {name: problem.get(name) for name in ground_reports.COLUMNS} | stated


def _name(row: Row) -> str:
    return f"ground-report-{row['problem_id']}-{row['says']}.csv"


def _landed(home: Home) -> Iterable[str]:
    receipts = standing(read_receipts(home))
    return receipts.filter(source_id=ground_reports.SOURCE.name)["file_name"].to_list()


def _question(row: Row) -> Question:
    figure_id = ".".join(
        str(row[name]) for name in ("metric_id", "area_id", "stratum_id", "event_date")
    )
    said = f"{row['problem_id']}: the {row['says']} of {figure_id} goes to the build"
    return Question("correction", said, *about(figure_id))


def _write(row: Row, folder: Path) -> None:
    with (folder / _name(row)).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ground_reports.COLUMNS)
        writer.writeheader()
        writer.writerow(row)


def _load(home: Home, folder: Path) -> dict[str, str]:
    """Why files were not taken in, by name; one whose only row breaks a rule is refused whole."""
    receipts = load_folders({ground_reports: folder}, home, Given(), lambda *_: None)
    return {one.file_name: one.reason for one in receipts if one.verdict == "refused"}


def _refuse(home: Home, row: Row, why: str) -> None:
    """Say that the store does not take a report in, here and to whoever reported it."""
    number, said = row["problem_id"], f"the {row['says']} was not taken in: {on_one_line(why)}"
    print(f"{number}: {said}", file=sys.stderr)
    if row["says"] != ground_reports.CORRECTION:
        return
    with audit.asking(home, asker(), Question("correction", f"{number}: {said}")):
        problems.end(home, number, NOT_TAKEN_IN, said[:LONGEST_TEXT])
