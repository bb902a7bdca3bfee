"""What a release shows otherwise than the one before it: counted once, when it is published."""

from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from store import releases
from store.paths import Home
from store.release_changes import UNTOLD, Changes, changes
from tests.dashboard.small_england import write_release

FIGURE = "select '{0}' as figure_id, {1} as value, null::varchar as missing_reason"
PART = "select '{0}' as figure_id, timestamp '{1}' as changed_at, '{2}' as kind, {3} as amount"
BREAKER = (
    "select '{0}' as file_sha256, 's' as source_id, '{1}' as severity, "
    "{2} as is_open, {3} as is_let_go"
)


def released(place: Path, figures: list[str], parts: list[str], breakers: list[str]) -> Path:
    """A file that holds what is compared, and no more of a release."""
    empty = {
        "figures": FIGURE.format("x", 1),
        "figure_changes": PART.format("x", "2020-01-01", "new", 1.0),
        "breakers": BREAKER.format("x", "hold", "true", "false"),
    }
    rows = {"figures": figures, "figure_changes": parts, "breakers": breakers}
    with duckdb.connect(str(place)) as connection:
        for table, none in empty.items():
            connection.execute(f"create table {table} as {none} limit 0")
            for row in rows[table]:
                connection.execute(f"insert into {table} {row}")
    return place


@pytest.fixture
def before(tmp_path: Path) -> Path:
    figures = [FIGURE.format(name, value) for name, value in (("same", 1), ("a", 5), ("gone", 2))]
    parts = [PART.format("a", "2020-05-01", "new", 5.0)]
    return released(tmp_path / "before.duckdb", figures, parts, [])


def test_figures_that_differ_come_or_go_are_counted_and_each_by_its_reasons(before, tmp_path):
    figures = [FIGURE.format(name, value) for name, value in (("same", 1), ("a", 9), ("b", 4))]
    parts = [
        PART.format("a", "2020-05-01", "new", 5.0),
        PART.format("a", "2020-05-02", "late_return", 3.0),
        PART.format("a", "2020-05-02", "correction", 1.0),
        PART.format("b", "2020-05-02", "new", 4.0),
    ]
    draft = released(tmp_path / "draft.duckdb", figures, parts, [])
    found = changes(draft, before)
    assert found.figures == 3
    assert found.kinds == {"correction": 1, "late_return": 1, "new": 1, UNTOLD: 1}


def test_a_change_of_a_figure_that_is_the_same_again_is_none(before, tmp_path):
    figures = [FIGURE.format(name, value) for name, value in (("same", 1), ("a", 5), ("gone", 2))]
    parts = [PART.format("same", "2020-05-02", "correction", 1.0)]
    draft = released(tmp_path / "draft.duckdb", figures, parts, [])
    assert changes(draft, before) == Changes(0, {}, 0, 0)


def test_files_that_are_held_and_let_go_are_counted_once_each(tmp_path):
    breakers = [
        BREAKER.format("f", "hold", "true", "false"),
        BREAKER.format("f", "hold", "true", "false"),
        BREAKER.format("g", "warn", "true", "false"),
        BREAKER.format("h", "hold", "false", "false"),
        BREAKER.format("i", "hold", "false", "true"),
    ]
    draft = released(tmp_path / "draft.duckdb", [], [], breakers)
    assert changes(draft, None) == Changes(None, {}, 1, 1)


def test_a_damaged_release_does_not_stop_the_one_that_mends_it(before, tmp_path):
    draft = released(tmp_path / "draft.duckdb", [], [], [])
    before.write_bytes(b"damaged")
    assert changes(draft, before).figures is None


def test_it_is_put_down_when_a_release_is_published_and_read_back(tmp_path):
    write_release(tmp_path / "home", cited=88.0)
    second = write_release(tmp_path / "home", cited=90.0)
    first, read = releases.kept(Home(tmp_path / "home"))
    assert first.changes == Changes(None, {}, 1, 0)
    assert read == second
    assert read.changes == replace(first.changes, figures=1, kinds={"new": 1})
