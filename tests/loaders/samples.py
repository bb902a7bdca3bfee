"""The sample of each source as the file that its publisher would send, and ways to harm it."""

import csv
import io
import json
import random
from collections.abc import Callable
from types import ModuleType
from typing import Any

import openpyxl

from loaders.sources import all_sources

SOURCES = list(all_sources().values())
NAMES = list(all_sources())
Rows = list[list[Any]]
Change = Callable[[Rows], Rows]


def as_file(source: ModuleType, content: Any = None) -> bytes:
    """The bytes of a source's sample, or of other content of the same shape."""
    sample = source.SAMPLE if content is None else content
    if isinstance(sample, dict):
        return workbook(sample)
    return sample if isinstance(sample, bytes) else sample.encode()


def workbook(sheets: dict[str, Rows]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file.getvalue()


def is_workbook(source: ModuleType) -> bool:
    return isinstance(source.SAMPLE, dict)


def is_json(source: ModuleType) -> bool:
    return str(source.SAMPLE_NAME).endswith(".json")


def table(source: ModuleType) -> Rows:
    """The records of a sample that is delimited text."""
    return list(csv.reader(io.StringIO(source.SAMPLE, newline="")))


def as_text(rows: Rows) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def repeated(source: ModuleType) -> bytes:
    """The sample with one of its rows of data twice."""
    if is_workbook(source):
        return as_file(source, {t: _last_full_twice(rows) for t, rows in source.SAMPLE.items()})
    if is_json(source):
        delivered = json.loads(source.SAMPLE)
        delivered["time_series"].append(delivered["time_series"][-1])
        return json.dumps(delivered).encode()
    return as_text([*table(source), table(source)[-1]]).encode()


def _last_full_twice(rows: Rows) -> Rows:
    last = max(range(len(rows)), key=lambda at: (len(rows[at]) > 1, at))
    return [*rows[: last + 1], *rows[last:]]


# What stands in files in place of what was promised.
STRANGE = (
    *("", "x", " ", "-1", "1,000", "12.5", "1e400", "[c]", '"', "None", "E92000001 ", "ENGLAND"),
    *("2020-03-01", "2020-02-30", "9999-12-31", "45/45/2020", "1/1/1", "20-03-01", "Date", "Code"),
)


def harmed(source: ModuleType, chance: random.Random) -> Any:
    """A copy of the sample with some harm done: content of the same shape."""
    if is_workbook(source):
        sheets = {title: [list(row) for row in rows] for title, rows in source.SAMPLE.items()}
        title = chance.choice(list(sheets))
        return sheets | {title: _harmed_rows(sheets[title], chance)}
    if is_json(source):
        return json.dumps(_harmed_json(json.loads(source.SAMPLE), chance))
    if chance.random() < 0.3:
        text = source.SAMPLE
        start = chance.randrange(len(text))
        return text[:start] + chance.choice(STRANGE) + text[chance.randrange(start, len(text)) :]
    return as_text(_harmed_rows(table(source), chance))


def _harmed_rows(rows: Rows, chance: random.Random) -> Rows:
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.randrange(len(rows)) if rows else 0
        match chance.choice(["cell", "cell", "cell", "lose", "repeat", "cut", "column"]):
            case "cell" if rows and rows[at]:
                rows[at][chance.randrange(len(rows[at]))] = chance.choice(STRANGE)
            case "lose" if rows:
                del rows[at]
            case "repeat" if rows:
                rows.insert(at, list(chance.choice(rows)))
            case "cut" if rows and rows[at]:
                del rows[at][chance.randrange(len(rows[at])) :]
            case "column":
                place = chance.randrange(max(map(len, rows), default=0) or 1)
                rows = [row[:place] + row[place + 1 :] for row in rows]
    return rows


def _harmed_json(delivered: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    value = chance.choice([None, "x", 1, -1.5, [], {}, [1], {"a": 1}, True, "2023-13-45", ["x"]])
    record = chance.choice([delivered, *delivered["time_series"]])
    name = chance.choice(list(record))
    match chance.choice(["change", "lose", "insert"]):
        case "change":
            record[name] = value
        case "lose":
            del record[name]
        case "insert":
            delivered["time_series"].insert(0, value)
    return delivered
