"""Whatever the reader of the tree lets through is a question, and nothing else.

Honest questions are taken apart by sqlglot and put together with what may not be asked, at any
place; and words of the grammar are thrown together. What the reader lets through is run by an
engine that nothing holds, and must have done nothing.
"""

import re
from collections.abc import Iterator
from contextlib import chdir
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow.lib as pa
import pytest
import sqlglot
from confined_england import NATIONAL, SECRET, statements
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from store.confined import grammar
from store.confined.answering import CONFIG
from store.confined.grammar import Names, NotAQuestion
from store.connection import lock, opened
from store.paths import Home
from store.reader import exact_for, lay_out, withheld_from
from store.releases import current

HOSTILE_TABLES = [
    *("duckdb_databases", "main.duckdb_databases", "system.main.duckdb_databases"),
    *("pragma_database_list", "sqlite_master", "pg_catalog.pg_settings", "controlled.main.figures"),
    *("read_text('/etc/passwd')", "read_blob('/etc/passwd')", "glob('*')", "duckdb_settings()"),
    *("query('select 1')", "query_table('figures')", "'/etc/passwd'", '"/etc/passwd"'),
    *("read_csv('http://127.0.0.1/x')", "json_execute_serialized_sql('x')", "checkpoint()"),
    "(with x as (copy (select 1) to 'copied') select * from x)",
    "(with x as (delete from figures returning *) select * from x)",
    "histogram(duckdb_databases, path)",
    "histogram_values(col_name := path, source := duckdb_databases)",
    "summary(figures)",
]
HOSTILE_VALUES = [
    *("current_setting('temp_directory')", "getenv('HOME')", "getvariable('x')", "sleep_ms(1)"),
    *("json_serialize_plan('select 1')", "write_log('x')", "nextval('s')", "pg_sleep(1)"),
    "(select content from read_text('/etc/passwd'))",
    "(select path from duckdb_databases limit 1)",
    "(with x as (copy (select 1) to 'copied') select count(*) from x)",
]
HONEST = [
    tree
    for sql in statements("honest.sql")
    if re.match(r"(select|with|from|values)\b", sql)
    for tree in [sqlglot.parse_one(sql, dialect="duckdb")]
    if not tree.find(exp.Command)
]
WORDS = [
    *("select", "from", "with", "as", "(", ")", ",", "*", "1", "'x'", "figures", "metrics", "copy"),
    *("to", "'copied'", "insert", "into", "values", "delete", "update", "set", "returning", ";"),
    *("attach", "explain", "analyze", "summarize", "describe", "show", "tables", "pivot", "on"),
    *("using", "count(*)", "union all", "join", "lateral", "recursive", "materialized", "where"),
    *("duckdb_databases", "read_text", "('secret.txt')", "query", "('select 1')", "pragma", "x"),
    *("call", "create", "view", "table", "in", "group by all", "order by all", "limit 1", "--\n"),
    *("/*", "*/", "$$", '"', "information_schema.tables", "main.", "memory.", "exists", "not"),
    *("values (1)", "unnest([1])", "range(3)", "case when", "then", "end", "over ()", "::", "int"),
    *("\n", "\t", "lambda c: c", "columns(", "execute", "prepare", "load", "install", "begin"),
]


class Unlocked:
    """An engine that nothing holds: a file within reach, a folder to write to, tables to change."""

    def __init__(self, folder: Path) -> None:
        (folder / "secret.txt").write_text(SECRET)
        self._folder = folder
        self.connection = duckdb.connect(config={"threads": 1, "python_enable_replacements": False})
        self.connection.execute("set max_execution_time = 2000")
        for table in ("figures", "metrics"):
            self.connection.execute(f"create table held_{table} as select 1 as x, 'a' as metric_id")
            self.connection.execute(f"create view {table} as from held_{table}")
        self.known = grammar.names(self.connection)
        self.before = self.state()

    def run(self, sql: str) -> str:
        """What it answers, as text."""
        try:
            with self.connection.cursor() as cursor:
                answer = cursor.sql(sql)
                batches = answer.to_arrow_reader(100) if answer else ()
                return str([batch.to_pylist() for batch in islice(batches, 1)])
        except (duckdb.Error, pa.ArrowException, ValueError) as fault:
            return str(fault)

    def state(self) -> list[object]:
        """All that a statement could have changed."""
        looked = (
            "select sql from duckdb_tables() union all select sql from duckdb_views()",
            "select name, value from duckdb_settings() order by name",
            "select database_name from duckdb_databases() order by 1",
            "from held_figures",
            "from held_metrics",
        )
        found: list[object] = [self.connection.sql(sql).fetchall() for sql in looked]
        return [*found, sorted(self._folder.iterdir())]


