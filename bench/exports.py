"""Millions of figures to CSV and Parquet as an export writes them, beside DuckDB's own COPY.

`python -m bench.exports --home HOME [--rows 10000000]`, where HOME has a release. Its figures are
repeated in a copy until there are so many; the same question is asked on both sides. One tenth of
the rows is written too: where memory is constant its peak is the same.
"""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.cost import cost_of, table, work
from store.exporting.making import MEMORY

WAYS = {"export": "a reader, a part at a time", "copy": "DuckDB COPY, one thread"}
FORMS = ("csv", "parquet")
BARE: dict[str, Any] = {"threads": 1, "memory_limit": MEMORY}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--rows", type=int, default=10_000_000)
    asked = options.parse_args()
    for rows in (asked.rows // 10, asked.rows):
        with tempfile.TemporaryDirectory(prefix="trigpoint-bench-") as place:
            cost_of("bench.exports", "grow", asked.home.resolve(), place, str(rows))
            for form in FORMS:
                costs = {
                    told: cost_of("bench.exports", way, place, form) for way, told in WAYS.items()
                }
                print(table(f"{rows:,} figures to {form}", costs, WAYS["copy"]), "\n", flush=True)


def grow(home: Path, place: Path, rows: int) -> None:
    """Copy the current release, and repeat its figures under other names until there are `rows`."""
    import duckdb

    from store import releases
    from store.paths import Home

    release = releases.current(Home(home))
    target = Home(place / "home")
    shutil.copytree(
        releases.folder(Home(home), release.release_id), releases.folder(target, release.release_id)
    )
    (target.releases / "current").write_text(release.release_id)
    shutil.rmtree(releases.folder(target, release.release_id) / "exact", ignore_errors=True)
    file = releases.controlled_file(target, release.release_id)
    with work(), duckdb.connect(str(file), config={"memory_limit": "4GB"}) as connection:
        times = -(-rows // release.rows["figures"])
        connection.execute(
            "insert into figures select figures.* replace (figure_id || '.' || time as figure_id) "
            f"from figures, range(1, {times}) as times(time)"
        )
        connection.execute(f"delete from figures where rowid >= {rows}")
    manifest = releases.folder(target, release.release_id) / "manifest.json"
    content: dict[str, Any] = json.loads(manifest.read_text())
    content["rows"]["figures"] = rows
    manifest.write_text(json.dumps(content))


def export(place: Path, form: str) -> None:
    """Write the file as the process of an export does."""
    from store.exporting.wanted import Wanted
    from store.exporting.writing import Progress, write
    from store.paths import Home
    from store.reader import open_reader
    from store.releases import current

    home = Home(place / "home")
    wanted = Wanted("figures", form, current(home).release_id)
    with work(), open_reader(home, memory=MEMORY) as reader:
        write(wanted, reader, place, Progress(lambda _: None))
    _remove(place)


def copy(place: Path, form: str) -> None:
    """The same question to the same file, by the engine alone and without a note."""
    import duckdb

    from store import releases
    from store.exporting.wanted import Wanted, statement
    from store.paths import Home, quoted

    home = Home(place / "home")
    release_id = releases.current(home).release_id
    sql, _ = statement(Wanted("figures", form, release_id))
    file = str(releases.controlled_file(home, release_id))
    options = "header" if form == "csv" else "compression zstd"
    target = quoted(place / f"copied.{form}")
    with work(), duckdb.connect(file, read_only=True, config=BARE) as connection:
        connection.execute(f"copy ({sql}) to {target} (format {form}, {options})")
    _remove(place)


def _remove(place: Path) -> None:
    for path in place.glob("*.*"):
        if path.is_file():
            path.unlink()


if __name__ == "__main__":
    if sys.argv[1] == "grow":
        grow(Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1] in WAYS:
        globals()[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
    else:
        main()
