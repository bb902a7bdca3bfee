"""Accepted reports on their way to the build, and what a release made of them on the way back.

Each goes the way of any publisher's file: bytes, receipt, agreement. The journal is told once a
release shows the correction, and once it has ended.
"""

import csv
from collections.abc import Iterable
from datetime import datetime, time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from journal import audit, problems
from journal.audit import Question
from loaders.intake import Given, load_folders
from loaders.receipts import read_receipts, standing
from loaders.sources import ground_reports
from pipeline.asking import about, asker
from store.errors import TrigpointError
from store.moments import now
from store.paths import Home
from store.reader import open_reader

Row = dict[str, Any]
# In a release a correction with an end has ended, whatever the journal knows of it so far.
ENDS = "select correction_id, ended_because from corrections"


def bring(home: Home) -> None:
    """Take in what was accepted since the last build, and what has expired since.

    Raises `TrigpointError` where a correction is refused, which is a fault of ours, and
    `AuditNotWritten`.
    """
    wanted = [*_accepted(home), *_expired(home)]
    landed = set(_landed(home)) if wanted else set()
    rows = [row for row in wanted if _name(row) not in landed]
    if not rows:
        return
    for row in rows:
        with audit.asking(home, asker(), _question(row)):
            pass
    with TemporaryDirectory() as folder:
        for row in rows:
            _write(row, Path(folder))
        _load(home, Path(folder))


def tell(home: Home) -> None:
    """Put down of each accepted report whether the release that is shown holds it or it has ended.

    Raises `NoRelease` where none is shown, and `AuditNotWritten`.
    """
    waiting = problems.in_state(home, "accepted", "corrected")
    if not waiting:
        return
    with open_reader(home) as reader:
        ends = dict(reader.ask(ENDS).iter_rows())
        release_id = reader.release.release_id
    for problem in waiting:
        number = problem["problem_id"]
        if number in ends and (ends[number] or problem["state"] == "accepted"):
            _tell(home, problem, ends[number], release_id)


def _tell(home: Home, problem: Row, because: str | None, release_id: str) -> None:
    what = f"has ended ({because})" if because else "is shown"
    said = f"{problem['problem_id']}: the correction of {problem['figure_id']} {what}"
    question = Question("correction", said, *about(problem["figure_id"]), release_id)
    with audit.asking(home, asker(), question):
        if because:
            problems.end(home, problem["problem_id"], because)
        else:
            problems.correct(home, problem["problem_id"])


def _accepted(home: Home) -> list[Row]:
    return [
        _row(problem, ground_reports.CORRECTION, problem["decided_at"])
        for problem in problems.in_state(home, "accepted")
    ]


def _expired(home: Home) -> list[Row]:
    """What was to end by today; it ended at the beginning of its day, whenever this runs."""
    today = now().date()
    return [
        _row(problem, ground_reports.EXPIRED, datetime.combine(problem["expires_on"], time.min))
        | {"value": None}
        for problem in problems.in_state(home, "accepted", "corrected")
        if problem["expires_on"] <= today
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


def _load(home: Home, folder: Path) -> None:
    for receipt in load_folders({ground_reports: folder}, home, Given(), lambda *_: None):
        if receipt.verdict == "refused":
            raise TrigpointError(f"an accepted report was not taken in: {receipt.reason}")
