"""One row for every file that ever arrived, whatever became of it."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl

from loaders import ledger
from store.errors import TrigpointError
from store.paths import Home, drafted

SCHEMA = {
    "receipt_id": pl.String(),
    "load_id": pl.String(),
    "source_id": pl.String(),
    "file_name": pl.String(),
    "file_sha256": pl.String(),
    "url": pl.String(),
    "bytes": pl.Int64(),
    "published_at": pl.Datetime("us"),
    "published_precision": pl.String(),
    "published_basis": pl.String(),
    "landed_at": pl.Datetime("us"),
    "rows_read": pl.Int64(),
    "rows_landed": pl.Int64(),
    "rows_quarantined": pl.Int64(),
    "rows_skipped": pl.Int64(),
    "cells_read": pl.Int64(),
    "cells_landed": pl.Int64(),
    "cells_quarantined": pl.Int64(),
    "cells_skipped": pl.Int64(),
    "rows_written": pl.Int64(),
    "skipped_reasons": pl.String(),
    "row_cap": pl.Int64(),
    "published_columns": pl.String(),
    "verdict": pl.String(),
    "reason": pl.String(),
}
# What receipts of before say nothing of; every other column is needed.
ADDED = ("published_columns",)
# More are names that hold values, such as codes of areas.
MOST_COLUMNS = 500
# A Parquet file of this name holds columns and no rows.
SCHEMA_ONLY = "_schema"
# How the moment of publication is known: the file states it, its name does, or an operator gave it.
Basis = Literal["", "inside", "name", "given"]


@dataclass(frozen=True)
class Receipt:
    """What arrived, when, and what became of it; counts are rows and, for wide sheets, cells.

    `published_columns` are the headings as a JSON list, empty where the file has none or was not
    read so far.
    """

    load_id: str
    source_id: str
    file_name: str
    file_sha256: str
    url: str
    bytes: int
    landed_at: datetime
    published_at: datetime | None = None
    published_precision: str = ""
    published_basis: Basis = ""
    rows_read: int = 0
    rows_landed: int = 0
    rows_quarantined: int = 0
    rows_skipped: int = 0
    cells_read: int | None = None
    cells_landed: int | None = None
    cells_quarantined: int | None = None
    cells_skipped: int | None = None
    rows_written: int = 0
    skipped_reasons: str = "{}"
    row_cap: int = 0
    published_columns: str = ""
    verdict: Literal["landed", "known", "refused", "passed_over", "taken_back"] = "refused"
    reason: str = ""

    @property
    def receipt_id(self) -> str:
        """Unique for each arrival, and for what it took back.

        Two names that are no UTF-8 can look alike, so the moment of landing tells them apart.
        """
        taken_back = f"-{self.file_sha256}" if self.verdict == "taken_back" else ""
        arrived = f"{self.landed_at:%H%M%S%f}"
        return f"{self.load_id}-{self.source_id}-{arrived}-{self.file_name}{taken_back}"

    def but(self, **changes: Any) -> "Receipt":
        """The same receipt with some fields filled in."""
        return replace(self, **changes)


def columns_of(headings: Sequence[str]) -> str:
    """Headings as a receipt keeps them; empty where there are none, or more than columns have."""
    return json.dumps(list(headings)) if 0 < len(headings) <= MOST_COLUMNS else ""


def write_receipts(receipts: list[Receipt], home: Home, name: str) -> None:
    """Write the receipts of one load of one source as one Parquet file, at once or not at all."""
    rows = [asdict(receipt) | {"receipt_id": receipt.receipt_id} for receipt in receipts]
    with drafted(home.receipts / f"{name}.parquet") as draft:
        pl.DataFrame(rows, schema=SCHEMA).write_parquet(draft)


def read_receipts(home: Home) -> pl.DataFrame:
    """Every receipt of this home, oldest first; columns as `SCHEMA`.

    Raises `TrigpointError` naming a file of receipts that is damaged or gone.
    """
    files = sorted(home.receipts.glob("*.parquet"))
    found = pl.concat([pl.DataFrame(schema=SCHEMA), *map(_read, files)])
    ledger.require_all(home)
    return found.sort("landed_at", "receipt_id")


def _read(file: Path) -> pl.DataFrame:
    try:
        found = pl.read_parquet(file)
        absent = [pl.lit("").alias(name) for name in ADDED if name not in found.columns]
        return found.with_columns(absent).select(list(SCHEMA))
    except (pl.exceptions.PolarsError, OSError) as fault:
        raise TrigpointError(
            f"receipts {file} cannot be read ({str(fault).splitlines()[0]}): "
            "put the file back from a copy; nothing is loaded or built without it"
        ) from None


def standing(receipts: pl.DataFrame) -> pl.DataFrame:
    """The receipts of files that landed and were not taken back since."""
    of_key = ["source_id", "file_sha256"]
    taken_back = (
        receipts.filter(verdict="taken_back")
        .group_by(of_key)
        .agg(taken_back_at=pl.col("landed_at").max())
    )
    landed = receipts.filter(verdict="landed").join(taken_back, on=of_key, how="left")
    stands = pl.col("taken_back_at").is_null() | (pl.col("landed_at") > pl.col("taken_back_at"))
    return landed.filter(stands).drop("taken_back_at")
