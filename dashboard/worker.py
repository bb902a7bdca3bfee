"""The process that serves pages: it knows its release before anybody asks, and it stops soon."""

import os
import threading
import time
from contextlib import suppress
from types import FrameType

from gunicorn.workers.gthread import ThreadWorker

from dashboard import asked, readers
from dashboard.briefing import area_of, brief
from dashboard.seen import Seen
from store.errors import TrigpointError
from store.exporting import jobs
from store.settings import Settings

GRACE_S = 2.0
SWEEPS_EACH_S = 3600.0


def look_ahead() -> None:
    """Ask what the first page of the first reader will, whose answers its reader remembers."""
    reader = readers.get_to_know()
    seen = Seen(asked.read({}), reader, "/") if reader else None
    area = area_of(seen) if seen else None
    if seen and area:
        brief(seen, area)


def sweep() -> None:
    """Take away files of exports whose day is over, whether or not anybody looks."""
    with suppress(TrigpointError, OSError):
        jobs.forget_old(Settings.read().home)


class Worker(ThreadWorker):
    """A worker with threads that ends at most `GRACE_S` seconds after it is told to stop.

    Browsers open connections ahead of use. Gunicorn waits for each to say something or to time
    out, then kills the worker and logs that memory may have run out.
    """

    _sweeps_at = 0.0

    def init_process(self) -> None:
        """Look at the release while nobody waits for it, and serve."""
        # Python waits for this thread at the end: one that is cut off inside the engine aborts.
        threading.Thread(target=look_ahead).start()
        super().init_process()  # type: ignore[no-untyped-call]

    def notify(self) -> None:
        """Say that it lives, as each second; each hour sweep beside that.

        A thread that sleeps between would still hold the engine when Python ends.
        """
        if time.monotonic() >= self._sweeps_at:
            self._sweeps_at = time.monotonic() + SWEEPS_EACH_S
            threading.Thread(target=sweep).start()
        super().notify()  # type: ignore[no-untyped-call]

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop accepting; let answers in progress finish within the grace."""
        self._end_in_time()
        super().handle_exit(sig, frame)  # type: ignore[no-untyped-call]

    def handle_quit(self, sig: int, frame: FrameType | None) -> None:
        """Stop now; threads that wait for a silent browser are not waited for beyond the grace."""
        self._end_in_time()
        super().handle_quit(sig, frame)  # type: ignore[no-untyped-call]

    def _end_in_time(self) -> None:
        end = threading.Timer(GRACE_S, os._exit, [0])
        end.daemon = True
        end.start()
