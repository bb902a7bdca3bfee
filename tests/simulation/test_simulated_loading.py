"""The loaders read what the simulation writes as they read the real files, to the last row."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from loaders.intake import Given, load_folders
from loaders.receipts import Receipt
from loaders.sources import all_sources
from simulation.cadence import Cadence
from simulation.delays import HOSPITAL, LABORATORY
from simulation.disagreements import DUPLICATE_REMOVED_AFTER
from simulation.england import Truth, simulate
from simulation.places import ENGLAND, SEEDS
from simulation.publishers import PUBLISHERS
from simulation.write import Manifest, write_england
from store.paths import Home

DAYS, SEED = 212, 2020

# Few days, and yet one in every layout of each source.
SPARSE = {name: Cadence(every=30) for name in PUBLISHERS}
SPARSE["ons_population"] = Cadence(is_once=True)
SPARSE["nhse_announced_deaths"] = Cadence(every=43)
SPARSE["ons_weekly_deaths"] = Cadence(weekday=1, every=21)
SPARSE["phe_utla_daily_csv"] = Cadence(every=9, until=date(2020, 4, 7))
SPARSE["phe_deaths_csv"] = Cadence(every=30, since=date(2020, 3, 10))


def load(folder: Path, home: Path) -> list[Receipt]:
    sources = {module: folder / name for name, module in all_sources().items()}
    present = {module: path for module, path in sources.items() if path.is_dir()}
    assert len(present) == len(PUBLISHERS)
    return load_folders(present, Home(home), Given(), lambda *_: None)


@dataclass(frozen=True)
class Loaded:
    home: Path
    manifest: Manifest
    receipts: list[Receipt]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    """212 days up to 29 September 2020: every layout of every source."""
    root = tmp_path_factory.mktemp("loaded")
    manifest = write_england(root / "england", DAYS, SEED, cadences=SPARSE)
    return Loaded(root / "home", manifest, load(root / "england", root / "home"))


def test_every_file_lands_with_every_row_and_cell(loaded: Loaded):
    not_landed = [(r.file_name, r.reason) for r in loaded.receipts if r.verdict != "landed"]
    assert not_landed == []
    for receipt in loaded.receipts:
        rows = receipt.rows_landed + receipt.rows_quarantined + receipt.rows_skipped
        assert receipt.rows_read == rows > 0, receipt.file_name
        assert receipt.rows_quarantined == 0, receipt.file_name
        cells = (receipt.cells_landed or 0) + (receipt.cells_skipped or 0)
        assert (receipt.cells_read or 0) == cells, receipt.file_name
    published = {file.path for file in loaded.manifest.files if file.published}
    assert {f"{r.source_id}/{r.file_name}" for r in loaded.receipts} == published


def test_every_file_is_dated_as_it_was_published(loaded: Loaded):
    stated = {file.path: file.published for file in loaded.manifest.files}
    for receipt in loaded.receipts:
        assert receipt.published_at is not None
        said = receipt.published_at.date().isoformat()
        if receipt.source_id == "ons_population":
            assert said < stated[f"{receipt.source_id}/{receipt.file_name}"]
        else:
            assert said == stated[f"{receipt.source_id}/{receipt.file_name}"]


def test_everybody_counts_in_the_population(loaded: Loaded):
    people = newest(loaded.home, "ons_population", "residents")
    seed = pl.read_csv(SEEDS / "populations.csv")
    assert people.height == seed.height
    assert people["people"].sum() == seed["population"].sum()


def test_no_sheet_or_row_is_skipped_as_not_known(loaded: Loaded):
    reasons = {
        reason for receipt in loaded.receipts for reason in json.loads(receipt.skipped_reasons)
    }
    assert reasons
    assert not [reason for reason in reasons if "not known" in reason]


def newest(home: Path, source: str, name: str) -> pl.DataFrame:
    frame = pl.read_parquet(home / "raw" / source / name / "*.parquet")
    return frame.filter(pl.col("_published_at") == pl.col("_published_at").max())


@pytest.fixture(scope="module")
def long_truth() -> Truth:
    return simulate(DAYS, SEED)


def test_settled_cases_of_england_arrive_as_the_truth(loaded: Loaded, long_truth: Truth):
    cases = newest(loaded.home, "phe_cases_vintages", "cases").filter(
        pl.col("area_code") == ENGLAND
    )
    said = dict(cases.select("specimen_date", "daily_cases").iter_rows())
    nations, counts = long_truth.places.summed(long_truth.cases, "nation_id")
    expected = counts[:, nations.index(ENGLAND)]
    for row, day in enumerate(long_truth.dates[: -len(LABORATORY) - DUPLICATE_REMOVED_AFTER - 1]):
        assert said[day] == expected[row]


def test_settled_deaths_of_trusts_arrive_as_the_truth(loaded: Loaded, long_truth: Truth):
    deaths = newest(loaded.home, "nhse_announced_deaths", "deaths_by_trust")
    said = {
        (code, date.fromisoformat(heading)): count
        for code, heading, count in deaths.select("trust_code", "heading", "deaths").iter_rows()
        if heading[:2] == "20"
    }
    place = long_truth.places.late_trust
    code = long_truth.places.trusts["area_id"][place]
    for row, day in enumerate(long_truth.dates[: -len(HOSPITAL) - 6]):
        assert said[code, day] == long_truth.trust_deaths[row, place]
        assert said["-", day] == long_truth.trust_deaths[row].sum()


def test_the_truth_is_no_source():
    assert "truth" not in all_sources()
    assert set(PUBLISHERS) <= set(all_sources())
