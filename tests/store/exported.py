"""Exports as tests take them: begun as a page begins them, and waited for."""

import time
from collections.abc import Callable

from store.exporting import jobs
from store.exporting.jobs import MAKING, Job


def waited(job: Job, *, longest_s: float = 60, watched: bool = True) -> Job:
    """An export that has ended, watched all the while as an open page does."""
    until(lambda: job.state.state != MAKING, longest_s, job.watch if watched else None)
    return job


def until(
    holds: Callable[[], bool], longest_s: float = 60, between: Callable[[], None] | None = None
) -> None:
    """Wait for something that another process does."""
    end = time.monotonic() + longest_s
    while not holds():
        assert time.monotonic() < end, "it took too long"
        if between:
            between()
        time.sleep(0.05)


def lines(job: Job) -> list[str]:
    """The lines of a file that is ready."""
    path = job.path(job.state.name)
    assert path is not None, job.state
    return path.read_text(encoding="utf-8").splitlines()


__all__ = ["jobs", "lines", "until", "waited"]
