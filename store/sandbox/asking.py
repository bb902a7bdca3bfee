"""A question, from whoever asks it to the confined process that may answer it, and back."""

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import Any

import polars as pl
import pyarrow.lib as arrow
from pyarrow.ipc import open_stream

from store import releases, showings
from store.confined import frames
from store.connection import CannotAttach, CannotLay, RecordGone
from store.errors import NoRelease, ReleaseGone, WrongUse
from store.paths import Home
from store.reader import (
    exact_for,
    lay_out,
    of_another_version,
    require_known_types,
    require_readable,
    withheld_from,
    within_the_calendar,
)
from store.releases import Release
from store.sandbox import turns
from store.sandbox.limits import Limits, limits_of
from store.sandbox.pool import NOT_STARTED, Child, Died, Key, Late, pool
from store.sandbox.question import Answer, Question, Refused, SandboxUnavailable, TookTooLong
from store.viewer import Viewer

# A process that has not ended its question by itself so long after its time is ended.
PATIENCE_S = 1.5
# A sentence is no answer: whatever a process says with its no, so much of it is handed on.
LONGEST_SAID, LONGEST_KIND = 300, 40
# How often a process is looked for: one may go, or the record may be replaced, as it is taken.
TRIES = 5
# What a part of an answer may weigh beyond its values.
AROUND = 10_000_000
DIED = (
    "The question needed more than one question may use, and was ended; ask for fewer rows or "
    "columns, or add up earlier."
)

NOT_SHOWN = (
    "The answer holds a type that neither a file nor a screen can show; cast its columns, as in "
    "cast(name as varchar)."
)


def ask(
    home: Home,
    viewer: Viewer,
    person: str,
    question: Question,
    query_id: str,
    *,
    most_rows: int | None = None,
    most_bytes: int | None = None,
    waiting: Callable[[int], None] | None = None,
) -> Answer:
    """The answer to a question, at the viewer's scope, up to the limits of their role.

    Waits for its turn; `waiting` hears the place in the queue. `query_id` is what `stop` names.
    Raises `Refused`, `Stopped`, `TookTooLong`, `Busy` or `SandboxUnavailable`, and what
    `open_reader` raises for the release and the scope.
    """
    limits = limits_of(viewer.role)
    rows, size = most_rows or limits.rows, most_bytes or limits.bytes
    limits = replace(limits, rows=min(limits.rows, rows), bytes=min(limits.bytes, size))
    with turns.turn(home, person, query_id, limits, waiting) as turn:
        started = monotonic()
        release, table, is_cut = _answered(home, viewer, question, limits, turn)
        seconds = monotonic() - started
    table = table.rename_columns(named_once(table.column_names))
    _require_shown(table)
    return Answer(table, is_cut, seconds, release.release_id, question.as_of, limits)


def count(home: Home, viewer: Viewer, person: str, question: Question, query_id: str) -> int:
    """How many rows the whole answer has, beyond any limit of rows; raises what `ask` does."""
    limits = limits_of(viewer.role)
    with turns.turn(home, person, query_id, limits, None) as turn:
        _, table, _ = _answered(home, viewer, question, limits, turn, counts=True)
    return int(table.column(0)[0].as_py())


def explain_plan(home: Home, viewer: Viewer, person: str, question: Question, query_id: str) -> str:
    """How the engine would answer a question, as text; raises what `ask` does."""
    asked = replace(question, sql=f"explain {question.sql}")
    return str(ask(home, viewer, person, asked, query_id).table.column(1)[0].as_py())


def stop(home: Home, person: str, query_id: str) -> bool:
    """End a question of this person, in whatever process it runs; whether there was one."""
    return turns.stop(home, person, query_id)


def _answered(
    home: Home,
    viewer: Viewer,
    question: Question,
    limits: Limits,
    turn: turns.Turn,
    *,
    counts: bool = False,
) -> tuple[Release, arrow.Table, bool]:
    words = _in_words(question, limits) | {"counts": counts}
    while True:
        release, key, child = _child(home, viewer, question.release_id, limits)
        try:
            with _kept(key, child):
                child.say(words)
                table, is_cut = _heard(child, limits, turn)
        except Died:
            if child.left_by_itself:  # nobody had asked it for a while
                continue
            raise Refused("ended", DIED) from None
        except Late:
            raise _too_long(limits) from None
        return release, table, is_cut


