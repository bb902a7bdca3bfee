"""Looking for questions on the audit, page by page, and checks of it that are remembered."""

from datetime import date, datetime

import polars as pl
import pytest
from sqlalchemy import text

from journal import audit, checks, reading
from journal.audit import Asker, Given, Question
from journal.reading import Wanted
from store import moments

AMINA = Asker("amina", "analyst", "E92000001")
BERT = Asker("bert", "engineer", "E92000001")
FIRST, SECOND = datetime(2026, 11, 22, 23, 59, 59), datetime(2026, 11, 23)


@pytest.fixture
def asked(home, monkeypatch):
    """Two people on two days: answered, refused and left without an answer."""
    for at, who in ((FIRST, AMINA), (SECOND, AMINA), (SECOND, BERT)):
        monkeypatch.setattr(audit, "now", lambda at=at: at)
        audit.ask(home, who, Question("page", "/", ["E92000001"])).given(Given(3, ["E12000001"]))
        audit.ask(home, who, Question("csv", "/files/trend.csv")).refused("404 NOT FOUND")
        audit.ask(home, who, Question("csv", "/files/areas.csv"))
    monkeypatch.setattr(audit, "now", moments.now)
    return home


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        (Wanted(), 9),
        (Wanted(person="amina"), 6),
        (Wanted(person="nobody"), 0),
        (Wanted(exit="csv"), 6),
        (Wanted(outcome="given"), 3),
        (Wanted(outcome="refused"), 3),
        (Wanted(outcome="none"), 3),
        (Wanted(first_day=date(2026, 11, 23)), 6),
        (Wanted(last_day=date(2026, 11, 22)), 3),
        (Wanted(first_day=date(2026, 11, 22), last_day=date(2026, 11, 22)), 3),
        (Wanted(last_day=date.max), 9),
        (Wanted("bert", "csv", "refused", date(2026, 11, 23), date(2026, 11, 23)), 1),
        (Wanted(when="2026-11-22T23"), 3),
    ],
)
def test_what_is_counted_is_what_is_found(asked, journal, wanted, count):
    assert reading.count(asked, wanted) == count
    found = reading.found(asked, wanted)
    assert found.height == count
    assert found["entry_id"].is_sorted(descending=True)


def test_a_row_says_what_became_of_the_question(asked, journal):
    outcomes = reading.found(asked, Wanted(person="bert")).select("exit", "outcome", "rows").rows()
    expected = [("csv", None, None), ("csv", "404 NOT FOUND", None), ("page", "given", 3)]
    assert outcomes == expected
    (areas,) = reading.found(asked, Wanted("bert", outcome="given"))["areas"]
    assert areas == '["E12000001"]'


def test_pages_go_on_where_the_last_one_ended_whatever_is_added_meanwhile(asked, journal):
    first = reading.found(asked, Wanted(), most=4)
    audit.ask(asked, BERT, Question("page", "/new"))
    second = reading.found(asked, Wanted(), before=first["entry_id"][-1], most=4)
    third = reading.found(asked, Wanted(), before=second["entry_id"][-1], most=4)
    all_of_them = reading.found(asked, Wanted())
    assert pl.concat([first, second, third]).equals(
        all_of_them.filter(pl.col("question") != "/new")
    )


def test_everybody_and_every_exit_stand_in_the_lists_once(asked, journal):
    assert reading.people(asked) == ["amina", "bert"]
    assert reading.exits(asked) == ["csv", "page"]
    assert reading.newest(asked) == 15


def test_an_empty_audit_has_nobody_on_it(home, journal):
    assert reading.people(home) == reading.exits(home) == []
    assert reading.newest(home) == reading.count(home, Wanted()) == 0
    assert checks.last(home) is None


def test_a_check_is_remembered(asked, journal):
    checked = checks.check(asked, "helen")
    assert (checked.entry_id, checked.broken, checked.person) == (15, None, "helen")
    assert checks.last(asked) == checked
    assert f"{checked.entry_id}:{checked.hash}" == asked.audit_head.read_text().strip()


def test_a_check_that_finds_a_break_is_remembered_too(asked, journal):
    checks.check(asked, "helen")
    forget = {
        "sqlite": "drop trigger audit_never_changed",
        "postgresql": "alter table audit disable trigger user",
    }[journal.engine.dialect.name]
    with journal.writing() as session:
        session.execute(text(forget))
        session.execute(text("update audit set person = 'carol' where entry_id = 4"))
    checked = checks.check(asked, "helen")
    assert (checked.entry_id, checked.hash) == (4, None)
    assert checked.broken == (
        "the audit is broken at entry 4: what it says is not what was written"
    )
    assert checks.last(asked) == checked
