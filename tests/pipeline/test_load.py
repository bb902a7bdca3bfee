"""Which folders are loaded, and what a manifest or the operator says of the files in them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from loaders.receipts import Receipt
from loaders.sources import phe_cases_vintages, tomwhite_indicators_vintages
from pipeline.load import Loaded, Stated, is_simulated, load
from store.errors import WrongUse
from store.paths import Home

CASES, INDICATORS = phe_cases_vintages, tomwhite_indicators_vintages
Loading = Callable[..., Loaded]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two sources, each with one file that does not say when it was published."""
    folder = tmp_path / "published"
    for source in (CASES, INDICATORS):
        (folder / source.SOURCE.name).mkdir(parents=True)
        (folder / source.SOURCE.name / "latest.csv").write_text(source.SAMPLE)
    return folder


@pytest.fixture
def loading(folder: Path, tmp_path: Path) -> Loading:
    def run(
        *wanted: str, published_at: str | None = None, correct: bool = False, root: Path = folder
    ) -> Loaded:
        stated = Stated(published_at, corrects_dates=correct)
        return load(Home(tmp_path / "home"), root, wanted, stated, lambda *_: None)

    return run


def by_source(loaded: Loaded) -> dict[str, Receipt]:
    return {receipt.source_id: receipt for receipt in loaded.receipts}


def write_manifest(folder: Path, *rows: str) -> None:
    text = "\n".join(["path,original_source,as_of,published_at", *rows]) + "\n"
    (folder / "MANIFEST.csv").write_text(text, encoding="utf-8-sig")


# What a manifest says


def test_a_manifest_gives_each_file_its_date_and_its_address(folder: Path, loading: Loading):
    """Two sources have a file of the same name here, and each is spoken of by itself."""
    write_manifest(
        folder,
        "phe_cases_vintages/latest.csv,https://example.org/cases,2020-05-04,",
        "tomwhite_indicators_vintages/latest.csv,https://example.org/tom,,9 April 2020",
    )
    receipts = by_source(loading())
    said = {name: (r.published_at, r.url, r.verdict) for name, r in receipts.items()}
    assert said == {
        "phe_cases_vintages": (datetime(2020, 5, 4), "https://example.org/cases", "landed"),
        "tomwhite_indicators_vintages": (datetime(2020, 4, 9), "https://example.org/tom", "landed"),
    }


def test_the_day_of_publication_outranks_what_the_file_is_as_of(folder: Path, loading: Loading):
    write_manifest(folder, "phe_cases_vintages/latest.csv,,2020-05-03,2020-05-04")
    receipts = by_source(loading(published_at="2020-06-01"))
    assert receipts["phe_cases_vintages"].published_at == datetime(2020, 5, 4)
    assert receipts["tomwhite_indicators_vintages"].published_at == datetime(2020, 6, 1)


def test_a_row_without_a_date_leaves_the_date_to_the_operator(folder: Path, loading: Loading):
    write_manifest(folder, "phe_cases_vintages/latest.csv,,last week,", "tomwhite", ",,2020-01-01,")
    assert "give the date with --published-at" in by_source(loading())["phe_cases_vintages"].reason
    receipts = by_source(loading(published_at="2020-05-04"))
    assert receipts["phe_cases_vintages"].published_at == datetime(2020, 5, 4)


def test_a_month_in_a_manifest_keeps_its_precision(folder: Path, loading: Loading):
    write_manifest(folder, "phe_cases_vintages/latest.csv,,2020-05,")
    receipt = by_source(loading())["phe_cases_vintages"]
    assert (receipt.published_at, receipt.published_precision) == (datetime(2020, 5, 31), "month")


@pytest.mark.parametrize(
    "content", [b"path,as_of\n\xff\xfe,2020\n", b'path\n"a\rb' + b"x" * 200_000]
)
def test_a_manifest_that_cannot_be_read_is_named(content: bytes, folder: Path, loading: Loading):
    (folder / "MANIFEST.csv").write_bytes(content)
    with pytest.raises(WrongUse, match=r"MANIFEST\.csv cannot be read"):
        loading()


