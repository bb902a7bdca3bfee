"""Exact files: `releases/<release_id>/exact/<scope>.duckdb`, one area's exact figures and no more.

They hold figures that are not public only; everything public is in the controlled file. Those of
England and its regions are written when a release is published, all others on first use, out of
England's, by a process of its own: `python -m store.scopes HOME RELEASE SCOPE`. Whoever reads never
writes one.
"""

import fcntl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from store.area_tree import inside
from store.errors import NoRelease, TrigpointError, UnknownScope
from store.paths import Home, drafted, quoted
from store.release_tables import EXACT, ORDERED_BY, count, marked

ENGLAND = "E92000001"
LONGEST_S = 30
# England first: the others are cut out of it.
REGIONS = """
    select areas.area_id
    from whole.main.areas as areas
    where
        areas.area_id = $england
        or (
            areas.area_type in ('region', 'nhs_region')
            and areas.parent_area_id = $england
            and areas.valid_to is null
        )
    order by areas.area_id <> $england, areas.area_id
"""
AREAS, METRICS = "scope_areas", "scope_metrics"


@dataclass(frozen=True)
class Exact:
    """An exact file, the areas for which it is exact and the metrics that it holds."""

    path: Path
    areas: tuple[str, ...]
    metrics: tuple[str, ...]


def folder(release: Path) -> Path:
    """Where the exact files of a release lie."""
    return release / "exact"


def is_exact(file: Path) -> bool:
    """Whether a file of a release is one of these."""
    return file.parent.name == "exact"


def write_all(warehouse: Path, release: Path, metrics: tuple[str, ...], salt: str) -> None:
    """Write the exact files of England and every region of it from the warehouse.

    Nothing is written where every figure is public. `salt` is that of the controlled file, so that
    a file has one mark in both.
    """
    if not metrics:
        return
    with _reading(whole=warehouse) as connection:
        connection.execute(f"create temp table {METRICS} (metric_id varchar)")
        connection.executemany(f"insert into {METRICS} values (?)", [[one] for one in metrics])
        within = inside("whole")
        connection.execute(f"create temp table {AREAS} as {within}", {"scope": ENGLAND})
        # Read once from the warehouse; each file is then cut out of this.
        for table in EXACT:
            rows = _of_scope("whole.main", table, columns=marked(table, salt))
            connection.execute(f"create temp table {table} as {rows}")
        if not count(connection, "temp.main.figures"):
            return
        folder(release).mkdir()
        regions = connection.execute(REGIONS, {"england": ENGLAND}).fetchall()
        for (scope,) in regions:
            _write(connection, folder(release) / f"{scope}.duckdb", scope, "whole", "temp.main")


def exact(home: Home, release_id: str, scope: str) -> Exact | None:
    """The exact file of a scope, written now if nobody has used it so far; None where none is kept.

    Raises `UnknownScope` for an area that the release does not know, `TrigpointError` where the
    file cannot be written.
    """
    release = home.releases / release_id
    whole = folder(release) / f"{ENGLAND}.duckdb"
    if not whole.exists():
        return None
    _require_known(release, scope)
    path = folder(release) / f"{scope}.duckdb"
    if not path.exists():
        _write_apart(home, release_id, scope)
    areas, metrics = _lists(path)
    return Exact(path, areas, metrics) if areas else None


@lru_cache(maxsize=256)
def _require_known(release: Path, scope: str) -> None:
    with duckdb.connect(str(release / "controlled.duckdb"), read_only=True) as connection:
        known = connection.execute("select 1 from areas where area_id = ?", [scope]).fetchall()
    if not known:
        raise UnknownScope(
            f"{scope[:40]} is no area of this release, so nobody can look from there"
        )


@lru_cache(maxsize=256)
def _lists(path: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            areas, metrics = (
                tuple(name for (name,) in connection.sql(f"from {table} order by all").fetchall())
                for table in (AREAS, METRICS)
            )
    except duckdb.Error:
        raise NoRelease(
            f"{path} is damaged; take it away and it is written again, or run `trigpoint publish`"
        ) from None
    return areas, metrics


def _write_apart(home: Home, release_id: str, scope: str) -> None:
    command = [sys.executable, "-m", "store.scopes", str(home.root), release_id, scope]
    house = Path(__file__).parents[1]
    try:
        # Our own module, by an argument list and no shell; the scope is an area of the release.
        done = subprocess.run(  # noqa: S603 # nosec B603
            command, cwd=house, capture_output=True, text=True, timeout=LONGEST_S, check=False
        )
    except subprocess.TimeoutExpired:
        raise TrigpointError(
            f"the exact figures of {scope} are not ready after {LONGEST_S} seconds; ask again"
        ) from None
    if done.returncode:
        said = (done.stderr.strip().splitlines() or ["no reason was given"])[-1]
        raise TrigpointError(f"the exact figures of {scope} could not be written: {said}")


def write_one(home: Home, release_id: str, scope: str) -> None:
    """Write the exact file of one scope out of England's; one writer at a time for each release."""
    release = home.releases / release_id
    target = folder(release) / f"{scope}.duckdb"
    england = folder(release) / f"{ENGLAND}.duckdb"
    with _writing(folder(release)):
        if target.exists():
            return
        with _reading(whole=england, reference=release / "controlled.duckdb") as connection:
            _write(connection, target, scope, "reference", "whole.main")


@contextmanager
def _reading(**attached: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("set TimeZone = 'UTC'")
        for name, path in attached.items():
            connection.execute(f"attach {quoted(path)} as {name} (read_only)")
        yield connection


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    with (place / ".writing").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(
    connection: duckdb.DuckDBPyConnection, target: Path, scope: str, tree: str, rows: str
) -> None:
    """Cut one scope out of tables that hold it among others; `tree` is where its areas stand."""
    with drafted(target) as draft:
        connection.execute(f"attach {quoted(draft)} as cut")
        connection.execute("begin")
        connection.execute(
            f"create table cut.main.{AREAS} as from ({inside(tree)}) "
            f"where area_id in (select area_id from {rows}.{AREAS})",
            {"scope": scope},
        )
        connection.execute(f"create table cut.main.{METRICS} as from {rows}.{METRICS}")
        for table in EXACT:
            connection.execute(
                f"create table cut.main.{table} as {_of_scope(rows, table, 'cut.main')}"
            )
        connection.execute("commit")
        connection.execute("detach cut")


def _of_scope(rows: str, table: str, lists: str = "temp.main", columns: str = "*") -> str:
    return (
        f"select {columns} from {rows}.{table} where metric_id in (from {lists}.{METRICS}) "
        f"and area_id in (from {lists}.{AREAS}) order by {ORDERED_BY[table]}"
    )


if __name__ == "__main__":
    try:
        write_one(Home(Path(sys.argv[1])), *sys.argv[2:4])
    except (duckdb.Error, OSError, TrigpointError) as fault:
        sys.exit(str(fault))
