"""The process that writes one export: `python -m store.exporting.making HOME FOLDER`.

It says how far it is, and gives up when it is cancelled, when nobody looks at it any more, when it
takes too long, and when there is no room left. Whatever happens, no half file is left.
"""

import fcntl
import shutil
import sys
import threading
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from store.errors import TrigpointError, WrongUse
from store.exporting import jobs
from store.exporting.jobs import CANCEL, CANCELLED, FAILED, LOCK, READY, Job, State
from store.exporting.wanted import file_name
from store.exporting.writing import Progress, rows_wanted, write
from store.moments import now
from store.paths import Home
from store.reader import open_reader

# What a question needs that is answered a part at a time; more would only keep what was read.
MEMORY = "128MB"
# What was known at a moment is put together from every version, which is no part at a time.
MEMORY_OF_A_MOMENT = "512MB"
LOOKS_EACH_S = 0.25
TELLS_EACH_S = 0.5


class GivenUp(TrigpointError):  # noqa: N818
    """The export ends here, and why; it was nobody's fault where `state` is cancelled."""

    def __init__(self, why: str, state: str = FAILED) -> None:
        super().__init__(why)
        self.state = state


class Making:
    """One export while it is written: what stops it, and what is told of it."""

    def __init__(self, home: Home, job: Job) -> None:
        self.home, self.job = home, job
        self.state = State()
        self.progress = Progress(self.told)
        self._began, self._told_at = time.monotonic(), 0.0
        self._others = jobs.used(job.folder.parent), jobs.used(home.exports)
        self._ended = threading.Event()

    def run(self) -> None:
        """Write it, and say how it ended."""
        threading.Thread(target=self._look, daemon=True).start()
        try:
            self._put(self._made())
        except GivenUp as end:
            self._give_up(end)
        except TrigpointError as fault:
            self._give_up(self.why_stopped() or GivenUp(str(fault)))
        except OSError as fault:
            self._give_up(GivenUp(f"the file could not be written ({fault.strerror})"))
        finally:
            self._ended.set()

    def told(self, progress: Progress) -> None:
        """Note how far it is; raises `GivenUp` where it is not to go on."""
        end = self.why_stopped()
        if end is not None:
            raise end
        if time.monotonic() - self._told_at > TELLS_EACH_S:
            self._require_room(progress.bytes)
            self._put(replace(self.state, rows=progress.rows, bytes=progress.bytes))
            self._told_at = time.monotonic()

    def why_stopped(self) -> GivenUp | None:
        """Why it is not to go on, if it is not."""
        most = jobs.limits()
        if (self.job.folder / CANCEL).exists():
            return GivenUp("it was cancelled", CANCELLED)
        if jobs.unwatched_s(self.job) > most.unwatched_seconds:
            return GivenUp("nobody looked at the page any more", CANCELLED)
        if time.monotonic() - self._began > most.longest_seconds:
            return GivenUp(f"it took more than {most.longest_seconds} seconds; choose fewer rows")
        return None

    def _made(self) -> State:
        wanted, viewer = self.job.wanted, jobs.seen_by(self.job.wanted, self.job.viewer)
        # Asked before the reader opens: what changes in between makes the file unfit, not fit.
        standing = jobs.standing(self.home, wanted, self.job.viewer)
        asked = (self.home, viewer, wanted.as_of, wanted.release_id)
        memory = MEMORY if wanted.as_of is None else MEMORY_OF_A_MOMENT
        with open_reader(*asked, memory=memory) as reader:
            self.state = State(of=rows_wanted(wanted, reader), name=file_name(wanted, reader))
            self._put(self.state)
            done = write(wanted, reader, self.job.folder, self.progress)
        return replace(
            self.state,
            state=READY,
            rows=done.rows,
            bytes=done.bytes,
            name=done.name,
            sha256=done.sha256,
            standing=standing,
            ended_at=now().isoformat(),
        )

    def _give_up(self, end: GivenUp) -> None:
        self._put(replace(self.state, state=end.state, why=str(end)))

    def _put(self, state: State) -> None:
        self.state = state
        with suppress(OSError):  # the folder was taken away, so nobody asks
            self.job.put(state)

    def _require_room(self, size: int) -> None:
        most, (mine, everybodys) = jobs.limits(), self._others
        if mine + size > most.bytes_each or everybodys + size > most.bytes_all:
            raise GivenUp("it takes more room than files may; choose fewer rows")
        if shutil.disk_usage(self.job.folder).free < most.bytes_free:
            raise GivenUp("the disk is almost full; tell whoever runs this store")

    def _look(self) -> None:
        """Break the engine off where it works for long without giving a row."""
        while not self._ended.wait(LOOKS_EACH_S):
            current = self.progress.current
            if current is not None and self.why_stopped():
                current.stop()


def main(root: Path, folder: Path) -> None:
    """Write the export that was put down in a folder."""
    job = jobs.read(folder)
    if job is None:
        raise WrongUse(f"there is no export in {folder}")
    with (folder / LOCK).open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        Making(Home(root), job).run()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
