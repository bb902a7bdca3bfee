"""The people of a store: who they are, in which role, at which scope; kept in the journal.

`subject` begins with how they sign in: `local|ada` has a password here, `demonstration|analyst` is
a persona, and everybody else is known by their provider's address and its name for them.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from journal.engine import journal_of
from journal.notes import readable
from journal.tables import Person, SignedIn, Token
from people.passwords import hashed, is_right
from people.roles import require_scope, role
from store.errors import WrongUse
from store.moments import now
from store.paths import Home
from store.viewer import Viewer

LOCAL, DEMONSTRATION = "local", "demonstration"
NAME = re.compile(r"[a-z][a-z0-9._-]{2,63}")
LONGEST_NAME = 255


@dataclass(frozen=True)
class Known:
    """Somebody who may look: what the gate, the header and the audit need to know of them."""

    subject: str
    name: str
    role: str
    scope: str


def known(person: Person) -> Known:
    """A row of the journal as the rest of the house knows it."""
    return Known(person.subject, person.name, person.role, person.scope)


def viewer(person: Known) -> Viewer:
    """How the door knows somebody: by their scope, where their role sees exact figures."""
    exact = role(person.role).sees_exact
    return Viewer(person.subject, person.role, person.scope if exact else None)


def local(name: str) -> str:
    """The subject of a local account. Raises `WrongUse` for what is no such name."""
    if not NAME.fullmatch(name):
        raise WrongUse(
            f"{name[:40]!r} is no name to sign in with: 3 to 64 small letters, digits and . _ -, "
            "a letter first"
        )
    return f"{LOCAL}|{name}"


def add(home: Home, wanted: Known, password: str) -> None:
    """Make a local account; one that was removed comes back as it is given now.

    Raises `WrongUse` where the name is taken, the scope is not for the role, or the password is
    easily guessed.
    """
    name = wanted.subject.removeprefix(f"{LOCAL}|")
    local(name)
    require_scope(wanted.role, wanted.scope)
    readable("a name", wanted.name, LONGEST_NAME)
    kept = hashed(password, name)
    with journal_of(home).writing() as session:
        person = session.get(Person, wanted.subject)
        if person is not None and person.state == "active":
            raise WrongUse(f"there is a person {wanted.subject} already; see `trigpoint people`")
        _write(session, person, wanted).password_hash = kept


def enter(home: Home, arrived: Known, mail: str | None = None) -> None:
    """Let somebody in whom a provider, or the page of personas, vouches for.

    They are as was said just now, and so is the address that it vouches for; sessions that stand
    on another role or scope end. Raises `WrongUse` for a scope that is not for the role, and for
    whoever was removed here.
    """
    require_scope(arrived.role, arrived.scope)
    wanted = Known(
        readable("the name of an account", arrived.subject, LONGEST_NAME),
        readable("a name", arrived.name, LONGEST_NAME),
        arrived.role,
        arrived.scope,
    )
    with journal_of(home).writing() as session:
        person = session.get(Person, wanted.subject)
        if person is not None and person.state != "active":
            raise WrongUse("this account was removed from Trigpoint")
        _write(session, person, wanted).mail = mail


def change(home: Home, subject: str, role: str, scope: str) -> None:
    """Give a local account another role or scope; its sessions end.

    Raises `WrongUse` where there is no such account or the scope is not for the role.
    """
    require_scope(role, scope)
    with journal_of(home).writing() as session:
        person = _local(session, subject)
        _write(session, person, Known(subject, person.name, role, scope))


def set_password(home: Home, subject: str, password: str) -> None:
    """Give a local account another password; its sessions end. Raises `WrongUse` as `add`."""
    kept = hashed(password, subject.removeprefix(f"{LOCAL}|"))
    with journal_of(home).writing() as session:
        person = _local(session, subject)
        person.password_hash, person.changed_at = kept, max(now(), person.created_at)
        revoke(session, subject)


def remove(home: Home, subject: str) -> None:
    """Let somebody in no more, however they sign in; their sessions end, their notes stay.

    Raises `WrongUse` where there is no such person.
    """
    with journal_of(home).writing() as session:
        person = _active(session, subject)
        person.state, person.password_hash = "ended", None
        person.changed_at = max(now(), person.created_at)
        revoke(session, subject)


def with_password(home: Home, name: str, password: str) -> Known | None:
    """The person whose name and password these are; None for any other."""
    with journal_of(home).reading() as session:
        person = session.get(Person, f"{LOCAL}|{name}") if NAME.fullmatch(name) else None
        is_there = person is not None and person.state == "active"
        kept, found = (person.password_hash, known(person)) if person and is_there else (None, None)
    return found if is_right(kept, password) else None


def active(home: Home, subject: str) -> Known | None:
    """Somebody as they are now; None for nobody, and for whoever was removed or suspended."""
    with journal_of(home).reading() as session:
        person = session.get(Person, subject)
        return known(person) if person is not None and person.state == "active" else None


def listed(home: Home) -> list[dict[str, Any]]:
    """Everybody, with when they last looked: the review of who may do what."""
    theirs = select(func.max(SignedIn.last_seen_at)).where(SignedIn.subject == Person.subject)
    asked = select(Person, theirs.scalar_subquery()).order_by(Person.state, Person.subject)
    with journal_of(home).reading() as session:
        return [_row(person, seen) for person, seen in session.execute(asked)]


def revoke(session: Session, subject: str) -> None:
    """End every session and every token of a person."""
    still = (SignedIn.subject == subject, SignedIn.revoked_at.is_(None))
    # The clock of the machine may have been set back since.
    for row in session.scalars(select(SignedIn).where(*still)):
        row.revoked_at = max(now(), row.created_at)
    theirs = select(Token).where(Token.subject == subject, Token.ended_at.is_(None))
    for token in session.scalars(theirs):
        token.ended_at = max(now(), token.made_at)


def _write(session: Session, person: Person | None, wanted: Known) -> Person:
    moment = now()
    if person is None:
        person = Person(subject=wanted.subject, created_at=moment, changed_at=moment)
        session.add(person)
    elif known(person) == wanted and person.state == "active":
        return person
    elif (person.role, person.scope, person.state) != (wanted.role, wanted.scope, "active"):
        revoke(session, person.subject)
    person.name, person.role, person.scope = wanted.name, wanted.role, wanted.scope
    person.state, person.changed_at = "active", max(moment, person.created_at)
    return person


def _active(session: Session, subject: str) -> Person:
    person = session.get(Person, subject)
    if person is None or person.state != "active":
        raise WrongUse(f"there is nobody {subject[:60]} to change; see `trigpoint people list`")
    return person


def _local(session: Session, subject: str) -> Person:
    if not subject.startswith(f"{LOCAL}|"):
        raise WrongUse(f"{subject[:60]} does not sign in with a password, so this is not said here")
    return _active(session, subject)


def _row(person: Person, seen: datetime | None) -> dict[str, Any]:
    return {
        "subject": person.subject,
        "name": person.name,
        "role": person.role,
        "scope": person.scope,
        "state": person.state,
        "changed_at": person.changed_at,
        "last_seen_at": seen,
    }
