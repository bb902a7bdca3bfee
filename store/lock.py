"""One writer at a time: loading, building and publishing take turns in a home."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from store import releases
from store.errors import TrigpointError
from store.paths import Home


@contextmanager
def writing(home: Home) -> Iterator[None]:
    """Hold the home for writing; the lock ends with the process, so a crash leaves none behind.

    What a killed command left undone in the record of what was shown is mended first. Raises
    `TrigpointError` when another command is writing.
    """
    home.root.mkdir(parents=True, exist_ok=True)
    with (home.root / ".writing").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TrigpointError(
                f"another trigpoint command is writing to {home.root}; wait until it has ended"
            ) from None
        # Files can be taken in although the record is damaged; whoever publishes is told.
        with suppress(TrigpointError):
            releases.record_shown(home)
        yield
