"""Reported problems on the terminal: what was reported, who looks into it, what came of it."""

from typing import Any

from journal import problems
from journal.audit import Question
from pipeline.asking import asking
from pipeline.terminal import Table, line, print_table
from store.exports import document_to_json
from store.moments import written
from store.paths import Home
from store.reader import open_reader
from store.viewer import Viewer

HEAD = ("Number", "State", "Figure", "Reported", "What is wrong", "Reason", "Value", "Until")
# Who can be reached how is for whoever looks into a report, and not for a terminal.
NOT_TOLD = ("contact", "reporter")
Rows = list[dict[str, Any]]


def listed(home: Home, viewer: Viewer, *, is_open: bool) -> Rows:
    """The reports, oldest first, as this viewer may see them; or those that are under query."""
    said = "reported problems that are under query" if is_open else "all reported problems"
    with asking(home, Question("problems", said), viewer), open_reader(home, viewer) as reader:
        found = problems.for_reader(reader, problems.all_by(home))
    shown = [row for row in found if not is_open or row["state"] in problems.UNDER_QUERY]
    return [{k: v for k, v in row.items() if k not in NOT_TOLD} for row in shown]


def report(rows: Rows, *, as_json: bool) -> None:
    """Say each report in a row, or that there is none."""
    if as_json:
        print(document_to_json({"problems": rows}), end="")
    elif rows:
        table = Table(*HEAD)
        for row in rows:
            table.add_row(*_cells(row))
        print_table(table)
    else:
        line("No problem has been reported.")


def _cells(row: dict[str, Any]) -> list[str]:
    return [
        row["problem_id"],
        row["state"].replace("_", " "),
        row["figure_id"],
        f"{row['reported_by']}, {written(row['reported_at'])}",
        row["wrong"],
        row["reason"] or "",
        "" if row["value"] is None else f"{row['value']:,g}",
        str(row["expires_on"] or ""),
    ]
