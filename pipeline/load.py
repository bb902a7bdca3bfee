"""Which folder feeds which source, and what the operator states about the files in them."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from loaders.intake import Given, Progress, load_folders
from loaders.reading import Published, published_in_name, published_on
from loaders.receipts import Receipt, read_receipts
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


def load(
    home: Home,
    folder: Path,
    wanted: Iterable[str],
    published_at: str | None,
    progress: Progress,
) -> Loaded:
    """Take in a folder that has one sub-folder a source.

    Raises `WrongUse` for a missing folder, an unknown source, or a home of the other kind.
    """
    _require_folder(folder)
    sources = _chosen(wanted)
    _require_one_kind(home, folder)
    folders = {
        source: folder / name for name, source in sources.items() if (folder / name).is_dir()
    }
    others = sorted(path.name for path in folder.iterdir() if path.is_dir())
    unknown = [name for name in others if name not in all_sources() and name != "truth"]
    receipts = load_folders(folders, home, _given(folder, published_at), progress)
    return Loaded(receipts, unknown)


def _require_folder(folder: Path) -> None:
    if not folder.is_dir():
        raise WrongUse(f"there is no folder {folder}; give one that has a sub-folder a source")


def _chosen(wanted: Iterable[str]) -> dict[str, ModuleType]:
    known = all_sources()
    names = list(wanted) or list(known)
    strangers = [name for name in names if name not in known]
    if strangers:
        raise WrongUse(f"unknown source {', '.join(strangers)}; known are {', '.join(known)}")
    return {name: known[name] for name in names}


def is_simulated(home: Home) -> bool:
    """Whether this home holds invented numbers."""
    return (home.root / SIMULATED).exists()


def _require_one_kind(home: Home, folder: Path) -> None:
    """Invented and published numbers never share a home: nobody could tell them apart later."""
    invented = (folder / "simulation.json").exists()
    if not read_receipts(home).is_empty() and invented != is_simulated(home):
        held, offered = ("simulated", "published") if not invented else ("published", "simulated")
        raise WrongUse(f"{home.root} holds {held} files; load {offered} ones into another --home")
    if invented:
        home.root.mkdir(parents=True, exist_ok=True)
        (home.root / SIMULATED).touch()


def _given(folder: Path, published_at: str | None) -> Given:
    """Dates and addresses from a MANIFEST.csv beside the sub-folders, and from the operator."""
    otherwise = published_on(published_at) if published_at else None
    if published_at and otherwise is None:
        raise WrongUse(f"--published-at {published_at!r} is not a date; write it as 2020-07-01")
    rows = _manifest(folder / "MANIFEST.csv")
    names = {Path(row.get("path", "")).name: row for row in rows}
    dated = {name: _stated(row) for name, row in names.items()}
    return Given(
        {name: moment for name, moment in dated.items() if moment},
        {name: row.get("original_source") or "" for name, row in names.items()},
        otherwise,
    )


def _stated(row: dict[str, str]) -> Published | None:
    text = row.get("published_at") or row.get("as_of") or ""
    return published_on(text) or published_in_name(text)


def _manifest(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))
