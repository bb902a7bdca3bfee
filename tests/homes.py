"""Copies of homes that were filled once, for tests that change what is in them."""

import fcntl
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from store.paths import Home


def copied(home: Path, target: Path) -> Path:
    """Copy a home to a folder that is not there yet, and give the folder.

    Another process copies: to close any file of an open SQLite database in this one takes away the
    locks of its connections, and the next process to close the database removes what they write to.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(home), str(target)], check=True)
    return target


def once(factory: pytest.TempPathFactory, name: str, fill: Callable[[Path], None]) -> Home:
    """A home that one worker of this run filled, and each has a copy of; the others wait for it."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    filled, ended = shared / f"{name}-filled", shared / f"{name}-ended"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ended.exists():
            fill(filled)
            ended.touch()
    return Home(copied(filled, factory.mktemp(name) / "home"))
