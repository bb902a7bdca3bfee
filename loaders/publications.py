"""Which publications of a source stand: the same bytes can be published more than once.

A publisher who goes back to an earlier file publishes its bytes a second time, and that is another
publication. So a file is known when its bytes have landed under the same moment of publication, not
when they have landed at all.
"""

from dataclasses import dataclass, field
from datetime import datetime

from loaders.receipts import Receipt, read_receipts, standing
from store.paths import Home


@dataclass
class Publications:
    """The receipts of one source by hash of the bytes, and under it by moment of publication."""

    of_hash: dict[str, dict[datetime, Receipt]] = field(default_factory=dict)

    @classmethod
    def read(cls, home: Home, source_id: str) -> "Publications":
        """Those that have landed in this home and were not taken back."""
        found = cls()
        receipts = standing(read_receipts(home)).filter(source_id=source_id).drop("receipt_id")
        for row in receipts.iter_rows(named=True):
            found.add(Receipt(**row))
        return found

    def add(self, receipt: Receipt) -> None:
        """Remember a file that has landed."""
        if receipt.published_at is not None:
            moments = self.of_hash.setdefault(bytes_hash(receipt.file_sha256), {})
            moments[receipt.published_at] = receipt

    def forget(self, receipt: Receipt) -> None:
        """Forget a publication that was taken back."""
        moments = self.of_hash[bytes_hash(receipt.file_sha256)]
        moments.pop(receipt.published_at, None)  # type: ignore[arg-type]

    def same(self, sha256: str, moment: datetime | None) -> Receipt | None:
        """The publication that these bytes are, as far as that can be said without reading them.

        Bytes that state their own moment are always the publication that they were before; others
        are when nothing gives them another moment.
        """
        before = self.of_hash.get(sha256, {})
        first = next(iter(before.values()), None)
        if first is None or moment is None or first.published_basis == "inside":
            return first
        return before.get(moment)

    def given(self, sha256: str) -> list[Receipt]:
        """Publications of these bytes whose moment an operator gave, and may have given wrongly."""
        return [r for r in self.of_hash.get(sha256, {}).values() if r.published_basis == "given"]

    def key(self, sha256: str, moment: datetime) -> str:
        """The hash; with the moment behind it where the same bytes stand for another already."""
        return f"{sha256}@{moment:%Y%m%dT%H%M%S}" if self.of_hash.get(sha256) else sha256


def bytes_hash(file_sha256: str) -> str:
    """The hash of the bytes in what names one publication of them."""
    return file_sha256.partition("@")[0]
