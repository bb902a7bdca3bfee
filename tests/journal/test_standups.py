"""A stand-up holds one release for all who look, from its start to its end and not for ever."""

import pytest

from journal import standups
from journal.standups import LONGEST
from store.errors import WrongUse
from store.moments import now

RELEASE, NEXT = "20200805-162000-000", "20200806-162000-000"
ENGLAND, LONDON = "E92000001", "E12000007"


@pytest.fixture(autouse=True)
def own_journal(journal):
    return journal


def test_whoever_starts_second_joins_the_one_that_goes_on(home):
    first = standups.start(home, ENGLAND, RELEASE, "Amina")
    assert standups.start(home, ENGLAND, NEXT, "Bo") == first
    assert standups.going_on(home, ENGLAND) == first
    assert (first.release_id, first.started_by, first.ended_at) == (RELEASE, "Amina", None)
    assert standups.going_on(home, LONDON) is None


def test_an_ended_one_goes_on_no_more_and_the_next_looks_at_what_is_new(home):
    first = standups.start(home, ENGLAND, RELEASE, "Amina")
    ended = standups.end(home, first.standup_id, "Bo")
    assert standups.going_on(home, ENGLAND) is None
    assert (ended.ended_by, ended.until()) == ("Bo", ended.ended_at)
    second = standups.start(home, ENGLAND, NEXT, "Amina")
    assert second.release_id == NEXT
    assert standups.last_before(home, ENGLAND, second.started_at) == ended
    assert standups.last_before(home, ENGLAND, first.started_at) is None


def test_one_ends_once(home):
    first = standups.start(home, ENGLAND, RELEASE, "Amina")
    standups.end(home, first.standup_id, "Bo")
    with pytest.raises(WrongUse, match="ended already"):
        standups.end(home, first.standup_id, "Bo")
    with pytest.raises(WrongUse, match="there is no stand-up"):
        standups.end(home, "standup-of-nobody", "Bo")


def test_one_that_nobody_ends_ends_by_itself(home, monkeypatch):
    first = standups.start(home, ENGLAND, RELEASE, "Amina")
    later = now() + LONGEST
    monkeypatch.setattr(standups, "now", lambda: later)
    assert standups.going_on(home, ENGLAND) is None
    assert first.until() == first.started_at + LONGEST
    assert standups.start(home, ENGLAND, NEXT, "Bo").release_id == NEXT
