"""The review of access: who may look, in which role, how they sign in, whether they still do."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from journal.engine import journal_of
from journal.tables import Person, SignedIn
from people.accounts import DEMONSTRATION, LOCAL
from people.roles import role
from people.sessions import holds
from people.settings import SignIn
from people.tokens import everybodys
from store.moments import now
from store.paths import Home

UNUSED_AFTER = timedelta(days=90)
# What stands in front of a subject, by how its person signs in.
WAYS = {LOCAL: "password of this store", DEMONSTRATION: "demonstration"}


@dataclass(frozen=True)
class Reviewed:
    """One person; times are naive UTC. `last_seen_at` is None for who never signed in.

    `tokens` is how many tokens let their programs in now. `is_unused` is true of whoever may look
    and has not for 90 days or ever; `is_shut_out` of whoever signs in by another way than the one
    in use, and so cannot.
    """

    subject: str
    name: str
    role: str
    scope: str
    state: str
    signs_in_by: str
    sees_exact: bool
    since: datetime
    changed_at: datetime
    last_seen_at: datetime | None
    sessions: int
    tokens: int
    is_unused: bool
    is_shut_out: bool


def review(home: Home, settings: SignIn) -> list[Reviewed]:
    """Everybody: first those who may look and do not, then by name, last those who were removed.

    Sessions are those that hold at this moment, by the rule that the gate has.
    """
    newest = select(SignedIn.subject, func.max(SignedIn.last_seen_at).label("seen_at"))
    seen = newest.group_by(SignedIn.subject).subquery()
    asked = select(Person, seen.c.seen_at).outerjoin(seen, seen.c.subject == Person.subject)
    tokens = Counter(one.subject for one in everybodys(home, settings) if one.holds)
    still = (SignedIn.revoked_at.is_(None), SignedIn.ends_at > now())
    with journal_of(home).reading() as session:
        open_ = select(SignedIn, Person).join(Person).where(*still)
        rows = session.execute(open_).tuples()
        sessions = Counter(row.subject for row, person in rows if holds(row, person, settings))
        everybody = [
            _reviewed(person, at, (sessions[person.subject], tokens[person.subject]), settings)
            for person, at in session.execute(asked).tuples()
        ]
    return sorted(everybody, key=_order)


def unused(everybody: list[Reviewed]) -> tuple[int, int]:
    """How many may look and never did, and how many did not for 90 days."""
    found = [one for one in everybody if one.is_unused]
    never = sum(one.last_seen_at is None for one in found)
    return never, len(found) - never


def _reviewed(
    person: Person, seen_at: datetime | None, open_: tuple[int, int], settings: SignIn
) -> Reviewed:
    """`open_` are the sessions and the tokens that hold now."""
    sessions, tokens = open_
    begins = person.subject.split("|", 1)[0]
    is_active = person.state == "active"
    return Reviewed(
        subject=person.subject,
        name=person.name,
        role=person.role,
        scope=person.scope,
        state=person.state,
        signs_in_by=WAYS.get(begins, begins),
        sees_exact=role(person.role).sees_exact,
        since=person.created_at,
        changed_at=person.changed_at,
        last_seen_at=seen_at,
        sessions=sessions,
        tokens=tokens,
        is_unused=is_active and (seen_at is None or now() - seen_at >= UNUSED_AFTER),
        is_shut_out=not settings.takes(person.subject),
    )


def _order(one: Reviewed) -> tuple[bool, bool, bool, str, str]:
    """Who never looked comes before who has not for long, the longest first."""
    waits_since = (one.last_seen_at or one.since).isoformat() if one.is_unused else ""
    has_looked = one.is_unused and one.last_seen_at is not None
    return one.state != "active", not one.is_unused, has_looked, waits_since, one.name.casefold()
