"""Child processes for readers that a hostile file can make abort or take all memory."""

import os
import subprocess
import sys
from pathlib import Path

from loaders.child_limits import SECONDS
from loaders.reading import Refused

HOUSE = Path(__file__).parents[1]


def ask_child(module: str, data: bytes, name: str) -> bytes:
    """What `python -m module` prints when given a file; raises `Refused` if it dies or is slow."""
    try:
        # Our own module, by an argument list and no shell; the file is only its input.
        child = subprocess.run(  # noqa: S603 # nosec B603
            [sys.executable, "-m", module],
            input=data,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            cwd=HOUSE,
            env={**os.environ, "POLARS_MAX_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise Refused(f"{name} takes more than {SECONDS} s to read: send it as CSV") from None
    if child.returncode != 0:
        raise Refused(f"{name} ends its reader (too large or damaged): save it again or as CSV")
    return child.stdout
