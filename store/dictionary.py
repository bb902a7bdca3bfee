"""What every released table and column means, in words: `dictionary.csv`, written by `make docs`.

It is made from the descriptions of models and seeds and kept here, so that a release can be
described where it is published, without dbt's files.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

HEAD = ("table", "column", "type", "meaning")


class Column(NamedTuple):
    """One column: its type as the reference names it, and what it means."""

    type: str
    meaning: str


@cache
def tables() -> dict[str, str]:
    """What each table is, by its name."""
    return {row["table"]: row["meaning"] for row in _rows() if not row["column"]}


@cache
def columns(table: str) -> dict[str, Column]:
    """The columns of a table in their order; none for a table that is not released."""
    return {
        row["column"]: Column(row["type"], row["meaning"])
        for row in _rows()
        if row["table"] == table and row["column"]
    }


@cache
def _rows() -> list[dict[str, str]]:
    text = files("store").joinpath("dictionary.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