@pytest.fixture(scope="module")
def unlocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Unlocked]:
    """An engine that would do whatever it is asked."""
    folder = tmp_path_factory.mktemp("unlocked")
    with chdir(folder):
        engine = Unlocked(folder)
        assert SECRET in engine.run("from read_text('secret.txt')")
        yield engine
        engine.run("copy (select 1) to 'copied'")
        assert engine.state() != engine.before
        engine.connection.close()


@pytest.fixture(scope="module")
def reading(england: Home) -> Iterator[tuple[duckdb.DuckDBPyConnection, Names]]:
    """A locked connection on which trees are read, and the names that may be used."""
    release = current(england)
    exact = exact_for(england, release, NATIONAL)
    hidden = withheld_from(england, release, NATIONAL, exact)
    connection = opened(lay_out(england, release, NATIONAL, exact, hidden), CONFIG)
    lock(connection)
    yield connection, grammar.names(connection)
    connection.close()


def is_allowed(reading: tuple[duckdb.DuckDBPyConnection, Names], sql: str) -> bool:
    connection, known = reading
    try:
        grammar.question(connection, sql, known)
    except NotAQuestion:
        return False
    return True


def require_nothing_done(unlocked: Unlocked, sql: str) -> None:
    """Run a statement that may run, and look whether anything is otherwise than it was."""
    if is_allowed((unlocked.connection, unlocked.known), sql):
        assert SECRET not in unlocked.run(sql), sql
        assert unlocked.state() == unlocked.before, sql


def test_what_is_taken_apart_and_put_together_again_is_still_honest(reading):
    told = [tree.sql(dialect="duckdb") for tree in HONEST]
    assert len(told) > 80
    assert sum(is_allowed(reading, sql) for sql in told) > 0.9 * len(told)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_what_may_not_be_asked_may_be_asked_at_no_place(reading, data: st.DataObject):
    require_refused_at_any_place(reading, data)


@pytest.mark.long
@settings(max_examples=2_000, deadline=None)
@given(data=st.data())
def test_nor_at_any_of_very_many(reading, data: st.DataObject):
    require_refused_at_any_place(reading, data)


def require_refused_at_any_place(
    reading: tuple[duckdb.DuckDBPyConnection, Names], data: st.DataObject
) -> None:
    """Put what may not be asked in the place of a table or a value of an honest question."""
    tree = data.draw(st.sampled_from(HONEST)).copy()
    tables = [table for table in tree.find_all(exp.Table) if isinstance(table.this, exp.Identifier)]
    values = list(tree.find_all(exp.Literal, exp.Column))
    of_tables = data.draw(st.booleans()) if tables and values else bool(tables)
    places, hostile = (tables, HOSTILE_TABLES) if of_tables else (values, HOSTILE_VALUES)
    if not places:
        return
    place = data.draw(st.sampled_from(places))
    marked = (
        exp.Table(this=exp.to_identifier("hostile_here"))
        if of_tables
        else exp.column("hostile_here")
    )
    if place is tree:
        return
    place.replace(marked)
    sql = tree.sql(dialect="duckdb")
    if "hostile_here" in sql:  # some values are only told by the name of a function
        sql = sql.replace("hostile_here", data.draw(st.sampled_from(hostile)))
        assert not is_allowed(reading, sql), sql


@settings(max_examples=150, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
def test_whatever_the_tree_reader_lets_through_does_nothing_even_if_nothing_else_held(
    unlocked: Unlocked, words: list[str]
):
    require_nothing_done(unlocked, " ".join(words))


@pytest.mark.long
@settings(max_examples=30_000, deadline=None)
@given(words=st.lists(st.sampled_from(WORDS), min_size=1, max_size=25))
def test_nor_does_any_of_very_many(unlocked: Unlocked, words: list[str]):
    require_nothing_done(unlocked, " ".join(words))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_honest_parts_in_any_place_do_nothing_either(unlocked: Unlocked, data: st.DataObject):
    require_nothing_done_by_parts(unlocked, data)


@pytest.mark.long
@settings(max_examples=2_000, deadline=None)
@given(data=st.data())
def test_nor_do_very_many_of_them(unlocked: Unlocked, data: st.DataObject):
    require_nothing_done_by_parts(unlocked, data)


def require_nothing_done_by_parts(unlocked: Unlocked, data: st.DataObject) -> None:
    """Whatever part of one question takes the place of a part of another."""
    tree = data.draw(st.sampled_from(HONEST)).copy()
    place = data.draw(st.sampled_from(list(tree.walk())))
    other = data.draw(st.sampled_from(HONEST)).copy()
    if place is tree:
        return
    place.replace(data.draw(st.sampled_from(list(other.walk()))).copy())
    sql = tree.sql(dialect="duckdb")
    require_nothing_done(unlocked, sql)


@settings(max_examples=100, deadline=None)
@given(sql=st.text(max_size=60))
def test_any_text_at_all_is_a_question_or_refused(reading, sql: str):
    is_allowed(reading, sql)
