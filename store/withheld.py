"""What a release may not show any more: sources whose agreement has ended since it was published.

A filter on every query would be forgotten on some path, so a reader is given another file instead:
a copy of the release in which nothing of these sources has a value. Copies lie in `HOME/withheld/`,
are made on first use and hold nothing that is withheld; the release itself is never changed.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import duckdb

from store import agreements, releases
from store.agreements import WITHHELD
from store.errors import TrigpointError
from store.paths import Home, drafted, quoted
from store.releases import Release

VALUES = ("value", "lower", "upper")
EXPECTED = ("expected_low", "expected_high", "expected_low_80", "expected_high_80")
# What is said of a figure in the light of all sources would tell what the ended one said.
COMPARED = ("gap", "first_value", "explained_by")
# Tables that say from which source each row comes, and so which sources a file holds.
NAMING = (
    "claims",
    "figures",
    "figure_versions",
    "quarantined",
    "breakers",
    "breaker_rows",
    "breaker_versions",
    "figures_shown",
)
# Made anew from the copies of others, by the query that makes it for any moment.
# In an exact file, which has no metrics, those are left out that an ended source had a part in.
MADE_ANEW = "disagreements"
# A copy made by other rules than these is not used again.
BY_THESE_RULES = sha256(Path(__file__).read_bytes()).hexdigest()
Sources = frozenset[str]


def sources(home: Home, file: Path) -> Sources:
    """The sources of a file, a release's or the record of what was shown, that are withheld today.

    A source is withheld where an agreement that lists it does not hold, where none lists it, and
    from the expiry that was recorded at publishing until a later release records a later one.
    Raises `duckdb.Error` where the file cannot be read.
    """
    day = agreements.today()
    allowed = agreements.allowed(agreements.readable(), day)
    recorded = _recorded_ends(releases.kept(home))
    return frozenset(
        source
        for source in sources_in(file)
        if source not in allowed or (source in recorded and recorded[source] <= day)
    )


@lru_cache(maxsize=64)
def sources_in(file: Path) -> Sources:
    """The sources of which a file holds rows; such a file never changes once it has its name.

    Raises `duckdb.Error` where it cannot be read, for a file that is not understood is not shown.
    """
    with duckdb.connect(str(file), read_only=True) as connection:
        catalog = connection.sql("select current_database()").fetchall()[0][0]
        present = [table for table in NAMING if table in _tables(connection, catalog)]
        found = " union ".join(f"select source_id from {table}" for table in present)
        rows = connection.sql(found).fetchall() if found else []
    return frozenset(source for (source,) in rows if source is not None)


def without(home: Home, file: Path, hidden: Sources) -> Path:
    """A file as its readers may open it: itself, or its copy in which `hidden` have no value.

    Raises `TrigpointError` when the copy cannot be written; then nothing is shown.
    """
    if not hidden:
        return file
    name = _name(file)
    digest = sha256(repr((BY_THESE_RULES, sorted(hidden))).encode()).hexdigest()[:12]
    target = home.withheld / f"{name}-{digest}.duckdb"
    if not target.exists():
        _write(target, file, hidden)
        _remove_others(home, target)
    return target


def _name(file: Path) -> str:
    """What a copy of a file is called, but for the sources that are withheld in it."""
    if file.name == "controlled.duckdb":
        return file.parent.name
    if file.parent.name == "exact":
        return f"{file.parents[1].name}-{file.stem}"
    return f"shown-{file.stem}"


def _recorded_ends(kept: Iterable[Release]) -> dict[str, date]:
    """The latest expiry that any kept release recorded of each source."""
    latest: dict[str, date] = {}
    for release in kept:
        for source, ends in release.agreements.items():
            latest[source] = max(latest.get(source, date.min), date.fromisoformat(ends))
    return latest


def _write(target: Path, file: Path, hidden: Sources) -> None:
    try:
        with drafted(target) as draft, duckdb.connect(str(draft)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"attach {quoted(file)} as whole (read_only)")
            tables = _tables(connection, "whole")
            _note_touched(connection, hidden, tables)
            for table, columns in tables.items():
                if table != MADE_ANEW or "metrics" not in tables:
                    connection.execute(_copy(table, columns, hidden))
            if {MADE_ANEW, "metrics"} <= {*tables}:
                _make_disagreements(connection)
            connection.execute("detach whole")
    except (duckdb.Error, OSError) as fault:
        raise TrigpointError(
            f"an agreement has ended, and {target.parent} cannot be written "
            f"({str(fault).splitlines()[0]}); nothing is shown until `trigpoint publish`"
        ) from None


def _tables(connection: duckdb.DuckDBPyConnection, catalog: str) -> dict[str, list[str]]:
    """Each table of a database with its columns in their order."""
    rows = connection.execute(
        "select table_name, column_name from duckdb_columns() "
        "where database_name = ? and not internal order by table_name, column_index",
        [catalog],
    ).fetchall()
    found: dict[str, list[str]] = {}
    for table, column in rows:
        found.setdefault(table, []).append(column)
    return found


def _note_touched(
    connection: duckdb.DuckDBPyConnection, hidden: Sources, tables: dict[str, list[str]]
) -> None:
    """The figures of which an ended source ever said something, whether it was followed or not."""
    said = [table for table in ("claims", "figure_versions", "figures") if table in tables]
    parts = [
        f"select figure_id from whole.main.{table} where source_id in {_listed(hidden)}"
        for table in said
    ]
    none = "select cast(null as varchar) as figure_id where false"
    connection.execute(f"create temp table touched as {' union '.join([none, *parts])}")


def _copy(table: str, columns: list[str], hidden: Sources) -> str:
    own = f"source_id in {_listed(hidden)}"
    changed = RULES[table](own, _listed(hidden)) if table in RULES else {}
    present = [f"{then} as {name}" for name, then in changed.items() if name in columns]
    replaced = f" replace ({', '.join(present)})" if present else ""
    kept = f" where not coalesce({own}, false)" if table in LEFT_OUT else ""
    if table == MADE_ANEW:
        kept = " where figure_id not in (from touched)"
    return f"create table {table} as select *{replaced} from whole.main.{table}{kept}"


def _make_disagreements(connection: duckdb.DuckDBPyConnection) -> None:
    # The door's own query, so that what is left of it equals what it gives for any moment.
    from store.reader import macro  # noqa: PLC0415

    catalog = connection.sql("select current_database()").fetchall()[0][0]
    connection.execute(macro(MADE_ANEW, f'"{catalog}"'))
    connection.execute(
        f"create table {MADE_ANEW} as from {MADE_ANEW}_as_known(timestamp 'infinity')"
    )
    connection.execute(f"drop macro table {MADE_ANEW}_as_known")


def _listed(hidden: Sources) -> str:
    quoted_names = ("'" + name.replace("'", "''") + "'" for name in sorted(hidden))
    return f"({', '.join(quoted_names)})"


def _nothing(condition: str, *columns: str) -> dict[str, str]:
    return {column: f"case when {condition} then null else {column} end" for column in columns}


def _said(condition: str, column: str) -> dict[str, str]:
    return {column: f"case when {condition} then '{WITHHELD}' else {column} end"}


def _status(own: str, compared: str) -> dict[str, str]:
    status = f"case when {own} then null when {compared} then 'withheld' else status end"
    return {"status": status}


def _figures(own: str, _: str) -> dict[str, str]:
    touched = "figure_id in (from touched)"
    return {
        **_nothing(own, *VALUES, *EXPECTED),
        **_nothing(touched, *COMPARED),
        **_said(own, "missing_reason"),
        **_status(own, touched),
    }


def _claims(own: str, _: str) -> dict[str, str]:
    return _nothing(own, *VALUES) | _said(own, "missing_reason")


def _changes(own: str, hidden: str) -> dict[str, str]:
    """A step to or from a hidden value says that value, and so does each of its parts."""
    before = f"source_id_before in {hidden}"
    return (
        _nothing(own, "value_after")
        | _nothing(before, "value_before")
        | _nothing(f"{own} or {before}", "difference", "amount", "event_text")
    )


def _shown(own: str, _: str) -> dict[str, str]:
    """The record does not say who else spoke, so of several sources it says nothing any more."""
    return _claims(own, "") | _status(own, "status <> 'single'")


RULES: dict[str, Callable[[str, str], dict[str, str]]] = {
    "figures": _figures,
    "figure_versions": _figures,
    "claims": _claims,
    "figure_changes": _changes,
    "figures_shown": _shown,
    "quarantined": lambda own, _: _said(own, "row_text"),
    "breakers": lambda own, _: _said(own, "sentence"),
    "breaker_rows": lambda own, _: _said(own, "seen"),
    "breaker_versions": lambda own, _: _said(own, "sentence"),
}
LEFT_OUT = ("expectation_scores",)


def _remove_others(home: Home, newest: Path) -> None:
    """Copies for other sets of sources, and of releases and records that are gone."""
    stem = newest.stem.rpartition("-")[0]
    whole = {release.release_id for release in releases.kept(home)}
    for path in home.withheld.glob("[!.]*.duckdb"):
        of = path.stem.rpartition("-")[0]
        is_old_copy = of == stem or (of.startswith("shown-") and stem.startswith("shown-"))
        is_orphan = not of.startswith("shown-") and not of.startswith(tuple(whole))
        if path != newest and (is_old_copy or is_orphan):
            path.unlink(missing_ok=True)
