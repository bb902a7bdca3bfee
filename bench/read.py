"""A release read through the store's door, beside a bare cursor on the same file.

`python -m bench.read --home HOME [--times 200]`, where HOME has a release. Milliseconds are those
of one question with its answer as a table, medians and 95th percentiles over many areas, both sides
in turn, each with one engine thread. The bare query as known asks the intervals directly.
"""

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median

import duckdb
import polars as pl

from store import releases
from store.paths import Home
from store.reader import open_reader

SERIES = """
    select event_date, value, status, is_provisional from figures
    where metric_id = $metric and area_id = $area and stratum_id = 'all' order by event_date
"""
LATEST = """
    select area_id, max(event_date) as event_date, max_by(value, event_date) as value from figures
    where metric_id = $metric and stratum_id = 'all' and value is not null group by area_id
"""
EVERYTHING = "select count(*), sum(value), max(known_from) from figures"
HELD = "known_from <= $moment and (known_to is null or known_to > $moment)"
BARE_SERIES_THEN = f"""
    select event_date, value, status from figure_versions
    where metric_id = $metric and area_id = $area and stratum_id = 'all' and {HELD}
    order by event_date
"""
BARE_EVERYTHING_THEN = f"""
    select count(*), sum(value), max(known_from) from figure_versions where {HELD}
"""
Question = Callable[[str, str], pl.DataFrame]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--times", type=int, default=200)
    asked = options.parse_args()
    home = Home(asked.home.resolve())
    release = releases.current(home)
    file = releases.controlled_file(home, release.release_id)
    with tempfile.TemporaryDirectory(prefix="trigpoint-bench-") as place:
        # The engine shares one file among all that open it, and then with the same settings.
        apart = shutil.copy(file, place)
        with duckdb.connect(apart, read_only=True, config={"threads": 1}) as connection:
            _compare(home, release, connection, asked.times)


def _compare(
    home: Home, release: releases.Release, connection: duckdb.DuckDBPyConnection, times: int
) -> None:
    moment = _middle(connection)
    size = releases.controlled_file(home, release.release_id).stat().st_size / 1e6
    with open_reader(home) as now, open_reader(home, as_of=moment) as then:

        def bare(sql: str) -> Question:
            return lambda metric, area: _ask_bare(connection, sql, metric, area, moment)

        pairs: dict[str, tuple[Question, Question]] = {
            "series": (lambda m, a: now.ask(SERIES, metric=m, area=a), bare(SERIES)),
            "latest, all areas": (lambda m, _: now.ask(LATEST, metric=m), bare(LATEST)),
            "everything": (lambda *_: now.ask(EVERYTHING), bare(EVERYTHING)),
            "series as known": (
                lambda m, a: then.ask(SERIES, metric=m, area=a),
                bare(BARE_SERIES_THEN),
            ),
            "everything as known": (lambda *_: then.ask(EVERYTHING), bare(BARE_EVERYTHING_THEN)),
        }
        versions, figures = release.rows["figure_versions"], release.rows["figures"]
        print(f"| read {figures:,} figures, {versions:,} versions ({size:,.0f} MB)", end=" ")
        print("| ratio | ms median / p95 | bare ms |\n|---|---|---|---|")
        keys = _keys(connection, times)
        for name, (ours, theirs) in pairs.items():
            _print(name, *_in_turn(ours, theirs, keys))
    print(_opening(home, moment))


def _ask_bare(
    connection: duckdb.DuckDBPyConnection, sql: str, metric: str, area: str, moment: datetime
) -> pl.DataFrame:
    given = {"metric": metric, "area": area, "moment": moment}
    cursor = connection.cursor()
    used = {name: value for name, value in given.items() if f"${name}" in sql}
    rows: pl.DataFrame = cursor.sql(sql, params=used or None).pl()
    return rows


def _middle(connection: duckdb.DuckDBPyConnection) -> datetime:
    """A moment by which half of the versions had begun."""
    found = connection.sql("select median(known_from) from figure_versions").fetchall()[0][0]
    assert isinstance(found, datetime)
    return found


def _keys(connection: duckdb.DuckDBPyConnection, times: int) -> list[tuple[str, str]]:
    """Metric and area of series spread over the whole release."""
    rows = connection.sql(
        "select distinct metric_id, area_id from figures order by hash(metric_id, area_id)"
    ).fetchall()
    return [(str(m), str(a)) for m, a in (rows * (times // len(rows) + 1))[:times]]


def _in_turn(
    ours: Question, theirs: Question, keys: list[tuple[str, str]]
) -> tuple[list[float], list[float]]:
    times: tuple[list[float], list[float]] = ([], [])
    for metric, area in keys:
        for question, taken in zip((ours, theirs), times, strict=True):
            start = time.perf_counter()
            question(metric, area)
            taken.append((time.perf_counter() - start) * 1000)
    return times


def _print(name: str, ours: list[float], bare: list[float]) -> None:
    slow = sorted(ours)[int(len(ours) * 0.95)]
    ratio = median(ours) / median(bare)
    print(f"| {name} | {ratio:.2f} | {median(ours):.1f} / {slow:.1f} | {median(bare):.1f} |")


def _opening(home: Home, moment: datetime) -> str:
    times = []
    for _ in range(9):
        start = time.perf_counter()
        open_reader(home, as_of=moment).close()
        times.append((time.perf_counter() - start) * 1000)
    return f"\nOpening and locking a reader: {median(times):.0f} ms.\n"


if __name__ == "__main__":
    main()
