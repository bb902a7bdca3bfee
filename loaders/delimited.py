"""Delimited text as a table of text, every record accounted for.

Polars reads a million rows in a moment but swallows short rows, doubled headings and other
accidents in silence. So each line is looked at first: only a file whose lines are all one record
that fits goes to Polars as it stands. Any other is mended with Python's own reader: records that do
not fit are set aside with a reason.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, field
from typing import NamedTuple

import polars as pl

from loaders.reading import Refused
from loaders.row_numbers import Run

LONE_CR = re.compile(rb"\r(?!\n)")
# What Python calls blank, for the engine's regular expressions.
BLANKS = r"\s\x1c-\x1f"
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
MOST_COLUMNS = 5000
# Columns that intake adds itself.
RESERVED = ("_row", "_sheet")
MOST_LINES_IN_A_VALUE = 200


class SetAside(NamedTuple):
    """A record that does not fit its table: number from 1, its text as published, and why."""

    row: int
    text: str
    reason: str


@dataclass
class Delimited:
    """A table of text with `_row`, the numbers of its records but the heading, and the misfits.

    `heading` is as published, or as the caller named the columns where the file does not.
    """

    frame: pl.DataFrame
    heading: Sequence[str]
    counted: Set[int]
    ragged: list[SetAside] = field(default_factory=list)
    records: int = 0


@dataclass
class _Mended:
    text: bytes
    rows: Sequence[int]
    ragged: list[SetAside]
    records: int


def read_delimited(
    text: bytes, name: str, delimiter: str, header: bool, columns: Sequence[str] | None
) -> Delimited:
    """Read UTF-8 text; `records` counts every non-empty record, the heading too.

    Raises `Refused` for a wrong delimiter, an unclosed quote, a last line that is cut off, a
    heading without rows, and a file of which most records do not fit.
    """
    first = _first_record(text, name, delimiter)
    names = _names(first, name, header, columns)
    records = _regular_records(text, delimiter, first, header)
    if records is not None:
        mended = _Mended(text, range(2 if header else 1, records + 1), [], records)
    else:
        mended = _mend(text, name, delimiter, first, header)
    if not mended.rows:
        raise Refused(f"{name} has a heading and no rows: fetch it again")
    frame = _parsed(mended, name, delimiter, header, names)
    heading = first if header else names
    return Delimited(frame, heading, _counted(mended), mended.ragged, mended.records)


def _counted(mended: _Mended) -> Set[int]:
    if isinstance(mended.rows, range):
        return Run(mended.rows)
    return {*mended.rows, *(misfit.row for misfit in mended.ragged)}


def _text_lines(text: bytes) -> io.TextIOWrapper:
    return io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")


def _first_record(text: bytes, name: str, delimiter: str) -> list[str]:
    try:
        reader = csv.reader(_text_lines(text), delimiter=delimiter, strict=True)
        first = next((record for record in reader if _holds(record)), [])
    except csv.Error as error:
        raise Refused(f"{name} cannot be read at its heading ({error}): fetch it again") from None
    if not first:
        raise Refused(f"{name} is empty: fetch it again")
    for other, words in DELIMITERS.items():
        if len(first) == 1 and other != delimiter and other in first[0]:
            raise Refused(
                f"{name} is separated by {words}, not by {DELIMITERS.get(delimiter, delimiter)}: "
                "save it again"
            )
    return first


def _names(
    first: list[str], name: str, header: bool, columns: Sequence[str] | None
) -> Sequence[str]:
    if len(first) > MOST_COLUMNS:
        raise Refused(f"{name} has {len(first):,} columns, more than {MOST_COLUMNS:,}: not read")
    if columns is not None and len(columns) != len(first):
        raise Refused(
            f"{name} has {len(first)} columns where {len(columns)} are promised: "
            "ask the publisher what changed"
        )
    return columns or column_names(first if header else [""] * len(first))


def column_names(published: Sequence[str]) -> list[str]:
    """Published names made distinct: `column_3` where one is empty, `date (2)` where repeated."""
    names: list[str] = []
    for number, published_name in enumerate(published, start=1):
        name = stem = published_name if published_name.strip() else f"column_{number}"
        repeat = 1
        while name in names or name in RESERVED:
            repeat += 1
            name = f"{stem} ({repeat})"
        names.append(name)
    return names


def _holds(record: Sequence[str]) -> bool:
    return bool(record) and bool(record[0].strip() or "".join(record).strip())


class _Count(NamedTuple):
    records: int
    headings: int


def _regular_records(text: bytes, delimiter: str, first: list[str], header: bool) -> int | None:
    """How many records the file has if each fits its heading on a line of its own, else None."""
    if LONE_CR.search(text) or not text.endswith(b"\n"):
        return None
    lines, quoted = pl.scan_lines(text), pl.col("line").str.contains('"', literal=True)
    plain = _count_plain(lines.filter(~quoted), delimiter, first)
    marked = plain and _count_quoted(lines.filter(quoted), delimiter, first)
    if not plain or not marked or (header and plain.headings + marked.headings > 1):
        return None
    return plain.records + marked.records


def _count_plain(lines: pl.LazyFrame, delimiter: str, first: list[str]) -> _Count | None:
    """Lines without a quote: each is one record, of which only the delimiters need counting."""
    line = pl.col("line")
    fits = (
        (line.str.count_matches(delimiter, literal=True) == len(first) - 1)
        & line.str.contains(rf"[^{BLANKS}{re.escape(delimiter)}]")
        & (line.str.len_bytes() <= csv.field_size_limit())
    )
    headings = (line == delimiter.join(first)).sum()
    counts = lines.select(pl.len(), headings.alias("headings"), fits.all().alias("fit"))
    records, seen, all_fit = counts.collect(engine="streaming").row(0)
    return _Count(records, seen) if all_fit else None


def _count_quoted(lines: pl.LazyFrame, delimiter: str, first: list[str]) -> _Count | None:
    """Lines with a quote, parsed: as many records as lines means that none spans two of them."""
    published = lines.collect(engine="streaming")["line"]
    records = headings = 0
    try:
        for record in csv.reader(published, delimiter=delimiter, strict=True):
            if len(record) != len(first) or not _holds(record) or '"' in "".join(record):
                return None
            records += 1
            headings += record == first
    except csv.Error:
        return None
    return _Count(records, headings) if records == len(published) else None


class _Lines:
    """Lines of a text, remembered until the record that they make is taken."""

    def __init__(self, text: bytes) -> None:
        self._lines = _text_lines(text)
        self._pending: list[str] = []

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._pending.append(line)
        return line

    def take(self) -> list[str]:
        taken, self._pending = self._pending, []
        return taken


def _mend(text: bytes, name: str, delimiter: str, first: list[str], header: bool) -> _Mended:
    """The records that fit, as published, each ended by one LF; the others set aside."""
    kept = io.StringIO(newline="")
    rows: list[int] = []
    ragged: list[SetAside] = []
    seen_first = False
    for number, record, raw in _numbered(text, name, delimiter):
        if record is not None and not _holds(record):
            continue
        if not seen_first:
            seen_first = True
            kept.write(_as_line(record or [], raw, delimiter))
            if not header:
                rows.append(number)
            continue
        reason = _misfit(record, first, header)
        if reason:
            ragged.append(SetAside(number, raw, reason))
        else:
            kept.write(_as_line(record or [], raw, delimiter))
            rows.append(number)
    _refuse_cut_off(text, name, ragged, rows)
    _refuse_mostly_ragged(name, ragged, rows)
    records = len(rows) + len(ragged) + int(header)
    return _Mended(kept.getvalue().encode(), rows, ragged, records)


def _numbered(
    text: bytes, name: str, delimiter: str
) -> Iterator[tuple[int, list[str] | None, str]]:
    """Each record with its number and its text; None for one whose quotes do not fit."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        record: list[str] | None = None
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            pass
        raw = lines.take()
        if len(raw) > MOST_LINES_IN_A_VALUE or (record is None and _is_unclosed(raw)):
            raise Refused(
                f"{name} opens a quote in record {number} that is never closed: fetch it again"
            )
        yield number, record, "".join(raw).rstrip("\r\n")


