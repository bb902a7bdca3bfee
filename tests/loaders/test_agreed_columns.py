"""Columns that no agreement lists are refused as a whole file, whatever the file is."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from samples import SOURCES, as_file, is_json, is_workbook, table
from test_intake import load, load_as, put, variant
from test_local_returns import GOOD, HEADING, NAME, WRITERS

from loaders.agreed import plain
from loaders.documents import Document
from loaders.reading import Reading
from loaders.sources import local_returns, phe_cases_vintages, sus_admissions
from store import agreements
from store.agreements import EVERY_COLUMN
from store.paths import Home

OURS = Path(__file__).parents[2] / "agreements"
LISTED = [
    source
    for source in SOURCES
    if all(agreements.columns(source.SOURCE.name, agreements.read(OURS)).values())
]
Writing = Callable[[list[list[str]]], bytes]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def agreed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Agreements of a test's own, at first those that come with the store."""
    shutil.copytree(OURS, tmp_path / "agreements")
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "agreements"))
    return tmp_path / "agreements"


def held(home: Home) -> list[str]:
    """What became rows or stands in quarantine."""
    files = [*home.raw.rglob("[!_]*.parquet"), *home.quarantine.rglob("[!_]*.parquet")]
    return [str(file.relative_to(home.root)) for file in files]


def widened(rows: list[list[str]], heading: str, value: str = "943 476 5919") -> list[list[str]]:
    return [[*row, heading if at == 0 else value] for at, row in enumerate(rows)]


RETURN = [HEADING, *GOOD]


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("heading", ["NHS number", "comments"])
def test_a_return_with_one_more_column_is_refused_in_every_format(
    folder: Path, home: Home, suffix: str, heading: str
):
    name = f"{NAME}{suffix}"
    put(folder, local_returns, name, WRITERS[suffix](widened(RETURN, heading)))
    refused = load(folder, home)[name]
    assert refused.verdict == "refused" and refused.reason == (
        f"local_returns: {name} has the column '{heading}', which agreement local_returns does not "
        "list; ask for the file without it, or have it agreed and signed, and load it again"
    )
    kept = home.landing / "local_returns" / f"{refused.file_sha256}-{name}"
    assert kept.read_bytes() == (folder / "local_returns" / name).read_bytes()
    assert held(home) == []


@pytest.mark.parametrize("suffix", WRITERS)
def test_a_return_with_the_columns_agreed_lands(folder: Path, home: Home, suffix: str):
    spelled = [["Area Code", "area-name", "DATE", "metric", " value"], *GOOD]
    rows = RETURN if suffix == ".parquet" else spelled
    put(folder, local_returns, f"{NAME}{suffix}", WRITERS[suffix](rows))
    assert load(folder, home)[f"{NAME}{suffix}"].verdict == "landed"


def test_a_name_that_lies_deep_in_a_record_is_a_column_too(folder: Path, home: Home):
    record = '{"area_code": "E06000016", "value": {"nhs_number": 9434765919}}'
    for name, text in ((f"{NAME}.json", f"[{record}]"), (f"{NAME}.ndjson", f"{record}\n")):
        put(folder, local_returns, name, text)
    for receipt in load(folder, home).values():
        assert "has the column 'nhs_number', which" in receipt.reason


def test_an_extract_with_one_more_column_is_refused_before_any_value_is_kept(
    folder: Path, home: Home
):
    lines = sus_admissions.SAMPLE.splitlines()
    wide = [f"{line},{'Postcode' if at == 0 else 'EX4 1AB'}" for at, line in enumerate(lines)]
    broken = [*wide, "Lower tier,Exeter,Exeter,2020-04-07,many,EX4 2AB"]
    put(folder, sus_admissions, sus_admissions.SAMPLE_NAME, "\n".join(broken) + "\n")
    refused = load(folder, home)[sus_admissions.SAMPLE_NAME]
    assert "has the column 'Postcode', which agreement hospital_extracts does not" in refused.reason
    assert "EX4" not in refused.reason and held(home) == []


