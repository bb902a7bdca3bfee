"""Questions that people ask in good faith run, and are answered as a page's reader would."""

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl
import pytest
from confined_england import NATIONAL, asked, statements
from polars.testing import assert_frame_equal

from store import reader as door
from store.confined.answering import TEXT_FOR_A_BYTE
from store.exports import json_pieces
from store.paths import Home
from store.sandbox import Question, Refused, ask, asking, count, explain_plan, limits_of
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


@pytest.mark.parametrize(
    ("viewer", "as_of"),
    [
        # A quick run takes the moment with the scope that has most to tell.
        pytest.param(viewer, as_of, marks=pytest.mark.long if as_of and place < 3 else ())
        for place, viewer in enumerate(VIEWERS)
        for as_of in (None, PAST)
    ],
)
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


def test_no_question_is_too_wide_for_its_bytes(england: Home, monkeypatch):
    most = replace(limits_of("analyst"), bytes=10_000_000)
    monkeypatch.setattr(asking, "limits_of", lambda role: most)
    wide = "select repeat('x', 10000) as x from range(100000)"
    answer = asked(england, wide)
    assert answer.is_cut
    assert 0 < answer.table.nbytes <= answer.limits.bytes


@pytest.mark.parametrize(
    "sql",
    [
        f'select 1 as "{"x" * 19_900}" from range(40000)',
        f"select {{'{'x' * 199}': 1, 'é{'x' * 190}': [2]}} as r from range(300000)",
        f"select 'x'::enum('x', '{'y' * 15_000}') as e from range(40000)",
        "select repeat(chr(1), 10000) as x from range(20000)",
        "select f.* from figures f, range(110) limit 200000",
        "select list_transform(range(200000), lambda x: true) as l from range(200)",
    ],
    ids=lambda sql: sql[:30],
)
def test_no_answer_is_large_as_text(england: Home, monkeypatch, sql: str):
    small = limits_of("public")
    monkeypatch.setattr(asking, "limits_of", lambda role: replace(small, bytes=4_000_000))
    answer = asked(england, sql)
    assert answer.table.num_rows
    most = TEXT_FOR_A_BYTE * answer.limits.bytes
    assert sum(map(len, json_pieces(pl.DataFrame(answer.table)))) <= most + 2


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select list_transform(range(3000000), lambda x: true) as l from range(4)", "One row"),
        ("select repeat('x', 9000000) as x", "One row"),
        ("select 1 as n, [repeat('x', 9000000)] as x from range(9)", "One row"),
        (f"select {{'{'x' * 201}': 1}} as r", "A name within"),
        (f"select [[{{'{'x' * 201}': 1}}]] as r", "A name within"),
    ],
    ids=lambda text: text[:30],
)
def test_a_row_that_nobody_can_hold_as_text_is_refused(england: Home, sql: str, said: str):
    with pytest.raises(Refused, match=said):
        asked(england, sql)


def test_long_and_equal_names_are_told_apart(england: Home):
    long = "x" * 300
    answer = asked(england, f'select 1 as "{long}", 2 as "{long}y", 3 as a, 4 as a, 5 as a_1')
    assert [len(name) for name in answer.table.column_names[:2]] == [201, 203]
    assert answer.table.column_names[2:] == ["a", "a_1", "a_1_1"]
    assert pl.DataFrame(answer.table).row(0) == (1, 2, 3, 4, 5)


def test_a_caller_may_ask_for_fewer_bytes(england: Home):
    question = Question("select repeat('x', 1000) as x from range(100000)")
    answer = ask(england, NATIONAL, "ann", question, "q", most_bytes=1_000_000)
    assert answer.is_cut
    assert 900_000 < answer.table.nbytes <= 1_010_000


def test_a_plan_is_told(england: Home):
    assert "figures" in explain_plan(england, NATIONAL, "ann", Question("from figures"), "q")
