"""An answer in SQL as a page shows it: columns in words, cells as text, figures that can be opened.

A cell of `value` is a figure only where it is the number that was released: `value * 2` is none.
"""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow.lib as pa
import pyarrow.types as arrow

from dashboard import words
from dashboard.components.figure_button import text
from dashboard.queries import workspace
from store.exports import in_json, visible
from store.reader import Reader
from store.sandbox.asking import named_once

FIGURE, VALUE, MEASURE = "figure_id", "value", "metric_id"
# What a row can say beside its value; where it says so, it is part of being that figure.
BESIDE = ("missing_reason", "is_provisional", "is_corrected")
# A large answer is looked up in parts, for it is held in memory meanwhile.
AT_ONCE = 50_000
CELL = ("metric_id", "area_id", "stratum_id", "event_date")
# The largest whole number that a browser holds exactly.
LARGEST = 2**53
LONGEST_TEXT = 500
Row = dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of an answer: its name in SQL, the field of the grid that holds it, what it is."""

    name: str
    field: str
    kind: str
    is_number: bool
    is_date: bool

    @property
    def heading(self) -> str:
        """The name in words: `area_id` is `Area id`."""
        spaced = visible(self.name).replace("_", " ").strip() or self.name
        return f"{spaced[:1].upper()}{spaced[1:]}"


@dataclass(frozen=True)
class Results:
    """An answer: its columns, its rows by field, the marks in it and the measures it is about.

    A row holds `figure` and `told` where its value is a released figure, and `mark` where it has
    one.
    """

    columns: list[Column]
    rows: list[Row]
    marks: list[str]
    measures: list[Row] = field(default_factory=list)


def results(reader: Reader, table: pa.Table, sql: str) -> Results:
    """What the page shows of a table; `sql` names measures that its columns may not."""
    columns = columns_of(table)
    values = [_values(table.column(place)) for place in range(table.num_columns)]
    rows = [
        {column.field: cell for column, cell in zip(columns, cells, strict=True)}
        for cells in zip(*values, strict=True)
    ]
    marks = _tell(reader, table, columns, rows)
    return Results(columns, rows, marks, _measures(reader, table, _figure_ids(table), sql))


@dataclass(frozen=True)
class Told:
    """What is told of the value of a row: which figure it is, if any; its mark; why it is missing.

    `known` is the figure that the row names, be its value that figure's or not.
    """

    known: Row | None
    figure: Row | None
    mark: str
    reason: str | None


def told(reader: Reader, table: pa.Table) -> list[Told]:
    """The same of every row; a value is a figure only where all that the row says of it agrees.

    A row of another moment, or of an earlier version, has the mark that it brings itself.
    """
    figure_ids = _figure_ids(table)
    there = {one for one in figure_ids if one}
    known = {row["figure_id"]: row for row in workspace.released(reader, there).to_dicts()}
    said = {name: named(table, name) for name in (VALUE, *BESIDE)}
    held = {name: cells for name, cells in said.items() if cells is not None}
    rows = [dict(zip(held, cells, strict=True)) for cells in zip(*held.values(), strict=True)]
    return [
        _told(row, known.get(figure_id or ""))
        for row, figure_id in zip(rows or [{}] * table.num_rows, figure_ids, strict=True)
    ]


def _told(row: Row, known: Row | None) -> Told:
    if VALUE not in row:
        return Told(known, None, "", None)
    if known and all(known[name] == said for name, said in row.items()):
        return Told(known, known, words.mark_of(known), known["missing_reason"])
    reason = row.get("missing_reason")
    reason = reason if isinstance(reason, str) and row[VALUE] is None else None
    if row[VALUE] is None:
        return Told(known, None, words.mark(None, reason, None) if reason else "", reason)
    is_so = [row.get(name) is True for name in ("is_provisional", "is_corrected")]
    return Told(known, None, words.mark(row[VALUE], None, *is_so), None)


def with_flags(reader: Reader, table: pa.Table) -> pa.Table:
    """The rows with `flag`, and why a value is missing, where they are of figures; else as given.

    The flags are the marks of the screen, in the words of every other file.
    """
    if named(table, VALUE) is None:
        return table
    parts = range(0, table.num_rows, AT_ONCE)
    rows = [one for start in parts for one in told(reader, table.slice(start, AT_ONCE))]
    if not any(one.known for one in rows):
        return table
    further = {"flag": [words.FLAGS[one.mark] or None for one in rows]}
    if named(table, "missing_reason") is None:
        further["missing_reason"] = [one.reason for one in rows]
    for name, cells in further.items():
        table = table.append_column(name, pa.array(cells, pa.string()))
    return table.rename_columns(named_once(table.column_names))


def columns_of(table: pa.Table) -> list[Column]:
    """The columns in their order; the fields of the grid are places, for a name can be anything."""
    return [
        Column(
            name,
            f"c{place}",
            str(kind),
            arrow.is_integer(kind) or arrow.is_floating(kind) or arrow.is_decimal(kind),
            arrow.is_date(kind) or arrow.is_timestamp(kind),
        )
        for place, (name, kind) in enumerate(
            zip(table.schema.names, table.schema.types, strict=True)
        )
    ]


def named(table: pa.Table, name: str) -> list[Any] | None:
    """The values of the one column of this name; None where there is none, or more than one."""
    places = [place for place, one in enumerate(table.schema.names) if one == name]
    return table.column(places[0]).to_pylist() if len(places) == 1 else None


def shown(value: Any) -> Any:
    """A value as JSON carries it and people read it; a number stays one where that is exact."""
    if value is None or isinstance(value, bool):
        return value if value is None else str(value).lower()
    if isinstance(value, int):
        return value if abs(value) < LARGEST else str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, Decimal):
        return float(value) if abs(value) < LARGEST else str(value)
    whole = visible(_as_text(value))
    return whole if len(whole) <= LONGEST_TEXT else f"{whole[:LONGEST_TEXT]}\u2026"


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=in_json, ensure_ascii=False)
    return value.isoformat() if isinstance(value, date) else str(value)


def _values(column: pa.ChunkedArray) -> list[Any]:
    return [shown(value) for value in column.to_pylist()]


def _figure_ids(table: pa.Table) -> list[str | None]:
    """The figure of each row: by its id, or by the four columns that make one."""
    ids = named(table, FIGURE)
    if ids is not None:
        return [one if isinstance(one, str) else None for one in ids]
    parts = [named(table, name) for name in CELL]
    if not all(parts) or None in parts:
        return [None] * table.num_rows
    rows = zip(*(part or [] for part in parts), strict=True)
    return [None if None in cell else ".".join(map(str, cell)) for cell in rows]


def _tell(
    reader: Reader,
    table: pa.Table,
    columns: Sequence[Column],
    rows: list[Row],
) -> list[str]:
    """Let each row say which figure its value is, and its mark; the marks that were used."""
    has_ids = any(column.name == FIGURE for column in columns)
    said = told(reader, table)
    for row, one in zip(rows, said, strict=True):
        if has_ids and one.known:
            row["opens"] = one.known["figure_id"]
        if one.figure:
            row |= {"figure": one.figure["figure_id"], "told": text(one.figure)}
        if one.mark:
            row["mark"] = f"[{one.mark}]"
    return sorted({one.mark for one in said if one.mark})


def _measures(
    reader: Reader, table: pa.Table, figure_ids: Iterable[str | None], sql: str
) -> list[Row]:
    """The measures that an answer is about: those of its rows, and those that its text names."""
    ids = {one.rsplit(".", 3)[0] for one in figure_ids if one}
    ids |= {one for one in named(table, MEASURE) or [] if isinstance(one, str)}
    known: Iterable[Mapping[str, Any]] = workspace.measures(reader).to_dicts()
    return [dict(one) for one in known if one["metric_id"] in ids or f"'{one['metric_id']}'" in sql]


def seconds_in_words(seconds: float) -> str:
    """`26 ms`, `3.2 seconds`."""
    took = timedelta(seconds=seconds)
    if took < timedelta(seconds=1):
        return f"{max(round(seconds * 1000), 1)} ms"
    return f"{seconds:.1f} seconds"
