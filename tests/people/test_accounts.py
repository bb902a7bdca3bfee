"""Accounts, sessions and attempts in the journal, on each engine that keeps one."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import update

from journal.engine import journal_of
from journal.tables import Attempt
from people import accounts, attempts, passwords, sessions
from people.accounts import Known
from people.attempts import Limit, TooOften
from people.settings import SignIn
from store.errors import WrongUse
from store.moments import now
from store.paths import Home

PASSWORD = "correct horse battery"
ADA = Known("local|ada", "Ada Bell", "regional_lead", "E12000007")
WAY = SignIn("local", None, timedelta(minutes=30), timedelta(hours=12), 60, 0)
GUESSES = Limit("guesses", 3, timedelta(minutes=1))


def test_an_account_is_made_found_and_removed(home: Home):
    accounts.add(home, ADA, PASSWORD)
    assert accounts.with_password(home, "ada", PASSWORD) == ADA
    with pytest.raises(WrongUse, match="there is a person"):
        accounts.add(home, ADA, PASSWORD)
    accounts.remove(home, ADA.subject)
    assert accounts.with_password(home, "ada", PASSWORD) is None
    with pytest.raises(WrongUse, match="nobody"):
        accounts.remove(home, ADA.subject)
    accounts.add(home, ADA, "another horse battery")
    assert accounts.with_password(home, "ada", "another horse battery") == ADA
    assert accounts.with_password(home, "ada", PASSWORD) is None


def test_everybody_is_listed_with_when_they_last_looked(home: Home):
    accounts.add(home, ADA, PASSWORD)
    accounts.add(home, Known("local|bob", "Bob", "engineer", "E92000001"), PASSWORD)
    sessions.begin(home, ADA.subject, WAY)
    found = {row["subject"]: row for row in accounts.listed(home)}
    assert list(found) == ["local|ada", "local|bob"]
    assert now() - found["local|ada"]["last_seen_at"] < timedelta(minutes=1)
    assert found["local|bob"]["last_seen_at"] is None
    assert "password_hash" not in found["local|ada"]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (Known("local|ada", "Ada", "minister", "E92000001"), "there is no role 'minister'"),
        (Known("local|ada", "Ada", "regional_lead", "E92000001"), "has to be a region"),
        (Known("local|ada", "Ada", "local_official", "E12000007"), "has to be a local authority"),
        (Known("local|ada", "Ada", "analyst", "'; drop table people"), "is no code"),
        (Known("local|Ada", "Ada", "analyst", "E92000001"), "is no name to sign in with"),
        (Known("local|ad", "Ada", "analyst", "E92000001"), "is no name to sign in with"),
        (Known("local|ada", "A\u202eda", "analyst", "E92000001"), "cannot be shown"),
        (Known("local|ada", " ", "analyst", "E92000001"), "is empty"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(tmp_path, wanted, why):
    with pytest.raises(WrongUse, match=why):
        accounts.add(Home(tmp_path), wanted, PASSWORD)
    assert not (tmp_path / "journal.db").exists()


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "aaaaaaaaaaaaaaaa", "abababababababab", "Ada.Bell-1234567"]
)
def test_a_password_that_is_easily_guessed_is_refused(password):
    with pytest.raises(WrongUse, match="password"):
        passwords.hashed(password, "adabell")


def test_what_is_kept_is_no_password_and_differs_each_time():
    kept = [passwords.hashed(PASSWORD, "ada") for _ in range(2)]
    assert kept[0] != kept[1]
    assert all(one.startswith("$argon2id$") and PASSWORD not in one for one in kept)
    assert all(passwords.is_right(one, PASSWORD) for one in kept)
    assert not passwords.is_right(None, "nobody has this password")


def test_only_a_local_account_is_given_a_role_here(home: Home):
    known = Known("https://idp.example|ada", "Ada", "analyst", "E92000001")
    accounts.enter(home, known)
    with pytest.raises(WrongUse, match="does not sign in with a password"):
        accounts.change(home, known.subject, "engineer", "E92000001")
    with pytest.raises(WrongUse, match="does not sign in with a password"):
        accounts.set_password(home, known.subject, PASSWORD)
    assert accounts.with_password(home, known.subject, PASSWORD) is None


def test_a_session_holds_for_its_token_and_no_other(home: Home):
    accounts.add(home, ADA, PASSWORD)
    token, other = (sessions.begin(home, ADA.subject, WAY) for _ in range(2))
    assert token != other
    assert sessions.find(home, token, WAY) == ADA
    assert sessions.find(home, token[:-1], WAY) is None
    assert sessions.find(home, "", WAY) is None
    sessions.end(home, token)
    sessions.end(home, "no token")
    assert sessions.find(home, token, WAY) is None
    assert sessions.find(home, other, WAY) == ADA
    assert sessions.is_form_token(other, sessions.form_token(other))
    assert not sessions.is_form_token(other, sessions.form_token(token))
    assert not sessions.is_form_token(other, "\u00e9")


def test_nobody_who_was_removed_begins_a_session(home: Home):
    accounts.add(home, ADA, PASSWORD)
    accounts.remove(home, ADA.subject)
    for subject in (ADA.subject, "local|nobody"):
        with pytest.raises(WrongUse, match="was removed"):
            sessions.begin(home, subject, WAY)


class TestAttempts:
    def test_are_counted_one_by_one_and_begin_anew(self, home: Home):
        for _ in range(3):
            attempts.take(home, GUESSES, "ada")
        with pytest.raises(TooOften) as refused:
            attempts.take(home, GUESSES, "ada")
        assert 0 < refused.value.wait_s <= 60
        attempts.take(home, GUESSES, "bob")
        attempts.take(home, Limit("others", 1, timedelta(minutes=1)), "ada")
        attempts.forget(home, GUESSES, "ada")
        attempts.take(home, GUESSES, "ada")

    @pytest.mark.parametrize("moved", [-timedelta(minutes=1), timedelta(days=1)])
    def test_are_forgotten_in_time_also_those_that_a_clock_put_ahead(self, home: Home, moved):
        for _ in range(3):
            attempts.take(home, GUESSES, "ada")
        with journal_of(home).writing() as session:
            session.execute(update(Attempt).values(made_at=now() + moved))
        attempts.take(home, GUESSES, "ada")

    def test_that_are_made_at_once_are_each_counted(self, home: Home):
        def attempt(_: int) -> bool:
            try:
                attempts.take(home, GUESSES, "ada")
            except TooOften:
                return False
            return True

        with ThreadPoolExecutor(8) as at_once:
            assert sum(at_once.map(attempt, range(16))) == GUESSES.most
