"""The one door to a release: an in-memory database over files that hold what its reader may see.

A reader is at its viewer's scope and moment: `figures` in it are the figures of that moment, exact
in the viewer's own area and controlled elsewhere, so a query holds no security logic and no clock:
what is not in the files cannot be asked for. Views and macros are made per reader and name their
tables in full, so that nothing a caller defines can stand in for them.
"""

import logging
import re
from collections.abc import Iterator
from contextlib import suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from importlib.resources import files
from threading import Lock, Timer
from typing import Any

import duckdb
import polars as pl
import polars.selectors as cs
import pyarrow.lib as arrow_lib
import pyarrow.types as arrow

from store import agreements, answers, releases, scopes, showings, withheld
from store.answers import Answers
from store.connection import (
    SHOWN,
    CannotAttach,
    CannotLay,
    Config,
    Layout,
    RecordGone,
    lock,
    opened,
)
from store.errors import NoRelease, NotAnswered, ReleaseGone, TrigpointError, WrongUse
from store.paths import Home
from store.release_tables import EXACT
from store.releases import Release
from store.scopes import Exact
from store.viewer import EVERYONE, Viewer
from store.withheld import Sources

CATALOG = "controlled"
OWN = "exact"
# Both files as one, where a viewer has an exact one.
BOTH = "both_files"
# Tables that a past moment shows as they stood then: by a query of their own in `store/sql`, or by
# the rows that were there by then. Definitions, areas and other reference stay as they are now.
WITH_OWN_QUERY = (
    "figures",
    "claims",
    "disagreements",
    "figure_versions",
    "unlisted_areas",
    "breakers",
    "breaker_rows",
    "breaker_versions",
    "held_spells",
    "due_days",
    "corrections",
)
BY_THEN = {
    "figure_changes": "changed_at <= as_of",
    "expectation_scores": "scored_on <= as_of",
    "publications": "published_at <= as_of",
    # A file that was never dated counts from the moment we held it.
    "arrivals": "coalesce(published_at, landed_at) <= as_of",
    "quarantined": "coalesce(published_at, landed_at) <= as_of",
    "precedence": "agreed_on is null or agreed_on <= as_of",
    "events": "happened_on <= as_of",
    "decisions": "decided_at <= as_of",
}
AS_KNOWN = (*WITH_OWN_QUERY, *BY_THEN)
# A day means its end, so that what was published on it counts. A cast to a timestamp would drop an
# offset or a time zone without a word; it is reckoned in UTC.
MOMENT = (
    "case when not contains(cast({0} as varchar), ':') "
    "then cast({0} as timestamp) + interval 1 day - interval 1 microsecond "
    "when regexp_matches(cast({0} as varchar), ':.*[-+A-Za-z]') "
    "then timezone('UTC', cast(cast({0} as varchar) as timestamptz)) "
    "else cast({0} as timestamp) end"
)
MEMORY = "2GB"
LIMITS: Config = {
    "threads": 1,
    "max_expression_depth": 250,
}
LONGEST_S = 60
LARGEST_BYTES = 1_000_000_000
ROWS_AT_ONCE = 100_000
# Whatever the engine, Arrow or Polars cannot make an answer of; a panic is no ordinary exception.
NOT_ANSWERED = (
    duckdb.Error,
    arrow_lib.ArrowException,
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    AttributeError,
)
# What the engine says before it has read a row.
OF_THE_TEXT = (duckdb.ParserException, duckdb.BinderException, duckdb.CatalogException)
NOTHING: Sources = frozenset()
log = logging.getLogger(__name__)


@dataclass
class Tally:
    """How many rows readers have given."""

    rows: int = 0


_tally: ContextVar[Tally | None] = ContextVar("tally", default=None)


def count_rows() -> Tally:
    """A tally of the rows that readers give from now on in this thread of work, until the next."""
    tally = Tally()
    _tally.set(tally)
    return tally


@dataclass(frozen=True)
class Withheld:
    """Sources that a reader may not see: in a release, an exact file, the record of showings.

    `exact` is None without such a file. `audience` says of which sources it is shut out altogether,
    and of which it sees nothing exact: two that differ in it never share a reader.
    """

    release: Sources
    exact: Sources | None
    record: Sources
    audience: tuple[frozenset[str], frozenset[str]]


