"""Copies of homes that were filled once, for tests that change what is in them."""

import subprocess
from pathlib import Path


def copied(home: Path, target: Path) -> Path:
    """Copy a home to a folder that is not there yet, and give the folder.

    Another process copies: to close any file of an open SQLite database in this one takes away the
    locks of its connections, and the next process to close the database removes what they write to.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["cp", "-a", str(home), str(target)], check=True)
    return target
