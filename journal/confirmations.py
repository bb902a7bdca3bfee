"""Addresses that people gave for their mail, and whether each was shown to be theirs.

Whoever reads a link at an address, and is signed in as the person who gave it, has shown that. An
address for which the provider vouched at the last sign-in needs no link.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from journal.engine import journal_of
from journal.tables import Confirmation, Person
from store.errors import WrongUse
from store.moments import now
from store.paths import Home

HOLDS = timedelta(hours=48)
NO_USE = (
    "this link is of no use: it was used already, is more than 48 hours old, or was sent to "
    "somebody else; to be sent another, subscribe once more"
)


@dataclass(frozen=True)
class Asked:
    """A link that was sent to an address, until when it can be used, and when it was."""

    address: str
    ends_at: datetime
    confirmed_at: datetime | None


def is_confirmed(home: Home, subject: str, address: str) -> bool:
    """Whether an address was shown to be of this person."""
    with journal_of(home).reading() as session:
        person = session.get(Person, subject)
        row = session.get(Confirmation, (subject, address))
        is_vouched = person is not None and _is_same(person.mail, address)
        return is_vouched or (row is not None and row.confirmed_at is not None)


def asked(home: Home, subject: str, address: str) -> Asked | None:
    """The link that was sent to this address for this person; None where none was."""
    with journal_of(home).reading() as session:
        row = session.get(Confirmation, (subject, address))
        return _asked(row) if row is not None else None


def new_token() -> str:
    """What a link holds, which nobody guesses."""
    return secrets.token_urlsafe(32)


def keep(home: Home, subject: str, address: str, token: str, at: datetime) -> None:
    """Put down that a link was sent; of the token only its hash is kept."""
    with journal_of(home).writing() as session:
        session.merge(
            Confirmation(
                subject=subject,
                address=address,
                token_hash=_hash(token),
                asked_at=at,
                ends_at=at + HOLDS,
                confirmed_at=None,
            )
        )


def forget_unused(home: Home, subject: str, address: str) -> None:
    """Let another link be sent in place of one that can be used no more."""
    with journal_of(home).writing() as session:
        row = session.get(Confirmation, (subject, address))
        if row is not None and row.confirmed_at is None and row.ends_at <= now():
            session.delete(row)


def sent_to(home: Home, subject: str, token: str) -> str | None:
    """The address to which this person was sent a link that still holds; None for any other."""
    with journal_of(home).reading() as session:
        rows = session.scalars(select(Confirmation).filter_by(subject=subject))
        return next((row.address for row in rows if _holds(row, token)), None)


def confirm(home: Home, subject: str, token: str) -> str:
    """Put down that the address of a link is this person's; gives the address.

    Raises `WrongUse` for a link that was used, is too old, or was sent to somebody else.
    """
    with journal_of(home).writing() as session:
        rows = session.scalars(select(Confirmation).filter_by(subject=subject))
        row = next((row for row in rows if _holds(row, token)), None)
        if row is None:
            raise WrongUse(NO_USE)
        row.token_hash, row.confirmed_at = None, max(now(), row.asked_at)
        return row.address


def _holds(row: Confirmation, token: str) -> bool:
    kept = row.token_hash or ""
    return secrets.compare_digest(kept, _hash(token)) and now() < row.ends_at


def _is_same(vouched: str | None, address: str) -> bool:
    return vouched is not None and vouched.casefold() == address.casefold()


def _asked(row: Confirmation) -> Asked:
    return Asked(row.address, row.ends_at, row.confirmed_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
