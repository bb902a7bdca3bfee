"""Personal tokens: a person's own programs ask as that person, never wider than they may now.

Kept in the journal by the hash of a token that is shown once. What tokens may do, and for how long,
stands in `people/tokens.toml`.
"""

import hashlib
import re
import secrets
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journal.engine import journal_of
from journal.notes import readable
from journal.tables import Person, SignedIn, Token
from people.accounts import Known, known
from people.exits import Exit, ruled
from people.settings import PROVIDER, SignIn
from store.errors import TrigpointError, WrongUse
from store.moments import now
from store.paths import Home

PREFIX = "tp_"
FORM = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
LONGEST_NAME = 100
# Writing down each use would make a writer of every reader.
USED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Use:
    """Something that a token may do: the exits that it opens to whoever may take them."""

    use_id: str
    name: str
    exits: frozenset[str]


@dataclass(frozen=True)
class Policy:
    """For how long tokens last, how many one person may have, and what they may do."""

    longest: timedelta
    usual: timedelta
    most: int
    uses: dict[str, Use]


@dataclass(frozen=True)
class Bearer:
    """Who brought a token, and what that token may do."""

    token_id: str
    person: Known
    uses: frozenset[str]

    def opens(self, way: Exit) -> bool:
        """Whether this token opens an exit; whether the person may take it is asked beside it."""
        return any(way.name in policy().uses[use].exits for use in self.uses)


@dataclass(frozen=True)
class Former:
    """Whose token was brought that lets nobody in, or not any more."""

    token_id: str
    person: Known


@dataclass(frozen=True)
class Kept:
    """A token as its person and the review of access see it; times are naive UTC.

    `holds` says whether it would be let in at this moment.
    """

    token_id: str
    subject: str
    name: str
    uses: tuple[str, ...]
    made_at: datetime
    last_used_at: datetime | None
    ends_at: datetime
    ended_at: datetime | None
    holds: bool


@cache
def policy() -> Policy:
    """The policy. Raises `TrigpointError` where exits of the API and it do not name each other."""
    told = tomllib.loads(files("people").joinpath("tokens.toml").read_text())
    uses = {
        use_id: Use(use_id, use["name"], frozenset(use["exits"]))
        for use_id, use in told["uses"].items()
    }
    opened = sorted(name for use in uses.values() for name in use.exits)
    if opened != sorted(way.name for way in ruled().values() if way.kind == "api"):
        raise TrigpointError(
            "people/tokens.toml has to name each exit of kind `api` in people/exits.csv once"
        )
    longest, usual = (timedelta(days=told[name]) for name in ("longest_days", "usual_days"))
    return Policy(longest, usual, told["most"], uses)


def uses_for(role_id: str) -> list[Use]:
    """What a token of somebody in this role could do at all."""
    return [use for use in policy().uses.values() if _is_of_use(use, role_id)]


def make(
    home: Home, subject: str, name: str, uses: Iterable[str], days: int, settings: SignIn
) -> str:
    """A new token; only its hash is kept.

    Raises `WrongUse` for a use or a time that the policy does not give this person, and where
    they have as many tokens as one may have.
    """
    token, moment, wanted = f"{PREFIX}{secrets.token_urlsafe(32)}", now(), sorted({*uses})
    called = readable("the name of a token", name, LONGEST_NAME)
    longest = policy().longest.days
    if not 1 <= days <= longest:
        raise WrongUse(f"a token lasts from 1 to {longest} days, not {days}")
    with journal_of(home).writing() as session:
        person = session.get(Person, subject)
        if person is None or person.state != "active":
            raise WrongUse("this account was removed from Trigpoint")
        _require_uses(wanted, person.role)
        _require_fewer(session, person, settings)
        session.add(
            Token(
                token_id=secrets.token_hex(8),
                token_hash=_hash(token),
                subject=subject,
                role=person.role,
                scope=person.scope,
                name=called,
                uses=",".join(wanted),
                made_at=moment,
                ends_at=end_of(moment, days),
            )
        )
    return token


def end_of(moment: datetime, days: int) -> datetime:
    """When a token ends that is made at this moment for so many days."""
    return moment + timedelta(days=days)


