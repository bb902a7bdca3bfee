"""Write a simulated England into a folder as its publishers would have published it.

The folder has one sub-folder a source, as a load expects them, `truth/` with what was really so
(for tests and scores; no loader knows it), and `simulation.json`, which says what was asked for and
lists every file with its hash. The same request finds its files there and writes nothing.
"""

import hashlib
import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from simulation.arrivals import Arrivals, arrive
from simulation.cadence import Cadence
from simulation.england import FIRST_DAY, Truth, simulate
from simulation.publishers import PUBLISHERS
from store.errors import WrongUse
from store.paths import sync

Progress = Callable[[str, float], None]
VERSION = 2  # raise it when the same request would give other bytes
MANIFEST, TRUTH = "simulation.json", "truth"
SHARE_OF_TRUTH = 0.05


@dataclass(frozen=True)
class Request:
    """What is asked for; `cadences` says when each source publishes."""

    days: int
    seed: int
    first_day: date
    cadences: Mapping[str, Cadence]

    def in_words(self) -> dict[str, object]:
        """The request as the manifest keeps it."""
        return {
            "version": VERSION,
            "seed": self.seed,
            "days": self.days,
            "first_day": self.first_day.isoformat(),
            "cadences": {source: str(cadence) for source, cadence in self.cadences.items()},
        }


@dataclass(frozen=True)
class Written:
    """A file of the folder: its path within, hash, bytes, and its day of publication if any."""

    path: str
    sha256: str
    bytes: int
    published: str | None


@dataclass(frozen=True)
class Manifest:
    """What was asked for, in words, and every file that came of it."""

    request: dict[str, object]
    files: tuple[Written, ...]

    def published_by(self, day: date) -> list[str]:
        """Paths of the publishers' files that were out by the end of a day, oldest first."""
        out = [file for file in self.files if file.published and file.published <= day.isoformat()]
        return [file.path for file in sorted(out, key=lambda file: (file.published, file.path))]


def write_england(
    folder: Path,
    days: int,
    seed: int,
    progress: Progress | None = None,
    *,
    first_day: date = FIRST_DAY,
    cadences: Mapping[str, Cadence] | None = None,
) -> Manifest:
    """Write `days` days of England, all at once or not at all, and say what was written.

    `progress` is told what is being done and which share is done. `cadences` replaces when sources
    publish. Raises `WrongUse` when the folder holds something else, a source is not simulated or
    `days` is less than 1.
    """
    request = Request(days, seed, first_day, _with_defaults(cadences or {}))
    if days < 1:
        raise WrongUse(f"cannot simulate {days} days: ask for 1 or more")
    found = read_manifest(folder)
    if found is None and folder.exists() and any(folder.iterdir()):
        raise WrongUse(f"{folder} holds something else: give an empty or a new folder")
    if found and found.request == request.in_words() and _is_whole(folder, found):
        return found
    return _write_anew(folder, request, progress or _say_nothing)


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest of a folder that `write_england` wrote; `None` without one that can be read."""
    try:
        stored = json.loads((folder / MANIFEST).read_text())
        return Manifest(stored["request"], tuple(Written(**file) for file in stored["files"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _with_defaults(cadences: Mapping[str, Cadence]) -> dict[str, Cadence]:
    unknown = sorted(set(cadences) - set(PUBLISHERS))
    if unknown:
        raise WrongUse(f"{unknown[0]} is not simulated: choose from {', '.join(PUBLISHERS)}")
    return {
        source: cadences.get(source, publisher.CADENCE) for source, publisher in PUBLISHERS.items()
    }


def _is_whole(folder: Path, manifest: Manifest) -> bool:
    """Whether every file is there with the size it was written with."""
    paths = ((folder / file.path, file.bytes) for file in manifest.files)
    return all(path.is_file() and path.stat().st_size == size for path, size in paths)


def _write_anew(folder: Path, request: Request, progress: Progress) -> Manifest:
    """Write into a draft beside the folder, then let it take the folder's place."""
    draft = folder.parent / f".draft-{uuid.uuid4().hex}-{folder.name}"
    draft.mkdir(parents=True)
    try:
        files = tuple(_write_all(draft, request, progress))
        manifest = Manifest(request.in_words(), files)
        stored = {"request": manifest.request, "files": [asdict(file) for file in files]}
        (draft / MANIFEST).write_text(json.dumps(stored, indent=1) + "\n")
        sync(draft / MANIFEST)
        _take_place(folder, draft)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    progress("done", 1.0)
    return manifest


def _take_place(folder: Path, draft: Path) -> None:
    """Move the draft to `folder`; what was there goes only once the new one stands."""
    aside = draft.with_name(f"{draft.name}-replaced")
    if folder.exists():
        folder.rename(aside)
    draft.rename(folder)
    sync(folder.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _write_all(draft: Path, request: Request, progress: Progress) -> Iterator[Written]:
    progress("simulating", 0.0)
    truth = simulate(request.days, request.seed, request.first_day)
    arrivals = arrive(truth)
    yield from _write_truth(draft, truth)
    due = [
        (source, day)
        for source, cadence in request.cadences.items()
        for day in cadence.dates(truth.first_day, truth.last_day)
    ]
    for at, (source, day) in enumerate(due):
        progress(f"writing {source}", SHARE_OF_TRUTH + (1 - SHARE_OF_TRUTH) * at / len(due))
        yield from _write_published(draft, source, arrivals, day)


def _write_published(
    draft: Path, source: str, arrivals: Arrivals, published: date
) -> Iterator[Written]:
    (draft / source).mkdir(exist_ok=True)
    for file in PUBLISHERS[source].files(arrivals, published):
        path = draft / source / file.name
        path.write_bytes(file.content)
        yield _written(draft, path, published.isoformat())


def _write_truth(draft: Path, truth: Truth) -> Iterator[Written]:
    """One Parquet file a metric: area_id, stratum_id, event_date, value."""
    (draft / TRUTH).mkdir()
    for (metric,), cells in truth.cells().group_by("metric_id", maintain_order=True):
        path = draft / TRUTH / f"{metric}.parquet"
        cells.write_parquet(path)
        yield _written(draft, path, None)


def _written(draft: Path, path: Path, published: str | None) -> Written:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()
    return Written(path.relative_to(draft).as_posix(), digest, len(content), published)


def _say_nothing(doing: str, share: float) -> None:
    pass
