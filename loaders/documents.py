"""A file as it arrived, opened only after its bytes were looked at.

`open_document` decides by the bytes what a file is and refuses what would be misread in silence.
The `Document` then hands out text and keeps its own count of every record it handed out, so that
intake can prove that rows in = landed + quarantined + skipped.
"""

import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

import polars as pl

from loaders.agreed import AgreedColumns, names_in
from loaders.children import ask_child
from loaders.containers import LARGEST_FILE, MEGABYTE, checked_members, gunzipped, only_member
from loaders.delimited import SetAside, read_delimited
from loaders.file_kinds import WORKBOOKS, Kind, agree, kind_of, utf8
from loaders.reading import Published, Refused, Skipped, published_in_name
from loaders.row_numbers import Run
from loaders.spreadsheets import Sheet, read_sheets

__all__ = ["Document", "Sheet", "open_document"]

DEEPEST_WRAP = 2
# Where spreadsheets end, and where files end that were cut by one: with or without their heading.
ROW_CAPS = frozenset({65_535, 65_536, 1_048_575, 1_048_576})
SMALLEST_POWER = 1024


@dataclass
class Document:
    """One file after its bytes were checked.

    `name` is the file name as published, `suffix` that of the file inside its wrapping (`.csv` for
    `x.csv.gz`), `encoding` how text was published. `counted` holds, by sheet ("" where there is
    none), the numbers of all non-empty records handed out except a table's heading; `ragged` the
    records that fit no table, which are counted too; `row_cap` a row count at which software cuts
    files, if this is one; `published_outside` its publication by its name or by what was given.
    `agreed` says which columns may be held; each heading is held against it when it is known.
    `headings` are those that may be held, in the order in which they were met.
    """

    name: str
    path: Path
    suffix: str
    kind: Kind
    data: bytes = field(repr=False)
    encoding: str = ""
    counted: dict[str, Set[int]] = field(default_factory=dict, repr=False)
    ragged: list[SetAside] = field(default_factory=list)
    row_cap: int | None = None
    published_outside: Published | None = None
    agreed: AgreedColumns | None = field(default=None, repr=False)
    has_headings: bool = False
    headings: list[str] = field(default_factory=list, repr=False)
    _sheets: dict[str, Sheet] | None = field(default=None, repr=False)

    def table(
        self, delimiter: str = ",", header: bool = True, columns: Sequence[str] | None = None
    ) -> pl.DataFrame:
        """A delimited (or Parquet) file as text; `_row` is the record's number, the heading is 1.

        `columns` names the columns of a file without heading, or replaces the published names. A
        value is null where nothing stands between the delimiters.
        """
        if self.kind == "parquet":
            return self._parquet()
        self._require("text", "a table of text")
        read = read_delimited(self.data, self.name, delimiter, header, columns)
        self.require_agreed(_with_names_or_values(read.heading, read.frame))
        self.counted[""], self.ragged = read.counted, read.ragged
        self._note_cap(read.records, len(read.counted))
        return read.frame

    def sheets(self) -> dict[str, Sheet]:
        """Every worksheet by name, in the workbook's order."""
        if self._sheets is None:
            if self.kind not in WORKBOOKS:
                self._refuse_kind("a workbook")
            self._sheets = read_sheets(self.data, self.name, self.require_agreed)
            for sheet in self._sheets.values():
                self._count_sheet(sheet)
        return self._sheets

    def json(self) -> Any:
        """The parsed JSON; raises `Refused` when it is broken or holds nothing."""
        self._require("text", "JSON")
        parsed = _parse_json(self.data, self.name)
        if _holds_nothing(parsed):
            raise Refused(f"{self.name} is a page of JSON that holds nothing: fetch it again")
        self.require_agreed(names_in(parsed))
        if isinstance(parsed, list):
            self.counted[""] = Run(range(1, len(parsed) + 1))
            self._note_cap(len(parsed), len(parsed))
        return parsed

    def lines(self) -> list[str]:
        """Every line without its end; blank lines are kept so that the first is always line 1."""
        self._require("text", "text")
        lines = io.TextIOWrapper(io.BytesIO(self.data), encoding="utf-8").read().split("\n")
        if not lines[-1]:
            lines.pop()
        rows = {number for number, line in enumerate(lines, start=1) if line.strip()}
        self.counted[""] = rows
        self._note_cap(len(rows), len(rows))
        return lines

    def require_agreed(self, headings: Iterable[str]) -> None:
        """Hold what a file calls its columns against the agreements of its source.

        Tables, sheets and JSON do so themselves; a loader that reads lines says what they name.
        Raises `Refused` for a heading that is not agreed.
        """
        published = list(dict.fromkeys(headings))
        if self.agreed and self.agreed.is_limited:
            self.has_headings |= bool(published)
            self.agreed.require(published, self.name)
        self.headings = list(dict.fromkeys([*self.headings, *published]))

    def skip_rest(
        self,
        tables: Mapping[str, pl.DataFrame],
        reason: str,
        skipped: Iterable[Skipped] = (),
    ) -> list[Skipped]:
        """All counted rows that are in no table, not set aside and not already skipped."""
        rest = {sheet: set(rows) for sheet, rows in self.counted.items()}
        for frame in tables.values():
            for sheet, row in _places(frame):
                rest.get(sheet, set()).discard(row)
        for earlier in skipped:
            rest.get(earlier.sheet, set()).difference_update(earlier.rows)
        rest.get("", set()).difference_update(misfit.row for misfit in self.ragged)
        return [Skipped.of(rows, reason, sheet) for sheet, rows in rest.items() if rows]

    def _parquet(self) -> pl.DataFrame:
        printed = ask_child("loaders.parquet_child", self.data, self.name)
        frame = pl.read_ipc_stream(printed)
        self.require_agreed(frame.columns)
        rows = range(1, frame.height + 1)
        self.counted[""] = Run(rows)
        self._note_cap(frame.height)
        return frame.with_columns(pl.Series("_row", rows, dtype=pl.Int64))

    def _count_sheet(self, sheet: Sheet) -> None:
        rows = {index + 1 for index in range(len(sheet.rows)) if sheet.holds(index)}
        self.counted[sheet.name] = rows
        last = max(rows, default=0)
        self._note_cap(last, last - 1)

    def _note_cap(self, *counts: int) -> None:
        for count in counts:
            power = count >= SMALLEST_POWER and count & (count - 1) == 0
            if self.row_cap is None and (count in ROW_CAPS or power):
                self.row_cap = count

    def _require(self, kind: Kind, wanted: str) -> None:
        if self.kind != kind:
            self._refuse_kind(wanted)

    def _refuse_kind(self, wanted: str) -> NoReturn:
        raise Refused(
            f"{self.name} is {self.kind}, where {wanted} is promised: check the publisher's page"
        )


