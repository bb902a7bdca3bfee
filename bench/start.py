"""Starting again: from the command to the first page, a build with nothing to do, dbt's share.

`python -m bench.start --home HOME [--days 60]` simulates an England into HOME if none is there.
The page is asked for as a browser asks: the frame, its layout, then the callback that fills it.
dbt's share is what a full build takes beyond the bare engine running the same compiled SQL.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.cost import HOUSE
from bench.served import COMMAND, Asker, served


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--home", type=Path, required=True)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--days", type=int, default=60)
    asked = options.parse_args()
    home = asked.home.resolve()
    run = ["run", "--simulate", "--days", str(asked.days), "--home", str(home)]
    first = _seconds(*run)
    again = median(_seconds(*run) for _ in range(asked.runs))
    page = median(_first_page(home) for _ in range(asked.runs))
    idle = median(_seconds("build", "--home", home) for _ in range(asked.runs))
    full = _seconds("build", "--full-refresh", "--home", home)
    bare = float(subprocess.check_output([sys.executable, "-m", "bench.start", "bare", home]))
    rows = {
        "`run --simulate` the first time (or again, if HOME had it)": f"{first:.1f} s",
        "`run --simulate` again": f"{again:.1f} s",
        "`serve` to the first page": f"{page:.1f} s",
        "second start to the first page": f"{again + page:.1f} s of 15 s",
        "`build` with nothing changed": f"{idle:.1f} s",
        "`build --full-refresh`": f"{full:.1f} s, {full / bare:.1f} times the bare engine",
        "of which dbt": f"{1 - bare / full:.0%}",
    }
    print("| start | |\n|---|---|")
    print("\n".join(f"| {what} | {taken} |" for what, taken in rows.items()) + "\n")


def _seconds(*arguments: str | Path) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        [*COMMAND, *map(str, arguments)], cwd=HOUSE, capture_output=True, text=True, check=False
    )
    if done.returncode not in {0, 3}:
        sys.exit(done.stderr)
    return time.perf_counter() - start


def _first_page(home: Path) -> float:
    start = time.perf_counter()
    with served(home) as address:
        asker = Asker(address)
        asker.get("/_dash-layout")
        if b"England" not in asker.page("/").content:
            sys.exit("the first page does not name England")
        return time.perf_counter() - start


def bare(home: Path) -> None:
    """Print the seconds of every model's compiled SQL in the bare engine, on a copy."""
    import duckdb

    from bench import compiled

    with tempfile.TemporaryDirectory(prefix="trigpoint-bench-") as folder:
        warehouse = shutil.copy(home / "warehouse.duckdb", folder)
        with duckdb.connect(warehouse, config={"threads": 2}) as connection:
            connection.execute("set TimeZone = 'UTC'")
            start = time.perf_counter()
            for model in compiled.models(home / "dbt" / "target" / "manifest.json"):
                model.create(connection)
            print(time.perf_counter() - start)


if __name__ == "__main__":
    os.environ.pop("TRIGPOINT_HOME", None)
    match sys.argv[1:]:
        case ["bare", home]:
            bare(Path(home))
        case _:
            main()
