"""Where everything lies: one folder, `TRIGPOINT_HOME`, laid out as the design says."""

import errno
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from store.errors import WrongUse


@dataclass(frozen=True)
class Home:
    """The data folder of one store."""

    root: Path

    @property
    def landing(self) -> Path:
        """Files exactly as published, by source, named by their hash."""
        return self.root / "landing"

    @property
    def receipts(self) -> Path:
        """One Parquet file a load; one row for each file that arrived."""
        return self.root / "receipts"

    @property
    def ledger(self) -> Path:
        """Which files of receipts there have been, by hash."""
        return self.root / "receipts.ledger"

    @property
    def raw(self) -> Path:
        """Typed rows as published, by source and table, one Parquet file a published file."""
        return self.root / "raw"

    @property
    def quarantine(self) -> Path:
        """Refused rows as text with every reason, by source."""
        return self.root / "quarantine"

    @property
    def aside(self) -> Path:
        """Rows of files that do not stand, put aside when a load began, with the reason."""
        return self.root / "aside"

    @property
    def decisions(self) -> Path:
        """What people decided, one Parquet file a decision."""
        return self.root / "decisions"

    @property
    def warehouse(self) -> Path:
        """dbt's working database; no reader ever opens it."""
        return self.root / "warehouse.duckdb"

    @property
    def releases(self) -> Path:
        """Published releases and the pointer to the current one."""
        return self.root / "releases"

    @property
    def shown(self) -> Path:
        """What was on the pages, and when; kept although releases are pruned."""
        return self.root / "shown"

    @property
    def disclosure(self) -> Path:
        """What every audience was shown of figures that are not public; kept like `shown`."""
        return self.root / "disclosure"

    @property
    def withheld(self) -> Path:
        """Copies of releases without the values of sources whose agreement has ended."""
        return self.root / "withheld"

    @property
    def asking(self) -> Path:
        """One locked file for each question in SQL that waits or runs now."""
        return self.root / "asking"

    @property
    def exports(self) -> Path:
        """Files that people asked to take away, by person; each is kept for a day."""
        return self.root / "exports"

    @property
    def journal(self) -> Path:
        """What people wrote down and looked at, unless it lies in PostgreSQL."""
        return self.root / "journal.sqlite"

    @property
    def audit_head(self) -> Path:
        """The last entry of the audit that was written from here, and its hash."""
        return self.root / "audit.head"

    @property
    def simulated(self) -> Path:
        """Files that the simulation wrote in the publishers' formats."""
        return self.root / "simulated"


@contextmanager
def drafted(target: Path, *, makes_folder: bool = True) -> Iterator[Path]:
    """Give a draft path beside `target`; on success it takes the target's place, durably.

    A crash leaves at most a hidden file that ends in `.draft`, which nothing reads.
    """
    if makes_folder:
        target.parent.mkdir(parents=True, exist_ok=True)
    elif not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(target))
    draft = target.parent / f".{target.name}.{uuid.uuid4().hex}.draft"
    try:
        yield draft
        sync(draft)
        draft.replace(target)
        sync(target.parent)
    finally:
        draft.unlink(missing_ok=True)


def require_outside(home: Home, target: Path) -> None:
    """Raises `WrongUse` for a place within the home: what is kept there is never written over."""
    if target.resolve().is_relative_to(home.root.resolve()):
        raise WrongUse(f"{target} lies in the store {home.root}; write it to another place")


def quoted(path: Path) -> str:
    """A path as a text within a statement of SQL."""
    return "'" + str(path).replace("'", "''") + "'"


def sync(path: Path) -> None:
    """Make a file's content, or a folder's names, survive a loss of power."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
