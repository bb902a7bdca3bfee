"""Whether everything that confines the engine is here, proven before the first question."""

import logging
import tempfile
from pathlib import Path

import duckdb

from store.connection import CannotAttach, Layout
from store.sandbox.pool import Child
from store.sandbox.question import SandboxUnavailable

log = logging.getLogger(__name__)
SECONDS = 10


def check_ready() -> None:
    """Start a confined process and have it try every layer that is around it.

    Raises `SandboxUnavailable` with one sentence where a layer is missing. Those that a service
    may lack (an account of its own, a network of its own, an empty root) are said in the log.
    """
    child = Child()
    try:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "tried.duckdb"
            duckdb.connect(str(file)).close()
            child.lay_out(Layout(files=((str(file), "tried"),)), SECONDS)
    except CannotAttach as fault:
        raise SandboxUnavailable(
            f"questions in SQL are not answered here: no file can be opened ({fault})"
        ) from None
    finally:
        child.end()
    lacking = [name for name, holds in child.layers.items() if not holds]
    if lacking:
        log.warning("the confined processes have no %s; the other layers hold", ", ".join(lacking))
