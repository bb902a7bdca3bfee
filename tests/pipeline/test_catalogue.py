"""The catalogue of a warehouse that was really built: whole, described, down to the files."""

import copy
import inspect
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from loaders.sources import all_sources
from pipeline.artifacts import TOLD
from pipeline.artifacts import artifacts as artifacts_of
from pipeline.build import PROJECT
from pipeline.catalogue import TYPES, seed
from pipeline.described import as_compiled
from store.paths import Home
from store.release_tables import CATALOGUE, RELEASED

FROM_FILES = """
with recursive way as (
    select from_table, from_column from catalogue_lineage
    where is_carried and table_name = '{0}' and column_name = '{1}'
    union
    select made.from_table, made.from_column
    from catalogue_lineage as made
    inner join way on made.table_name = way.from_table and made.column_name = way.from_column
    where made.is_carried
)
select from_table, from_column from way
"""


@pytest.fixture(scope="module")
def warehouse(empty_home: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(str(empty_home.warehouse), read_only=True) as connection:
        yield connection


def test_every_table_of_it_is_there_in_its_columns(warehouse):
    assert tuple(TYPES) == CATALOGUE
    for table, columns in TYPES.items():
        assert warehouse.sql(f"from {table} limit 0").columns == list(columns)
        assert warehouse.sql(f"select count(*) from {table}").fetchall()[0][0] > 0


def test_a_figure_is_followed_to_every_column_of_a_file_that_states_one(warehouse):
    way = set(warehouse.sql(FROM_FILES.format("figures", "value")).fetchall())
    raw = {place for place in way if place[0].startswith("raw_")}
    stated = warehouse.sql("select distinct from_table, from_column from catalogue_series")
    assert set(stated.fetchall()) <= raw
    assert ("raw_phe_cases_vintages__cases", "daily_cases") in raw
    assert ("raw_nhse_winter_sitrep__beds", "beds") in raw
    assert {column for _, column in way} & {"area_id", "event_date", "source_id"} == set()


def test_a_way_ends_in_files_or_policy_or_in_what_is_counted(warehouse):
    """Nothing ends in a step on the way, but where that step writes it down itself."""
    held = dict(warehouse.sql("select table_name, layer from catalogue_tables").fetchall())
    for column in ("area_id", "event_date", "metric_id", "published_at", "landed_at"):
        way = warehouse.sql(FROM_FILES.format("claims", column)).fetchall()
        assert {held[table] for table, _ in way} & {"raw", "policy", "kept"}, column


@pytest.mark.parametrize(
    ("metric", "source", "column"),
    [
        ("cases_by_specimen_date", "phe_cases_vintages", "daily_cases"),
        ("cases_by_specimen_date_cumulative", "phe_cases_vintages", "cumulative_cases"),
        ("deaths_hospital_by_death_date", "nhse_announced_deaths", "deaths"),
        ("beds_occupied_general_acute", "nhse_winter_sitrep", "beds"),
        ("deaths_certificate_by_registration_week", "ons_weekly_deaths", "deaths"),
        ("admissions_by_residence", "sus_admissions", "admissions"),
    ],
)
def test_a_metric_is_fed_by_the_column_that_its_series_names(warehouse, metric, source, column):
    found = warehouse.sql(
        f"select distinct from_column from catalogue_series "
        f"where metric_id = '{metric}' and source_id = '{source}'"
    ).fetchall()
    assert found == [(column,)]


def test_every_series_of_the_policy_has_its_column(warehouse):
    held = warehouse.sql("select distinct source_id, series_id from catalogue_series").fetchall()
    assert set(held) == {(row["source_id"], row["series_id"]) for row in seed("series")}


def test_everything_released_is_described(warehouse):
    told = warehouse.sql(
        "select table_name, column_name from catalogue_columns inner join catalogue_tables "
        "using (table_name) where is_released and (catalogue_columns.description = '' "
        "or catalogue_tables.description = '')"
    )
    assert told.fetchall() == []
    released = warehouse.sql("select table_name from catalogue_tables where is_released")
    names = {name for (name,) in released.fetchall()}
    assert names == {*RELEASED, *CATALOGUE, "releases", "figures_shown", "releases_shown"}


def test_what_the_publisher_calls_it_is_what_its_loader_looks_for():
    sources = all_sources()
    for row in seed("published_columns"):
        looked_for = inspect.getsource(sources[row["source_id"]])
        assert row["published_as"] or row["where_it_stands"], row
        for heading in filter(None, row["published_as"].split("|")):
            assert heading in looked_for, row


def test_every_raw_column_says_what_it_is_in_the_file():
    told = [tuple(row.values())[:3] for row in seed("published_columns")]
    typed = {
        (name, table, column)
        for name, module in all_sources().items()
        for table, schema in module.SOURCE.tables.items()
        for column in schema.column_names()
    }
    assert len(told) == len(set(told))
    assert set(told) == typed


def test_tests_are_sentences_about_tables_that_there_are(warehouse):
    lost = warehouse.sql(
        "select * from catalogue_tests where table_name not in "
        "(select table_name from catalogue_tables) or not ends_with(says, '.')"
    )
    assert lost.fetchall() == []
    says = warehouse.sql(
        "select says from catalogue_tests where table_name = 'figures' and column_name is null"
    )
    assert ("One figure a cell.",) in says.fetchall()


def test_no_path_of_this_machine_stands_in_it(warehouse, empty_home):
    for table in CATALOGUE:
        rows = warehouse.sql(f"select count(*) from {table} as told where told::text like '%/tmp%'")
        assert rows.fetchall() == [(0,)]
        rows = warehouse.sql(
            f"select count(*) from {table} as told where contains(told::text, '{empty_home.root}')"
        )
        assert rows.fetchall() == [(0,)]


@pytest.fixture(scope="module")
def artifacts(warehouse) -> dict[str, str]:
    return dict(warehouse.sql("select artifact, content from catalogue_artifacts").fetchall())


def test_what_dbt_says_is_handed_out_without_the_machine_it_ran_on(artifacts, empty_home: Home):
    said = "".join(artifacts.values())
    for place in (str(empty_home.root), str(PROJECT.parent), str(Path.home()), "read_parquet"):
        assert place not in said
    manifest = json.loads(artifacts["manifest"])
    assert set(manifest["metadata"]) == {*TOLD}


def test_nor_does_dbt_say_it_when_its_tests_have_run_or_something_is_shut_off(empty_home: Home):
    """A test that was compiled, and a model that is not enabled, hold where the files lie."""
    with duckdb.connect(str(empty_home.warehouse), read_only=True) as connection:
        compiled = as_compiled(empty_home, connection)
    place = str(empty_home.root)
    manifest = copy.deepcopy(dict(compiled.manifest))
    for node in manifest["nodes"].values():
        more = {"root_path": place, "extra_ctes": [{"sql": place}], "new_in_a_newer_dbt": place}
        node.update(more | ({"compiled_code": place} if node["resource_type"] == "test" else {}))
    manifest["disabled"] = {"model.trigpoint.off": [{"root_path": place}]}
    said = "".join(row["content"] for row in artifacts_of(replace(compiled, manifest=manifest)))
    assert place not in said


def test_one_project_gives_one_text_wherever_and_whenever_it_is_built(
    artifacts, simulated_home: Home
):
    """Or a release would seem to be another one for what dbt happened to do first."""
    with duckdb.connect(str(simulated_home.warehouse), read_only=True) as other:
        told = dict(other.sql("select artifact, content from catalogue_artifacts").fetchall())
    assert json.loads(told["manifest"]) == json.loads(artifacts["manifest"])
    assert told["manifest"] == artifacts["manifest"]


def test_dbts_pages_have_every_table_with_its_columns_and_the_sql_that_ran(artifacts, warehouse):
    manifest, catalog = (json.loads(artifacts[name]) for name in ("manifest", "catalog"))
    tables = {**catalog["nodes"], **catalog["sources"]}
    assert set(tables) == {
        unique_id
        for part in ("nodes", "sources")
        for unique_id, node in manifest[part].items()
        if node["resource_type"] != "test"
    }
    held = warehouse.sql("select table_name, column_name from catalogue_columns").fetchall()
    sources = {
        unique_id: source["relation_name"] for unique_id, source in manifest["sources"].items()
    }
    assert {
        (sources.get(unique_id, unique_id.split(".")[-1]), column)
        for unique_id, table in tables.items()
        for column in table["columns"]
    } == set(held)
    figures = manifest["nodes"]["model.trigpoint.figures"]
    assert "{{" in figures["raw_code"]
    assert "{{" not in figures["compiled_code"]
    assert "Trigpoint" in manifest["docs"]["doc.trigpoint.__overview__"]["block_contents"]
