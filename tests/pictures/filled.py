"""Homes to take pictures of: a simulated England, and one with the real published files.

Each is filled once and kept; the pages are served from a copy, so that what people write down for
one set of pictures is not in the next.
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.homes import copied

ROOT = Path(__file__).parents[2]
REAL_FILES = ROOT.parent / "shared" / "data"
REPLAY = "pillar-dedup"
HELD = 3  # a run in which a breaker held something ends with this, and is published


@dataclass(frozen=True)
class Data:
    """One home: its name, how it is filled, and whether its numbers are invented.

    In an invented one a data day is run again and people write something down; of a published
    figure nothing is said here that nobody said.
    """

    name: str
    taken: tuple[str, ...]
    is_invented: bool


SIMULATED = Data("simulated", ("run", "--simulate"), is_invented=True)
REAL = Data("real", ("run", "--from", str(REAL_FILES)), is_invented=False)


def home_of(data: Data, builds: Path) -> Path:
    """A fresh copy of a home, which is filled first where it was not yet."""
    filled = builds / data.name
    if not (filled / "releases").is_dir():
        print(f"  filling {filled} (minutes, once)", flush=True)
        _run(*data.taken, home=filled)
        if data.is_invented:
            _run("replay", REPLAY, home=filled)
    served = builds / f"{data.name}-served"
    shutil.rmtree(served, ignore_errors=True)
    return copied(filled, served)


def _run(*arguments: str, home: Path) -> None:
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    ran = subprocess.run(
        [*command, "--home", str(home)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ran.returncode not in {0, HELD}:
        sys.exit(f"`trigpoint {' '.join(arguments)}` ended with {ran.returncode}: {ran.stderr}")
