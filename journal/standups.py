"""Stand-ups: from its start to its end, everybody of a scope looks at one release.

The minute is not written by anybody: it is what was decided, opened, done and reported meanwhile.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select

from journal.engine import journal_of
from journal.tables import Standup
from store.errors import WrongUse
from store.moments import now
from store.paths import Home

# Whoever forgets to end one does not keep the next day's figures from everybody.
LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Held:
    """A stand-up; `ended_at` is empty while it goes on."""

    standup_id: str
    scope: str
    release_id: str
    started_by: str
    started_at: datetime
    ended_by: str | None
    ended_at: datetime | None

    def until(self) -> datetime:
        """When its position stopped to hold, at the latest."""
        return self.ended_at or min(now(), self.started_at + LONGEST)


def start(home: Home, scope: str, release_id: str, person: str) -> Held:
    """Begin the stand-up of a scope on a release; one that goes on there already is given back."""
    at = now()
    with journal_of(home).writing() as session:
        last = session.scalar(_newest(scope, at))
        if last is not None and _goes_on(last, at):
            return _held(last)
        row = Standup(
            standup_id=f"standup-{uuid.uuid4().hex[:12]}",
            scope=scope,
            release_id=release_id,
            started_by=person,
            started_at=at,
        )
        session.add(row)
        session.flush()
        return _held(row)


def end(home: Home, standup_id: str, person: str) -> Held:
    """End a stand-up. Raises `WrongUse` where there is none, or it has ended before."""
    with journal_of(home).writing() as session:
        row = session.get(Standup, standup_id)
        if row is None:
            raise WrongUse(f"there is no stand-up {standup_id[:60]}")
        if row.ended_at is not None:
            raise WrongUse(f"{standup_id} ended already, at {row.ended_at:%Y-%m-%d %H:%M}")
        row.ended_at, row.ended_by = max(now(), row.started_at), person
        session.flush()
        return _held(row)


def going_on(home: Home, scope: str) -> Held | None:
    """The stand-up of a scope that goes on now."""
    at = now()
    with journal_of(home).reading() as session:
        last = session.scalar(_newest(scope, at))
        return _held(last) if last is not None and _goes_on(last, at) else None


def last_before(home: Home, scope: str, moment: datetime) -> Held | None:
    """The last stand-up of a scope that had begun before a moment."""
    with journal_of(home).reading() as session:
        last = session.scalar(_newest(scope, moment - timedelta(microseconds=1)))
        return _held(last) if last is not None else None


def _newest(scope: str, by: datetime) -> Select[tuple[Standup]]:
    begun = select(Standup).where(Standup.scope == scope, Standup.started_at <= by)
    return begun.order_by(Standup.started_at.desc(), Standup.standup_id).limit(1)


def _goes_on(row: Standup, at: datetime) -> bool:
    return row.ended_at is None and at < row.started_at + LONGEST


def _held(row: Standup) -> Held:
    return Held(**{name: getattr(row, name) for name in Held.__dataclass_fields__})
