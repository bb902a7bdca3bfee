"""The quick chart of an answer: lines through time, or bars, where its columns make one plainly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pyarrow.lib as pa
import pyarrow.types as arrow

from dashboard import words
from dashboard.figures import line
from dashboard.results import Column, columns_of

MOST_LINES, MOST_BARS = 4, 40
HIDDEN, FILLING = "[c]", "[p]"
# Numbers that name something or bound it, and so are not drawn while there is another.
NOT_DRAWN = ("lower", "upper", "revisions", "sources_reporting", "gap", "decimals")


@dataclass(frozen=True)
class Quick:
    """A drawing with the rows that it was made of, and its words.

    `series` are the lines by name; `points` are rows of `head`, as many as are plotted.
    """

    drawn: dict[str, Any]
    head: list[str]
    points: list[list[Any]]
    series: list[str]
    finding: str
    about: str
    summary: str


def quick(table: pa.Table, marks: Sequence[str]) -> Quick | None:
    """The chart of a whole answer, or None where no chart would be true to it.

    `marks` are those of its rows, `[c]` where a value is hidden and not just missing.
    """
    columns = columns_of(table)
    number = _number(columns)
    if number is None or table.num_rows < 2:
        return None
    times = [column for column in columns if column.is_date]
    if times:
        return _lines(table, columns, _event(times), number, marks)
    labels = [column for column in columns if _is_text(table, column)]
    return _bars(table, labels[0], number) if labels else None


def _number(columns: Sequence[Column]) -> Column | None:
    numbers = [column for column in columns if column.is_number]
    first = [column for column in numbers if column.name not in NOT_DRAWN]
    by_name = [column for column in first if column.name == "value"]
    return next(iter([*by_name, *first, *numbers]), None)


def _event(times: Sequence[Column]) -> Column:
    return next((column for column in times if column.name == "event_date"), times[0])


def _is_text(table: pa.Table, column: Column) -> bool:
    kind = table.schema.field(_place(column)).type
    return bool(arrow.is_string(kind) or arrow.is_large_string(kind) or arrow.is_dictionary(kind))


def _place(column: Column) -> int:
    return int(column.field[1:])


def _of(table: pa.Table, column: Column) -> list[Any]:
    return list(table.column(_place(column)).to_pylist())


def _lines(
    table: pa.Table,
    columns: Sequence[Column],
    time: Column,
    number: Column,
    marks: Sequence[str],
) -> Quick | None:
    """One line, or one for each of a few names; each has one value a date."""
    when, values = _of(table, time), [_float(value) for value in _of(table, number)]
    if None in when:
        return None
    for names in _splits(table, columns, number):
        points = dict(zip(zip(names, when, strict=True), values, strict=True))
        if len(points) == len(when):
            by_point = dict(zip(zip(names, when, strict=True), marks, strict=True))
            return _drawn_lines(points, time, number, by_point)
    return None


def _splits(table: pa.Table, columns: Sequence[Column], number: Column) -> list[list[str]]:
    """How the rows may be told apart: not at all, else by a column of few names."""
    ways = [[number.heading] * table.num_rows]
    for column in columns:
        names = [str(name) for name in _of(table, column)] if _is_text(table, column) else []
        if 1 < len(set(names)) <= MOST_LINES:
            ways.append(names)
    return ways


def _drawn_lines(
    points: dict[tuple[str, date], float | None],
    time: Column,
    number: Column,
    marks: dict[tuple[str, date], str],
) -> Quick | None:
    """The lines of values by name and date; each has its own marks, by the same."""
    names = sorted({name for name, _ in points})
    dates = sorted({at for _, at in points})
    if len(dates) < 2:
        return None
    by_name = {name: [points.get((name, at)) for at in dates] for name in names}
    in_order = sorted(points, key=lambda one: (one[1], one[0]))
    rows = [[_day(at), name, _cell(points[name, at], marks[name, at])] for name, at in in_order]
    ends = f"{_day(dates[0])} to {_day(dates[-1])}"
    return Quick(
        line.lines(dates, by_name, _marked(marks, HIDDEN), _marked(marks, FILLING)),
        [time.heading, "Line", number.heading],
        rows,
        names,
        f"{number.heading} by {words.inside(time.heading)}",
        f"{words.sentence(words.counted(len(rows), 'value', 'values'))} {ends}.",
        f"{number.heading} from {ends}: {_last(by_name, dates)}.",
    )


def _marked(marks: dict[tuple[str, date], str], one: str) -> dict[date, list[str]]:
    """The dates that have a mark, oldest first, with the lines of which it is."""
    found: dict[date, list[str]] = {}
    for name, at in sorted(marks, key=lambda point: (point[1], point[0])):
        if marks[name, at] == one:
            found.setdefault(at, []).append(name)
    return found


def _last(by_name: dict[str, list[float | None]], dates: Sequence[date]) -> str:
    """The last value of each line with its date."""
    said = []
    for name, values in by_name.items():
        held = [(at, value) for at, value in zip(dates, values, strict=True) if value is not None]
        at, value = held[-1] if held else (dates[-1], None)
        said.append(f"{name} is {_said(value)} on {_day(at)}")
    return "; ".join(said)


def _bars(table: pa.Table, label: Column, number: Column) -> Quick | None:
    """Bars by name, the longest first; each name once and with a number."""
    names = [str(name) for name in _of(table, label)]
    values = [_float(value) for value in _of(table, number)]
    if len(set(names)) < len(names) or len(names) > MOST_BARS or None in values:
        return None
    held = [(name, value) for name, value in zip(names, values, strict=True) if value is not None]
    rows = sorted(held, key=lambda row: (-row[1], row[0]))
    first, last = rows[0], rows[-1]
    return Quick(
        line.bars([name for name, _ in rows], [value for _, value in rows]),
        [label.heading, number.heading],
        [[name, _said(value)] for name, value in rows],
        [],
        f"{number.heading} by {words.inside(label.heading)}",
        f"{words.counted(len(rows), 'bar', 'bars')}, the longest first.",
        f"{number.heading} of {len(rows)} rows: the most is {first[0]} with {_said(first[1])}, "
        f"the least {last[0]} with {_said(last[1])}.",
    )


def _float(value: Any) -> float | None:
    number = None if value is None else float(value)
    return number if number is not None and abs(number) < float("inf") else None


def _cell(value: float | None, mark: str) -> str:
    return HIDDEN if value is None and mark == HIDDEN else _said(value)


def _said(value: float | None) -> str:
    return "no value" if value is None else words.reckoned(value)


def _day(value: date) -> str:
    return words.moment(value) if isinstance(value, datetime) else words.day(value)
