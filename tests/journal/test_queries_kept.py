"""Questions in SQL as they are kept: one's own, those with a name, and those that are shared."""

from datetime import date, datetime

import pytest

from journal import queries
from journal.engine import Journal
from journal.queries import GIVEN, REFUSED, Ran, Text
from people import accounts
from people.accounts import Known
from store.errors import WrongUse
from store.paths import Home

ENGLAND = "E92000001"
AMINA = Known("demonstration|amina", "Amina", "analyst", ENGLAND)
BO = Known("demonstration|bo", "Bo", "analyst", ENGLAND)
VALUES = {
    "day": date(2020, 7, 1),
    "at": datetime(2020, 7, 1, 6, 40),
    "count": 3,
    "share": 0.5,
    "name": "O'Brien \u2013 \x00",
    "is_new": True,
    "nothing": None,
}
TEXT = Text("select $day, $at, $count", VALUES, datetime(2020, 7, 2))
RAN = Ran(GIVEN, 0.026, "20200805-162000-000", 500)


@pytest.fixture(autouse=True)
def people(home: Home, journal: Journal) -> None:
    accounts.enter(home, AMINA)
    accounts.enter(home, BO)


def test_a_run_comes_back_with_its_values_as_they_were(home):
    kept = queries.keep_run(home, AMINA.subject, TEXT, RAN)
    found = queries.one(home, kept.query_id, AMINA.subject)
    assert found == kept
    assert (found.text, found.ran, found.name, found.is_shared) == (TEXT, RAN, None, False)
    kinds = {name: type(value) for name, value in found.text.parameters.items()}
    assert kinds == {name: type(value) for name, value in VALUES.items()}


def test_everybody_sees_their_own_history_the_newest_first(home):
    first = queries.keep_run(home, AMINA.subject, TEXT, RAN)
    second = queries.keep_run(home, AMINA.subject, TEXT, Ran(REFUSED, 0.01))
    assert queries.history(home, AMINA.subject) == [second, first]
    assert queries.history(home, AMINA.subject, most=1) == [second]
    assert queries.history(home, BO.subject) == []


def test_nobody_opens_what_is_not_shared_and_everybody_what_is(home):
    kept = queries.keep_run(home, AMINA.subject, TEXT, RAN)
    assert queries.one(home, kept.query_id, BO.subject) is None
    with pytest.raises(WrongUse, match="you have no query"):
        queries.share(home, kept.query_id, BO.subject)
    queries.share(home, kept.query_id, AMINA.subject)
    found = queries.one(home, kept.query_id, BO.subject)
    assert (found.text, found.is_shared) == (TEXT, True)
    assert queries.history(home, BO.subject) == []


def test_what_is_ended_is_gone_for_everybody(home):
    kept = queries.keep_named(home, AMINA.subject, TEXT, "  Beds \n today ")
    queries.share(home, kept.query_id, AMINA.subject)
    assert [one.name for one in queries.named(home, AMINA.subject)] == ["Beds today"]
    with pytest.raises(WrongUse, match="you have no query"):
        queries.end(home, kept.query_id, BO.subject)
    queries.end(home, kept.query_id, AMINA.subject)
    assert queries.named(home, AMINA.subject) == []
    assert queries.one(home, kept.query_id, BO.subject) is None
    assert queries.one(home, kept.query_id, AMINA.subject) is None
    with pytest.raises(WrongUse, match="you have no query"):
        queries.end(home, kept.query_id, AMINA.subject)


@pytest.mark.parametrize("name", ["", " \n", "x" * 201])
def test_a_name_has_to_be_one(home, name):
    with pytest.raises(WrongUse, match="a name has 1 to 200 characters"):
        queries.keep_named(home, AMINA.subject, TEXT, name)
    assert queries.named(home, AMINA.subject) == []


@pytest.mark.parametrize("sql", ["", "  ", "x" * 20_001])
def test_a_text_has_to_be_one(home, sql):
    with pytest.raises(WrongUse, match="a query has 1 to 20,000 characters"):
        queries.keep_run(home, AMINA.subject, Text(sql, {}), RAN)


def test_what_no_engine_can_store_is_written_out(home):
    kept = queries.keep_run(home, AMINA.subject, Text("select '\x00\ud800'", {}), Ran(REFUSED, 0))
    assert kept.text.sql == "select '\\x00\\ud800'"


def test_nobody_has_more_than_can_be_looked_through(home, monkeypatch):
    monkeypatch.setattr(queries, "MOST_NAMED", 2)
    for name in ("one", "two"):
        queries.keep_named(home, AMINA.subject, TEXT, name)
    with pytest.raises(WrongUse, match="2 saved queries are the most"):
        queries.keep_named(home, AMINA.subject, TEXT, "three")
    assert queries.keep_named(home, BO.subject, TEXT, "three").name == "three"
