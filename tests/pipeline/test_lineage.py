"""Lineage of columns: what comes out of what, and what only helps to decide."""

import pytest

from pipeline.lineage import Edge, Said, edges, said
from store.errors import TrigpointError

COLUMNS = {
    "rows": ["area", "day", "count", "total", "mark"],
    "marks": ["mark", "reason"],
}


def carried(sql: str) -> set[tuple[str, str]]:
    return {(one.column, one.from_column) for one in edges("made", sql, COLUMNS) if one.is_carried}


def deciding(sql: str) -> set[tuple[str, str]]:
    found = edges("made", sql, COLUMNS)
    return {(one.column, one.from_column) for one in found if not one.is_carried}


@pytest.mark.parametrize(
    ("expression", "comes", "decides"),
    [
        ("count", {"count"}, set()),
        ("cast(count as double)", {"count"}, set()),
        ("coalesce(count, total)", {"count", "total"}, set()),
        ("count + total", {"count", "total"}, set()),
        ("case when mark = '*' then total else count end", {"count", "total"}, {"mark"}),
        ("if(day > 3, count, total)", {"count", "total"}, {"day"}),
        ("arg_max(count, day)", {"count"}, {"day"}),
        ("lag(count) over (partition by area order by day)", {"count"}, {"area", "day"}),
        ("sum(count) filter (where mark is null)", {"count"}, {"mark"}),
        ("nullif(count, total)", {"count"}, {"total"}),
        ("list(count order by day)", {"count"}, {"day"}),
        ("string_agg(mark, ',' order by day)", {"mark"}, {"day"}),
        ("(select max(total) from rows as others) + count", {"total", "count"}, set()),
        ("count in (select total from rows as others)", set(), {"total", "count"}),
        ("count > total", set(), {"count", "total"}),
        ("'always'", set(), set()),
    ],
)
def test_what_comes_out_and_what_decides(expression, comes, decides):
    sql = f"select {expression} as value from rows"
    assert carried(sql) == {("value", name) for name in comes}
    assert deciding(sql) == {("value", name) for name in decides}


def test_a_window_that_has_a_name_decides_where_it_is_used():
    sql = """
    select lag(count) over w as value, sum(total) over (v order by mark) as running
    from rows
    window v as (partition by area), w as (v order by day), unused as (order by reason)
    """
    assert carried(sql) == {("value", "count"), ("running", "total")}
    assert deciding(sql) == {
        *(("value", "area"), ("value", "day")),
        *(("running", "area"), ("running", "mark")),
    }


def test_what_a_question_within_selects_comes_out():
    sql = "select (select max(reason) from marks where marks.mark = rows.mark) as why from rows"
    assert edges("made", sql, COLUMNS) == [Edge("made", "why", "marks", "reason", True)]


def test_it_is_followed_through_steps_unions_and_joins():
    sql = """
    with both as (
        select area, count as value, mark from rows
        union all
        select area, total as value, mark from rows
    ),
    named as (
        select both.*, marks.reason from both left join marks on both.mark = marks.mark
    )
    select area as area_id, value, reason from named
    """
    assert edges("made", sql, COLUMNS) == [
        Edge("made", "area_id", "rows", "area", True),
        Edge("made", "reason", "marks", "reason", True),
        Edge("made", "value", "rows", "count", True),
        Edge("made", "value", "rows", "total", True),
    ]


def test_what_decides_at_one_step_does_not_come_out_at_the_next():
    sql = """
    with marked as (select case when mark is null then count end as value from rows)
    select value as shown from marked
    """
    assert carried(sql) == {("shown", "count")}
    assert deciding(sql) == {("shown", "mark")}


def test_a_series_that_is_named_in_the_text_has_its_own_column():
    sql = """
    with stated as (
        select *, 'daily' as series_id, count as value from rows
        union all
        select *, 'so_far' as series_id, total as value from rows
    )
    select series_id, cast(value as double) as value from stated
    """
    assert said("made", sql, COLUMNS) == [
        Said("made", "daily", "rows", "count"),
        Said("made", "so_far", "rows", "total"),
    ]


def test_series_that_lie_in_tables_of_their_own_are_told_apart():
    columns = COLUMNS | {"others": ["area", "count"]}
    sql = """
    with stated as (
        select area, count, 'here' as series_id from rows
        union all
        select area, count, 'there' as series_id from others
    )
    select series_id, count as value from stated
    """
    assert said("made", sql, columns) == [
        Said("made", "here", "rows", "count"),
        Said("made", "there", "others", "count"),
    ]


def test_a_series_that_the_rows_name_themselves_has_no_name_here():
    sql = "select mark as series_id, count as value from rows"
    assert said("made", sql, COLUMNS) == [Said("made", "", "rows", "count")]


def test_sql_that_cannot_be_read_is_named():
    with pytest.raises(TrigpointError, match="the lineage of made cannot be read"):
        edges("made", "select from where", COLUMNS)