@pytest.mark.parametrize(("value", "verdict"), [("", "landed"), ("x", "refused")])
@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_column_without_a_name_counts_only_with_a_value(
    folder: Path, home: Home, suffix: str, value: str, verdict: str
):
    put(folder, local_returns, f"{NAME}{suffix}", WRITERS[suffix](widened(RETURN, "", value)))
    receipt = load(folder, home)[f"{NAME}{suffix}"]
    assert receipt.verdict == verdict, receipt.reason
    assert ("the column 'column_6', which" in receipt.reason) == (verdict == "refused")


def test_a_published_source_may_have_any_column(folder: Path, home: Home):
    rows = table(phe_cases_vintages)
    text = "".join(",".join(row) + "\n" for row in widened(rows, "Remarks", "none"))
    put(folder, phe_cases_vintages, phe_cases_vintages.SAMPLE_NAME, text)
    assert load(folder, home)[phe_cases_vintages.SAMPLE_NAME].verdict == "landed"


def test_each_agreement_that_lists_the_source_has_to_list_the_column(
    folder: Path, home: Home, agreed: Path
):
    """A second agreement adds no column to the first, be it one for everything."""
    text = (agreed / "local_returns.toml").read_text()
    every = re.sub(r"columns = .*", f'columns = ["{EVERY_COLUMN}"]', text)
    (agreed / "another.toml").write_text(every)
    name = f"{NAME}.csv"
    put(folder, local_returns, name, WRITERS[".csv"](widened(RETURN, "comments")))
    assert "which agreement local_returns does not list" in load(folder, home)[name].reason
    for file in ("local_returns.toml", "another.toml"):
        (agreed / file).write_text(text.replace('"value"]', '"value", "comments"]'))
    # It is agreed now; that the loader knows no such column is its own matter.
    assert "not known: comments" in load(folder, home)[name].reason


@pytest.mark.parametrize("wrong", ["", 'title = "half"\n'])
def test_without_a_readable_agreement_nothing_is_taken_in_and_it_is_once_mended(
    folder: Path, home: Home, agreed: Path, wrong: str
):
    path, name = agreed / "local_returns.toml", f"{NAME}.csv"
    text = path.read_text()
    path.unlink()
    if wrong:
        path.write_text(wrong)
    put(folder, local_returns, name, WRITERS[".csv"](RETURN))
    refused = load(folder, home)[name]
    assert refused.reason == (
        "local_returns: no agreement that can be read lists the source local_returns, so nobody "
        f"says which columns of {name} may be held; mend that and load it again"
    )
    assert held(home) == [] and list((home.landing / "local_returns").iterdir())
    path.write_text(text)
    assert load(folder, home)[name].verdict == "landed"


def test_a_loader_that_does_not_say_its_headings_takes_nothing_in(folder: Path, home: Home):
    def by_lines(document: Document) -> Reading:
        document.lines()
        return Reading({})

    put(folder, local_returns, f"{NAME}.csv", WRITERS[".csv"](RETURN))
    (refused,) = load_as(variant(local_returns, by_lines), folder, home)
    assert "was read without its headings" in refused.reason


@pytest.mark.parametrize("source", LISTED, ids=lambda source: source.SOURCE.name)
def test_the_list_of_an_agreement_is_what_the_loader_takes(source: ModuleType):
    assert not is_workbook(source) and not is_json(source) and as_file(source)
    (listed,) = agreements.columns(source.SOURCE.name, agreements.read(OURS)).values()
    assert listed is not None
    assert {plain(name) for name in listed} == {plain(name) for name in source.COLUMNS}
    assert [plain(name) for name in table(source)[0]] == [plain(name) for name in listed]


def test_the_sources_that_are_not_published_as_files_have_lists():
    named = {source.SOURCE.name for source in LISTED}
    assert named == {"ground_reports", "local_returns", "sus_admissions"}
