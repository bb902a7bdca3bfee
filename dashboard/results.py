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
from store.exports import visible
from store.reader import Reader

FIGURE, VALUE, MEASURE = "figure_id", "value", "metric_id"
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
    figure_ids = _figure_ids(table)
    marks = _tell(reader, table, columns, rows, figure_ids)
    return Results(columns, rows, marks, _measures(reader, table, figure_ids, sql))


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
    return visible(_as_text(value))[:LONGEST_TEXT]


def _as_text(value: Any) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, default=_as_text, ensure_ascii=False)
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
    figure_ids: Sequence[str | None],
) -> list[str]:
    """Let each row say which figure its value is, and its mark; the marks that were used."""
    there = {one for one in figure_ids if one}
    known = {row["figure_id"]: row for row in workspace.released(reader, there).to_dicts()}
    values, reasons = named(table, VALUE), named(table, "missing_reason")
    ids = next((column.field for column in columns if column.name == FIGURE), None)
    used = []
    for place, (row, figure_id) in enumerate(zip(rows, figure_ids, strict=True)):
        found = known.get(figure_id or "")
        if ids and found:
            row["opens"] = figure_id
        if values is None:
            continue
        mark = _mark(row, found, values[place], reasons[place] if reasons else None)
        used.append(mark)
    return sorted({mark for mark in used if mark})


def _mark(row: Row, found: Row | None, value: Any, reason: Any) -> str:
    if found and found["value"] == value:
        row |= {"figure": found["figure_id"], "told": text(found)}
        mark = words.mark_of(found)
    else:
        mark = words.mark(value, reason, None) if isinstance(reason, str) and value is None else ""
    if mark:
        row["mark"] = f"[{mark}]"
    return mark


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
