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
        after, more = _bound(resource, at.key, ">=")
        conditions, parameters = [*conditions, after], parameters | more
    place = {"most": wanted.limit + 1, "skip": at.skip if at else 0}
    last = _last(reader, resource, conditions, parameters | place)
    if last is not None:
        until, more = _bound(resource, last, "<=")
        conditions, parameters = [*conditions, until], parameters | more
    found = reader.ask(
        f"""
        select {", ".join(column.name for column in resource.columns)}
        from {resource.name}
        {_where(conditions)}
        order by {_key(resource)}{SETTLED_BY.get(resource.name, "")}
        limit $most offset $skip
        """,
        **parameters,
        **place,
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


def _last(
    reader: Reader, resource: Resource, conditions: list[str], parameters: dict[str, Any]
) -> tuple[Any, ...] | None:
    """The key of the last row that a page could have; None where the table ends before.

    Keys are narrow. Without this the engine would sort whole rows of all that is left.
    """
    found = reader.ask(
        f"""
        select {_key(resource)}
        from {resource.name}
        {_where(conditions)}
        order by {_key(resource)}
        limit 1 offset cast($most + $skip as bigint)
        """,
        **parameters,
    )
    return None if found.is_empty() else found.row(0)


def _bound(resource: Resource, key: Sequence[Any], side: str) -> tuple[str, dict[str, Any]]:
    """Rows on one side of a key, column by column: the engine cannot hold rows between two rows.

    By the first column alone it skips blocks.
    """
    name = "least" if side == ">=" else "greatest"
    placed = {f"{name}_{place}": value for place, value in enumerate(key)}
    *before, (last, given) = zip((column.name for column in resource.key), placed, strict=True)
    text = f"{last} {side} ${given}"
    for column, one in reversed(before):
        text = f"({column} {side[0]} ${one} or ({column} = ${one} and {text}))"
    return f"{resource.key[0].name} {side} ${name}_0 and {text}", placed


def _key(resource: Resource) -> str:
    return ", ".join(column.name for column in resource.key)


def _where(conditions: list[str]) -> str:
    return f"where {' and '.join(conditions)}" if conditions else ""
