"""The data tests of the policy fail where they should: each is run, as compiled, on a bad seed."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipeline.build import _invoke
from store.paths import Home

SERIES = "a_series_feeds_one_metric_at_a_time"
RULES = "a_source_has_one_rule_at_a_time"
TO_COME = "no_rule_is_agreed_for_a_day_to_come"
LEDGER = "every_dispute_stands_in_the_ledger"
STRATA = "relationships_claims_stratum_id__stratum_id__ref_strata_"


@pytest.fixture(scope="module")
def compiled(empty_home: Home) -> dict[str, str]:
    """The SQL of every data test of this project by its name, as dbt compiled it."""
    _invoke(empty_home, ["compile", "--select", "test_type:data"], lambda *_: None)
    manifest = json.loads((empty_home.root / "dbt" / "target" / "manifest.json").read_text())
    nodes = manifest["nodes"].values()
    return {n["name"]: n["compiled_code"] for n in nodes if n["resource_type"] == "test"}


@pytest.fixture
def warehouse(empty_home: Home, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of a warehouse that holds the seeds as they are and no claim."""
    copy = shutil.copy(empty_home.warehouse, tmp_path / empty_home.warehouse.name)
    with duckdb.connect(str(copy)) as connection:
        yield connection


@pytest.mark.parametrize("test", [SERIES, RULES, TO_COME, LEDGER, STRATA])
def test_the_policy_as_it_stands_passes(
    test: str, compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection
):
    assert warehouse.sql(compiled[test]).fetchall() == []


@pytest.mark.parametrize(
    ("spans", "overlap"),
    [
        ([(None, "2020-05-01"), ("2020-05-01", None)], False),
        ([("2020-05-01", "2020-06-01"), ("2020-07-01", None)], False),
        ([(None, None), (None, None)], True),
        ([(None, "2020-05-01"), (None, "2020-06-01")], True),
        ([("2020-05-01", None), ("2020-05-01", "2020-05-02")], True),
        ([(None, "2020-05-02"), ("2020-05-01", None)], True),
        ([("2020-05-01", None), ("2020-01-01", "2020-03-01"), (None, None)], True),
    ],
)
def test_spans_that_overlap_are_found(
    spans: list[tuple[str | None, str | None]],
    overlap: bool,
    compiled: dict[str, str],
    warehouse: duckdb.DuckDBPyConnection,
):
    for number, (start, end) in enumerate(spans):
        warehouse.execute(
            "insert into policy.series by name select 's' as source_id, 'x' as series_id, "
            "? as metric_id, ?::date as published_from, ?::date as published_until",
            [f"m{number}", start, end],
        )
        warehouse.execute(
            "insert into main.precedence by name select ? as rule_id, 'm' as metric_id, "
            "'s' as source_id, 1 as rank, ?::date as agreed_on, ?::date as retired_on",
            [f"r{number}", start, end],
        )
    for test in (SERIES, RULES):
        assert bool(warehouse.sql(compiled[test]).fetchall()) == overlap


@pytest.mark.parametrize("column", ["agreed_on", "retired_on"])
def test_a_rule_for_a_day_to_come_is_found(
    column: str, compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection
):
    for rule, days in (("today", 0), ("tomorrow", 1)):
        warehouse.execute(
            f"insert into main.precedence by name select ? as rule_id, 'm' as metric_id, "
            f"'s' as source_id, 1 as rank, current_date + ?::int as {column}",
            [rule, days],
        )
    assert [row[0] for row in warehouse.sql(compiled[TO_COME]).fetchall()] == ["tomorrow"]


def test_a_dispute_without_a_row_in_the_ledger_is_found(
    compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection
):
    for figure, status in (("a", "disputed"), ("b", "disputed"), ("c", "explained")):
        warehouse.execute(
            "insert into main.figures by name select ? as figure_id, ? as status", [figure, status]
        )
    warehouse.execute("insert into main.disagreements by name select 'b' as figure_id")
    assert warehouse.sql(compiled[LEDGER]).fetchall() == [("a",)]


def test_a_rule_of_another_metric_or_source_overlaps_with_none(
    compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection
):
    warehouse.execute(
        "insert into main.precedence by name "
        "select * replace (rule_id || '-again' as rule_id, 'other' as source_id) "
        "from main.precedence where source_id = 'jhu'"
    )
    assert warehouse.sql(compiled[RULES]).fetchall() == []


def test_a_claim_about_a_stratum_that_nobody_described_is_found(
    compiled: dict[str, str], warehouse: duckdb.DuckDBPyConnection
):
    warehouse.execute(
        "insert into main.claims by name "
        "select unnest(['all', 'age_0_19', 'age_5_9']) as stratum_id"
    )
    assert warehouse.sql(compiled[STRATA]).fetchall() == [("age_5_9",)]
