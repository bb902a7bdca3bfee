"""Rows in = landed + quarantined + skipped, by our own count, or the file is refused.

A file that lost rows without anybody noticing cost lives once; here each record of the file has to
be named by exactly one of the three, and for wide sheets each value cell as well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import polars as pl

from loaders.contract import Checked
from loaders.documents import Document
from loaders.reading import Reading, Refused

PLACE = {"_sheet": pl.String(), "_row": pl.Int64()}
NAMED_AT_MOST = 5


@dataclass(frozen=True)
class Account:
    """Where the rows of one file went; cells only where wide rows became long ones."""

    rows_read: int
    rows_landed: int
    rows_quarantined: int
    rows_skipped: int
    cells_read: int | None
    cells_landed: int | None
    cells_quarantined: int | None
    cells_skipped: int | None
    skipped_reasons: dict[str, int]

    def counts(self) -> dict[str, int | None]:
        """The eight counts by their receipt column."""
        return {name: getattr(self, name) for name in vars(self) if name != "skipped_reasons"}


def settle(document: Document, reading: Reading, checked: Mapping[str, Checked]) -> Account:
    """Balance the document's own count of records against what became of them.

    Raises `Refused` naming the rows that nobody kept, set aside or skipped, or that two did.
    """
    counted = _counted(document)
    quarantined = _quarantined(document, checked)
    landed = _rows(result.kept for result in checked.values()).join(
        quarantined, on=list(PLACE), how="anti"
    )
    skipped = _skipped(reading, counted)
    _require_balance(counted, [landed, quarantined, skipped], document.name)
    return Account(
        counted.height,
        landed.height,
        quarantined.height,
        skipped.height,
        *_cells(reading, checked, document.name),
        _reasons(reading, counted),
    )


def _counted(document: Document) -> pl.DataFrame:
    frames = [
        pl.DataFrame({"_sheet": sheet, "_row": sorted(rows)}, schema=PLACE)
        for sheet, rows in document.counted.items()
        if rows
    ]
    return pl.concat(frames) if frames else pl.DataFrame(schema=PLACE)


def _rows(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    places = [frame.select(list(PLACE)) for frame in frames]
    return pl.concat([pl.DataFrame(schema=PLACE), *places]).unique()


def _quarantined(document: Document, checked: Mapping[str, Checked]) -> pl.DataFrame:
    ragged = pl.DataFrame(
        {"_sheet": "", "_row": [row for row, _, _ in document.ragged]}, schema=PLACE
    )
    return _rows([ragged, *(result.quarantined for result in checked.values())])


def _skipped(reading: Reading, counted: pl.DataFrame) -> pl.DataFrame:
    """Readers may skip by range; only records that the document counted are rows of the file."""
    named = [
        pl.DataFrame({"_sheet": part.sheet, "_row": sorted(part.rows)}, schema=PLACE)
        for part in reading.skipped
    ]
    return _rows(named).join(counted, on=list(PLACE), how="semi")


def _require_balance(counted: pl.DataFrame, parts: list[pl.DataFrame], name: str) -> None:
    accounted = pl.concat(parts)
    lost = counted.join(accounted, on=list(PLACE), how="anti")
    if not lost.is_empty():
        raise Refused(f"{name}: {_places(lost)} would be lost: neither kept, set aside nor skipped")
    invented = accounted.join(counted, on=list(PLACE), how="anti")
    if not invented.is_empty():
        raise Refused(f"{name}: {_places(invented)} were read but are not in the file")
    twice = accounted.filter(accounted.is_duplicated())
    if not twice.is_empty():
        raise Refused(f"{name}: {_places(twice.unique())} were both kept and skipped")


def _places(rows: pl.DataFrame) -> str:
    first = rows.sort("_sheet", "_row").head(NAMED_AT_MOST)
    named = ", ".join(f"{sheet} {row}".strip() for sheet, row in first.rows())
    more = rows.height - first.height
    return f"rows {named}" + (f" and {more:,} more" if more else "")


def _cells(
    reading: Reading, checked: Mapping[str, Checked], name: str
) -> tuple[int | None, int | None, int | None, int | None]:
    if reading.cells is None:
        return None, None, None, None
    landed = sum(result.kept.height for result in checked.values())
    quarantined = sum(result.quarantined.height for result in checked.values())
    accounted = landed + quarantined + reading.cells_skipped
    if accounted != reading.cells:
        raise Refused(f"{name}: {reading.cells:,} cells were counted and {accounted:,} accounted for")
    return reading.cells, landed, quarantined, reading.cells_skipped


def _reasons(reading: Reading, counted: pl.DataFrame) -> dict[str, int]:
    """How many records each reason passed over."""
    records = {sheet: set(rows) for sheet, rows in _by_sheet(counted).items()}
    reasons: Counter[str] = Counter()
    for part in reading.skipped:
        reasons[part.reason] += len(part.rows & records.get(part.sheet, set()))
    return {reason: count for reason, count in reasons.items() if count}


def _by_sheet(counted: pl.DataFrame) -> dict[str, list[int]]:
    grouped = counted.group_by("_sheet").agg("_row")
    return dict(zip(grouped["_sheet"].to_list(), grouped["_row"].to_list(), strict=True))
