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
from store.errors import NoRelease, TrigpointError, WrongUse
from store.paths import Home, drafted, quoted
from store.release_tables import EXACT, ORDERED_BY

ENGLAND = "E92000001"
AT_ONCE = ("nation", "region", "nhs_region")
LONGEST_S = 30
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


def write_all(warehouse: Path, release: Path, metrics: tuple[str, ...]) -> None:
    """Write the exact files of England and every region of it from the warehouse.

    Nothing is written where all metrics are public.
    """
    if not metrics:
        return
    folder(release).mkdir()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        wanted = connection.execute(
            "select area_id from areas where list_contains($kinds, area_type) "
            "and (area_id = $england or parent_area_id = $england) order by area_id <> $england",
            {"kinds": list(AT_ONCE), "england": ENGLAND},
        ).fetchall()
    whole = folder(release) / f"{ENGLAND}.duckdb"
    for (scope,) in wanted:
        target = folder(release) / f"{scope}.duckdb"
        _write(target, warehouse if scope == ENGLAND else whole, warehouse, scope, metrics)


def exact(home: Home, release_id: str, scope: str) -> Exact | None:
    """The exact file of a scope, written now if nobody has used it so far; None where none is kept.

    Raises `WrongUse` for an area that the release does not know, `TrigpointError` where the file
    cannot be written.
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
        raise WrongUse(f"{scope[:40]} is no area of this release, so nobody can look from there")


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
        done = subprocess.run(  # noqa: S603
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
    with _writing(folder(release)):
        if not target.exists():
            whole = folder(release) / f"{ENGLAND}.duckdb"
            _, metrics = _lists(whole)
            _write(target, whole, release / "controlled.duckdb", scope, metrics)


@contextmanager
def _writing(place: Path) -> Iterator[None]:
    with (place / ".writing").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _write(
    target: Path, source: Path, reference: Path, scope: str, metrics: tuple[str, ...]
) -> None:
    """Copy one scope's rows out of a warehouse, or out of England's exact file."""
    is_warehouse = source == reference
    with drafted(target) as draft, duckdb.connect(str(draft)) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {quoted(source)} as whole (read_only)")
        if not is_warehouse:
            connection.execute(f"attach {quoted(reference)} as reference (read_only)")
        within = inside("whole" if is_warehouse else "reference")
        there = "" if is_warehouse else f" where area_id in (from whole.main.{AREAS})"
        connection.execute(f"create table {AREAS} as from ({within}){there}", {"scope": scope})
        connection.execute(f"create table {METRICS} (metric_id varchar)")
        connection.executemany(f"insert into {METRICS} values (?)", [[one] for one in metrics])
        for table in EXACT:
            connection.execute(
                f"create table {table} as select * from whole.main.{table} "
                f"where metric_id in (from {METRICS}) and area_id in (from {AREAS}) "
                f"order by {ORDERED_BY[table]}"
            )


if __name__ == "__main__":
    from sys import argv, exit

    try:
        write_one(Home(Path(argv[1])), argv[2], argv[3])
    except (duckdb.Error, OSError, TrigpointError) as fault:
        exit(str(fault))
