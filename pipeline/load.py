"""Which folder feeds which source, and what the operator states about the files in them."""

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from types import ModuleType

from loaders.intake import Given, Progress, load_folders
from loaders.reading import Published, published_in_name, published_on
from loaders.receipts import Receipt, read_receipts, standing
from loaders.sources import all_sources
from store.errors import WrongUse
from store.paths import Home

SIMULATED = ".simulated"


@dataclass(frozen=True)
class Loaded:
    """What one load brought: a receipt a file, and the folders that are no known source."""

    receipts: list[Receipt]
    passed_over: list[str]

    def with_verdict(self, verdict: str) -> list[Receipt]:
        """The receipts of this load that ended so."""
        return [receipt for receipt in self.receipts if receipt.verdict == verdict]


@dataclass(frozen=True)
class Stated:
    """What an operator says on the command line of files that do not say it themselves.

    `published_at` is a day in text; `corrects_dates` that the day given before was wrong.
    """

    published_at: str | None = None
    corrects_dates: bool = False


def load(
    home: Home, folder: Path, wanted: Iterable[str], stated: Stated, progress: Progress
) -> Loaded:
    """Take in a folder that has one sub-folder a source.

    Raises `WrongUse` for a folder that is missing or has nothing for the sources that are wanted,
    an unknown source, a date that is none or corrects nothing, or a home of the other kind.
    """
    if not folder.is_dir():
        raise WrongUse(f"there is no folder {folder}; give one that has a sub-folder a source")
    folders = _chosen(folder, list(wanted))
    given = _given(folder, stated)
    _require_one_kind(home, folder)
    others = sorted(path.name for path in folder.iterdir() if path.is_dir())
    unknown = [name for name in others if name not in all_sources() and name != "truth"]
    return Loaded(load_folders(folders, home, given, progress), unknown)


def require_same_england(home: Home, seed: int) -> None:
    """Two Englands in one home would contradict each other; the same one may grow."""
    manifest = home.simulated / "simulation.json"
    if manifest.exists() and json.loads(manifest.read_text())["request"]["seed"] != seed:
        raise WrongUse(
            f"{home.root} holds the simulated England of another seed; "
            "simulate this one into another --home"
        )


def load_simulated(home: Home, progress: Progress) -> Loaded:
    """Take in the home's own simulation; one that was taken in before has not arrived again."""
    marker, manifest = home.root / SIMULATED, home.simulated / "simulation.json"
    simulation = hashlib.sha256(manifest.read_bytes()).hexdigest()
    if is_simulated(home) and marker.read_text() == simulation:
        return Loaded([], [])
    loaded = load(home, home.simulated, [], Stated(), progress)
    marker.write_text(simulation)
    return loaded


def _chosen(folder: Path, wanted: list[str]) -> dict[ModuleType, Path]:
    """Each source with its sub-folder; those asked for by name must have one."""
    known = all_sources()
    strangers = [name for name in wanted if name not in known]
    if strangers:
        raise WrongUse(f"unknown source {', '.join(strangers)}; known are {', '.join(known)}")
    present = [name for name in wanted or known if (folder / name).is_dir()]
    absent = [name for name in wanted if name not in present]
    if absent or not present:
        what = ", ".join(absent) or "any known source"
        raise WrongUse(f"{folder} has no sub-folder for {what}; `trigpoint sources` lists all")
    return {known[name]: folder / name for name in present}


def is_simulated(home: Home) -> bool:
    """Whether this home holds invented numbers."""
    return (home.root / SIMULATED).exists()


def has_landed(home: Home) -> bool:
    """Whether any file stands in this home; without one there is nothing to publish."""
    return not standing(read_receipts(home)).is_empty()


def _require_one_kind(home: Home, folder: Path) -> None:
    """Invented and published numbers never share a home: nobody could tell them apart later.

    Landed bytes decide what a home holds, since a load that was stopped wrote no receipts.
    """
    invented = (folder / "simulation.json").exists()
    if any(home.landing.glob("*/*")) and invented != is_simulated(home):
        held, offered = ("simulated", "published") if not invented else ("published", "simulated")
        raise WrongUse(f"{home.root} holds {held} files; load {offered} ones into another --home")
    home.root.mkdir(parents=True, exist_ok=True)
    if invented:
        (home.root / SIMULATED).touch()
    else:
        (home.root / SIMULATED).unlink(missing_ok=True)


def _given(folder: Path, stated: Stated) -> Given:
    """Dates and addresses from a MANIFEST.csv beside the sub-folders, and from the operator."""
    if stated.corrects_dates and stated.published_at is None:
        raise WrongUse("--correct-date needs the right date: add --published-at 2020-07-01")
    rows = _manifest(folder / "MANIFEST.csv")
    dated = {path: _stated(row) for path, row in rows.items()}
    return Given(
        {path: moment for path, moment in dated.items() if moment},
        {path: row.get("original_source") or "" for path, row in rows.items()},
        _day(stated.published_at) if stated.published_at is not None else None,
        stated.corrects_dates,
    )


def _day(text: str) -> Published:
    try:
        return Published(datetime.combine(date.fromisoformat(text.strip()), time.min))
    except ValueError:
        raise WrongUse(f"--published-at {text!r} is not a day; write it as 2020-07-01") from None


def _stated(row: dict[str, str]) -> Published | None:
    text = row.get("published_at") or row.get("as_of") or ""
    return published_on(text) or published_in_name(text)


def _manifest(path: Path) -> dict[str, dict[str, str]]:
    """The rows of a manifest by the file they speak of, `<source>/<file name>`."""
    if not path.exists():
        return {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise WrongUse(f"{path} cannot be read ({fault}); save it as CSV in UTF-8") from None
    return {"/".join(Path(row["path"]).parts[-2:]): row for row in rows if row.get("path")}