def open_document(path: Path, name: str) -> Document:
    """Look at the bytes of a file and open its wrapping; raises `Refused` with one sentence."""
    data, inner = _read(path, name), name
    kind = kind_of(data, name)
    for _ in range(DEEPEST_WRAP):
        if kind in ("gzip", "zip"):
            data, inner = _unwrapped(data, name, kind, inner)
            kind = kind_of(data, name)
    if kind in ("gzip", "zip"):
        raise Refused(f"{name} is packed more than {DEEPEST_WRAP} times: send the file itself")
    suffix = PurePosixPath(inner).suffix.lower()
    agree(kind, suffix, name, data)
    if kind in ("xlsx", "ods"):
        checked_members(data, name)
    encoding = ""
    if kind == "text":
        data, encoding = utf8(data, name)
    outside = published_in_name(name)
    return Document(name, path, suffix, kind, data, encoding, published_outside=outside)


def _read(path: Path, name: str) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise Refused(
                f"{name} is larger than {LARGEST_FILE // MEGABYTE:,} MB: send it in parts"
            )
        return path.read_bytes()
    except OSError as error:
        raise Refused(f"{name} cannot be opened ({error.strerror}): check the file") from None


def _unwrapped(data: bytes, name: str, kind: Kind, inner: str) -> tuple[bytes, str]:
    """The inner bytes and name; a wrapping that the name does not own up to is refused."""
    path = PurePosixPath(inner)
    if path.suffix.lower() != {"gzip": ".gz", "zip": ".zip"}[kind]:
        raise Refused(
            f"{name} is packed ({kind}) and its name does not say so: fetch it again or rename it"
        )
    return (gunzipped(data, name), path.stem) if kind == "gzip" else only_member(data, name)


def _parse_json(data: bytes, name: str) -> Any:
    def refuse_constant(constant: str) -> NoReturn:
        raise Refused(f"{name} holds {constant}, which is no JSON: ask the publisher")

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        record = dict(pairs)
        if len(record) < len(pairs):
            raise Refused(f"{name} names a value twice in one record {list(record)[:5]}: mend it")
        return record

    try:
        return json.loads(data, parse_constant=refuse_constant, object_pairs_hook=once)
    except json.JSONDecodeError as error:
        raise Refused(
            f"{name} is broken or cut off JSON (line {error.lineno}, {error.msg}): fetch it again"
        ) from None
    except (RecursionError, ValueError):
        raise Refused(f"{name} is JSON that cannot be read: ask the publisher") from None


def _holds_nothing(parsed: Any) -> bool:
    """Empty, or an envelope such as `{"data": [], "total": 0}` whose every list is empty."""
    if not isinstance(parsed, dict | list):
        return True
    if not parsed:
        return True
    if isinstance(parsed, list):
        return all(isinstance(item, dict | list) and not item for item in parsed)
    inner = [value for value in parsed.values() if isinstance(value, dict | list)]
    return bool(inner) and not any(inner)


def _with_names_or_values(heading: Sequence[str], frame: pl.DataFrame) -> Iterator[str]:
    """Published headings; one that is empty counts by its number where a value stands below."""
    for published, name in zip(heading, frame.columns, strict=False):
        if published.strip() or frame[name].null_count() < frame.height:
            yield published if published.strip() else name


def _places(frame: pl.DataFrame) -> Iterable[tuple[str, int]]:
    rows = frame["_row"].to_list()
    if "_sheet" not in frame.columns:
        return (("", row) for row in rows)
    return zip(frame["_sheet"].to_list(), rows, strict=True)
