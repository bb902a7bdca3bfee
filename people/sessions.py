"""Sessions: kept in the journal by the hash of a token that only the browser has."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from journal.engine import journal_of
from journal.tables import Person, SignedIn
from people.accounts import Known, known
from people.settings import SignIn
from store.errors import WrongUse
from store.moments import now
from store.paths import Home

# Writing down each look would make a writer of every reader.
SEEN_EVERY = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=400)


def begin(home: Home, subject: str, settings: SignIn, before: str | None = None) -> str:
    """The token of a new session; the one that the browser came with ends.

    Raises `WrongUse` for whoever was removed in the meantime.
    """
    token, moment = secrets.token_urlsafe(32), now()
    with journal_of(home).writing() as session:
        person = session.get(Person, subject)
        if person is None or person.state != "active":
            raise WrongUse("this account was removed from Trigpoint")
        _end(session, before)
        session.execute(delete(SignedIn).where(SignedIn.ends_at < moment - FORGOTTEN_AFTER))
        session.add(
            SignedIn(
                token_hash=_hash(token),
                subject=subject,
                role=person.role,
                scope=person.scope,
                created_at=moment,
                last_seen_at=moment,
                ends_at=moment + settings.longest,
            )
        )
    return token


def last_began(home: Home, subject: str) -> datetime | None:
    """When somebody last signed in; None for who never did, or longer ago than is kept."""
    asked = select(func.max(SignedIn.created_at)).where(SignedIn.subject == subject)
    with journal_of(home).reading() as session:
        return session.scalar(asked)


def find(home: Home, token: str, settings: SignIn) -> Known | None:
    """Who has this session, while it holds; None for any other token.

    It holds until its end, while it is used, and while the person is what they were when they
    signed in, by the way of signing in that is in use now.
    """
    with journal_of(home).reading() as session:
        row = session.get(SignedIn, _hash(token))
        person = session.get(Person, row.subject) if row else None
        if row is None or person is None or not holds(row, person, settings):
            return None
        found, is_due = known(person), now() - row.last_seen_at > SEEN_EVERY
    if is_due:
        _touch(home, token)
    return found


def holds(row: SignedIn, person: Person, settings: SignIn) -> bool:
    """Whether a session lets its person in now, by the way of signing in that is in use."""
    moment = now()
    return (
        row.revoked_at is None
        and row.created_at <= moment < min(row.ends_at, row.created_at + settings.longest)
        and moment - row.last_seen_at < settings.idle
        and person.state == "active"
        and (person.role, person.scope) == (row.role, row.scope)
        and settings.takes(row.subject)
    )


def end(home: Home, token: str) -> None:
    """End a session; a token that has none is no fault."""
    with journal_of(home).writing() as session:
        _end(session, token)


def form_token(token: str) -> str:
    """What a form or callback of this session has to bring along, and no other site can know."""
    return hmac.new(token.encode(), b"trigpoint form", hashlib.sha256).hexdigest()


def is_form_token(token: str, brought: str) -> bool:
    """Whether this is what a form of the session has to bring."""
    return hmac.compare_digest(form_token(token).encode(), brought.encode())


def _touch(home: Home, token: str) -> None:
    with journal_of(home).writing() as session:
        row = session.get(SignedIn, _hash(token))
        if row is not None and row.revoked_at is None:
            row.last_seen_at = max(now(), row.last_seen_at)


def _end(session: Session, token: str | None) -> None:
    row = session.get(SignedIn, _hash(token)) if token else None
    if row is not None and row.revoked_at is None:
        row.revoked_at = max(now(), row.created_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
