"""What a reader may not see of a release: sources whose agreement has ended, or is not for them.

A filter on every query would be forgotten on some path, so a reader is given another file instead:
a copy of the release in which nothing of these sources has a value. Copies lie in `HOME/withheld/`,
are made on first use and hold nothing that is withheld; the release itself is never changed.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import duckdb

from store import agreements, releases, scopes
from store.agreements import NOT_FOR_AUDIENCE, WITHHELD
from store.errors import TrigpointError
from store.paths import Home, drafted, quoted
from store.releases import Release
from store.viewer import EVERYONE, ROLES, Viewer

VALUES = ("value", "lower", "upper")
EXPECTED = ("expected_low", "expected_high", "expected_low_80", "expected_high_80")
# What is said of a figure in the light of all sources would tell what the ended one said.
COMPARED = ("gap", "first_value", "explained_by")
# Rows that name a source and a metric of which it spoke.
SPEAKING = ("claims", "figure_versions", "figures")
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


class Hidden(NamedTuple):
    """A source of which nothing is shown, and the words that stand in place of its values."""

    source_id: str
    words: str


Sources = frozenset[Hidden]


def sources(home: Home, file: Path, viewer: Viewer = EVERYONE) -> Sources:
    """The sources of a file, of a release or of what was shown, that this viewer may not see today.

    Raises `duckdb.Error` where the file cannot be read.
    """
    published = None if file.parent == home.shown else published_in(file)
    return barred(
        home, sources_in(file), viewer, is_exact=scopes.is_exact(file), published=published
    )


def barred(
    home: Home,
    asked: Iterable[str],
    viewer: Viewer,
    *,
    is_exact: bool,
    published: frozenset[str] | None = None,
) -> Sources:
    """Those of the sources asked for that a viewer may not see today, exactly or at all.

    A source is withheld where an agreement that lists it does not hold, where none lists it, where
    one asks for control of what stands uncontrolled, from the expiry that was recorded at
    publishing until a later release records a later one, and from whoever is in no audience that
    may see it so. `published` are the sources that stand uncontrolled, else those of any kept
    release.
    """
    day, at_hand = agreements.today(), agreements.readable()
    kept = releases.kept(home)
    if published is None:
        published = frozenset() if is_exact else _published_in_any(home, kept)
    allowed = agreements.allowed(at_hand, day) - (published & agreements.guarded(at_hand))
    recorded = _recorded_ends(kept)
    closed = (agreements.inexact if is_exact else agreements.shut_out)(at_hand, viewer.role)
    found = set()
    for source in asked:
        if source not in allowed or (source in recorded and recorded[source] <= day):
            found.add(Hidden(source, WITHHELD))
        elif source in closed:
            found.add(Hidden(source, NOT_FOR_AUDIENCE))
    return frozenset(found)


def in_words(hidden: Sources) -> str | None:
    """What stands in place of something that tells of these sources; None where there is none."""
    if not hidden:
        return None
    return WITHHELD if any(one.words == WITHHELD for one in hidden) else NOT_FOR_AUDIENCE


@lru_cache(maxsize=64)
def sources_in(file: Path) -> frozenset[str]:
    """The sources of which a file holds rows; such a file never changes once it has its name.

    Raises `duckdb.Error` where it cannot be read, for a file that is not understood is not shown.
    """
    with duckdb.connect(str(file), read_only=True) as connection:
        catalog = connection.sql("select current_database()").fetchall()[0][0]
        present = [table for table in NAMING if table in _tables(connection, catalog)]
        # Each table by itself: a union of one part would give a row for every figure.
        found = " union ".join(f"select distinct source_id from {table}" for table in present)
        rows = connection.sql(found).fetchall() if found else []
    return frozenset(source for (source,) in rows if source is not None)


@lru_cache(maxsize=64)
def published_in(file: Path) -> frozenset[str]:
    """The sources that speak in a file of metrics that were public when it was written.

    Raises `duckdb.Error` where it cannot be read.
    """
    with duckdb.connect(str(file), read_only=True) as connection:
        catalog = connection.sql("select current_database()").fetchall()[0][0]
        tables = _tables(connection, catalog)
        if "metrics" not in tables:
            return frozenset()
        found = " union ".join(
            f"select distinct source_id from {table} semi join metrics on {table}.metric_id = "
            f"metrics.metric_id and metrics.disclosure_class = '{agreements.PUBLIC}'"
            for table in SPEAKING
            if table in tables
        )
        rows = connection.sql(found).fetchall() if found else []
    return frozenset(source for (source,) in rows if source is not None)


def _published_in_any(home: Home, kept: Iterable[Release]) -> frozenset[str]:
    found: set[str] = set()
    for release in kept:
        with suppress(duckdb.Error):  # a damaged release is shown to nobody
            found |= published_in(releases.controlled_file(home, release.release_id))
    return frozenset(found)


def without(home: Home, file: Path, hidden: Sources) -> Path:
    """A file as its readers may open it: itself, or its copy in which `hidden` have no value.

    Raises `TrigpointError` when the copy cannot be written; then nothing is shown.
    """
    if not hidden:
        return file
    target = _copy_of(home, file, hidden)
    if not target.exists():
        _write(target, file, hidden)
        _remove_others(home, file, target)
    return target


def _copy_of(home: Home, file: Path, hidden: Sources) -> Path:
    told = [(BY_THESE_RULES, *one) for one in sorted(hidden)]
    digest = sha256(repr(told).encode()).hexdigest()[:12]
    return home.withheld / f"{_name(file)}-{digest}.duckdb"


def _name(file: Path) -> str:
    """What a copy of a file is called, but for the sources that are withheld in it."""
    if file.name == "controlled.duckdb":
        return file.parent.name
    if scopes.is_exact(file):
        return f"{file.parents[1].name}-{file.stem}"
    return f"shown-{file.stem}"


def _recorded_ends(kept: Iterable[Release]) -> dict[str, date]:
    """The expiry of each source that the newest kept release with one recorded, be it earlier."""
    return {
        source: date.fromisoformat(ends)
        for release in kept
        for source, ends in release.agreements.items()
    }


def _write(target: Path, file: Path, hidden: Sources) -> None:
    try:
        with drafted(target) as draft, duckdb.connect(str(draft)) as connection:
            connection.execute("set TimeZone = 'UTC'")
            connection.execute(f"attach {quoted(file)} as whole (read_only)")
            tables = _tables(connection, "whole")
            _note_touched(connection, hidden, tables)
            _note_witnessed(connection, hidden, tables)
            for table, columns in tables.items():
                if table != MADE_ANEW or "metrics" not in tables:
                    connection.execute(_copy(table, columns, hidden))
            if {MADE_ANEW, "metrics"} <= {*tables}:
                _make_disagreements(connection)
            connection.execute("detach whole")
    except (duckdb.Error, OSError) as fault:
        raise TrigpointError(
            f"an agreement keeps something back, and {target.parent} cannot be written "
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
    said = [table for table in SPEAKING if table in tables]
    parts = [
        f"select figure_id from whole.main.{table} where {Terms.of(hidden).own}" for table in said
    ]
    none = "select cast(null as varchar) as figure_id where false"
    connection.execute(f"create temp table touched as {' union '.join([none, *parts])}")


def _note_witnessed(
    connection: duckdb.DuckDBPyConnection, hidden: Sources, tables: dict[str, list[str]]
) -> None:
    """The metrics of which a hidden source spoke, and the breakers that tripped on them.

    Files are held beside what every other source says, so what a breaker saw in one tells of all. A
    release without the rows of its breakers does not say on which metric they tripped.
    """
    own = Terms.of(hidden).own
    spoken = [f"select metric_id from whole.main.{t} where {own}" for t in SPEAKING if t in tables]
    none = "select cast(null as varchar) as metric_id where false"
    connection.execute(f"create temp table spoken as {' union '.join([none, *spoken])}")
    if "breaker_rows" in tables:
        tripped = ["breaker_rows where metric_id in (from spoken)"]
    else:
        both = [table for table in ("breakers", "breaker_versions") if table in tables]
        tripped = [f"{table} where exists (from spoken)" for table in both]
    found = [f"select {TRIP} as trip from whole.main.{one}" for one in tripped]
    none = "select cast(null as varchar) as trip where false"
    connection.execute(f"create temp table witnessed as {' union '.join([none, *found])}")


def _copy(table: str, columns: list[str], hidden: Sources) -> str:
    terms = Terms.of(hidden)
    changed = RULES[table](terms) if table in RULES else {}
    present = [f"{then} as {name}" for name, then in changed.items() if name in columns]
    replaced = f" replace ({', '.join(present)})" if present else ""
    kept = f" where not coalesce({terms.own}, false)" if table in LEFT_OUT else ""
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


class Terms(NamedTuple):
    """What a rule is made of, as SQL.

    `own` is true of a row of a hidden source, `names` lists these, `words` stand in such a row and
    `otherwise` in one that only tells of one.
    """

    own: str
    names: str
    words: str
    otherwise: str

    @classmethod
    def of(cls, hidden: Sources) -> "Terms":
        """The terms for these sources."""
        names = f"({', '.join(_literal(one.source_id) for one in sorted(hidden))})"
        otherwise = _literal(in_words(hidden) or WITHHELD)
        said = "".join(
            f" when {_literal(one.source_id)} then {_literal(one.words)}" for one in sorted(hidden)
        )
        words = f"case source_id{said} else {otherwise} end"
        return cls(f"source_id in {names}", names, words, otherwise)


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _nothing(condition: str, *columns: str) -> dict[str, str]:
    return {column: f"case when {condition} then null else {column} end" for column in columns}


def _said(condition: str, column: str, words: str) -> dict[str, str]:
    return {column: f"case when {condition} then {words} else {column} end"}


def _words(column: str) -> Callable[[Terms], dict[str, str]]:
    return lambda terms: _said(f"{terms.own} and {column} <> ''", column, terms.words)


def _status(own: str, compared: str) -> dict[str, str]:
    status = f"case when {own} then null when {compared} then 'withheld' else status end"
    return {"status": status}


def _figures(terms: Terms) -> dict[str, str]:
    touched = "figure_id in (from touched)"
    return {
        **_nothing(terms.own, *VALUES, *EXPECTED),
        **_nothing(touched, *COMPARED),
        **_said(terms.own, "missing_reason", terms.words),
        **_status(terms.own, touched),
    }


def _claims(terms: Terms) -> dict[str, str]:
    return _nothing(terms.own, *VALUES) | _said(terms.own, "missing_reason", terms.words)


def _changes(terms: Terms) -> dict[str, str]:
    """A step to or from a hidden value says that value, and so does each of its parts."""
    before = f"source_id_before in {terms.names}"
    return (
        _nothing(terms.own, "value_after")
        | _nothing(before, "value_before")
        | _nothing(f"{terms.own} or {before}", "difference", "amount", "event_text")
    )


def _shown(terms: Terms) -> dict[str, str]:
    """The record does not say who else spoke, so of several sources it says nothing any more."""
    return _claims(terms) | _status(terms.own, "status <> 'single'")


def _decisions(terms: Terms) -> dict[str, str]:
    """Why somebody followed one source and not the other is told in their numbers."""
    touched = f"{terms.own} or {CELL} in (from touched)"
    return _said(touched, "reason", terms.words)


def _corrections(terms: Terms) -> dict[str, str]:
    """What was wrong and what is right are told of a cell, whoever said it."""
    touched = f"{CELL} in (from touched)"
    return _nothing(touched, "value", "guard_value") | _said(touched, "reason", terms.otherwise)


def _breaker_rows(terms: Terms) -> dict[str, str]:
    seen = f"({terms.own} or metric_id in (from spoken)) and seen <> ''"
    return _said(seen, "seen", terms.words)


def _breakers(terms: Terms) -> dict[str, str]:
    return _said(f"{terms.own} or {TRIP} in (from witnessed)", "sentence", terms.words)


TRIP = "concat_ws('.', breaker_id, source_id, file_sha256)"
CELL = "concat_ws('.', metric_id, area_id, stratum_id, event_date)"
RULES: dict[str, Callable[[Terms], dict[str, str]]] = {
    "figures": _figures,
    "figure_versions": _figures,
    "claims": _claims,
    "figure_changes": _changes,
    "figures_shown": _shown,
    "decisions": _decisions,
    "corrections": _corrections,
    "quarantined": _words("row_text"),
    "breakers": _breakers,
    "breaker_rows": _breaker_rows,
    "breaker_versions": _breakers,
    "events": _words("published_text"),
    "arrivals": _words("reason"),
}
LEFT_OUT = ("expectation_scores",)


def _remove_others(home: Home, file: Path, newest: Path) -> None:
    """Copies that no audience is given any more, and those of releases and records that are gone.

    Another audience may be reading its copy of the same file right now.
    """
    audiences = (Viewer(role=role) for role in (EVERYONE.role, *ROLES))
    given = {_copy_of(home, file, sources(home, file, viewer)) for viewer in audiences} | {newest}
    stem = _name(file)
    whole = {release.release_id for release in releases.kept(home)}
    for path in home.withheld.glob("[!.]*.duckdb"):
        of = path.stem.rpartition("-")[0]
        is_old_copy = of == stem or (of.startswith("shown-") and stem.startswith("shown-"))
        is_orphan = not of.startswith("shown-") and not of.startswith(tuple(whole))
        if path not in given and (is_old_copy or is_orphan):
            path.unlink(missing_ok=True)
