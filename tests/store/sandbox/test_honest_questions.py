"""Questions that people ask in good faith run, and are answered as a page's reader would."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from confined_england import NATIONAL, asked, statements
from polars.testing import assert_frame_equal

from store import reader as door
from store.paths import Home
from store.sandbox import Question, ask, count, explain_plan
from store.viewer import EVERYONE, Viewer
from tests.dashboard.small_england import LEICESTER, PUBLISHED
from tests.mailing.guarded_england import GUARDED, LONDON

HONEST = statements("honest.sql")
PAST = PUBLISHED[1]
VIEWERS = [
    EVERYONE,
    NATIONAL,
    Viewer("priya", "regional_lead", LONDON),
    Viewer("tom", "local_official", LEICESTER),
]


def test_every_honest_question_is_answered(england: Home):
    assert len(HONEST) >= 100
    refused = {}
    for sql in HONEST:
        try:
            asked(england, sql, **({"1": 2} if "$1" in sql else {}))
        except Exception as fault:
            refused[sql] = fault
    assert refused == {}


@pytest.mark.parametrize("viewer", VIEWERS, ids=lambda viewer: viewer.who)
@pytest.mark.parametrize("as_of", [None, PAST])
def test_every_table_is_what_the_door_shows(england: Home, viewer: Viewer, as_of: datetime | None):
    with door.open_reader(england, viewer, as_of) as reader:
        tables = [*reader.release.rows, "releases", "figures_shown", "releases_shown"]
        for table in tables:
            sql = f"from {table} order by all"
            answer = ask(england, viewer, viewer.who, Question(sql, as_of=as_of), table)
            assert_frame_equal(pl.DataFrame(answer.table), reader.ask(sql))
            assert answer.as_of == as_of


def test_a_scope_sees_exact_figures_of_its_own_area_alone(england: Home):
    sql = f"select area_id, value, lower from figures where metric_id = '{GUARDED}' order by all"
    found = {viewer.who: asked(england, sql, viewer).table for viewer in VIEWERS}
    assert len({str(table.to_pylist()) for table in found.values()}) > 1
    for viewer in VIEWERS:
        with door.open_reader(england, viewer) as reader:
            assert found[viewer.who].to_pylist() == reader.ask(sql).to_dicts()


def test_parameters_and_a_past_moment_are_heard(england: Home):
    sql = "select $day + 1 as day, $text as text, $number as number, $nothing as nothing"
    given = {"day": PAST.date(), "text": "'; drop view figures", "number": 1.5, "nothing": None}
    row = ask(england, NATIONAL, "ann", Question(sql, given), "q").table.to_pylist()
    assert row == [given | {"day": PAST.date() + timedelta(days=1)}]
    then = ask(
        england, NATIONAL, "ann", Question("select max(known_from) from figures", {}, PAST), "q"
    )
    assert then.table.column(0)[0].as_py() <= PAST
    now = ask(england, NATIONAL, "ann", Question("select max(known_from) from figures"), "q")
    assert now.table.column(0)[0].as_py() > PAST


def test_an_answer_is_cut_where_the_caller_says_and_says_so(england: Home):
    question = Question("select * from figures a, figures b")
    answer = ask(england, NATIONAL, "ann", question, "q", most_rows=1000)
    assert (answer.table.num_rows, answer.is_cut, answer.limits.rows) == (1000, True, 1000)
    assert len({*answer.table.column_names}) == answer.table.num_columns
    figures = asked(england, "select count(*) from figures").table.column(0)[0].as_py()
    assert count(england, NATIONAL, "ann", question, "q") == figures**2
    whole = ask(england, NATIONAL, "ann", Question("from figures"), "q", most_rows=figures)
    assert (whole.table.num_rows, whole.is_cut) == (figures, False)


def test_no_question_is_too_wide_for_its_bytes(england: Home):
    wide = "select repeat('x', 10000) as x from range(100000)"
    answer = asked(england, wide)
    assert answer.is_cut
    assert 0 < answer.table.nbytes <= answer.limits.bytes


def test_a_plan_is_told(england: Home):
    assert "figures" in explain_plan(england, NATIONAL, "ann", Question("from figures"), "q")