class Reader:
    """An open release. Safe to share between threads: each question uses a cursor of its own."""

    def __init__(
        self,
        home: Home,
        release: Release,
        as_of: datetime | None = None,
        viewer: Viewer = EVERYONE,
        *,
        remembers: bool = False,
        memory: str = MEMORY,
    ) -> None:
        require_readable(home, release)
        self.memory = memory
        self._answers = Answers() if remembers else None
        self.home = home
        self.release = release
        self.as_of = as_of
        self.viewer = viewer
        self.exact = exact_for(home, release, viewer)
        self.withheld = withheld_from(home, release, viewer, self.exact)
        self._lock = Lock()
        self._connection = _connect(self)

    @property
    def catalog(self) -> str:
        """The database in which its tables lie whole, whatever its moment."""
        return BOTH if self.exact else CATALOG

    def is_exact(self, metric_id: str, area_id: str) -> bool:
        """Whether this reader sees the exact figures of a metric that is not public in an area."""
        own = self.exact
        return own is not None and metric_id in own.metrics and area_id in own.areas

    def ask(self, sql: str, **parameters: Any) -> pl.DataFrame:
        """The answer to one select statement; `$name` in it takes the value of `name`.

        Raises `WrongUse` with the engine's sentence when the statement cannot be answered, or
        when the answer takes longer than `LONGEST_S` or is larger than `LARGEST_BYTES`.
        """
        if self._answers is None:
            return _counted(self._asked(sql, parameters))
        named = answers.key(sql, parameters)
        found = self._answers.find(named)
        if found is None:
            found = self._asked(sql, parameters)
            self._answers.keep(named, found)
        return _counted(found)

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of one's own on what this reader may see; whoever takes it closes it.

        For answers of any size (`store.exporting.rows_of`); every other question is asked by `ask`.
        """
        with self._lock:
            return self._connection.cursor()

    def _asked(self, sql: str, parameters: dict[str, Any]) -> pl.DataFrame:
        cursor = self.cursor()
        alarm = Timer(LONGEST_S, cursor.interrupt)
        alarm.start()
        try:
            return within_the_calendar(_fetched(cursor.sql(sql, params=parameters or None)))
        except duckdb.InterruptException:
            raise WrongUse(
                f"the answer took more than {LONGEST_S} seconds; ask for fewer rows"
            ) from None
        except NOT_ANSWERED as fault:
            raise not_answered(fault) from None
        finally:
            alarm.cancel()
            cursor.close()

    def close(self) -> None:
        """Let the release's files go."""
        self._connection.close()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def count_given(rows: int) -> None:
    """Add rows that are given to whoever counts them."""
    tally = _tally.get()
    if tally is not None:
        tally.rows += rows


def _counted(rows: pl.DataFrame) -> pl.DataFrame:
    count_given(rows.height)
    return rows


def not_answered(fault: Exception) -> NotAnswered:
    """What is told of a fault of the engine, and what may be kept of it."""
    return NotAnswered(_first_line(fault), _without_values(fault))


