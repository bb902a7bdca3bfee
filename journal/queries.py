"""Questions in SQL that people ran, keep under a name and share by id; none is ever deleted.

Everybody sees their own alone. One that is shared opens by its id for whoever may ask in SQL, and
is answered at that reader's scope: what is kept of it is the text, never an answer.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from journal.audit import plain
from journal.engine import journal_of
from journal.tables import KeptQuery, Person
from store.errors import WrongUse
from store.moments import now
from store.paths import Home

GIVEN, REFUSED, STOPPED = "given", "refused", "stopped"
TOO_LONG, NOT_ANSWERED = "too_long", "not_answered"
LONGEST_SQL, LONGEST_NAME = 20_000, 200
MOST_NAMED = 500
MOST_LISTED = 20
Value = str | int | float | bool | date | datetime | None
DAYS = {"date": date.fromisoformat, "datetime": datetime.fromisoformat}


@dataclass(frozen=True)
class Text:
    """What is asked: SQL, the values of its `$name`s, and the moment (UTC) it is asked of."""

    sql: str
    parameters: Mapping[str, Value]
    as_of: datetime | None = None


@dataclass(frozen=True)
class Ran:
    """What became of one run: `rows` are those of the answer, None where there was none."""

    outcome: str
    seconds: float
    release_id: str | None = None
    rows: int | None = None


@dataclass(frozen=True)
class Kept:
    """One question as it was kept; `ran` is None where it has a name."""

    query_id: str
    subject: str
    text: Text
    asked_at: datetime
    name: str | None
    ran: Ran | None
    is_shared: bool


def keep_run(home: Home, subject: str, text: Text, ran: Ran) -> Kept:
    """Put down that somebody asked, and what became of it."""
    return _keep(home, subject, text, None, ran)


def keep_named(home: Home, subject: str, text: Text, name: str) -> Kept:
    """Keep a question under a name. Raises `WrongUse` for an empty or a long one, or too many."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME:
        raise WrongUse(f"a name has 1 to {LONGEST_NAME} characters")
    if len(named(home, subject)) >= MOST_NAMED:
        raise WrongUse(f"{MOST_NAMED} saved queries are the most; take one of yours away")
    return _keep(home, subject, text, name, None)


def one(home: Home, query_id: str, subject: str) -> Kept | None:
    """A question of one's own, or one that is shared; None for every other, there or not."""
    with journal_of(home).reading() as session:
        row = session.get(KeptQuery, query_id)
        if row is None or row.ended_at is not None:
            return None
        return _kept(row) if row.subject == subject or row.shared_at is not None else None


def named(home: Home, subject: str) -> list[Kept]:
    """What a person keeps under a name, by name."""
    asked = select(KeptQuery).filter_by(subject=subject, ended_at=None)
    by_name = asked.where(KeptQuery.name.is_not(None)).order_by(KeptQuery.name, KeptQuery.asked_at)
    with journal_of(home).reading() as session:
        return [_kept(row) for row in session.scalars(by_name)]


def history(home: Home, subject: str, most: int = MOST_LISTED) -> list[Kept]:
    """What a person ran, the newest first; nobody else's."""
    asked = select(KeptQuery).filter_by(subject=subject, ended_at=None)
    newest = asked.where(KeptQuery.name.is_(None)).order_by(
        KeptQuery.asked_at.desc(), KeptQuery.query_id
    )
    with journal_of(home).reading() as session:
        return [_kept(row) for row in session.scalars(newest.limit(most))]


def share(home: Home, query_id: str, subject: str) -> Kept:
    """Let others open one of one's own by its id. Raises `WrongUse` for any other."""
    with journal_of(home).writing() as session:
        row = _own(session.get(KeptQuery, query_id), query_id, subject)
        row.shared_at = row.shared_at or max(now(), row.asked_at)
        session.flush()
        return _kept(row)


def end(home: Home, query_id: str, subject: str) -> None:
    """Take one of one's own out of sight, also of whom it was shared with.

    Raises `WrongUse` for any other.
    """
    with journal_of(home).writing() as session:
        row = _own(session.get(KeptQuery, query_id), query_id, subject)
        row.ended_at = max(now(), row.asked_at)


def _own(row: KeptQuery | None, query_id: str, subject: str) -> KeptQuery:
    if row is None or row.subject != subject or row.ended_at is not None:
        raise WrongUse(f"you have no query {query_id[:60]}")
    return row


def _keep(home: Home, subject: str, text: Text, name: str | None, ran: Ran | None) -> Kept:
    if not text.sql.strip() or len(text.sql) > LONGEST_SQL:
        raise WrongUse(f"a query has 1 to {LONGEST_SQL:,} characters")
    with journal_of(home).writing() as session:
        if session.get(Person, subject) is None:
            raise WrongUse(f"there is nobody {subject[:60]} whose query it could be")
        row = KeptQuery(
            query_id=f"query-{uuid.uuid4().hex[:12]}",
            subject=subject,
            name=plain(name) if name else None,
            sql=plain(text.sql),
            parameters=_written(text.parameters),
            as_of=text.as_of,
            asked_at=now(),
            release_id=ran.release_id if ran else None,
            rows=ran.rows if ran else None,
            seconds=ran.seconds if ran else None,
            outcome=ran.outcome if ran else None,
        )
        session.add(row)
        session.flush()
        return _kept(row)


def _kept(row: KeptQuery) -> Kept:
    ran = Ran(row.outcome, row.seconds or 0.0, row.release_id, row.rows) if row.outcome else None
    text = Text(row.sql, _read(row.parameters), row.as_of)
    is_shared = row.shared_at is not None
    return Kept(row.query_id, row.subject, text, row.asked_at, row.name, ran, is_shared)


def _written(parameters: Mapping[str, Value]) -> str:
    """Days and times beside their kind: JSON has no sign for them."""
    said = {
        name: {type(value).__name__: value.isoformat()} if isinstance(value, date) else value
        for name, value in parameters.items()
    }
    return json.dumps(said)


def _read(text: str) -> dict[str, Value]:
    return {name: _value(value) for name, value in json.loads(text).items()}


def _value(value: Value | dict[str, str]) -> Value:
    if not isinstance(value, dict):
        return value
    ((kind, said),) = value.items()
    return DAYS[kind](said)
