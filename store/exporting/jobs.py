"""Exports in progress and those that are ready: a folder each, `HOME/exports/<person>/<id>`.

A process of its own writes the file, so that pages are not slowed down and its memory is its own.
Everything about it lies in the folder, so any process of the server can tell how far it is, stop it
and hand it out. It holds a lock while it works: whoever finds that free knows that it has ended.
"""

import csv
import fcntl
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from store import releases
from store.errors import TrigpointError, WrongUse
from store.exporting.wanted import WHOLE, Wanted
from store.exporting.writing import note_name
from store.moments import now
from store.paths import Home
from store.reader import exact_for, withheld_from
from store.viewer import Viewer

EXPORT_ID = re.compile(r"[0-9a-f]{32}")
MAKING, READY, FAILED, CANCELLED = "making", "ready", "failed", "cancelled"
JOB, STATE, LOCK, WATCHED, CANCEL = "job.json", "state.json", "lock", "watched", "cancel"
# Of a person: when they last had a place, and when they last found none.
HAD, WAITS = ".had", ".waits"
# A process needs a moment until it holds its lock.
STARTING_S = 20.0
TAKEN_AWAY = "it was taken away"
ENDED_EARLY = "it ended before the file was whole; export it again"


@dataclass(frozen=True)
class Limits:
    """What `limits.csv` states; bytes, hours and seconds are as their names say."""

    at_once_each: int
    at_once: int
    kept_each: int
    bytes_each: int
    bytes_all: int
    bytes_free: int
    kept_hours: int
    unwatched_seconds: int
    longest_seconds: int
    waits_seconds: int


@cache
def limits() -> Limits:
    """The limits on exports."""
    table = files("store.exporting").joinpath("limits.csv").read_text()
    return Limits(**{row["limit"]: int(row["value"]) for row in csv.DictReader(table.splitlines())})


@dataclass(frozen=True)
class State:
    """How far an export is: `rows` of `of`; `why` says what went wrong, `name` is of the file.

    `standing` is what its viewer could see when it was made, as `standing` gives it.
    """

    state: str = MAKING
    rows: int = 0
    of: int = 0
    bytes: int = 0
    name: str = ""
    why: str = ""
    sha256: str = ""
    standing: str = ""
    ended_at: str = ""


@dataclass(frozen=True)
class Job:
    """One export of one person."""

    export_id: str
    folder: Path
    person: str
    viewer: Viewer
    wanted: Wanted
    asked_at: datetime

    @property
    def state(self) -> State:
        """How far it is now."""
        found = self._said_last()
        if found.state != MAKING or self._is_starting() or self._is_locked():
            return found
        again = self._said_last()  # between the two looks it may have ended well
        if again.state == MAKING:
            return State(FAILED, again.rows, again.of, again.bytes, why=ENDED_EARLY)
        return again

    @property
    def ends_at(self) -> datetime:
        """When its file is taken away."""
        return self.asked_at + timedelta(hours=limits().kept_hours)

    def path(self, name: str) -> Path | None:
        """The file, or the note that goes with it, by its name; None for any other name."""
        state = self.state
        if state.state != READY or name not in {state.name, note_name(state.name)}:
            return None
        return self.folder / name

    def watch(self) -> None:
        """Say that somebody looks at it; without that it is given up."""
        with suppress(FileNotFoundError):  # it may have been taken away
            (self.folder / WATCHED).touch()

    def put(self, state: State) -> None:
        """Say how far it is; whoever reads sees all of one or of the next."""
        draft = self.folder / f".{STATE}.draft"
        draft.write_text(json.dumps(asdict(state)))
        draft.replace(self.folder / STATE)

    def _said_last(self) -> State:
        """What its process said last; its folder may be gone at any moment."""
        try:
            return State(**json.loads((self.folder / STATE).read_text()))
        except FileNotFoundError:
            return State() if self.folder.exists() else State(CANCELLED, why=TAKEN_AWAY)
        except (OSError, ValueError):
            return State()

    def _is_starting(self) -> bool:
        return (now() - self.asked_at).total_seconds() < STARTING_S

    def _is_locked(self) -> bool:
        try:
            with (self.folder / LOCK).open("a") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except FileNotFoundError:  # its folder is gone
            return False
        return False


