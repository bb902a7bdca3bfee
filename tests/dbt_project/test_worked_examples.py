"""The worked examples of the models, run by dbt against a home that holds no file yet."""

from pathlib import Path

import duckdb
import yaml

from pipeline.build import PROJECT, _invoke
from store.paths import Home
from store.release_tables import RELEASED


def test_every_worked_example_holds(empty_home: Home):
    ran: list[str] = []
    _invoke(empty_home, ["test", "--select", "test_type:unit"], lambda *step: ran.append(step[2]))
    written = [
        example["name"]
        for path in PROJECT.glob("models/**/*.yml")
        for example in (yaml.safe_load(path.read_text()) or {}).get("unit_tests", [])
    ]
    assert sorted(ran) == sorted(written)
    assert len(written) > 15


def test_a_source_that_has_brought_nothing_is_an_empty_table(empty_home: Home):
    with duckdb.connect(str(empty_home.warehouse), read_only=True) as connection:
        for table in ("figures", "figure_versions", "claims", "arrivals", "quarantined"):
            assert connection.sql(f"select count(*) from main.{table}").fetchall() == [(0,)]


def test_every_released_table_has_its_columns_described():
    described: dict[str, dict[str, str]] = {}
    for path in [*PROJECT.glob("models/**/*.yml"), *PROJECT.glob("seeds/*.yml")]:
        content = yaml.safe_load(path.read_text()) or {}
        for kind in ("models", "seeds"):
            for node in content.get(kind, []):
                columns = node.get("columns", [])
                described[node["name"]] = {c["name"]: c.get("description", "") for c in columns}
    for table in RELEASED:
        assert described.get(table), f"{table} has no described columns"
        assert all(described[table].values()), f"{table} has columns without a description"


def test_no_column_is_described_twice():
    text = (Path(PROJECT) / "docs" / "columns.md").read_text()
    names = [line.split()[2] for line in text.splitlines() if line.startswith("{% docs")]
    assert len(names) == len(set(names))
