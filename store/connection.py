"""How a release is laid out in the memory of whoever reads it: said in one place, done in two.

A page's reader does it in the server's process and an analyst's question in a confined one, which
is told a `Layout` in plain text and knows nothing of homes, agreements or people. This module
imports the engine and nothing else, so that a confined process starts quickly and stays small.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

SHOWN = "shown"
# The order matters: each setting closes a way by which the next could be undone.
LOCKED = (
    "set temp_directory = ''",
    "set allowed_configs = []",
    "set enable_external_access = false",
    "set disabled_filesystems = 'LocalFileSystem'",
)
LAST = "set lock_configuration = true"
log = logging.getLogger(__name__)
Config = dict[str, str | bool | int | float | list[str]]


class CannotAttach(Exception):  # noqa: N818
    """A file of the release cannot be opened."""


class CannotLay(Exception):  # noqa: N818
    """A file of the release does not hold what its views and macros name."""


class RecordGone(Exception):  # noqa: N818
    """A newer record of what was shown has taken the place of the one that was named."""


@dataclass(frozen=True)
class Layout:
    """Files to attach and what to make of them, as names, paths and statements of SQL.

    `files` are (path, catalogue) pairs, `together` lays two of them together as `catalog`. `record`
    is the record of what was shown; `without_record` stands in for it where there is none, and
    `damaged_record` where it cannot be read. `views` are (name, query) pairs for now; those in
    `as_known` answer a past moment by the macro of their name.
    """

    files: tuple[tuple[str, str], ...]
    together: tuple[str, ...] = ()
    record: str | None = None
    without_record: tuple[str, ...] = ()
    damaged_record: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()
    views: tuple[tuple[str, str], ...] = ()
    as_known: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The layout as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Layout":
        """A layout that was told as JSON."""
        return cls(**{field.name: _tuples(content[field.name]) for field in fields(cls)})


def opened(
    layout: Layout, config: Config, as_of: datetime | None = None
) -> duckdb.DuckDBPyConnection:
    """An in-memory database with a release laid out in it, not locked yet.

    Raises `CannotAttach`, `CannotLay` or `RecordGone`; the first two end in the engine's sentence.
    """
    connection = duckdb.connect(":memory:", config=config)
    connection.execute("set TimeZone = 'UTC'")
    try:
        for path, catalog in layout.files:
            attach(connection, path, catalog)
        _run(connection, layout.together)
    except duckdb.Error as fault:
        raise CannotAttach(str(fault)) from None
    _attach_record(connection, layout)
    try:
        _run(connection, layout.macros)
    except (duckdb.BinderException, duckdb.CatalogException) as fault:
        raise CannotLay(str(fault)) from None
    look_from(connection, layout, as_of)
    return connection


def lock(connection: duckdb.DuckDBPyConnection, also: Iterable[str] = ()) -> None:
    """Close the engine to files and to settings, for good; `also` are settings made just before."""
    _run(connection, (*LOCKED, *also, LAST))


def look_from(
    connection: duckdb.DuckDBPyConnection, layout: Layout, as_of: datetime | None
) -> None:
    """Show every view as it is now, or as known at a past moment (naive UTC)."""
    for name, query in layout.views:
        shown = _then(name, as_of) if as_of and name in layout.as_known else query
        connection.execute(f"create or replace view memory.main.{name} as {shown}")


def attach(connection: duckdb.DuckDBPyConnection, path: str | Path, catalog: str) -> None:
    """Open a file read-only under a name."""
    text = str(path).replace("'", "''")
    connection.execute(f"attach '{text}' as {catalog} (read_only)")


def _attach_record(connection: duckdb.DuckDBPyConnection, layout: Layout) -> None:
    if layout.record is None:
        return _stand_in(connection, layout.without_record)
    try:
        attach(connection, layout.record, SHOWN)
    except duckdb.Error as fault:
        if not Path(layout.record).exists():
            raise RecordGone(layout.record) from None
        log.warning("%s cannot be read: %s", layout.record, str(fault).splitlines()[0])
        _stand_in(connection, layout.damaged_record)
    return None


def _stand_in(connection: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    connection.execute(f"attach ':memory:' as {SHOWN}")
    _run(connection, statements)


def _then(name: str, as_of: datetime) -> str:
    return f"select * from memory.main.{name}_as_known(timestamp '{as_of.isoformat(' ')}')"


def _run(connection: duckdb.DuckDBPyConnection, statements: Iterable[str]) -> None:
    for statement in statements:
        connection.execute(statement)


def _tuples(value: Any) -> Any:
    """JSON knows lists only."""
    return tuple(_tuples(part) for part in value) if isinstance(value, list) else value
