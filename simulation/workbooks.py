"""Workbooks whose bytes depend on their content alone."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO

from xlsxwriter import Workbook

Cell = str | int | float | date | None
Rows = Sequence[Sequence[Cell]]
OPTIONS = {
    "in_memory": True,
    "default_date_format": "d-mmm-yy",
    "strings_to_formulas": False,
    "strings_to_urls": False,
}


def workbook(sheets: Mapping[str, Rows], author: str, created: date) -> bytes:
    """An XLSX file with these sheets, cells from A1 on; `None` leaves a cell empty.

    The date of creation is given, never the clock's, so the same sheets give the same bytes.
    """
    content = BytesIO()
    with Workbook(content, OPTIONS) as book:
        moment = datetime(created.year, created.month, created.day, 9, 30)
        book.set_properties({"author": author, "created": moment})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return content.getvalue()


def in_parts(total: int, shares: Sequence[float]) -> list[int]:
    """Whole parts of a total by shares that sum to 1; the parts add up to it."""
    running, taken, parts = 0.0, 0, []
    for share in shares:
        running += share
        upto = round(total * min(running, 1.0))
        parts.append(upto - taken)
        taken = upto
    parts[-1] += total - taken
    return parts
