"""What was shown, and when: kept for good, although the releases themselves are pruned.

`HOME/shown/<moment>.duckdb` holds two tables of intervals: which release was current
(`releases_shown`), and what each figure was on the pages (`figures_shown`). A change of the pointer
writes a new file from the newest one and from the release that is now current; only figures that
differ from those shown before get a new interval. No file is ever changed in place.
"""

import logging
from dataclasses import astuple, dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

import duckdb

from store.errors import DamagedRecord, TrigpointError
from store.paths import Home, drafted, quoted

# The columns of both tables with their types, in the order in which they stand in the file.
FIGURES_SHOWN = {
    "figure_id": "string",
    "metric_id": "string",
    "area_id": "string",
    "stratum_id": "string",
    "event_date": "date",
    "value": "double",
    "lower": "double",
    "upper": "double",
    "source_id": "string",
    "status": "string",
    "missing_reason": "string",
    "is_provisional": "boolean",
    "is_corrected": "boolean",
    "shown_from": "timestamp",
    "shown_to": "timestamp",
}
RELEASES_SHOWN = {"release_id": "string", "shown_from": "timestamp", "shown_to": "timestamp"}
TABLES = {"figures_shown": FIGURES_SHOWN, "releases_shown": RELEASES_SHOWN}
TICK = timedelta(microseconds=1)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Showing:
    """A release and the moment since which it is shown (naive UTC)."""

    release_id: str
    shown_from: datetime


def newest(home: Home) -> Path | None:
    """The record as it stands; None before anything was shown."""
    found = sorted(home.shown.glob("[!.]*.duckdb"))
    return found[-1] if found else None


def record(home: Home, release_id: str, released: Path, moved_at: datetime) -> None:
    """Put down that a release is shown since `moved_at`; `released` is its controlled file.

    Does nothing where it is the last on record already, so that it can be repeated at any time,
    nor where the release cannot be opened: then no page shows it either. Raises `DamagedRecord`
    when the record so far cannot be read, `TrigpointError` when it cannot be written.
    """
    before = newest(home)
    last = _last(before) if before else None
    if (last and last.release_id == release_id) or not _can_be_shown(released):
        return
    # The order of the intervals holds although the machine's clock was set back.
    moment = max(moved_at, last.shown_from + TICK) if last else moved_at
    _remove_drafts(home)
    target = home.shown / f"{moment:%Y%m%d-%H%M%S-%f}.duckdb"
    try:
        with drafted(target) as draft:
            _write(draft, before, released, Showing(release_id, moment))
            _verify(draft, released)
    except duckdb.Error as fault:
        raise TrigpointError(
            f"what release {release_id} shows could not be put down in {home.shown} "
            f"({str(fault).splitlines()[0]}); the next command that writes tries again"
        ) from None
    _remove_older(home, target)


def empty(catalog: str) -> list[str]:
    """The statements that make both tables without a row."""
    return [
        f"create table {catalog}.main.{table} "
        f"({', '.join(f'{name} {kind}' for name, kind in columns.items())})"
        for table, columns in TABLES.items()
    ]


def unreadable(catalog: str, fault: str) -> list[str]:
    """The statements that make both tables so that asking them says what is wrong with them."""
    said = f"error('{fault.replace(chr(39), chr(39) * 2)}')"
    return [
        f"create view {catalog}.main.{table} as "
        f"select {', '.join(f'cast({said} as {kind}) as {name}' for name, kind in columns.items())}"
        for table, columns in TABLES.items()
    ]


def _last(path: Path) -> Showing | None:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            rows = connection.sql(
                "select release_id, shown_from from releases_shown where shown_to is null"
            ).fetchall()
    except duckdb.Error:
        raise _damaged(path) from None
    return Showing(*rows[0]) if rows else None


def _can_be_shown(released: Path) -> bool:
    try:
        duckdb.connect(str(released), read_only=True).close()
    except duckdb.Error:
        log.warning("%s cannot be opened, so what it shows is not put down", released)
        return False
    return True


def _write(draft: Path, before: Path | None, released: Path, showing: Showing) -> None:
    with duckdb.connect(str(draft)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {quoted(released)} as released (read_only)")
        _attach_before(connection, before)
        connection.execute("create temp table showing (release_id varchar, shown_from timestamp)")
        connection.execute("insert into showing values (?, ?)", list(astuple(showing)))
        for table in TABLES:
            connection.execute(_statement(table))


def _attach_before(connection: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    if before:
        connection.execute(f"attach {quoted(before)} as before (read_only)")
        return
    connection.execute("attach ':memory:' as before")
    for statement in empty("before"):
        connection.execute(statement)


def _statement(name: str) -> str:
    return files("store").joinpath("sql", f"{name}.sql").read_text()


def _verify(draft: Path, released: Path) -> None:
    """Read back: what is shown without an end must be the release's figures, each once."""
    with duckdb.connect(str(draft), read_only=True) as connection:
        connection.execute(f"attach {quoted(released)} as released (read_only)")
        shown, figures = connection.sql(
            "select (select count(*) from figures_shown where shown_to is null), "
            "(select count(*) from released.main.figures)"
        ).fetchall()[0]
    if shown != figures:
        raise TrigpointError(
            f"what is shown could not be put down: {shown} figures on record of {figures} shown"
        )


def _remove_older(home: Home, newest_file: Path) -> None:
    for path in home.shown.glob("[!.]*.duckdb"):
        if path.name < newest_file.name:
            path.unlink(missing_ok=True)


def _remove_drafts(home: Home) -> None:
    """A command that was killed leaves its draft; only one command writes at a time."""
    for path in home.shown.glob(".*.draft*"):
        path.unlink(missing_ok=True)


def _damaged(path: Path) -> DamagedRecord:
    return DamagedRecord(
        f"the record of what was shown, {path}, is damaged; put it back from a backup, or move it "
        "away and the record begins anew with the release that is shown now"
    )
