"""What the API gives rows of: the columns of each, as `api/columns.csv` states them."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

SCHEMAS: dict[str, dict[str, Any]] = {
    "text": {"type": "string"},
    "number": {"type": "number"},
    "integer": {"type": "integer"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    # A moment is naive UTC, so it has no offset and is no `date-time`.
    "moment": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$"},
}
TITLES = {
    "metrics": "Measures and what they mean",
    "areas": "Areas, places and organisations",
    "figures": "Figures: the decided number of a measure, area, group of people and date",
    "claims": "Claims: what each source said of figures, and when",
    "releases": "Releases that are kept",
}


@dataclass(frozen=True)
class Column:
    """One column: its type, whether it may be empty, and what it means."""

    name: str
    type: str
    may_be_empty: bool
    meaning: str

    def schema(self) -> dict[str, Any]:
        """The column as JSON Schema."""
        kind = dict(SCHEMAS[self.type])
        if self.may_be_empty:
            kind["type"] = [kind["type"], "null"]
        return kind | {"description": self.meaning}


@dataclass(frozen=True)
class Resource:
    """Rows of one kind; `key` are the columns that they are ordered and continued by."""

    name: str
    columns: tuple[Column, ...]
    key: tuple[Column, ...]

    def schema(self) -> dict[str, Any]:
        """One row as JSON Schema."""
        return {
            "type": "object",
            "required": [column.name for column in self.columns],
            "properties": {column.name: column.schema() for column in self.columns},
            "additionalProperties": False,
        }


@cache
def resources() -> dict[str, Resource]:
    """Every resource by its name."""
    table = files("api").joinpath("columns.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(table.splitlines()))
    return {name: _resource(name, rows) for name in TITLES}


def _resource(name: str, rows: list[dict[str, str]]) -> Resource:
    mine = [row for row in rows if row["resource"] == name]
    columns = {row["column"]: _column(row) for row in mine}
    keyed = sorted((row for row in mine if row["key"]), key=lambda row: int(row["key"]))
    return Resource(name, tuple(columns.values()), tuple(columns[row["column"]] for row in keyed))


def _column(row: dict[str, str]) -> Column:
    return Column(row["column"], row["type"], row["empty"] == "yes", row["meaning"])