def start(home: Home, person: str, viewer: Viewer, wanted: Wanted) -> Job:
    """Begin to write an export in a process of its own.

    Raises `WrongUse` with what to do where a limit stands in the way.
    """
    with _starting(home):
        _forget_old(home)
        _require_room(home, person)
        job = _put_down(home, person, viewer, wanted)
    environment = {name: value for name, value in os.environ.items() if not _is_secret(name)}
    # Our own module, by an argument list and no shell; the folder is one that we made.
    subprocess.Popen(  # noqa: S603 # nosec B603
        [sys.executable, "-m", "store.exporting.making", str(home.root), str(job.folder)],
        cwd=Path(__file__).parents[2],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    return job


def of_person(home: Home, person: str) -> list[Job]:
    """The exports of one person that are kept, the newest first."""
    found = [read(path) for path in _folder(home, person).glob("*/")]
    listed = [job for job in found if job is not None and job.ends_at > now()]
    return sorted(listed, key=lambda job: job.asked_at, reverse=True)


def find(home: Home, person: str, export_id: str) -> Job | None:
    """One export of this person; nobody finds another's."""
    if not EXPORT_ID.fullmatch(export_id):
        return None
    job = read(_folder(home, person) / export_id)
    return job if job is not None and job.person == person and job.ends_at > now() else None


def cancel(job: Job) -> None:
    """Stop an export that is being written, and take away one that is ready."""
    with suppress(FileNotFoundError):  # its folder may be gone already
        (job.folder / CANCEL).touch()
    if job.state.state != MAKING:
        shutil.rmtree(job.folder, ignore_errors=True)


def require_standing(home: Home, job: Job, viewer: Viewer) -> None:
    """Hand nothing out that its reader might not see any more, or not so, if they asked now.

    An agreement that has ended, another role or area, a release that is gone: each makes a file
    that was made before unfit, and it is taken away. Raises `WrongUse` then, and where it
    cannot be told now; then the file stays.
    """
    made_for = job.state.standing
    try:
        found = standing(home, job.wanted, viewer)
    except TrigpointError as fault:
        if not _is_gone(home, job.wanted.release_id):
            raise WrongUse(f"whether you may have this file cannot be told now: {fault}") from None
        found = ""
    if not made_for:
        raise WrongUse("how far this file is cannot be read now; ask again in a moment")
    if found != made_for:
        shutil.rmtree(job.folder, ignore_errors=True)
        raise WrongUse(
            "what you may see has changed since this file was made, so it was taken away; "
            "export it again"
        )


def standing(home: Home, wanted: Wanted, viewer: Viewer) -> str:
    """What a viewer can see of the release of an export today, as a mark that can be compared."""
    seen = seen_by(wanted, viewer)
    release = releases.one_kept(home, wanted.release_id)
    exact = exact_for(home, release, seen)
    hidden = withheld_from(home, release, seen, exact)
    told = [
        (seen.who, seen.role, seen.scope, exact.path.name if exact else ""),
        sorted(hidden.release),
        sorted(hidden.exact or ()),
        [sorted(sources) for sources in hidden.audience],
    ]
    return hashlib.sha256(repr(told).encode()).hexdigest()


def seen_by(wanted: Wanted, viewer: Viewer) -> Viewer:
    """Who the reader of an export is opened for: a whole release is as everybody may see it."""
    return Viewer(viewer.who, viewer.role) if wanted.what == WHOLE else viewer


def forget_old(home: Home) -> None:
    """Take away what is older than its day, unless somebody who begins a file does so just now."""
    if not home.exports.is_dir():
        return
    with suppress(BlockingIOError), _starting(home, waits=False):
        _forget_old(home)


def _forget_old(home: Home) -> None:
    for path in home.exports.glob("*/*/"):
        job = read(path)
        if job is None or job.ends_at <= now():
            shutil.rmtree(path, ignore_errors=True)


def used(folder: Path) -> int:
    """The bytes of all files below a folder."""
    size = 0
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # a draft may be gone by now
            size += path.stat().st_size if path.is_file() else 0
    return size


def read(folder: Path) -> Job | None:
    """The export that lies in a folder, if it is one."""
    try:
        content = json.loads((folder / JOB).read_text())
        return Job(
            folder.name,
            folder,
            content["person"],
            Viewer(**content["viewer"]),
            Wanted.from_json(content["wanted"]),
            datetime.fromisoformat(content["asked_at"]),
        )
    except (OSError, ValueError, KeyError, TypeError, WrongUse):
        return None


def _put_down(home: Home, person: str, viewer: Viewer, wanted: Wanted) -> Job:
    export_id, at = uuid.uuid4().hex, now()
    folder = _folder(home, person) / export_id
    folder.mkdir(parents=True, mode=0o700)
    content: dict[str, Any] = {
        "person": person,
        "viewer": asdict(viewer),
        "wanted": wanted.to_json(),
        "asked_at": at.isoformat(),
    }
    job = Job(export_id, folder, person, viewer, wanted, at)
    job.put(State())
    job.watch()
    (folder.parent / HAD).touch()
    (folder.parent / WAITS).unlink(missing_ok=True)
    (folder / JOB).write_text(json.dumps(content))
    return job


def _require_room(home: Home, person: str) -> None:
    most, mine = limits(), of_person(home, person)
    others = [job for path in home.exports.glob("*/*/") if (job := read(path)) is not None]
    # One that is being given up stands in nobody's own way, although it takes its place a moment.
    if _making([job for job in mine if not (job.folder / CANCEL).exists()]) >= most.at_once_each:
        raise WrongUse("one of your files is being written; wait until it is ready, or cancel it")
    if len(mine) >= most.kept_each:
        raise WrongUse(f"{most.kept_each} of your files are kept; delete one first")
    if used(_folder(home, person)) >= most.bytes_each:
        raise WrongUse("your files take all the room that one person has; delete one first")
    if used(home.exports) >= most.bytes_all:
        raise WrongUse("files of others take all the room there is; try again tomorrow")
    if _making(others) + _before(home, person) >= most.at_once:
        _wait(home, person)
        raise WrongUse("files are being written for others; try again in a few minutes")


def _before(home: Home, person: str) -> int:
    """How many others found no place of late and had none for longer than this person."""
    own = _folder(home, person)
    waiting = (path for path in home.exports.glob(f"*/{WAITS}") if path.parent != own)
    return sum(
        time.time() - _touched(path) < limits().waits_seconds
        and _touched(path.parent / HAD) < _touched(own / HAD)
        for path in waiting
    )


def _wait(home: Home, person: str) -> None:
    """Go before whoever has had a place since, for as long as one asks again."""
    _folder(home, person).mkdir(parents=True, exist_ok=True, mode=0o700)
    (_folder(home, person) / WAITS).touch()


def _touched(path: Path) -> float:
    """When a mark was last made, as the clock's seconds; 0 where it never was."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0


def _making(jobs: list[Job]) -> int:
    return sum(job.state.state == MAKING for job in jobs)


@contextmanager
def _starting(home: Home, *, waits: bool = True) -> Iterator[None]:
    """One at a time looks whether there is room, and takes it.

    Raises `BlockingIOError` where another does and nobody `waits` for them.
    """
    home.exports.mkdir(parents=True, exist_ok=True)
    with (home.exports / ".starting").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX if waits else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _is_gone(home: Home, release_id: str) -> bool:
    """Whether a release was taken away for certain, and is not only unreadable at this moment."""
    return not releases.folder(home, release_id).exists()


def _folder(home: Home, person: str) -> Path:
    return home.exports / hashlib.sha256(person.encode()).hexdigest()[:32]


def _is_secret(name: str) -> bool:
    return any(word in name for word in ("SECRET", "PASSWORD", "JOURNAL", "TOKEN"))


def unwatched_s(job: Job) -> float:
    """For how many seconds nobody has looked at an export."""
    return time.time() - (job.folder / WATCHED).stat().st_mtime
