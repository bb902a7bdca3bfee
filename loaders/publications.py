"""Which publications of a source stand: the same bytes can be published more than once.

A publisher who goes back to an earlier file publishes its bytes a second time, and that is another
publication. So a file is known when its bytes have landed under the same moment of publication, not
when they have landed at all; nor where other bytes of that moment have taken its place since.
"""

from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from loaders.receipts import Receipt, read_receipts, standing
from store.errors import TrigpointError
from store.paths import Home


@dataclass
class Publications:
    """The receipts of one source that stand, by hash of the bytes; and each name's newest one."""

    of_hash: dict[str, list[Receipt]] = field(default_factory=dict)
    newest_of_name: dict[str, Receipt] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Home, source_id: str) -> "Publications":
        """Those that have landed in this home, were not taken back and have their rows still."""
        found = cls()
        receipts = standing(read_receipts(home)).filter(source_id=source_id).drop("receipt_id")
        for row in receipts.iter_rows(named=True):
            if has_rows(home, receipt := Receipt(**row)):
                found.add(receipt)
        return found

    def add(self, receipt: Receipt) -> None:
        """Remember a file that has landed."""
        sha256 = bytes_hash(receipt.file_sha256)
        self.of_hash.setdefault(sha256, []).append(receipt)
        self.newest_of_name[receipt.file_name] = receipt

    def forget(self, receipt: Receipt) -> None:
        """Forget a publication that was taken back."""
        self.of_hash[bytes_hash(receipt.file_sha256)].remove(receipt)

    def at(self, sha256: str, moment: datetime, name: str) -> Receipt | None:
        """The publication of these bytes under this moment, unless the name has others now."""
        same = [one for one in self.of_hash.get(sha256, []) if one.published_at == moment]
        return same[-1] if same and not self._is_replaced(same[-1], name) else None

    def stated_inside(self, sha256: str, name: str) -> Receipt | None:
        """The publication of bytes that state their own moment: the same under every name."""
        same = [one for one in self.of_hash.get(sha256, []) if one.published_basis == "inside"]
        return same[-1] if same and not self._is_replaced(same[-1], name) else None

    def lying_there(self, sha256: str, name: str) -> Receipt | None:
        """The publication of a file that lies in its folder as it did when it was last taken in.

        Another day given for the whole folder says nothing new about such a file.
        """
        newest = self.newest_of_name.get(name)
        is_newest = newest is not None and bytes_hash(newest.file_sha256) == sha256
        same = [one for one in self.of_hash.get(sha256, []) if one.file_name == name]
        return same[-1] if is_newest and same else None

    def last_dated(self, sha256: str, moment: datetime) -> Receipt | None:
        """The date that these bytes were last given, or had in their name, if it is another."""
        dated = [one for one in self.of_hash.get(sha256, []) if one.published_basis != "inside"]
        return dated[-1] if dated and dated[-1].published_at != moment else None

    def key(self, sha256: str, moment: datetime, landed_at: datetime) -> str:
        """The hash; with the moment behind it where the same bytes stand for another already.

        Bytes that come back within one moment of publication are told apart by when they landed.
        """
        taken = {one.file_sha256 for one in self.of_hash.get(sha256, [])}
        dated = f"{sha256}@{moment:%Y%m%dT%H%M%S}"
        if not taken:
            return sha256
        return f"{dated}@{landed_at:%Y%m%dT%H%M%S%f}" if dated in taken else dated

    def _is_replaced(self, same: Receipt, name: str) -> bool:
        """Whether other bytes took its place under this name, for the same moment."""
        newest = self.newest_of_name.get(name)
        if newest is None or newest.published_at != same.published_at:
            return False
        sha256 = bytes_hash(newest.file_sha256)
        stands = newest in self.of_hash.get(sha256, [])
        return stands and sha256 != bytes_hash(same.file_sha256)


def has_rows(home: Home, receipt: Receipt) -> bool:
    """Whether every row that a receipt says was written can still be read from the raw layer."""
    files = home.raw.glob(f"{receipt.source_id}/*/{receipt.file_sha256}.parquet")
    try:
        rows = sum(pl.scan_parquet(file).select(pl.len()).collect().item() for file in files)
    except (OSError, pl.exceptions.PolarsError):
        return False
    return bool(rows == receipt.rows_written)


def require_rows(home: Home) -> None:
    """Every row that landed is still there: what was lost since must not look as if never said.

    Raises `TrigpointError` naming the first file whose rows are gone.
    """
    receipts = standing(read_receipts(home)).drop("receipt_id")
    lost = [
        receipt
        for row in receipts.iter_rows(named=True)
        if not has_rows(home, receipt := Receipt(**row))
    ]
    if lost:
        more = f" and {len(lost) - 1:,} more" if len(lost) > 1 else ""
        raise TrigpointError(
            f"rows that had landed are gone from {home.raw}: those of {lost[0].source_id}, "
            f"{lost[0].file_name}{more}; load these files again (their bytes are in {home.landing})"
        )


def bytes_hash(file_sha256: str) -> str:
    """The hash of the bytes in what names one publication of them."""
    return file_sha256.partition("@")[0]
