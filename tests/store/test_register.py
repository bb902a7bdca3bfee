"""The public register as files: escaped for browsers, harmless in spreadsheets."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from store import agreements, register

OURS = Path(__file__).parents[2] / "agreements"
DAY = date(2026, 11, 26)


@pytest.fixture
def files() -> dict[str, str]:
    held = agreements.read(OURS)["local_returns"]
    return register.files([held.model_copy(update={"title": "=1+1 <script>"})], DAY)


def test_a_title_is_text_in_a_page(files: dict[str, str]):
    assert "<h2>=1+1 &lt;script&gt;</h2>" in files["register.html"]
    assert "<script>" not in files["register.html"] + files["record-of-processing.html"]


@pytest.mark.parametrize("name", ["register.csv", "record-of-processing.csv"])
def test_a_title_is_no_formula_in_a_spreadsheet(files: dict[str, str], name: str):
    (row,) = csv.DictReader(io.StringIO(files[name]))
    assert "'=1+1 <script>" in row.values()


def test_the_register_says_on_each_day_whether_an_agreement_holds():
    held = agreements.read(OURS).values()
    rows = csv.DictReader(io.StringIO(register.files(held, date(2034, 1, 1))["register.csv"]))
    states = {row["Name"]: row["State"] for row in rows}
    assert states["open_government"] == "holds"
    assert states["local_returns"] == "agreement local_returns ended on 2031-01-01"