def _fetched(answer: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """Fetch in parts, so that a runaway answer is noticed before it fills the memory."""
    parts, size = [], 0
    reader = answer.to_arrow_reader(ROWS_AT_ONCE)
    require_known_types(reader.schema)
    for part in reader:
        size += part.nbytes
        if size > LARGEST_BYTES:
            raise WrongUse(
                f"the answer is larger than {LARGEST_BYTES / 1e9:g} GB; ask for fewer rows"
            )
        parts.append(part)
    # Not `empty_table`: that imports pandas where it happens to be installed, for half a second.
    empty = arrow_lib.Table.from_batches([], schema=reader.schema)
    return pl.concat([pl.DataFrame(empty), *(pl.DataFrame(part) for part in parts)])


def require_known_types(schema: Any) -> None:
    """Polars ends its thread on these, however deep they lie, with a trace on the screen."""
    for column in schema:
        if _is_unknown(column.type):
            raise WrongUse(
                f"the question could not be answered: {column.name} is or holds what only the "
                f"engine knows, such as an interval or a union; {_cast(column.name)}"
            )


def _is_unknown(kind: Any) -> bool:
    """Whether a type is one of these, or a list, record or map of them."""
    if arrow.is_interval(kind) or arrow.is_union(kind) or isinstance(kind, arrow_lib.OpaqueType):
        return True
    return any(_is_unknown(kind.field(place).type) for place in range(kind.num_fields))


def within_the_calendar(rows: pl.DataFrame) -> pl.DataFrame:
    """The engine knows infinity and years beyond 9999; neither a file nor a screen does."""
    for name in rows.select(cs.date() | cs.datetime()).columns:
        years = rows[name].dt.year()
        is_known = years.is_between(date.min.year, date.max.year).all()
        if not is_known or years.null_count() > rows[name].null_count():
            raise WrongUse(
                f"the question could not be answered: {name} holds a day outside the calendar's "
                f"years 1 to 9999; {_cast(name)}"
            )
    return rows


def _cast(name: str) -> str:
    return f"cast it, as in cast({name} as varchar)"


def open_reader(
    home: Home,
    viewer: Viewer | None = None,
    as_of: datetime | None = None,
    release_id: str | None = None,
    *,
    remembers: bool = False,
    memory: str = MEMORY,
) -> Reader:
    """The current or a kept release at a viewer's scope, now or as known at a past moment.

    Without a viewer it is what everybody may see. One that stays open for many remembers its
    answers. `memory` is what the engine may take. Raises `WrongUse` for a scope that is no area,
    `NoRelease` when nothing has been published yet, `ReleaseGone` when `release_id` names a release
    that is not kept, is damaged or was written by another version.
    """
    viewer = viewer or EVERYONE
    opened = partial(Reader, as_of=as_of, viewer=viewer, remembers=remembers, memory=memory)
    if release_id is None:
        return opened(home, releases.current(home))
    try:
        return opened(home, releases.one_kept(home, release_id))
    except NoRelease:
        raise ReleaseGone(release_id, "can no longer be opened") from None


def exact_for(home: Home, release: Release, viewer: Viewer) -> Exact | None:
    """The exact file of a viewer's scope, unless they may see none of its sources exactly.

    Then they see what is shown outside. Raises what `scopes.exact` does.
    """
    own = scopes.exact(home, release.release_id, viewer.scope) if viewer.scope else None
    if own is None:
        return None
    try:
        held = withheld.sources_in(own.path)
    except duckdb.Error:
        raise releases.damaged(home, release.release_id) from None
    inexact = agreements.inexact(agreements.readable(), viewer.role)
    return own if held - inexact or not held else None


def withheld_from(
    home: Home, release: Release, viewer: Viewer, exact: Exact | None = None
) -> Withheld:
    """The sources whose values a reader of this release, and of an exact file, may not see today.

    An open reader does not learn of it; whoever keeps one asks again before each use.
    """
    record = showings.newest(home)
    controlled = releases.controlled_file(home, release.release_id)
    at_hand = agreements.readable()
    audience = (
        agreements.shut_out(at_hand, viewer.role),
        agreements.inexact(at_hand, viewer.role),
    )
    try:
        hidden = withheld.sources(home, controlled, viewer)
        own = withheld.sources(home, exact.path, viewer) if exact else None
    except duckdb.Error:
        raise releases.damaged(home, release.release_id) from None
    try:
        shown = withheld.sources(home, record, viewer) if record else NOTHING
    except duckdb.Error:  # the record says itself that it is damaged when it is asked
        shown = NOTHING
    return Withheld(hidden, own, shown, audience)


def macro(table: str, catalog: str) -> str:
    """The statement that defines `<table>_as_known(as_of)` over one attached database.

    `as_of` may be a day (its end), a time, or either as text.
    """
    return _macro(f"{table}_as_known", "as_of", _as_known(table), catalog)


def _macro(name: str, parameter: str, query: str, catalog: str) -> str:
    moment = MOMENT.format(parameter)
    query = re.sub(rf"\b{parameter}\b", moment, query.replace("{{ catalog }}", catalog))
    return f"create or replace macro {name}({parameter}) as table {query}"


def _as_known(table: str) -> str:
    if table in BY_THEN:
        return f"select * from {{{{ catalog }}}}.main.{table} where {BY_THEN[table]}"
    return _query(f"{table}_as_known")


def _query(name: str) -> str:
    return files("store").joinpath("sql", f"{name}.sql").read_text()


def require_readable(home: Home, release: Release) -> None:
    """A release of before disclosure control is read only where every metric in it is public."""
    if release.guarded is not None:
        return
    try:
        with duckdb.connect(
            str(releases.controlled_file(home, release.release_id)), read_only=True
        ) as connection:
            classes = connection.sql("select distinct disclosure_class from metrics").fetchall()
    except duckdb.Error:
        raise releases.damaged(home, release.release_id) from None
    if any(name != "published" for (name,) in classes):
        raise NoRelease(
            f"release {release.release_id} was written before there was disclosure control and "
            "holds figures that are not public, so nobody may read it; run `trigpoint publish`"
        )


def _connect(reader: Reader) -> duckdb.DuckDBPyConnection:
    while True:
        layout = lay_out(reader.home, reader.release, reader.viewer, reader.exact, reader.withheld)
        with suppress(RecordGone):
            connection = _opened(reader, layout)
            lock(connection)
            return connection


def _opened(reader: Reader, layout: Layout) -> duckdb.DuckDBPyConnection:
    try:
        limits: Config = {**LIMITS, "memory_limit": reader.memory}
        return opened(layout, limits, reader.as_of)
    except CannotAttach:
        raise releases.damaged(reader.home, reader.release.release_id) from None
    except CannotLay as fault:
        raise of_another_version(reader.release, fault) from None


def of_another_version(release: Release, fault: Exception) -> NoRelease:
    """What to say of a release whose files lack what a view or macro names."""
    return NoRelease(
        f"release {release.release_id} was written by another version of Trigpoint "
        f"({_first_line(fault)}); run `trigpoint publish`"
    )


def lay_out(
    home: Home, release: Release, viewer: Viewer, exact: Exact | None, hidden: Withheld
) -> Layout:
    """What a viewer sees of a release, from files without the values that are withheld from them.

    Raises `TrigpointError` when such a file cannot be written.
    """
    controlled = releases.controlled_file(home, release.release_id)
    files = [(str(withheld.without(home, controlled, hidden.release)), CATALOG)]
    if exact:
        own = withheld.without(home, exact.path, hidden.exact or NOTHING)
        files.append((str(own), OWN))
    catalog = BOTH if exact else CATALOG
    known = tuple(table for table in AS_KNOWN if table in release.rows)
    # `at` is a word of the engine's own, so the moment is called by its name.
    as_shown = _macro("figures_as_shown", "moment", _query("figures_as_shown"), SHOWN)
    # A release that was written before a table existed opens without it.
    tables = (*release.rows, "releases")
    views = [(table, f"select * from {catalog}.main.{table}") for table in tables]
    views += [(table, f"from {SHOWN}.main.{table}") for table in showings.TABLES]
    return Layout(
        files=tuple(files),
        together=tuple(_together(release, exact)) if exact else (),
        macros=(*(macro(table, catalog) for table in known), as_shown),
        views=tuple(views),
        as_known=known,
        **_record(home, viewer),
    )


def _together(release: Release, exact: Exact) -> Iterator[str]:
    """Lay both files together: exact rows in place of controlled ones.

    The lists are literal: a filter by a subquery would keep the engine from skipping rows.
    """
    yield f"attach ':memory:' as {BOTH}"
    own = f"area_id in ({_literals(exact.areas)}) and metric_id in ({_literals(exact.metrics)})"
    for table in (*release.rows, "releases"):
        rows = f"select * from {CATALOG}.main.{table}"
        if table in EXACT:
            rows += f" where not ({own}) union all by name select * from {OWN}.main.{table}"
        yield f"create view {BOTH}.main.{table} as {rows}"


def _literals(names: tuple[str, ...]) -> str:
    return ", ".join("'" + name.replace("'", "''") + "'" for name in names)


def _record(home: Home, viewer: Viewer) -> dict[str, Any]:
    """The record of what was shown; without a row before the first showing."""
    empty = tuple(showings.empty(SHOWN))
    record = showings.newest(home)
    if record is None:
        return {"without_record": empty}
    damaged = f"the record of what was shown, {record.name}, is damaged"
    unreadable = tuple(showings.unreadable(SHOWN, damaged))
    try:
        path = withheld.without(home, record, withheld.sources(home, record, viewer))
    except (duckdb.Error, TrigpointError) as fault:
        if not record.exists():  # a newer one has taken its place in the meantime
            return _record(home, viewer)
        log.warning("%s cannot be read: %s", record, _first_line(fault))
        return {"without_record": unreadable}
    return {"record": str(path), "damaged_record": unreadable}


def _without_values(fault: Exception) -> str:
    line = _first_line(fault)
    return line if isinstance(fault, OF_THE_TEXT) else line.split(":", 1)[0]


def _first_line(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0] if str(fault).strip() else repr(fault)
