"""Which files of receipts a home has had: one that goes missing must not look as if never written.

Without its receipts a published file looks as if it had never come, and its figures would go with
it. So each file of receipts is entered once, with its hash, in a ledger that lies beside their
folder; each line is chained to the one before. Files are entered in the order of their names, which
begin with the moment of their load: the same receipts always make the same ledger.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from store.errors import TrigpointError
from store.paths import Home, drafted

BEGINNING = "0" * 64


@dataclass(frozen=True)
class Entry:
    """A file of receipts by its name and the hash of its bytes; `chain` covers all until here."""

    chain: str
    sha256: str
    name: str


def enter(home: Home) -> None:
    """Enter the files of receipts that stand in no line yet.

    Raises `TrigpointError` where one that was entered before is gone or another now.
    """
    entries = require_all(home)
    entered = {entry.name for entry in entries}
    new = sorted(file for file in _files(home) if file.name not in entered)
    if not new:
        return
    for file in new:
        entries.append(_next(entries, _sha256(file), file.name))
    with drafted(home.ledger) as draft:
        draft.write_text("".join(f"{one.chain} {one.sha256} {one.name}\n" for one in entries))


def require_all(home: Home) -> list[Entry]:
    """The entries, when every file of receipts that was entered is there as it was written.

    Raises `TrigpointError` naming the first that is not, or the ledger when it is damaged.
    """
    entries = _read(home)
    gone = [entry.name for entry in entries if not (home.receipts / entry.name).is_file()]
    if gone:
        more = f" and {len(gone) - 1:,} more" if len(gone) > 1 else ""
        raise TrigpointError(
            f"receipts {home.receipts / gone[0]}{more} are gone: put the file back from a copy; "
            "nothing is loaded, built or published without it"
        )
    for entry in entries:
        if _sha256(home.receipts / entry.name) != entry.sha256:
            raise TrigpointError(
                f"receipts {home.receipts / entry.name} cannot be read as they were written: put "
                "the file back from a copy; nothing is loaded, built or published without it"
            )
    return entries


def head(home: Home) -> str:
    """What stands for all entries so far; empty before the first."""
    entries = _read(home)
    return entries[-1].chain if entries else ""


def require_seen(home: Home, seen: str) -> None:
    """Raises `TrigpointError` when the ledger no longer holds a head that was seen before."""
    if seen and seen not in {entry.chain for entry in _read(home)}:
        raise TrigpointError(
            f"the ledger of receipts {home.ledger} lacks what the last build saw: put it and the "
            f"receipts back from a copy, or load the files of {home.landing} into another home"
        )


def _read(home: Home) -> list[Entry]:
    if not home.ledger.exists():
        return []
    lines = home.ledger.read_text(errors="replace").splitlines()
    entries = [Entry(*line.split(" ", 2)) for line in lines if line.count(" ") >= 2]
    links = pairwise([Entry(BEGINNING, "", ""), *entries])
    is_whole = all(_chain(before.chain, one.sha256, one.name) == one.chain for before, one in links)
    if not is_whole or len(entries) != len(lines):
        raise TrigpointError(
            f"the ledger of receipts {home.ledger} is damaged: put it back from a copy; "
            "nothing is loaded, built or published without it"
        )
    return entries


def _next(entries: Sequence[Entry], sha256: str, name: str) -> Entry:
    before = entries[-1].chain if entries else BEGINNING
    return Entry(_chain(before, sha256, name), sha256, name)


def _chain(before: str, sha256: str, name: str) -> str:
    return hashlib.sha256(f"{before} {sha256} {name}".encode()).hexdigest()


def _files(home: Home) -> list[Path]:
    """The files of receipts of loads; one without rows only gives the columns."""
    return list(home.receipts.glob("[!_.]*.parquet"))


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
