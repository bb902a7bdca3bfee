"""Workbooks (XLSX, XLS, ODS) as sheets of text, read in a child process that may die."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from loaders.children import ask_child
from loaders.delimited import column_names
from loaders.reading import Refused


def _any(_: Iterable[str]) -> None:
    """Every heading may come."""


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is its first row, every row as wide as the widest, "" where empty.

    Numbers stand in their shortest form (`12`, `12.5`), dates as `2020-03-01`. `formulas` holds the
    places (row and column from 0) of cells that are computed, in XLSX and ODS; XLS does not tell.
    `require` is asked about the headings of a frame, and raises `Refused` for one that may not be.
    """

    name: str
    rows: list[list[str]]
    visible: bool = True
    formulas: frozenset[tuple[int, int]] = frozenset()
    require: Callable[[Iterable[str]], None] = field(default=_any, repr=False, compare=False)

    def frame(self, header_row: int, first_row: int, last_row: int | None = None) -> pl.DataFrame:
        """The rows from `first_row` to `last_row` (both counted from 0, both included) as text.

        Columns are named by `header_row` (an empty one `column_3`, a repeated one `date (2)`);
        empty cells are null, rows without any text are left out, `_row` counts from 1.
        """
        end = len(self.rows) if last_row is None else last_row + 1
        kept = [index for index in range(first_row, min(end, len(self.rows))) if self.holds(index)]
        self.require(self._headings(header_row, kept))
        names = column_names(self.rows[header_row])
        columns: dict[str, pl.Series] = {
            name: pl.Series([self.rows[index][place] or None for index in kept], dtype=pl.String)
            for place, name in enumerate(names)
        }
        return pl.DataFrame({**columns, "_row": pl.Series([i + 1 for i in kept], dtype=pl.Int64)})

    def _headings(self, header_row: int, rows: Iterable[int]) -> Iterator[str]:
        """Published headings; one that is empty counts by its number where a value stands below."""
        for place, name in enumerate(self.rows[header_row]):
            if name.strip() or self.count_cells(rows, [place]):
                yield name.strip() or f"column_{place + 1}"

    def holds(self, row: int) -> bool:
        """Whether the row (counted from 0) has any text in it."""
        return any(cell.strip() for cell in self.rows[row])

    def count_cells(self, rows: Iterable[int], columns: Iterable[int]) -> int:
        """How many cells in these rows and columns (both counted from 0) hold any text."""
        places = list(columns)
        return sum(bool(self.rows[row][place].strip()) for row in rows for place in places)


def read_sheets(
    data: bytes, name: str, require: Callable[[Iterable[str]], None] = _any
) -> dict[str, Sheet]:
    """Every worksheet by name, in the workbook's order; raises `Refused` saying why it cannot."""
    printed = ask_child("loaders.spreadsheet_child", data, name)
    return {sheet.name: replace(sheet, require=require) for sheet in _sheets(printed, name)}


def _sheets(printed: bytes, name: str) -> Iterator[Sheet]:
    head: dict[str, Any] = {}
    rows: list[list[str]] = []
    for line in printed.splitlines():
        said = json.loads(line)
        if isinstance(said, list):
            rows.append(said)
            continue
        if "refused" in said:
            raise Refused(f"{name} cannot be read: {said['refused']}")
        if head:
            yield _squared(head, rows)
        head, rows = said, []
    if head:
        yield _squared(head, rows)


def _squared(head: dict[str, Any], rows: list[list[str]]) -> Sheet:
    width = max((len(row) for row in rows), default=0)
    square = [row + [""] * (width - len(row)) for row in rows]
    formulas = frozenset((row, column) for row, column in head["formulas"])
    return Sheet(head["sheet"], square, head["visible"], formulas)
