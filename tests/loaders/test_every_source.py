"""What every source promises, whatever it publishes: a new module is held to all of it at once."""

import gzip
import json
import random
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import get_args

import polars as pl
import pytest
from samples import NAMES, SOURCES, as_file, as_text, harmed, is_json, is_workbook, repeated, table

from loaders import accounting, contract
from loaders.documents import Document, open_document
from loaders.intake import Given, load_folders
from loaders.reading import Refused
from loaders.receipts import Receipt
from loaders.spreadsheets import Sheet
from store import agreements
from store.paths import Home

each_source = pytest.mark.parametrize("source", SOURCES, ids=NAMES)
MODELS = Path(__file__).parents[2] / "dbt_project" / "models" / "staging"
PAGE = b"<!DOCTYPE html>\n<html><body>Service unavailable</body></html>\n"
Taking = Callable[[ModuleType, bytes], Receipt]

# Headings that a file may lack: columns that came later, or that say nothing of the figures.
DISPENSABLE = {
    "ecdc": set(),
    "owid": {"continent"},
    "ons_lookups": {"LAD18NM", "RGN18NM", "FID"},
    "phe_cases_vintages": {
        "Previously reported daily cases",
        "Change in daily cases",
        "Previously reported cumulative cases",
        "Change in cumulative cases",
        "Cumulative lab-confirmed cases rate",
    },
}
# What a workbook must have: what the sheet, the heading or the line is called.
LANDMARKS = {
    "nhse_announced_deaths": (
        "NHS England Region",
        "COVID19 total deaths by trust",
        "Published",
        "Total",
    ),
    "nhse_winter_sitrep": (
        "NHS England Region",
        "G&A beds",
        "Adult critical care",
        "Total beds occ'd",
        "CC Adult Open",
        "Published",
    ),
    "ons_population": ("Code", "MYE2 - Persons", "Date published"),
    "ons_weekly_deaths": ("Week ended", "Weekly figures"),
}


@pytest.fixture
def take_in(tmp_path: Path) -> Taking:
    """Send one file of a source through intake, under the name that the sample has."""

    def taken(source: ModuleType, data: bytes) -> Receipt:
        folder = tmp_path / source.SOURCE.name
        folder.mkdir(exist_ok=True)
        (folder / source.SAMPLE_NAME).write_bytes(data)
        home = Home(tmp_path / "home")
        [receipt] = load_folders({source: folder}, home, Given(), lambda *_: None)
        return receipt

    return taken


def refused_plainly(receipt: Receipt, home: Path) -> bool:
    """One sentence that names the source, and no fault of the reader's own behind it."""
    is_plain = "\n" not in receipt.reason and receipt.reason.startswith(f"{receipt.source_id}: ")
    return receipt.verdict == "refused" and is_plain and not (home / "faults").exists()


# What is declared


@each_source
def test_the_module_the_source_and_the_models_bear_one_name(source: ModuleType):
    name = source.SOURCE.name
    assert source.__name__ == f"loaders.sources.{name}"
    staged = {path.name for path in (MODELS / name).iterdir()}
    assert f"_{name}.yml" in staged
    assert any(model.startswith(f"stg_{name}__") for model in staged)


@each_source
def test_the_source_says_who_publishes_under_which_licence_and_what_absence_means(
    source: ModuleType,
):
    declared = source.SOURCE
    for said in (declared.title, declared.publisher, declared.licence, declared.due):
        assert said.strip() == said and len(said) > 4
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", declared.agreement)
    assert declared.absence in {"zero", "withdrawn", "not_reported"}
    assert declared.cadence in get_args(contract.Cadence)
    assert 0 < declared.refuse_above <= 1
    assert declared.tables
    assert re.search("absen", source.__doc__ or "", re.IGNORECASE), "say what absence means"


@each_source
def test_file_names_are_told_apart_by_what_is_declared(source: ModuleType):
    declared = source.SOURCE
    assert source.SAMPLE_NAME.endswith(declared.suffixes)
    assert all(suffix == suffix.lower() and suffix[0] == "." for suffix in declared.suffixes)
    for pattern, reason in declared.passed_over.items():
        assert not re.search(pattern, source.SAMPLE_NAME)
        assert len(reason.split()) > 2


@each_source
def test_every_table_has_a_key_and_typed_columns(source: ModuleType):
    for schema in source.SOURCE.tables.values():
        names = schema.column_names()
        assert not [name for name in names if name.startswith("_")]
        assert not {"source_id", "file_sha256", "published_at", "landed_at"} & set(names)
        # Plain returns have a rule in place of a key, since their dates are written in many ways.
        assert schema.primary_key() or source.SOURCE.name in {"local_returns", "ons_weekly_deaths"}


# The sample


@each_source
def test_the_sample_is_kept_whole(source: ModuleType, take_in: Taking, tmp_path: Path):
    receipt = take_in(source, as_file(source))
    assert (receipt.verdict, receipt.reason) == ("landed", "")
    assert receipt.rows_landed > 0 and receipt.rows_quarantined == 0
    assert receipt.rows_read == receipt.rows_landed + receipt.rows_skipped
    assert sum(json.loads(receipt.skipped_reasons).values()) == receipt.rows_skipped
    assert receipt.published_at is not None
    raw = list((tmp_path / "home" / "raw" / source.SOURCE.name).glob("*/[!_]*.parquet"))
    landed = {row for file in raw for row in pl.read_parquet(file).select("_sheet", "_row").rows()}
    assert len(landed) == receipt.rows_landed


