"""Tokens: shown once, kept by their hash, and for no longer and no more than the policy says."""

from dataclasses import replace
from datetime import timedelta

import pytest

from journal.engine import journal_of
from journal.tables import Person, SignedIn, Token
from people import accounts, sessions, tokens
from people.accounts import Known
from people.exits import ruled
from people.review import review
from people.settings import SignIn
from store.errors import WrongUse
from store.moments import now
from store.paths import Home

WAY = SignIn("local", None, timedelta(minutes=30), timedelta(hours=12), 60, 0)
PROVIDED = replace(WAY, way="provider")
ADA = Known("local|ada", "Ada Bell", "analyst", "E92000001")
PASSWORD = "correct horse battery"
# What is decided in Python is the same in each engine; what a journal keeps is asked in both.
in_one_engine = pytest.mark.parametrize("home", ["sqlite"], indirect=True)


@pytest.fixture
def ada(home: Home) -> str:
    accounts.add(home, ADA, PASSWORD)
    return ADA.subject


def make(home: Home, subject: str, *uses: str, days: int = 30, settings: SignIn = WAY) -> str:
    return tokens.make(home, subject, "Weekly report", uses or ("read",), days, settings)


def test_a_token_is_found_and_only_its_hash_is_kept(home: Home, ada: str):
    token = make(home, ada, "sql", "read")
    found = tokens.find(home, token, WAY)
    assert found is not None
    assert (found.person, found.uses) == (ADA, {"read", "sql"})
    (one,) = tokens.of_person(home, ada, WAY)
    assert one.holds and one.last_used_at is not None and one.name == "Weekly report"
    with journal_of(home).reading() as session:
        kept = session.get(Token, one.token_id)
        columns = [str(getattr(kept, column.name)) for column in Token.__table__.columns]
    assert not any(token in text or token[3:] in text for text in columns)


def test_nothing_else_is_found(home: Home, ada: str):
    make(home, ada)
    for given in ("", "tp_", "tp_" + "A" * 43, "A" * 46, "tp_é" + "A" * 42):
        assert tokens.find(home, given, WAY) is None
        assert tokens.former(home, given) is None


def test_whose_it_was_is_known_after_its_end(home: Home, ada: str):
    token = make(home, ada)
    (one,) = tokens.of_person(home, ada, WAY)
    tokens.end(home, ada, one.token_id)
    assert tokens.find(home, token, WAY) is None
    assert tokens.former(home, token) == tokens.Former(one.token_id, ADA)


@in_one_engine
@pytest.mark.parametrize(
    ("role", "uses", "days", "why"),
    [
        ("analyst", ("read",), 91, "from 1 to 90 days"),
        ("analyst", ("read",), 0, "from 1 to 90 days"),
        ("analyst", (), 30, "choose what the token may do: read, sql"),
        ("analyst", ("write",), 30, "choose what the token may do"),
        ("engineer", ("sql",), 30, "choose what the token may do: read"),
    ],
)
def test_what_the_policy_does_not_give_is_not_made(home: Home, role, uses, days, why):
    accounts.add(home, replace(ADA, role=role), PASSWORD)
    with pytest.raises(WrongUse, match=why):
        tokens.make(home, ADA.subject, "A name", uses, days, WAY)
    assert tokens.of_person(home, ADA.subject, WAY) == []


def test_one_person_has_no_more_than_the_policy_says(home: Home, ada: str):
    for _ in range(tokens.policy().most):
        make(home, ada)
    with pytest.raises(WrongUse, match="as many as one may have"):
        make(home, ada)
    newest = tokens.of_person(home, ada, WAY)[0]
    tokens.end(home, ada, newest.token_id)
    assert make(home, ada)


def test_nobody_ends_what_is_anothers(home: Home, ada: str):
    token = make(home, ada)
    (one,) = tokens.of_person(home, ada, WAY)
    with pytest.raises(WrongUse, match="no such token"):
        tokens.end(home, "local|bob", one.token_id)
    assert tokens.find(home, token, WAY)


def suspend(home: Home) -> None:
    with journal_of(home).writing() as session:
        session.get(Person, ADA.subject).state = "suspended"


ENDS = {
    "removed": lambda home: accounts.remove(home, ADA.subject),
    "another role": lambda home: accounts.change(home, ADA.subject, "engineer", ADA.scope),
    "another scope": lambda home: accounts.change(home, ADA.subject, ADA.role, "E12000007"),
    "another password": lambda home: accounts.set_password(home, ADA.subject, f"{PASSWORD} two"),
    "suspended": suspend,
}


@in_one_engine
@pytest.mark.parametrize("end", ENDS)
def test_what_becomes_of_its_person_ends_it_at_once(home: Home, ada: str, end: str):
    token = make(home, ada)
    assert tokens.find(home, token, WAY)
    ENDS[end](home)
    assert tokens.find(home, token, WAY) is None


def test_a_longer_time_in_the_journal_than_the_policy_gives_does_not_hold(home: Home, ada: str):
    token = make(home, ada)
    with journal_of(home).writing() as session:
        for row in session.query(Token):
            row.made_at = now() - timedelta(days=91)
            row.ends_at = now() + timedelta(days=400)
    assert tokens.find(home, token, WAY) is None


@in_one_engine
def test_another_way_of_signing_in_lets_no_old_token_in(home: Home, ada: str):
    assert tokens.find(home, make(home, ada), replace(WAY, way="demonstration")) is None


def test_a_provider_has_to_have_vouched_for_its_person_of_late(home: Home):
    person = replace(ADA, subject="https://id.example.org|ada")
    accounts.enter(home, person)
    token = make(home, person.subject, settings=PROVIDED)
    assert tokens.find(home, token, PROVIDED) is None
    sessions.begin(home, person.subject, PROVIDED)
    assert tokens.find(home, token, PROVIDED)
    with journal_of(home).writing() as session:
        for row in session.query(SignedIn):
            row.created_at = row.last_seen_at = now() - timedelta(days=31)
            row.ends_at = row.created_at + timedelta(hours=12)
    assert tokens.find(home, token, PROVIDED) is None


def test_the_review_of_access_counts_those_that_hold(home: Home, ada: str):
    make(home, ada)
    make(home, ada)
    newest = tokens.everybodys(home, WAY)[0]
    tokens.end(home, ada, newest.token_id)
    (found,) = review(home, WAY)
    assert found.tokens == 1


def test_each_exit_of_the_api_is_opened_by_one_use():
    opened = [name for use in tokens.policy().uses.values() for name in use.exits]
    assert sorted(opened) == sorted(name for name, way in ruled().items() if way.kind == "api")