def find(home: Home, token: str, settings: SignIn) -> Bearer | None:
    """Who has this token, while it holds; None for any other."""
    if not FORM.fullmatch(token):
        return None
    with journal_of(home).reading() as session:
        row = session.scalar(select(Token).where(Token.token_hash == _hash(token)))
        person = session.get(Person, row.subject) if row else None
        if row is None or person is None or not _holds(session, row, person, settings):
            return None
        found = Bearer(row.token_id, known(person), frozenset(row.uses.split(",")))
        is_due = row.last_used_at is None or now() - row.last_used_at > USED_EVERY
    if is_due:
        _touch(home, found.token_id)
    return found


def former(home: Home, token: str) -> Former | None:
    """Whose token this was, of one that `find` does not find; None where nobody ever had it."""
    with journal_of(home).reading() as session:
        row = session.scalar(select(Token).where(Token.token_hash == _hash(token)))
        person = session.get(Person, row.subject) if row else None
        return Former(row.token_id, known(person)) if row and person else None


def of_person(home: Home, subject: str, settings: SignIn) -> list[Kept]:
    """The tokens of one person, the newest first."""
    return [one for one in everybodys(home, settings) if one.subject == subject]


def everybodys(home: Home, settings: SignIn) -> list[Kept]:
    """Every token there was, the newest first: what the review of access reads."""
    asked = select(Token, Person).join(Person).order_by(Token.made_at.desc(), Token.token_id)
    with journal_of(home).reading() as session:
        return [
            _kept(row, is_held=_holds(session, row, person, settings))
            for row, person in session.execute(asked).tuples()
        ]


def end(home: Home, subject: str, token_id: str) -> None:
    """End one of a person's own tokens. Raises `WrongUse` where they have no such token."""
    with journal_of(home).writing() as session:
        row = session.get(Token, token_id)
        if row is None or row.subject != subject:
            raise WrongUse("you have no such token")
        if row.ended_at is None:
            row.ended_at = max(now(), row.made_at)


def _holds(session: Session, row: Token, person: Person, settings: SignIn) -> bool:
    """Whether a token lets its person in now, by the way of signing in that is in use."""
    moment = now()
    return (
        row.ended_at is None
        and row.made_at <= moment < min(row.ends_at, row.made_at + policy().longest)
        and person.state == "active"
        and (person.role, person.scope) == (row.role, row.scope)
        and settings.takes(row.subject)
        and _is_vouched_for(session, row.subject, settings)
    )


def _is_vouched_for(session: Session, subject: str, settings: SignIn) -> bool:
    """Only at a sign-in does a provider say who somebody is now; without one a token ends too."""
    if settings.way != PROVIDER:
        return True
    began = session.scalar(select(func.max(SignedIn.created_at)).where(SignedIn.subject == subject))
    return began is not None and now() - began <= settings.sent_for


def _require_uses(wanted: list[str], role_id: str) -> None:
    possible = [use.use_id for use in uses_for(role_id)]
    if not wanted or not set(wanted) <= set(possible):
        raise WrongUse(f"choose what the token may do: {', '.join(possible) or 'nothing'}")


def _require_fewer(session: Session, person: Person, settings: SignIn) -> None:
    rows = session.scalars(select(Token).where(Token.subject == person.subject))
    held = sum(_holds(session, row, person, settings) for row in rows)
    if held >= policy().most:
        raise WrongUse(f"you have {held} tokens, which is as many as one may have; end one first")


def _is_of_use(use: Use, role_id: str) -> bool:
    return any(ruled()[name].is_open_to(role_id) for name in use.exits)


def _kept(row: Token, *, is_held: bool) -> Kept:
    return Kept(
        row.token_id,
        row.subject,
        row.name,
        tuple(row.uses.split(",")),
        row.made_at,
        row.last_used_at,
        row.ends_at,
        row.ended_at,
        is_held,
    )


def _touch(home: Home, token_id: str) -> None:
    with journal_of(home).writing() as session:
        row = session.get(Token, token_id)
        if row is not None:
            row.last_used_at = max(now(), row.last_used_at or row.made_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
