"""Homes that were really filled, and the real published files where they may be had."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from homes import once

from store.paths import Home

ROOT = Path(__file__).parents[1]
for name in ("HOME", "JOURNAL", "JOURNAL_PASSWORD", "JOURNAL_PASSWORD_FILE", "PURPOSE"):
    os.environ.pop(f"TRIGPOINT_{name}", None)


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    error: str


def command(*arguments: str | Path, timeout: float = 300) -> Ran:
    """Run `trigpoint` as its own process, as an operator does."""
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


# The files that take longest go first, so that no worker is left alone with one at the end.
LONGEST = ("pipeline", "every_exit_after_an_end", "browser", "dbt_project", "store", "dashboard")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    def place(item: pytest.Item) -> int:
        found = (at for at, part in enumerate(LONGEST) if part in item.nodeid)
        return next(found, len(LONGEST))

    items.sort(key=place)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Packed files hold the second in which they were made, and every worker names tests anew."""
    return "bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def trigpoint() -> Callable[..., Ran]:
    return command


@pytest.fixture(scope="session")
def one_process() -> Iterator[Callable[..., Ran]]:
    """Runs `trigpoint` too, one command after another in one process of their own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.one_process"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin and process.stdout

        def run(*arguments: str | Path, **_: float) -> Ran:
            asked = {"arguments": [*map(str, arguments)], "environment": dict(os.environ)}
            print(json.dumps(asked), file=process.stdin, flush=True)
            return Ran(**json.loads(process.stdout.readline()))

        yield run
        process.stdin.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real published files; tests that need it are skipped elsewhere."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real published files is not here")
    return folder


@pytest.fixture(scope="session")
def real_home(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home into which every real published file went."""
    return once(tmp_path_factory, "real", filled_by("run", "--from", shared_data))


@pytest.fixture(scope="session")
def empty_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that was built before any file arrived."""
    return once(tmp_path_factory, "empty", filled_by("build"))


@pytest.fixture(scope="session")
def simulated_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home with a month of the simulated England, published."""
    return once(tmp_path_factory, "simulated", filled_by("run", "--simulate", "--days", "30"))


def filled_by(*arguments: str | Path) -> Callable[[Path], None]:
    def fill(root: Path) -> None:
        ran = command(*arguments, "--home", root)
        assert ran.code in {0, 3}, ran.error

    return fill