@each_source
def test_a_repeated_row_is_set_aside_with_its_reason(
    source: ModuleType, take_in: Taking, tmp_path: Path
):
    receipt = take_in(source, repeated(source))
    if source.SOURCE.name == "jhu":
        assert "has 2 rows for the whole United Kingdom" in receipt.reason
        return
    aside = tmp_path / "home" / "quarantine" / source.SOURCE.name / f"{receipt.file_sha256}.parquet"
    refused = pl.read_parquet(aside)
    said = refused["reasons"].explode().unique().to_list()
    assert all("stands more than once" in reason or "has one value" in reason for reason in said)
    by_place = refused.group_by("sheet_name", "table_name").agg(pl.col("file_row").n_unique())
    assert set(by_place["file_row"]) == {2}, "both rows, not one of them"


# What is not what was promised


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (PAGE, "is a web page (HTML)"),
        (b"", "is empty"),
        (b"\r\n\r\n", "is empty"),
        (gzip.compress(b"a,b\n1,2\n" * 99)[:60], "gzip"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"PK\x03\x04", "is a broken or cut off zip file"),
    ],
    ids=["page", "empty", "blank", "cut gzip", "pdf", "cut zip"],
)
@each_source
def test_other_content_under_its_name_is_refused(
    source: ModuleType, content: bytes, said: str, take_in: Taking, tmp_path: Path
):
    receipt = take_in(source, content)
    assert refused_plainly(receipt, tmp_path / "home"), receipt.reason
    assert source.SAMPLE_NAME in receipt.reason and said in receipt.reason


@each_source
def test_the_file_of_any_other_source_is_refused(
    source: ModuleType, take_in: Taking, tmp_path: Path
):
    for other in SOURCES:
        if other is not source:
            receipt = take_in(source, as_file(other))
            assert refused_plainly(receipt, tmp_path / "home"), (other.SOURCE.name, receipt)


@pytest.mark.parametrize(
    "source",
    [s for s in SOURCES if not is_workbook(s) and not is_json(s) and s.SAMPLE_NAME[:3] != "etr"],
    ids=lambda source: source.SOURCE.name,
)
def test_a_column_that_is_missing_is_named(source: ModuleType, take_in: Taking, tmp_path: Path):
    heading, *records = table(source)
    for place, name in enumerate(heading):
        without = [[*row[:place], *row[place + 1 :]] for row in (heading, *records)]
        receipt = take_in(source, as_text(without).encode())
        if name in DISPENSABLE.get(source.SOURCE.name, set()):
            assert receipt.verdict == "landed", receipt.reason
        elif not re.match(r"\d", name):
            assert refused_plainly(receipt, tmp_path / "home"), (name, receipt.reason)
            assert "missing" in receipt.reason and _plain(name) in _plain(receipt.reason)


def _plain(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


@pytest.mark.parametrize(
    ("name", "landmark"), [(n, mark) for n, marks in LANDMARKS.items() for mark in marks]
)
def test_a_landmark_that_is_missing_is_named(
    name: str, landmark: str, take_in: Taking, tmp_path: Path
):
    source = SOURCES[NAMES.index(name)]
    changed = json.loads(json.dumps(source.SAMPLE).replace(landmark, "Renamed"))
    receipt = take_in(source, as_file(source, changed))
    assert refused_plainly(receipt, tmp_path / "home"), receipt.reason
    assert landmark.lower() in receipt.reason.lower()


def opened(source: ModuleType, content: object, tmp_path: Path) -> Document:
    """The document of some content; sheets are given as the child process would hand them over."""
    path = tmp_path / source.SAMPLE_NAME
    if not isinstance(content, dict):
        path.write_text(str(content))
        return open_document(path, path.name)
    document = Document(path.name, path, path.suffix, "xlsx", b"", _sheets={})
    for title, rows in content.items():
        width = max(map(len, rows), default=0)
        cells = [[str(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        document._sheets[title] = Sheet(title, cells)
        document._count_sheet(document._sheets[title])
    return document


@each_source
def test_whatever_is_done_to_a_file_it_balances_or_is_refused(source: ModuleType, tmp_path: Path):
    chance, said = random.Random(source.SOURCE.name), []
    for _ in range(80):
        content = harmed(source, chance)
        try:
            document = opened(source, content, tmp_path)
            reading = source.read(document)
            checked = {
                table: contract.check(frame, source.SOURCE.tables[table], document.name)
                for table, frame in reading.tables.items()
            }
            account = accounting.settle(document, reading, checked)
        except Refused as refusal:
            said.append(str(refusal))
        else:
            parts = account.rows_landed + account.rows_quarantined + account.rows_skipped
            assert parts == account.rows_read, content
    assert not [sentence for sentence in said if "\n" in sentence or len(sentence) > 1000]


@each_source
def test_the_agreement_that_a_source_names_lists_it(source: ModuleType):
    held = agreements.read(Path(__file__).parents[2] / "agreements")
    assert source.SOURCE.name in held[source.SOURCE.agreement].sources
