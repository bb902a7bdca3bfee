"""Starting again: from the command to the first page, a build with nothing to do, dbt's share.

`python -m bench.start --home HOME [--days 60]` simulates an England into HOME if none is there.
The page is asked for as a browser asks: the frame, its layout, then the callback that fills it.
dbt's share is what a full build takes beyond the bare engine running the same compiled SQL.
"""

import argparse
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import requests

from bench.cost import HOUSE

PATIENCE_S = 60
COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()"]
SERVED = ("serve", "--sign-in", "demonstration")


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    start = time.perf_counter()
    server = subprocess.Popen(
        [*COMMAND, *SERVED, "--home", str(home), "--port", str(port)],
        cwd=HOUSE,
        stdout=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _ask_until_answered(address, start)
        browser = _signed_in(address)
        _ask(f"{address}/_dash-layout", browser=browser)
        asked = _page_asked_for(address, browser)
        filled = _ask(f"{address}/_dash-update-component", asked, browser)
        if b"England" not in filled:
            sys.exit("the first page does not name England")
        return time.perf_counter() - start
    finally:
        server.terminate()
        server.wait()


def _ask_until_answered(address: str, start: float) -> None:
    while time.perf_counter() - start < PATIENCE_S:
        try:
            _ask(address)
            return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.02)
    sys.exit(f"no page within {PATIENCE_S} s")


def _page_asked_for(address: str, browser: Mapping[str, str]) -> dict[str, Any]:
    """The callback that fills the page, with `/` for its address and nothing else given."""
    callbacks = json.loads(_ask(f"{address}/_dash-dependencies", browser=browser))
    fills = next(callback for callback in callbacks if "_pages_content" in callback["output"])
    given = [
        {**part, "value": "/" if part["property"] == "pathname" else ""} for part in fills["inputs"]
    ]
    outputs = [
        dict(zip(("id", "property"), part.rsplit(".", 1), strict=True))
        for part in fills["output"].strip(".").split("...")
    ]
    return {
        "output": fills["output"],
        "outputs": outputs,
        "inputs": given,
        "changedPropIds": [f"{part['id']}.{part['property']}" for part in given],
        "state": [{**part, "value": ""} for part in fills["state"]],
    }


def _signed_in(address: str) -> dict[str, str]:
    """The headers with which a browser goes on that has pressed a persona's button."""
    told = {"persona": "national_leader"}
    session = requests.Session()
    session.post(
        f"{address}/sign-in/as",
        told,
        headers={"Origin": address},
        allow_redirects=False,
        timeout=PATIENCE_S,
    )
    cookies = {cookie.name: cookie.value or "" for cookie in session.cookies}
    carried = "; ".join(f"{name}={value}" for name, value in cookies.items())
    return {"Cookie": carried, "X-Trigpoint-Form": cookies["trigpoint_form"]}


def _ask(
    address: str, body: dict[str, Any] | None = None, browser: Mapping[str, str] | None = None
) -> bytes:
    data = json.dumps(body).encode() if body else None
    headers = {"Content-Type": "application/json", **(browser or {})}
    request = urllib.request.Request(address, data, headers)
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        content: bytes = answer.read()
        return content


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
