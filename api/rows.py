"""Rows of the store for a program: one page of a resource, at its caller's scope and moment."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from api import paging
from api.faults import Problem
from api.paging import Cursor
from api.parameters import Wanted
from api.resources import Resource
from store import releases
from store.paths import Home
from store.reader import Reader
from store.releases import Release

# How a filter is put; what names more than one is a list that the engine can skip rows by.
COLUMN = {"metric": "metric_id", "area": "area_id", "stratum": "stratum_id"}
BETWEEN = {"from": "event_date >= $from", "to": "event_date <= $to"}
TYPES: dict[str, pl.DataType] = {
    "text": pl.String(),
    "integer": pl.Int64(),
    "boolean": pl.Boolean(),
    "moment": pl.Datetime("us"),
}
# What settles the order of rows with one key.
SETTLED_BY = {"claims": ", landed_at nulls first, file_sha256 nulls first, file_row nulls first"}
NAMED = {
    "metric": ("metrics", "measure"),
    "area": ("areas", "area"),
    "stratum": ("strata", "group"),
}


@dataclass(frozen=True)
class Page:
    """Rows in the columns of their resource, and where the next page begins; None at the end."""

    rows: pl.DataFrame
    next: Cursor | None


def page(reader: Reader, resource: Resource, wanted: Wanted, at: Cursor | None) -> Page:
    """One page of a resource that the release holds as a table."""
    conditions, parameters = _conditions(wanted)
    if at is not None:
        after, more = _after(resource, at)
        conditions, parameters = [*conditions, after], parameters | more
    where = f"where {' and '.join(conditions)}" if conditions else ""
    key = ", ".join(column.name for column in resource.key)
    found = reader.ask(
        f"""
        select {", ".join(column.name for column in resource.columns)}
        from {resource.name}
        {where}
        order by {key}{SETTLED_BY.get(resource.name, "")}
        limit $most offset $skip
        """,
        most=wanted.limit + 1,
        skip=at.skip if at else 0,
        **parameters,
    )
    return _cut(found, resource, wanted, (reader.release.release_id, at))


def kept_releases(home: Home, resource: Resource, wanted: Wanted, at: Cursor | None) -> Page:
    """One page of the releases that are kept here, oldest first."""
    shown = releases.current(home).release_id
    rows = [
        _of_release(one, shown)
        for one in releases.kept(home)
        if at is None or one.release_id > at.key[0]
    ]
    types = {column.name: TYPES[column.type] for column in resource.columns}
    found = pl.DataFrame(rows[: wanted.limit + 1], schema=types)
    return _cut(found, resource, wanted, (shown, at))


def one_release(home: Home, release_id: str) -> dict[str, Any]:
    """One release that is kept. Raises `ReleaseGone` for any other."""
    return _of_release(releases.one_kept(home, release_id), releases.current(home).release_id)


def require_named(reader: Reader, wanted: Wanted) -> None:
    """Raises a problem for a measure, an area or a group that the release does not know."""
    for name, (table, called) in NAMED.items():
        for given in wanted.filters.get(name, ()):
            column = COLUMN[name]
            known = reader.ask(
                f"select 1 from {table} where {column} = $given limit 1", given=given
            )
            if known.is_empty():
                raise Problem(
                    404,
                    f"There is no {called} “{given}” in release {reader.release.release_id}.",
                )


def _of_release(one: Release, shown: str) -> dict[str, Any]:
    return {
        "release_id": one.release_id,
        "released_at": one.released_at,
        "built_at": one.built_at,
        "previous_release_id": one.previous_release_id,
        "is_current": one.release_id == shown,
        "is_simulated": one.is_simulated,
        "figures": one.rows.get("figures"),
        "claims": one.rows.get("claims"),
        "note": one.note,
    }


def _cut(
    found: pl.DataFrame, resource: Resource, wanted: Wanted, place: tuple[str, Cursor | None]
) -> Page:
    """As many rows as were wanted, and where to go on if there was one more."""
    release_id, at = place
    if found.height <= wanted.limit:
        return Page(found, None)
    rows = found.head(wanted.limit)
    keys = rows.select(column.name for column in resource.key).to_dicts()
    here = (release_id, paging.of_question(resource, wanted))
    return Page(rows, paging.behind(keys, resource, here, at))


def _conditions(wanted: Wanted) -> tuple[list[str], dict[str, Any]]:
    conditions: list[str] = []
    parameters: dict[str, Any] = {}
    for name, given in wanted.filters.items():
        if name in COLUMN:
            listed, placed = _among(name, given)
            conditions.append(f"{COLUMN[name]} in {listed}")
            parameters |= placed
        else:
            conditions.append(BETWEEN[name])
            parameters[name] = given
    return conditions, parameters


def _among(name: str, values: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """A literal list: what it rules out, the engine does not read."""
    placed = {f"{name}_{place}": value for place, value in enumerate(values)}
    return f"({', '.join(f'${key}' for key in placed)})", placed


def _after(resource: Resource, at: Cursor) -> tuple[str, dict[str, Any]]:
    """Rows from the key of the cursor on; by the first column alone the engine skips blocks."""
    placed = {f"key_{place}": value for place, value in enumerate(at.key)}
    names = [column.name for column in resource.key]
    first, whole = names[0], f"({', '.join(names)})"
    behind = f"({', '.join(f'${key}' for key in placed)})"
    return f"{first} >= $key_0 and {whole} >= {behind}", placed
