"""How often something may be tried: counted in the journal, so for all processes together."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, select

from journal.engine import journal_of
from journal.tables import Attempt
from store.errors import TrigpointError
from store.moments import now
from store.paths import Home


@dataclass(frozen=True)
class Limit:
    """So many attempts by one, within a span of time."""

    name: str
    most: int
    within: timedelta


# A password of twelve characters is not guessed ten at a time; an office has one address.
BY_NAME = Limit("sign_in_name", 10, timedelta(minutes=15))
BY_ADDRESS = Limit("sign_in_address", 100, timedelta(minutes=15))


class TooOften(TrigpointError):  # noqa: N818
    """This was tried too often; `wait_s` says for how many seconds not to try again."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"this was asked for too often; wait {wait_s} seconds")
        self.wait_s = wait_s


def exports(a_minute: int) -> Limit:
    """How many files one person may take in a minute."""
    return Limit("export", a_minute, timedelta(minutes=1))


def take(home: Home, limit: Limit, who: str) -> None:
    """Count an attempt before it is made. Raises `TooOften` where it may not be made now."""
    key = _key(who)
    mine = (Attempt.limit_name == limit.name, Attempt.who == key)
    with journal_of(home).writing() as session:
        # Asked only now, when it is our turn: whoever waited shorter has an earlier moment.
        moment = now()
        past = moment - limit.within
        # Also what a clock that was set back since has put far into the future.
        gone = (Attempt.made_at <= past) | (Attempt.made_at > moment + limit.within)
        session.execute(delete(Attempt).where(Attempt.limit_name == limit.name, gone))
        made, first = session.execute(
            select(func.count(), func.min(Attempt.made_at)).where(*mine)
        ).one()
        if made < limit.most:
            session.add(Attempt(limit_name=limit.name, who=key, made_at=moment))
            return
    raise TooOften(max(1, round((first - past).total_seconds())))


def require_untried(home: Home, limit: Limit, who: str) -> None:
    """Raises `TooOften` where as much was tried as may be, and counts nothing."""
    moment = now()
    since = (Attempt.made_at > moment - limit.within, Attempt.made_at <= moment + limit.within)
    mine = (Attempt.limit_name == limit.name, Attempt.who == _key(who), *since)
    with journal_of(home).reading() as session:
        made, first = session.execute(
            select(func.count(), func.min(Attempt.made_at)).where(*mine)
        ).one()
    if made >= limit.most:
        raise TooOften(max(1, round((first - moment + limit.within).total_seconds())))


def forget(home: Home, limit: Limit, who: str) -> None:
    """Begin to count anew, once somebody has shown who they are."""
    with journal_of(home).writing() as session:
        mine = (Attempt.limit_name == limit.name, Attempt.who == _key(who))
        session.execute(delete(Attempt).where(*mine))


def _key(who: str) -> str:
    """Names and addresses are not kept in clear for having been typed."""
    return hashlib.sha256(who.encode()).hexdigest()
