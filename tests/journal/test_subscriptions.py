"""What people want to be sent, and what was sent of it, on both engines."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from journal import subscriptions
from journal.engine import Journal, JournalUnavailable
from journal.subscriptions import ALERTS, Wanted
from people import accounts
from people.accounts import Known
from store.errors import WrongUse
from store.paths import Home

ENGLAND = "E92000001"
AMINA = Known("demonstration|amina", "Amina", "analyst", ENGLAND)
BO = Known("demonstration|bo", "Bo", "analyst", ENGLAND)
BRIEF = Wanted("brief", (), ENGLAND, None, "mail", "amina@example.org")
ALERT = replace(BRIEF, kind="alert", alerts=ALERTS, quiet=(22, 7))
THEN = datetime(2026, 11, 26, 9)


@pytest.fixture(autouse=True)
def people(home: Home, journal: Journal) -> None:
    accounts.enter(home, AMINA)
    accounts.enter(home, BO)


def test_what_is_kept_comes_back_as_it_was(home):
    brief = subscriptions.subscribe(home, AMINA.subject, BRIEF)
    alert = subscriptions.subscribe(home, AMINA.subject, ALERT)
    assert [one.wanted for one in subscriptions.running(home)] == [BRIEF, ALERT]
    assert subscriptions.of_person(home, AMINA.subject) == [alert, brief]
    assert subscriptions.of_person(home, BO.subject) == []


def test_the_same_is_kept_once_and_again_after_its_end(home):
    first = subscriptions.subscribe(home, AMINA.subject, BRIEF)
    assert subscriptions.subscribe(home, AMINA.subject, BRIEF) == first
    subscriptions.end(home, AMINA.subject, first.subscription_id)
    again = subscriptions.subscribe(home, AMINA.subject, BRIEF)
    assert again.subscription_id != first.subscription_id
    assert len(subscriptions.of_person(home, AMINA.subject)) == 2


def test_it_is_ended_by_whoever_has_it_and_never_deleted(home):
    one = subscriptions.subscribe(home, AMINA.subject, BRIEF)
    with pytest.raises(WrongUse, match="you have no subscription"):
        subscriptions.end(home, BO.subject, one.subscription_id)
    assert subscriptions.running(home) == [one]
    ended = subscriptions.end(home, AMINA.subject, one.subscription_id)
    assert ended.ended_at is not None
    assert subscriptions.running(home) == []
    assert subscriptions.of_person(home, AMINA.subject) == [ended]
    with pytest.raises(WrongUse, match="ended already"):
        subscriptions.end(home, AMINA.subject, one.subscription_id)


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "letter"},
        {"alerts": ("late",)},
        {"kind": "alert"},
        {"kind": "alert", "alerts": ("late", "early")},
        {"channel": "pigeon"},
        {"quiet": (7, 7)},
        {"quiet": (7, 24)},
    ],
)
def test_what_cannot_be_sent_is_refused(home, changes):
    with pytest.raises(WrongUse):
        subscriptions.subscribe(home, AMINA.subject, replace(BRIEF, **changes))
    assert subscriptions.running(home) == []


def test_nobody_has_more_than_can_be_sent_in_a_round(home, monkeypatch):
    monkeypatch.setattr(subscriptions, "MOST_OF_ONE_PERSON", 2)
    for number in range(2):
        wanted = replace(BRIEF, address=f"{number}@example.org")
        subscriptions.subscribe(home, AMINA.subject, wanted)
    with pytest.raises(WrongUse, match="are the most"):
        subscriptions.subscribe(home, AMINA.subject, BRIEF)
    subscriptions.subscribe(home, BO.subject, BRIEF)


def test_only_somebody_who_is_known_can_be_sent_anything(home):
    with pytest.raises(WrongUse, match="there is nobody"):
        subscriptions.subscribe(home, "demonstration|nobody", BRIEF)


def test_what_waits_is_put_down_once_and_sent_once(home):
    one = subscriptions.subscribe(home, AMINA.subject, ALERT).subscription_id
    subscriptions.keep_waiting(home, one, ["late.a", "held.b"], "release-1", THEN)
    subscriptions.keep_waiting(home, one, ["late.a"], "release-2", THEN + timedelta(hours=1))
    found = [(each.key, each.release_id) for each in subscriptions.waiting(home, one)]
    assert found == [("held.b", "release-1"), ("late.a", "release-1")]
    subscriptions.keep_sent(home, one, ["late.a"], THEN - timedelta(hours=1))
    assert [each.key for each in subscriptions.waiting(home, one)] == ["held.b"]
    assert subscriptions.keys_sent(home, one) == {"late.a"}


@pytest.mark.parametrize(
    ("quiet", "hours"),
    [
        (None, set()),
        ((22, 7), {22, 23, 0, 1, 2, 3, 4, 5, 6}),
        ((9, 11), {9, 10}),
        ((0, 23), set(range(23))),
    ],
)
def test_quiet_hours_go_over_midnight(quiet, hours):
    wanted = replace(BRIEF, quiet=quiet)
    found = {hour for hour in range(24) if wanted.is_quiet(THEN.replace(hour=hour, minute=59))}
    assert found == hours


@pytest.mark.parametrize(
    "wrong",
    [
        "kind = 'letter'",
        "alerts = 'late'",
        "channel = 'pigeon'",
        "quiet_from = 3",
        "quiet_from = 3, quiet_to = 3",
        "quiet_from = 3, quiet_to = 24",
        "subject = 'nobody'",
        "address = ' '",
    ],
)
def test_the_table_refuses_what_makes_no_sense(home, journal, wrong):
    subscriptions.subscribe(home, AMINA.subject, BRIEF)
    with pytest.raises(JournalUnavailable), journal.writing() as session:
        session.execute(text(f"update subscriptions set {wrong}"))