def _in_words(question: Question, limits: Limits) -> frames.Message:
    return {
        "sql": question.sql,
        "parameters": {name: frames.told(value) for name, value in question.parameters.items()},
        "as_of": question.as_of.isoformat() if question.as_of else None,
        "seconds": limits.seconds,
        "rows": limits.rows,
        "bytes": limits.bytes,
    }


def _child(
    home: Home, viewer: Viewer, release_id: str | None, limits: Limits
) -> tuple[Release, Key, Child]:
    """A process that has this release at this scope; what is withheld is asked before each use."""
    for _ in range(TRIES):
        release = _release(home, release_id)
        exact = exact_for(home, release, viewer)
        hidden = withheld_from(home, release, viewer, exact)
        own = exact.path if exact else None
        record = showings.newest(home)
        key: Key = (str(home.root), release.release_id, own, record, hidden, limits.seconds)
        child = pool().take(key)
        if child:
            return release, key, child
        child = pool().blank()
        try:
            child.lay_out(lay_out(home, release, viewer, exact, hidden), limits.seconds)
        except (RecordGone, Died):
            continue
        except CannotAttach:
            raise releases.damaged(home, release.release_id) from None
        except CannotLay as fault:
            raise of_another_version(release, fault) from None
        return release, key, child
    raise SandboxUnavailable(NOT_STARTED)


def _release(home: Home, release_id: str | None) -> Release:
    if release_id is None:
        release = releases.current(home)
        require_readable(home, release)
        return release
    try:
        release = releases.one_kept(home, release_id)
        require_readable(home, release)
    except NoRelease:
        raise ReleaseGone(release_id, "can no longer be opened") from None
    return release


@contextmanager
def _kept(key: Key, child: Child) -> Iterator[None]:
    """Keep a process that answered, be it with a no; whatever else happened, it is ended."""
    try:
        yield
    except BaseException as fault:
        if not isinstance(fault, Refused | TookTooLong):
            child.end()
        raise
    finally:
        pool().give_back(key, child)


def _heard(child: Child, limits: Limits, turn: turns.Turn) -> tuple[arrow.Table, bool]:
    """The parts of an answer as one table, and whether there was more."""
    until = monotonic() + limits.seconds + PATIENCE_S
    parts: list[arrow.Table] = []
    while True:
        told, body = child.hear(until, limits.bytes + AROUND, lambda: turn.is_stopped)
        if "part" in told:
            parts.append(_read(body))
        elif told.get("done"):
            return arrow.concat_tables(parts), bool(told["is_cut"])
        elif told.get("too_long"):
            raise _too_long(limits)
        else:
            raise _refused(child, told)
        if sum(part.num_rows for part in parts) > max(limits.rows, 1):
            raise Died


def _read(body: bytes) -> arrow.Table:
    """A part of an answer; a process that was turned against us could send anything."""
    try:
        table = open_stream(body).read_all()
        table.validate(full=True)
    except arrow.ArrowException:
        raise Died from None
    return table


def _refused(child: Child, told: dict[str, Any]) -> Refused:
    if told.get("spent"):  # what a question filled is not always given back
        child.end()
    kind, said = str(told["refused"])[:LONGEST_KIND], _shortened(str(told["said"]))
    line = told.get("line")
    return Refused(kind, said, line if line is None else int(line))


def _shortened(said: str) -> str:
    return said if len(said) <= LONGEST_SAID else f"{said[: LONGEST_SAID - 1]}…"


def _too_long(limits: Limits) -> TookTooLong:
    return TookTooLong(
        f"The question took more than {limits.seconds} seconds and was ended; ask for fewer rows, "
        "or add up earlier."
    )


def named_once(names: list[str]) -> list[str]:
    """Each name once: the second `area_id` of a join is `area_id_1`, as within the engine."""
    found: dict[str, None] = {}
    for name in names:
        further = (f"{name}_{number}" for number in itertools.count(1))
        free = (one for one in (name, *itertools.islice(further, len(names))) if one not in found)
        found[next(free)] = None
    return list(found)


def _require_shown(table: arrow.Table) -> None:
    """Whatever neither a file nor a screen can show is refused, as every reader does."""
    try:
        require_known_types(table.schema)
        within_the_calendar(pl.DataFrame(table))
    except WrongUse as fault:
        raise Refused("type", _shortened(str(fault))) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        raise Refused("type", NOT_SHOWN) from None
