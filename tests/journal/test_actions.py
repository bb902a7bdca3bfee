"""Actions are carried over until they are done, and a past moment knows what was open then."""

from datetime import timedelta

import pytest

from journal import actions
from journal.notes import SeenFigure
from store.errors import WrongUse
from store.moments import now

FIGURE = "cases_by_specimen_date.E92000001.all.2020-07-01"
SEEN = SeenFigure(FIGURE, "20200805-162000-000", None)
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def own_journal(journal):
    return journal


def opened(home, text="Ring the trust", hours=4):
    return actions.take_up(home, SEEN, text, "Bed manager", now() + timedelta(hours=hours), "Amina")


def test_an_action_says_who_does_what_by_when_about_which_figure(home):
    action = opened(home)
    assert actions.open_at(home, now()) == [action]
    assert (action["text"], action["owner"], action["opened_by"]) == (
        "Ring the trust",
        "Bed manager",
        "Amina",
    )
    assert (action["figure_id"], action["area_id"], action["done_at"]) == (
        FIGURE,
        "E92000001",
        None,
    )


def test_what_is_due_first_stands_first(home):
    for text, hours in (("later", 9), ("first", 1), ("last", 30)):
        opened(home, text, hours)
    assert [action["text"] for action in actions.open_at(home, now())] == ["first", "later", "last"]


def test_an_open_action_is_carried_over_and_a_done_one_is_not(home):
    kept, done = opened(home, "kept"), opened(home, "done")
    finished = actions.finish(home, done["action_id"], "Bo")
    assert finished["done_by"] == "Bo"
    assert actions.open_at(home, now() + timedelta(days=30)) == [kept]
    before = finished["done_at"] - TICK
    assert actions.open_at(home, before) == [kept, done]
    assert actions.open_at(home, kept["opened_at"] - TICK) == []


def test_an_action_is_done_once(home):
    action = opened(home)
    actions.finish(home, action["action_id"], "Bo")
    with pytest.raises(WrongUse, match="done already, by Bo"):
        actions.finish(home, action["action_id"], "Cy")
    with pytest.raises(WrongUse, match="there is no action"):
        actions.finish(home, "action-of-nobody", "Cy")


@pytest.mark.parametrize("hours", [-1, 24 * 367])
def test_an_action_is_due_in_the_year_that_comes(home, hours):
    with pytest.raises(WrongUse, match="within the next year"):
        opened(home, hours=hours)
    assert actions.open_at(home, now()) == []


@pytest.mark.parametrize("text", ["", " ", "x" * 2001, "turned \u202e round"])
def test_a_text_that_says_nothing_or_cannot_be_read_is_refused(home, text):
    with pytest.raises(WrongUse):
        opened(home, text)


def test_what_moved_between_two_moments_is_told_as_it_was_by_then(home):
    start = now()
    first = opened(home, "first")
    middle = now()
    finished = actions.finish(home, first["action_id"], "Bo")
    second = opened(home, "second")
    assert actions.between(home, start, middle) == [first]
    assert actions.between(home, middle, now()) == [finished, second]
    assert actions.between(home, start - timedelta(hours=1), start) == []
