"""Who asks next: a fair queue over all processes of a server, held by locks that die with them.

`HOME/asking/` has one file for each question that waits or runs, locked by whoever asked it. Its
name says since when, who (as a hash), how many of theirs may run at once, which question, and
whether it waits or runs. A file whose lock can be had belonged to a process that is no more.
A question that is stopped before it is there leaves a file `stopped-…`, and does not begin.
"""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from store.paths import Home
from store.sandbox.limits import Limits
from store.sandbox.question import Busy, Stopped

WAITING, RUNNING = "waiting", "running"
LOOK_AGAIN_S = 0.03
BEFORE = "The question was stopped before it ran."
# How long a stop waits for its question, and how many of one person do.
STOP_HOLDS_S, MOST_STOPS = 60.0, 50


@dataclass(frozen=True)
class Entry:
    """A question that waits or runs, as the name of its file says."""

    since: str
    person: str
    at_once: int
    query: str
    state: str

    @classmethod
    def of(cls, path: Path) -> "Entry":
        """What the name of a file says."""
        since, person, at_once, query, state = path.name.split(".")
        return cls(since, person, int(at_once), query, state)

    @property
    def name(self) -> str:
        """The name of its file."""
        return f"{self.since}.{self.person}.{self.at_once}.{self.query}.{self.state}"


class Turn:
    """A question that has its turn; `is_stopped` once somebody took it back."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    @property
    def is_stopped(self) -> bool:
        """Whether `stop` was called for this question, in whatever process."""
        return os.fstat(self._handle).st_size > 0


def places() -> int:
    """How many questions run at once on this machine, whoever asks."""
    return max(2, os.cpu_count() or 1)


@contextmanager
def turn(
    home: Home, person: str, query_id: str, limits: Limits, told: Callable[[int], None] | None
) -> Iterator[Turn]:
    """Wait for a turn, and have it until the end of the block; `told` hears the place in the queue.

    Whoever has fewest running goes first, then whoever waits longest, and nobody has all places.
    Raises `Busy` where too many questions of this person wait already, `Stopped` where it is taken
    back before its turn.
    """
    folder = home.asking
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    at_once = min(limits.at_once, max(1, places() - 1))
    entry = Entry(f"{time.time_ns():020}", _hash(person), at_once, _hash(query_id), WAITING)
    path = folder / entry.name
    with _gate(folder):
        if _was_stopped(folder, entry):
            raise Stopped(BEFORE)
        _require_room(_living(folder), entry, limits)
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
        fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        path = _waited(folder, path, entry, Turn(handle), told)
        yield Turn(handle)
    finally:
        path.unlink(missing_ok=True)
        path.with_name(path.name.replace(WAITING, RUNNING)).unlink(missing_ok=True)
        os.close(handle)


def stop(home: Home, person: str, query_id: str) -> bool:
    """Take a question back that waits or runs, in whatever process; whether there was one.

    One that is on its way here is stopped as it comes.
    """
    folder, asker, query = home.asking, _hash(person), _hash(query_id)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _gate(folder):  # no question comes, or begins to run, meanwhile
        found = [*map(_taken_back, folder.glob(f"*.{asker}.*.{query}.*"))]
        if not any(found):
            _forget_stops(folder, asker)
            (folder / f"stopped-{asker}-{query}").touch(mode=0o600)
    return any(found)


def _taken_back(path: Path) -> bool:
    """Say so in the file of a question; no file is made for one that has ended."""
    try:
        with path.open("r+") as told:
            told.write("stop")
    except FileNotFoundError:
        return False
    return True


def _was_stopped(folder: Path, entry: Entry) -> bool:
    try:
        (folder / f"stopped-{entry.person}-{entry.query}").unlink()
    except FileNotFoundError:
        return False
    return True


def _forget_stops(folder: Path, asker: str) -> None:
    """Take away what nothing came for: stops that are old, and those of one who sends too many."""
    by_age = sorted(folder.glob("stopped-*"), key=_touched_at, reverse=True)
    own = [path for path in by_age if path.name.startswith(f"stopped-{asker}-")]
    old = [path for path in by_age if time.time() - _touched_at(path) > STOP_HOLDS_S]
    for path in {*old, *own[MOST_STOPS - 1 :]}:
        path.unlink(missing_ok=True)


def _touched_at(path: Path) -> float:
    return path.stat().st_mtime


def _waited(
    folder: Path, path: Path, entry: Entry, own: Turn, told: Callable[[int], None] | None
) -> Path:
    """The path of the file once the question runs."""
    place_told = 0
    while True:
        if own.is_stopped:
            raise Stopped(BEFORE)
        with _gate(folder):
            place = _place(_living(folder), entry)
            if place == 0:
                running = path.with_name(path.name.replace(WAITING, RUNNING))
                return path.rename(running)
        if told and place != place_told:
            told(place)
            place_told = place
        time.sleep(LOOK_AGAIN_S)


def _place(entries: list[Entry], own: Entry) -> int:
    """0 where it is this question's turn, else how many go before it, itself counted."""
    running = [entry for entry in entries if entry.state == RUNNING]
    waiting = sorted(
        (entry for entry in entries if entry.state == WAITING),
        key=lambda entry: (_of(running, entry.person), entry.since),
    )
    ready = [entry for entry in waiting if _of(running, entry.person) < entry.at_once]
    if own in ready and len(running) + ready.index(own) < places():
        return 0
    return 1 + waiting.index(own)


def _of(entries: list[Entry], person: str) -> int:
    return sum(entry.person == person for entry in entries)


def _require_room(entries: list[Entry], own: Entry, limits: Limits) -> None:
    waiting = [entry for entry in entries if entry.state == WAITING]
    if _of(waiting, own.person) >= limits.waiting:
        raise Busy(
            f"{limits.waiting} of your questions wait already; stop one, or wait until one ends"
        )


def _living(folder: Path) -> list[Entry]:
    """The questions whose processes live; files of others are taken away."""
    found = []
    for path in folder.glob("*.*.*.*.*"):
        if _is_held(path):
            found.append(Entry.of(path))
        else:
            path.unlink(missing_ok=True)
    return found


def _is_held(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


@contextmanager
def _gate(folder: Path) -> Iterator[None]:
    """One process at a time looks who is next."""
    with (folder / "gate").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _hash(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]
