"""A small question through the confined engine, beside the bare reader and the bare engine.

`python -m bench.sandbox --home HOME [--times 200]`, where HOME has a release. Milliseconds are
those of one question with its answer as a table; medians and 95th percentiles over many areas, all
sides in turn. The confined one waits for its turn, asks what is withheld, and crosses two pipes.
"""

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from statistics import median

import duckdb
import pyarrow.lib as arrow

from bench.read import EVERYTHING, LATEST, SERIES, _keys, _middle
from store import releases
from store.paths import Home
from store.reader import Reader, open_reader
from store.sandbox import Question, ask
from store.sandbox.pool import pool
from store.viewer import Viewer

ANALYST = Viewer("bench", "analyst", None)
ROWS = "select * from figures limit 200000"
Asked = Callable[[dict[str, str]], object]


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--times", type=int, default=200)
    asked = options.parse_args()
    home = Home(asked.home.resolve())
    file = releases.controlled_file(home, releases.current(home).release_id)
    with duckdb.connect(str(file), read_only=True) as connection:
        moment, keys = _middle(connection), _keys(connection, asked.times)
    print("| confined | ms median / p95 | reader ms | bare ms |\n|---|---|---|---|")
    with open_reader(home, ANALYST) as now, open_reader(home, ANALYST, moment) as then:
        # Only now: a file that is open with other settings cannot be asked for its sources.
        connection = duckdb.connect(str(file), read_only=True, config={"threads": 1})
        for name, sql in (("series", SERIES), ("latest, all areas", LATEST)):
            _print(name, _sides(home, now, connection, sql, None), keys)
        _print("everything", _sides(home, now, connection, EVERYTHING, None), keys[:50])
        _print("200,000 rows", _sides(home, now, connection, ROWS, None), keys[:5])
        _print("series as known", _sides(home, then, None, SERIES, moment), keys)
    print(_starting(home))


def _sides(
    home: Home,
    reader: Reader,
    connection: duckdb.DuckDBPyConnection | None,
    sql: str,
    as_of: datetime | None,
) -> list[Asked]:
    def confined(given: dict[str, str]) -> object:
        return ask(home, ANALYST, "bench", Question(sql, _used(sql, given), as_of), "bench").table

    def read(given: dict[str, str]) -> object:
        return reader.ask(sql, **_used(sql, given))

    def bare(given: dict[str, str]) -> arrow.Table:
        assert connection
        return connection.cursor().sql(sql, params=_used(sql, given) or None).to_arrow_table()

    return [confined, read, bare] if connection else [confined, read]


def _used(sql: str, given: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in given.items() if f"${name}" in sql}


def _print(name: str, sides: list[Asked], keys: list[tuple[str, str]]) -> None:
    times: list[list[float]] = [[] for _ in sides]
    for side in sides:  # the first answer of each starts what the others use
        side({"metric": keys[0][0], "area": keys[0][1]})
    for metric, area in keys:
        for side, taken in zip(sides, times, strict=True):
            start = time.perf_counter()
            side({"metric": metric, "area": area})
            taken.append((time.perf_counter() - start) * 1000)
    slow = sorted(times[0])[int(len(times[0]) * 0.95)]
    others = " | ".join(f"{median(taken):.1f}" for taken in times[1:])
    print(f"| {name} | {median(times[0]):.1f} / {slow:.1f} | {others} |")


def _starting(home: Home) -> str:
    times = []
    for number in range(9):
        pool().end()
        time.sleep(1.5 if number % 2 else 0)
        start = time.perf_counter()
        viewer = replace(ANALYST, who=str(number))
        ask(home, viewer, "bench", Question("select 1"), "bench")
        times.append((time.perf_counter() - start) * 1000)
    return f"\nFirst question to a release at a scope: {median(times):.0f} ms, from nothing.\n"


if __name__ == "__main__":
    main()
