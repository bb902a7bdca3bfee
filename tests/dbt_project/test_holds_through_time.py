"""How long a hold is open, and what breakers had said by a moment, on worlds written by hand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from bench.warehouse import Warehouse
from store.paths import Home
from store.reader import macro
from tests.dbt_project.world_tables import fill, tables
from tests.dbt_project.worlds import File, LetGo, Rule, World

RULES = (Rule("full", 1, 0.0), Rule("partial", 2, 0.0), Rule("third", 3, 0.0))


@pytest.fixture(scope="module")
def warehouse(empty_home: Home) -> Iterator[Warehouse]:
    made = Warehouse(empty_home)
    for table in ("breakers", "figures"):
        made.connection.execute(macro(table, "warehouse"))
    yield made
    made.connection.close()


def on(day: int, hour: int = 0) -> datetime:
    return datetime(2020, 5, 1) + timedelta(days=day - 1, hours=hour)


def file(source: str, name: str, day: int, says: dict[int, float]) -> File:
    """What was published at the start of a day of May about some days before."""
    said = {("A", date(2020, 5, of)): value for of, value in says.items()}
    return File(name, source, on(day), on(day, 1), said)


def cut(one: File) -> File:
    return replace(one, is_cut=True)


def decide(warehouse: Warehouse, *files: File, let_go: tuple[LetGo, ...] = ()) -> None:
    fill(warehouse, tables({"w": World(files, RULES, let_go=let_go)}), severity="warn")
    warehouse.run(["breakers", "figures"])


def holds(warehouse: Warehouse, day: int | None = None) -> dict[str, bool]:
    """The files that a breaker held, by the end of a day or now, and whether each hold is open."""
    table = "breakers" if day is None else f"breakers_as_known(timestamp '{on(day, 23)}')"
    rows = warehouse.connection.sql(
        f"select split_part(file_sha256, '@', 1), is_open from {table} where severity = 'hold'"
    ).fetchall()
    return dict(rows)


def test_a_hold_of_a_full_history_is_open_until_the_next_good_file(warehouse: Warehouse):
    says = {1: 5.0, 2: 5.0}
    decide(
        warehouse,
        cut(file("full", "f1", 3, says)),
        cut(file("full", "f2", 4, says)),
        file("full", "f3", 5, says),
    )
    assert holds(warehouse) == {"f1": False, "f2": False}
    assert holds(warehouse, 3) == {"f1": True}
    assert holds(warehouse, 4) == {"f1": True, "f2": True}
    assert holds(warehouse, 5) == {"f1": False, "f2": False}


def test_a_good_reissue_of_the_same_moment_closes_a_hold(warehouse: Warehouse):
    bad = cut(file("full", "f1", 3, {1: 5.0}))
    good = replace(file("full", "f2", 3, {1: 6.0}), landed_at=on(3, 2))
    decide(warehouse, bad, good)
    assert holds(warehouse) == {"f1": False}
    decide(warehouse, replace(bad, landed_at=on(3, 3)), good)
    assert holds(warehouse) == {"f1": True}, "what landed last was meant to take its place"


def test_a_hold_of_single_days_is_open_while_one_would_be_lost(warehouse: Warehouse):
    held = cut(file("partial", "p1", 3, {1: 5.0, 2: 5.0}))
    later = [file("partial", f"p{day}", day, {day - 1: 5.0}) for day in range(4, 20)]
    decide(warehouse, held, *later)
    assert holds(warehouse) == {"p1": True}, "no good file says anything of its days"
    again = file("partial", "again", 20, {1: 5.0, 2: 6.0})
    decide(warehouse, held, *later, again)
    assert holds(warehouse) == {"p1": False}
    assert holds(warehouse, 19) == {"p1": True}
    early = file("partial", "early", 3, {1: 5.0, 2: 5.0})
    decide(warehouse, replace(early, landed_at=on(2)), held)
    assert holds(warehouse) == {"p1": True}, "nothing newer has come"
    decide(warehouse, replace(early, landed_at=on(2)), held, *later)
    assert holds(warehouse) == {"p1": False}


def test_a_file_that_was_let_go_counts_from_then_on(warehouse: Warehouse):
    said = file("full", "f1", 3, {1: 100.0}), cut(file("full", "f2", 4, {1: 101.0}))
    decide(warehouse, *said, let_go=(LetGo("full", "f2", on(20, 12)),))
    assert holds(warehouse, 19) == {"f2": True} and holds(warehouse, 20) == {"f2": False}
    for day, value in ((4, 100), (19, 100), (20, 101)):
        known = warehouse.connection.sql(
            f"select value from figures_as_known(timestamp '{on(day, 23)}')"
        ).fetchall()
        assert known == [(value,)]
    sentences = warehouse.connection.sql(
        f"select sentence from breakers_as_known(timestamp '{on(19)}') where severity = 'hold'"
    ).fetchall()
    assert all("Let go" not in sentence for (sentence,) in sentences) and sentences
    found = "select published_at, known_from from main.figures"
    assert warehouse.connection.sql(found).fetchall() == [(on(4), on(20, 12))]


def test_a_source_was_late_by_what_had_been_published_by_then(warehouse: Warehouse):
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    sources = ("full@w", "partial@w")
    due = [(source, day) for source in sources for day in days]
    warehouse.give(
        "due_times",
        pl.DataFrame(due, schema=["source_id", "weekday"], orient="row").with_columns(
            is_due_on_bank_holidays=True
        ),
    )
    full = [file("full", f"f{day}", day, {day - 1: 5.0}) for day in range(3, 10)]
    partial = [file("partial", "p3", 3, {1: 5.0}), file("partial", "p8", 8, {1: 5.0})]
    files = [*full, *partial]

    def late(of: str) -> list[tuple[str, ...]]:
        found = f"select source_id, sentence from {of} where breaker_id = 'late'"
        return sorted(warehouse.connection.sql(found).fetchall())

    decide(warehouse, *files)
    known = {day: late(f"breakers_as_known(timestamp '{on(day, 23)}')") for day in range(3, 10)}
    for day, said in known.items():
        decide(warehouse, *(one for one in files if one.published_at <= on(day)))
        assert late("breakers") == said, day
    assert [day for day, said in known.items() if said] == [5, 6, 7]
    assert "due on 2020-05-04" in known[5][0][1] and "due on 2020-05-06" in known[7][0][1]
