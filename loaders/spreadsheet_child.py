"""Reads one workbook from standard input, in its own process, and prints its rows as JSON lines.

A workbook can make its reader use all memory or abort the process. So this module is started for
one workbook, limits itself first, imports next to nothing, and its death is an answer too.

Printed: `{"sheet": name, "visible": bool, "formulas": [[row, column], …]}` before each sheet, then
one list of texts a row, without the empty cells at its end; or `{"refused": sentence}` last.
"""

import datetime
import io
import json
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import python_calamine as calamine

from loaders.child_limits import limit_this_process
from loaders.sheet_marks import Marks, marks_of

MEGABYTE = 1 << 20
MOST_SHEETS = 200
MOST_COLUMNS = 5000
MOST_CELLS = 20_000_000
MOST_OUTPUT = 1024 * MEGABYTE
# What a spreadsheet itself shows: fifteen digits, so that 0.1 + 0.2 is 0.3.
DIGITS = ".15g"


class OverCapError(Exception):
    """A cap was passed; the text says which."""


def text_of(cell: Any) -> str:
    """A cell as text: numbers in their shortest form, dates and times in ISO form."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return number_of(cell)
    if isinstance(cell, datetime.datetime):
        midnight = cell.time() == datetime.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, datetime.timedelta):
        return number_of(cell.total_seconds() / 86400)
    return str(cell.isoformat())


def number_of(value: float) -> str:
    """`12`, `12.5`, never `12.0`, `1e+20` or the noise of binary fractions."""
    if isinstance(value, int):
        return str(value)
    digits = Decimal(format(value, DIGITS))
    return format(digits.normalize() if digits else Decimal(0), "f")


def rows_of(sheet: Any, marks: Marks) -> Iterator[list[str]]:
    """The rows of a sheet from its first, so that positions are the sheet's own.

    The workbook's reader shows an error as an empty cell; here it is its text, such as `#N/A`.
    """
    lead = [""] * (sheet.start[1] if sheet.start else 0)
    errors: dict[int, dict[int, str]] = {}
    for (at, column), text in marks.errors.items():
        errors.setdefault(at, {})[column] = text
    at = -1
    for at, cells in enumerate(sheet.iter_rows() if sheet.start else ()):
        yield with_errors(lead + [text_of(cell) for cell in cells], errors.get(at, {}))
    for beyond in range(at + 1, max(errors, default=at) + 1):
        yield with_errors([], errors.get(beyond, {}))


def with_errors(row: list[str], errors: dict[int, str]) -> list[str]:
    """The row with its error cells filled in and without the empty cells at its end."""
    for column, text in errors.items():
        row += [""] * (column + 1 - len(row))
        row[column] = text
    while row and not row[-1]:
        row.pop()
    return row


def check_size(sheet: Any, cells: int) -> int:
    """The cells so far with those of this sheet; raises `OverCapError` beyond a cap."""
    if sheet.total_width > MOST_COLUMNS:
        raise OverCapError(f"its sheet {sheet.name!r} has more than {MOST_COLUMNS:,} columns")
    cells += sheet.total_height * sheet.total_width
    if cells > MOST_CELLS:
        raise OverCapError(f"it has more than {MOST_CELLS:,} cells")
    return cells


def read(data: bytes) -> None:
    """Print every worksheet of the workbook; charts and macro sheets hold no cells."""
    with calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        kinds = calamine.SheetTypeEnum
        sheets = [meta for meta in book.sheets_metadata if meta.typ == kinds.WorkSheet]
        if len(sheets) > MOST_SHEETS:
            raise OverCapError(f"it has more than {MOST_SHEETS} sheets")
        marks, cells, printed = marks_of(data), 0, 0
        for meta in sheets:
            sheet = book.get_sheet_by_name(meta.name)
            cells = check_size(sheet, cells)
            visible = meta.visible == calamine.SheetVisibleEnum.Visible
            printed = print_sheet(sheet, visible, marks.get(meta.name, Marks()), printed)


def print_sheet(sheet: Any, visible: bool, marks: Marks, printed: int) -> int:
    """Print one sheet; returns how much is printed by now, raises `OverCapError` over the cap."""
    head = {"sheet": sheet.name, "visible": visible, "formulas": marks.formulas}
    print(json.dumps(head))
    for row in rows_of(sheet, marks):
        line = json.dumps(row)
        printed += len(line)
        if printed > MOST_OUTPUT:
            raise OverCapError("it holds more text than can be read at once")
        print(line)
    return printed


def main() -> None:
    """Read standard input; every failure becomes a sentence on standard output."""
    limit_this_process()
    try:
        read(sys.stdin.buffer.read())
    except OverCapError as error:
        print(json.dumps({"refused": f"{error}: send it in parts"}))
    except MemoryError:
        print(json.dumps({"refused": "it needs too much memory: send it as CSV"}))
    except Exception as error:  # Whatever happens here must end as a sentence.
        locked = type(error).__name__ == "PasswordError"
        sentence = (
            "it is locked with a password: send it without one"
            if locked
            else (f"it is damaged ({' '.join(str(error).split())[:200]}): save it again")
        )
        print(json.dumps({"refused": sentence}))


if __name__ == "__main__":
    main()
