"""Sheets with one column a date (or the like) become long rows, and every cell is counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Long:
    """`frame` has the key columns, `heading`, `value`, `_row` and `_sheet`.

    `cells` counts the non-empty value cells of those rows, `cells_skipped` those of them that
    stand under no heading and so can mean nothing.
    """

    frame: pl.DataFrame
    cells: int
    cells_skipped: int


def unpivot(
    rows: Sequence[Sequence[str]],
    *,
    header: int,
    data: Iterable[int],
    keys: Mapping[str, int],
    first_value: int,
    sheet: str = "",
) -> Long:
    """Turn the wide rows `data` (0-based) of a sheet into one long row a non-empty value cell.

    `keys` maps a key column's new name to its place; values start at column `first_value`.
    """
    headings = rows[header]
    cells = [
        (at, place, text)
        for at in data
        for place, text in enumerate(rows[at])
        if place >= first_value and text.strip()
    ]
    named = [cell for cell in cells if cell[1] < len(headings) and headings[cell[1]].strip()]
    columns: dict[str, list[str]] = {
        name: [rows[at][place] for at, _, _ in named] for name, place in keys.items()
    }
    columns["heading"] = [headings[place].strip() for _, place, _ in named]
    columns["value"] = [text for _, _, text in named]
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(
        pl.Series("_row", [at + 1 for at, _, _ in named], pl.Int64), _sheet=pl.lit(sheet)
    )
    return Long(frame, len(cells), len(cells) - len(named))
