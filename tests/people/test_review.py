"""The review of access: who does not look comes first; sessions are those that the gate takes."""

from datetime import timedelta

import pytest

from journal.engine import journal_of
from journal.tables import Person, SignedIn
from people import accounts, sessions
from people.accounts import Known
from people.review import UNUSED_AFTER, review, unused
from people.settings import SignIn
from store.moments import now
from store.paths import Home

WAY = SignIn("local", None, timedelta(minutes=30), timedelta(hours=12), 60, 0)


def enter(home: Home, name: str, role: str = "analyst", begins: str = "local") -> str:
    subject = f"{begins}|{name.lower()}"
    accounts.enter(home, Known(subject, name, role, "E92000001"))
    return subject


def looked(home: Home, subject: str, ago: timedelta) -> None:
    """Begin a session that was last used so long ago."""
    token = sessions.begin(home, subject, WAY)
    assert token
    with journal_of(home).writing() as session:
        for row in session.query(SignedIn).filter_by(subject=subject):
            row.created_at = row.last_seen_at = now() - ago
            row.ends_at = row.created_at + WAY.longest


@pytest.fixture
def found(home: Home):
    """Everybody by name, in the order of the review."""
    looked(home, enter(home, "Today"), timedelta(0))
    looked(home, enter(home, "Almost"), UNUSED_AFTER - timedelta(hours=1))
    looked(home, enter(home, "Long"), UNUSED_AFTER + timedelta(days=30))
    looked(home, enter(home, "Longer"), UNUSED_AFTER + timedelta(days=60))
    enter(home, "Never")
    enter(home, "Newcomer")
    looked(home, enter(home, "Gone"), timedelta(0))
    accounts.remove(home, "local|gone")
    enter(home, "Persona", "data_protection_officer", "demonstration")
    return {one.name: one for one in review(home, WAY)}


def test_who_never_looked_comes_first_and_who_was_removed_last(found):
    assert list(found) == [
        *("Never", "Newcomer", "Persona", "Longer", "Long"),
        *("Almost", "Today", "Gone"),
    ]
    assert unused(list(found.values())) == (3, 2)


def test_what_is_told_of_a_person(found):
    assert found["Never"].last_seen_at is None
    assert found["Persona"].signs_in_by == "demonstration"
    assert found["Today"].signs_in_by == "password of this store"
    assert [found[name].sees_exact for name in ("Today", "Persona")] == [True, False]
    assert [found[name].is_shut_out for name in ("Today", "Persona")] == [False, True]
    assert found["Gone"].state == "ended"
    assert not found["Gone"].is_unused


def test_sessions_open_are_those_that_let_somebody_in(home: Home):
    subject = enter(home, "Ada")
    for _ in range(3):
        sessions.begin(home, subject, WAY)
    assert review(home, WAY)[0].sessions == 3
    ended = sessions.begin(home, subject, WAY)
    sessions.end(home, ended)
    assert review(home, WAY)[0].sessions == 3
    looked(home, subject, timedelta(minutes=31))
    assert review(home, WAY)[0].sessions == 0
    sessions.begin(home, subject, WAY)
    elsewhere = SignIn("demonstration", None, WAY.idle, WAY.longest, 60, 0)
    assert review(home, elsewhere)[0].sessions == 0
    with journal_of(home).writing() as session:
        person = session.get(Person, subject)
        assert person is not None
        person.role = "engineer"
    assert review(home, WAY)[0].sessions == 0


def test_a_provider_is_named_by_its_address(home: Home):
    enter(home, "Eve", begins="https://login.example.org")
    assert review(home, WAY)[0].signs_in_by == "https://login.example.org"
