"""Two homes that differ in nothing but what one source said, and in what tells of it.

Whatever is answered alike from both tells nothing of that source, derived numbers included; while
its agreement holds the answers differ, or the comparison would prove nothing.
"""

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from journal.engine import journal_of
from journal.tables import Note, Problem
from store import passport, releases
from store.paths import Home
from tests.dashboard.small_england import CITED, EXPLAINED, write_release
from tests.homes import copied

SOURCE = "phe_cases_vintages"
WITNESSED = "cases_by_specimen_date"
WRITTEN_AT = datetime(2020, 8, 6, 9)
SAID, OTHERWISE = "It was 4711 by then.", "It was 815, I am told."
OWN = f"coalesce(source_id = '{SOURCE}', false)"
BEFORE = f"coalesce(source_id_before = '{SOURCE}', false)"
SPOKEN_OF = "figure_id in (from spoken_of)"
CELL = "concat_ws('.', metric_id, area_id, stratum_id, event_date) in (from spoken_of)"
# Where what the source said stands, or can be told from: table, column, and in which rows.
TELLING = [
    *(
        (table, column, OWN)
        for table in ("figures", "figure_versions")
        for column in (
            *("value", "lower", "upper"),
            *("expected_low", "expected_high", "expected_low_80", "expected_high_80"),
        )
    ),
    *(
        (table, column, SPOKEN_OF)
        for table in ("figures", "figure_versions")
        for column in ("gap", "first_value")
    ),
    *(
        (table, column, OWN)
        for table in ("claims", "figures_shown")
        for column in ("value", "lower", "upper")
    ),
    ("figure_changes", "value_after", OWN),
    ("figure_changes", "value_before", BEFORE),
    *(
        ("figure_changes", column, f"{OWN} or {BEFORE}")
        for column in ("difference", "amount", "event_text")
    ),
    ("disagreements", "value", OWN),
    *(("disagreements", column, SPOKEN_OF) for column in ("gap", "gap_relative", "figure_value")),
    *(("expectation_scores", column, OWN) for column in ("held_80", "held_95", "width_80")),
    ("quarantined", "row_text", OWN),
    ("breakers", "sentence", OWN),
    ("breaker_versions", "sentence", OWN),
    ("breaker_rows", "seen", OWN),
    ("events", "published_text", OWN),
    ("arrivals", "reason", OWN),
    ("decisions", "reason", f"{OWN} or {CELL}"),
    ("corrections", "reason", CELL),
    ("corrections", "value", CELL),
    ("corrections", "guard_value", CELL),
]


def two_homes(root: Path) -> tuple[Home, Home]:
    """Each with two kept releases, one that is gone but on record, notes, and found breakers."""
    first, second = Home(root / "first" / "home"), Home(root / "second" / "home")
    for value in (88.0, 90.0, None):
        write_release(first.root, cited=value)
    shutil.rmtree(releases.folder(first, releases.kept(first)[0].release_id))
    copied(first.root, second.root)
    _let_it_say_something_else(second)
    for home, said in ((first, SAID), (second, OTHERWISE)):
        _hold_a_witness(home, said)
        _note(home, said)
        _find(home, said)
    return first, second


def _let_it_say_something_else(home: Home) -> None:
    files = [*home.releases.glob("*/controlled.duckdb"), *home.shown.glob("*.duckdb")]
    assert len(files) == 3
    for file in files:
        with duckdb.connect(str(file)) as connection:
            tables = {
                row[0]: dict(
                    connection.sql(f"describe {row[0]}")
                    .project("column_name, column_type")
                    .fetchall()
                )
                for row in connection.sql("select table_name from duckdb_tables()").fetchall()
            }
            named = [table for table in ("claims", "figures") if table in tables]
            spoken = " union ".join(f"select figure_id from {t} where {OWN}" for t in named)
            none = "select '' as figure_id where false"
            connection.execute(f"create temp table spoken_of as {spoken or none}")
            for table, column, rows in TELLING:
                if column in tables.get(table, {}):
                    connection.execute(_changed(table, column, rows, tables[table][column]))


def _hold_a_witness(home: Home, said: str) -> None:
    """What a breaker saw in a file of another source, beside what this one says of the metric."""
    for file in home.releases.glob("*/controlled.duckdb"):
        with duckdb.connect(str(file)) as connection:
            for table in ("breakers", "breaker_versions", "breaker_rows"):
                column, metric = (
                    ("seen", f", '{WITNESSED}' as metric_id")
                    if table == "breaker_rows"
                    else ("sentence", "")
                )
                connection.execute(
                    f"insert into {table} select * replace ('ukhsa_dashboard_json' as source_id, "
                    f"'days_moved' as breaker_id, $said as {column}{metric}) from {table} limit 1",
                    {"said": said},
                )


def _changed(table: str, column: str, rows: str, kind: str) -> str:
    other = f"{column} || ', which was 815'" if kind == "VARCHAR" else f"{column} * 3 + 1"
    return f"update {table} set {column} = {other} where {rows}"


def _note(home: Home, said: str) -> None:
    """Notes and reports that differ in their text alone, and not in name or moment."""
    release_id = releases.current(home).release_id
    with journal_of(home).writing() as session:
        for name, figure_id in (("note-1", CITED), ("note-2", EXPLAINED)):
            cell = passport.cell(figure_id) or {}
            day = date.fromisoformat(cell["event_date"])
            session.add(
                Note(
                    note_id=name,
                    **cell | {"event_date": day},
                    as_of=None,
                    release_id=release_id,
                    author="Amina",
                    text=said,
                    written_at=WRITTEN_AT,
                )
            )
            session.add(_problem(cell | {"event_date": day}, release_id, name, said))


def _problem(cell: dict[str, Any], release_id: str, name: str, said: str) -> Problem:
    """A report that somebody looks into; its number is that of the note."""
    return Problem(
        problem_id=f"PR-0000000{name[-1]}",
        **cell,
        release_id=release_id,
        kind="too_high",
        wrong=said,
        expected=said,
        evidence=said,
        reporter="demonstration|national_leader",
        reported_by="Amina",
        reported_at=WRITTEN_AT,
        state="taken_up",
        taken_up_by="Bo",
        taken_up_at=WRITTEN_AT,
    )


def _find(home: Home, said: str) -> None:
    """What the last check found, as it keeps it: in its own file, and in one that it witnessed."""
    path = home.root / "dbt" / "breakers.json"
    path.parent.mkdir(exist_ok=True)
    found = {
        "breaker_id": "units",
        "severity": "warn",
        "source_id": SOURCE,
        "file_sha256": "0" * 64,
        "since": "2020-08-05 16:00:00",
        "sentence": said,
        "tells_of": [],
    }
    witnessed = found | {"source_id": "ukhsa_dashboard_json", "tells_of": [SOURCE]}
    path.write_text(json.dumps([found, witnessed]))
