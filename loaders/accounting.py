"""Rows in = landed + quarantined + skipped, by our own count, or the file is refused.

A file that lost rows without anybody noticing cost lives once; here each record of the file has to
be named by exactly one of the three, and for wide sheets each value cell as well.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from loaders.contract import Checked
from loaders.documents import Document
from loaders.reading import Reading, Refused
from loaders.row_numbers import ascending

# Row numbers by sheet: whole numbers are compared many times faster than pairs of sheet and row.
Rows = Mapping[str, pl.Series]
NONE = pl.Series(dtype=pl.Int64)
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
    counted = {sheet: ascending(rows) for sheet, rows in document.counted.items() if rows}
    quarantined = _quarantined(document, checked)
    kept = _by_sheet(result.kept for result in checked.values())
    landed = {sheet: _without(rows, quarantined.get(sheet)) for sheet, rows in kept.items()}
    skipped = _skipped(reading, counted)
    _require_balance(counted, [landed, quarantined, skipped], document.name)
    return Account(
        _count(counted),
        _count(landed),
        _count(quarantined),
        _count(skipped),
        *_cells(reading, checked, document.name),
        _reasons(reading, counted),
    )


def _by_sheet(frames: Iterable[pl.DataFrame]) -> Rows:
    """The row numbers of each sheet, ascending, each once."""
    places = pl.concat(
        [pl.DataFrame(schema=PLACE), *(frame.select(PLACE.keys()) for frame in frames)]
    )
    return {
        str(sheet): rows["_row"].unique().sort()
        for (sheet,), rows in places.partition_by("_sheet", as_dict=True).items()
    }


def _quarantined(document: Document, checked: Mapping[str, Checked]) -> Rows:
    ragged = pl.DataFrame(
        {"_sheet": "", "_row": [row for row, _, _ in document.ragged]}, schema=PLACE
    )
    return _by_sheet([ragged, *(result.quarantined for result in checked.values())])


def _skipped(reading: Reading, counted: Rows) -> Rows:
    """Readers may skip by range; only records that the document counted are rows of the file."""
    named = _by_sheet(
        pl.DataFrame({"_sheet": part.sheet, "_row": list(part.rows)}, schema=PLACE)
        for part in reading.skipped
    )
    return {
        sheet: rows.filter(rows.is_in(counted[sheet].implode()))
        for sheet, rows in named.items()
        if sheet in counted
    }


def _require_balance(counted: Rows, parts: Sequence[Rows], name: str) -> None:
    sheets = sorted({sheet for rows in (counted, *parts) for sheet in rows})
    accounted = {sheet: _together(parts, sheet) for sheet in sheets}
    lost = {s: _without(counted.get(s, NONE), accounted[s]) for s in sheets}
    if any(map(len, lost.values())):
        raise Refused(f"{name}: {_places(lost)} would be lost: neither kept, set aside nor skipped")
    invented = {s: _without(accounted[s], counted.get(s)) for s in sheets}
    if any(map(len, invented.values())):
        raise Refused(f"{name}: {_places(invented)} were read but are not in the file")
    twice = {s: rows.filter(rows.is_duplicated()).unique() for s, rows in accounted.items()}
    if any(map(len, twice.values())):
        raise Refused(f"{name}: {_places(twice)} were both kept and skipped")


def _together(parts: Sequence[Rows], sheet: str) -> pl.Series:
    return pl.concat([NONE, *(rows[sheet] for rows in parts if sheet in rows)])


def _without(rows: pl.Series, others: pl.Series | None) -> pl.Series:
    return rows if others is None else rows.filter(~rows.is_in(others.implode()))


def _count(rows: Rows) -> int:
    return sum(map(len, rows.values()))


def _places(rows: Rows) -> str:
    """The first rows by sheet and number, and how many more there are."""
    first = [
        f"{sheet} {row}".strip()
        for sheet in sorted(rows)
        for row in rows[sheet].sort().head(NAMED_AT_MOST)
    ][:NAMED_AT_MOST]
    more = _count(rows) - len(first)
    return f"rows {', '.join(first)}" + (f" and {more:,} more" if more else "")


def _cells(
    reading: Reading, checked: Mapping[str, Checked], name: str
) -> tuple[int | None, int | None, int | None, int | None]:
    if reading.cells is None:
        return None, None, None, None
    landed = sum(result.kept.height for result in checked.values())
    quarantined = sum(result.quarantined.height for result in checked.values())
    accounted = landed + quarantined + reading.cells_skipped
    if accounted != reading.cells:
        raise Refused(
            f"{name}: {reading.cells:,} cells were counted and {accounted:,} accounted for"
        )
    return reading.cells, landed, quarantined, reading.cells_skipped


def _reasons(reading: Reading, counted: Rows) -> dict[str, int]:
    """How many records each reason passed over."""
    reasons: Counter[str] = Counter()
    for part in reading.skipped:
        records = counted.get(part.sheet, NONE)
        reasons[part.reason] += int(records.is_in(list(part.rows)).sum())
    return {reason: count for reason, count in reasons.items() if count}
