"""Each release is a package that says what it holds: read as others would, with Frictionless."""

import json
import runpy
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from frictionless import Package, Schema
from frictionless.resources import FileResource, TableResource

from store import dictionary, releases
from store.paths import Home
from store.release_package import DESCRIPTOR, README
from store.release_tables import CATALOGUE, RELEASED
from tests.dashboard.small_england import write_release

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("package")
    return releases.folder(Home(root), write_release(root).release_id) / "tables"


def described(package: Path) -> dict:
    return json.loads((package / DESCRIPTOR).read_text())


def file(package: Path, resource: dict) -> FileResource:
    said = {name: resource[name] for name in ("path", "hash", "bytes")}
    return FileResource(name=resource["name"], basepath=str(package), **said)


def test_the_descriptor_is_a_data_package_of_every_table(package):
    report = Package.validate_descriptor(str(package / DESCRIPTOR))
    assert report.valid, report.flatten(["message"])
    found = described(package)
    assert {one["name"] for one in found["resources"]} == {*RELEASED, "releases", *CATALOGUE}
    assert {one["title"] for one in found["contributors"]} >= {"Public Health England"}
    assert found["licenses"] and found["version"] in found["title"]


def test_every_file_is_the_one_that_is_described_and_no_other(package, tmp_path):
    for resource in described(package)["resources"]:
        report = file(package, resource).validate()
        assert report.valid, (resource["name"], report.flatten(["message"]))
    whole = (package / "figures.parquet").read_bytes()
    (tmp_path / "figures.parquet").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    [figures] = [one for one in described(package)["resources"] if one["name"] == "figures"]
    assert not file(tmp_path, figures).validate().valid


@pytest.mark.parametrize("table", ["figures", "figure_versions", "claims", "metrics", "arrivals"])
def test_rows_keep_what_the_schema_promises(package, table):
    [resource] = [one for one in described(package)["resources"] if one["name"] == table]
    rows = pl.read_parquet(package / resource["path"])
    schema = Schema.from_descriptor(resource["schema"])
    given = [rows.columns, *map(list, rows.rows())]
    report = TableResource(data=given, schema=schema).validate()
    assert report.valid, report.flatten(["message"])[:3]
    assert rows.height == resource["rows"] > 0
    doubled = [rows.columns, *map(list, [rows.row(0), rows.row(0)])]
    assert not TableResource(data=doubled, schema=schema).validate().valid


def test_every_column_is_said_in_words(package):
    for resource in described(package)["resources"]:
        assert resource["description"]
        fields = resource["schema"]["fields"]
        assert [one["name"] for one in fields] == pq.read_schema(package / resource["path"]).names
        assert all(one.get("description") for one in fields), resource["name"]


def test_the_words_are_those_of_the_models():
    generated = runpy.run_path(str(ROOT / "docs" / "generate.py"))["dictionary"]()
    committed = (ROOT / "store" / "dictionary.csv").read_text(encoding="utf-8")
    assert committed == generated, "store/dictionary.csv is old: run `make docs`"
    assert set(dictionary.tables()) == {*RELEASED, "releases", *CATALOGUE}


def test_the_readme_says_measures_marks_publishers_and_that_it_is_controlled(package):
    text = (package / README).read_text()
    for said in ("after disclosure control", "[c]", "[p]", "[r]", "Not counted:", "Cite it"):
        assert said in text
    assert "Office for National Statistics" in text
    assert "`figures.parquet` | 1,859" in text