def _is_unclosed(raw: list[str]) -> bool:
    return len(raw) > 1 or "".join(raw).count('"') % 2 == 1


def _misfit(record: list[str] | None, first: list[str], header: bool) -> str | None:
    if record is None:
        return "a quote stands in the middle of a value"
    if len(record) != len(first):
        place = "heading" if header else "first row"
        return f"it has {len(record)} values where the {place} has {len(first)}"
    return "the heading stands here again" if header and record == first else None


def _as_line(record: list[str], raw: str, delimiter: str) -> str:
    """The record as published, written anew only where its quotes would be read in two ways."""
    if '"' not in raw or not any('"' in value for value in record):
        return raw + "\n"
    quoted = ('"' + value.replace('"', '""') + '"' if value else "" for value in record)
    return delimiter.join(quoted) + "\n"


def _refuse_cut_off(text: bytes, name: str, ragged: list[SetAside], rows: list[int]) -> None:
    if text.endswith((b"\n", b"\r")) or not ragged:
        return
    last = ragged[-1]
    if last.row > max(rows, default=0) and "values where" in last.reason:
        raise Refused(f"{name} is cut off in its last record, {last.row}: fetch it again")


def _refuse_mostly_ragged(name: str, ragged: list[SetAside], rows: list[int]) -> None:
    if len(ragged) > len(rows):
        raise Refused(
            f"{name}: most records do not fit ({ragged[0].row}: {ragged[0].reason}): "
            "ask the publisher what changed"
        )


def _parsed(
    mended: _Mended, name: str, delimiter: str, header: bool, names: Sequence[str]
) -> pl.DataFrame:
    try:
        frame = pl.read_csv(
            mended.text,
            separator=delimiter,
            has_header=header,
            new_columns=list(names),
            infer_schema=False,
        )
    except pl.exceptions.PolarsError as error:
        raise Refused(f"{name} cannot be read as a table ({error}): fetch it again") from None
    if frame.height != len(mended.rows) or frame.width != len(names):
        raise Refused(
            f"{name} has {len(mended.rows):,} records by our count and {frame.height:,} when read: "
            "save it again as plain CSV"
        )
    return frame.with_columns(pl.Series("_row", mended.rows, dtype=pl.Int64))