def test_the_real_manifest_gives_its_addresses(shared_data: Path, tmp_path: Path):
    loaded = load(
        Home(tmp_path), shared_data, ["owid", "phe_deaths_csv"], Stated(), lambda *_: None
    )
    assert len(loaded.receipts) == 2
    assert all(receipt.url.startswith("github:") for receipt in loaded.receipts)
    assert {receipt.verdict for receipt in loaded.receipts} == {"landed"}


# Which folders


def test_folders_that_are_no_known_source_are_listed(folder: Path, loading: Loading):
    for name in ("weather", "boundaries"):
        (folder / name).mkdir()
        (folder / name / "a.csv").write_text("x\n1\n")
    (folder / "README.md").write_text("About these files.")
    loaded = loading(published_at="2020-05-04")
    assert loaded.passed_over == ["boundaries", "weather"]
    assert set(by_source(loaded)) == {"phe_cases_vintages", "tomwhite_indicators_vintages"}


def test_only_the_wanted_sources_are_loaded_and_the_others_are_no_strangers(loading: Loading):
    loaded = loading("phe_cases_vintages", "phe_cases_vintages", published_at="2020-05-04")
    assert [receipt.source_id for receipt in loaded.receipts] == ["phe_cases_vintages"]
    assert loaded.passed_over == []


def test_what_cannot_be_loaded_is_said(folder: Path, loading: Loading):
    with pytest.raises(WrongUse, match="there is no folder"):
        loading(root=folder / "nowhere")
    with pytest.raises(WrongUse, match="unknown source phe_casses; known are ecdc, "):
        loading("phe_casses", "phe_cases_vintages")
    with pytest.raises(WrongUse, match="has no sub-folder for owid; `trigpoint sources` lists"):
        loading("owid", "phe_cases_vintages")
    with pytest.raises(WrongUse, match="has no sub-folder for any known source"):
        loading(root=folder / "phe_cases_vintages")


@pytest.mark.parametrize("day", ["", "soon", "2020-02-30", "01/07/2020", "2020-07-01 or later"])
def test_a_date_of_publication_that_is_none_is_refused(day: str, loading: Loading, tmp_path: Path):
    with pytest.raises(WrongUse, match="is not a day; write it as 2020-07-01"):
        loading(published_at=day)
    assert not (tmp_path / "home").exists()


# Invented and published numbers


@pytest.fixture
def invented(tmp_path: Path) -> Path:
    folder = tmp_path / "invented"
    (folder / "phe_cases_vintages").mkdir(parents=True)
    (folder / "phe_cases_vintages" / CASES.SAMPLE_NAME).write_text(CASES.SAMPLE)
    (folder / "simulation.json").write_text("{}")
    return folder


@pytest.mark.parametrize("invented_first", [True, False])
def test_a_home_holds_invented_or_published_numbers_and_never_both(
    invented_first: bool, folder: Path, invented: Path, tmp_path: Path, loading: Loading
):
    first, second = (invented, folder) if invented_first else (folder, invented)
    loading(published_at="2020-05-04", root=first)
    with pytest.raises(WrongUse, match="into another --home"):
        loading(published_at="2020-05-04", root=second)
    assert is_simulated(Home(tmp_path / "home")) == invented_first


def test_a_simulated_load_that_was_stopped_keeps_its_home(
    invented: Path, folder: Path, tmp_path: Path, loading: Loading
):
    """Its bytes have landed although no receipt says so."""
    loading(root=invented)
    for receipts in (tmp_path / "home" / "receipts").glob("*.parquet"):
        receipts.unlink()
    with pytest.raises(WrongUse, match="holds simulated files"):
        loading(published_at="2020-05-04")


def test_a_home_into_which_nothing_came_takes_either_kind(
    invented: Path, tmp_path: Path, loading: Loading
):
    home = Home(tmp_path / "home")
    (invented / "phe_cases_vintages" / CASES.SAMPLE_NAME).rename(tmp_path / "kept_2020-05-04.csv")
    loading(root=invented)
    assert is_simulated(home)
    loading(published_at="2020-05-04")
    assert not is_simulated(home)
