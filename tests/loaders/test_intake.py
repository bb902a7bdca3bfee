"""Whatever arrives lands as bytes first, gets a receipt, and is kept, set aside or refused."""

import dataclasses
import errno
import hashlib
import json
import multiprocessing
import os
import random
import resource
import shutil
import time
from collections.abc import Callable
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import polars as pl
import pytest
from samples import SOURCES, as_file, workbook

from loaders import intake, ledger
from loaders.area_register import area_register
from loaders.contract import Source
from loaders.documents import Document
from loaders.intake import Given, load_folders
from loaders.publications import require_rows
from loaders.reading import Published, Reading, Skipped
from loaders.receipts import MOST_COLUMNS, Receipt, columns_of, read_receipts, standing
from loaders.sources import (
    all_sources,
    ecdc,
    local_returns,
    nhse_announced_deaths,
    ods_reference,
    phe_cases_vintages,
    tomwhite_indicators_vintages,
    ukhsa_dashboard_json,
)
from store.errors import TrigpointError
from store.lock import writing
from store.moments import now
from store.paths import Home

CASES = phe_cases_vintages
HEADING = CASES.SAMPLE.splitlines()[0]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def put(folder: Path, source: ModuleType, name: str, data: bytes | str) -> Path:
    path = folder / source.SOURCE.name / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def put_samples(folder: Path) -> None:
    for source in SOURCES:
        put(folder, source, source.SAMPLE_NAME, as_file(source))


def load(folder: Path, home: Home, given: Given | None = None) -> dict[str, Receipt]:
    """Load every sub-folder of a known source; the receipts by file name."""
    folders = {m: folder / name for name, m in all_sources().items() if (folder / name).is_dir()}
    receipts = load_folders(folders, home, given or Given(), lambda *_: None)
    return {receipt.file_name: receipt for receipt in receipts}


def load_as(source: ModuleType, folder: Path, home: Home) -> list[Receipt]:
    """Load the folder of one source with a module that stands in for it."""
    return load_folders({source: folder / source.SOURCE.name}, home, Given(), lambda *_: None)


def variant(
    source: ModuleType, read: Callable[[Document], Reading] | None = None, **changes: Any
) -> ModuleType:
    """A source module that differs in some promises, or in how it reads."""
    module = ModuleType(source.__name__)
    declared: Source = dataclasses.replace(source.SOURCE, **changes)
    module.__dict__.update(SOURCE=declared, read=read or source.read)
    return module


def cases(day: str, count: int = 3, rows: int = 2) -> str:
    """A file of cases of some areas, as published on a day."""
    lines = [f"Area {n},E0600{n:04d},Utla,{day},{count},,,{count},,,0.1\n" for n in range(rows)]
    return f"{HEADING}\n{''.join(lines)}"


def raw_files(home: Home) -> dict[str, int]:
    """Each raw file of data with its inode: written anew, it would have another."""
    files = home.raw.glob("*/*/[!_]*.parquet")
    return {str(path.relative_to(home.raw)): path.stat().st_ino for path in files}


# Bytes first


def test_a_refused_file_stays_in_landing_unchanged_and_read_only(folder: Path, home: Home):
    page = b"<html>Service unavailable</html>"
    put(folder, CASES, "cases_2020-05-01.csv", page)
    receipt = load(folder, home)["cases_2020-05-01.csv"]
    digest = hashlib.sha256(page).hexdigest()
    landed = home.landing / "phe_cases_vintages" / f"{digest}-cases_2020-05-01.csv"
    assert receipt.verdict == "refused" and receipt.file_sha256 == digest
    assert receipt.bytes == len(page)
    assert landed.read_bytes() == page
    assert landed.stat().st_mode & 0o777 == 0o444


def test_every_arrival_gets_a_receipt_with_its_verdict_and_reason(folder: Path, home: Home):
    put(folder, CASES, "a_2020-05-01.csv", cases("2020-05-01"))
    put(folder, CASES, "b_2020-05-01.csv", cases("2020-05-01"))
    put(folder, CASES, "c_2020-05-03.csv", "Area name,Area code\nEngland,E92000001\n")
    put(folder, CASES, "notes.txt", "read me")
    put(folder, ukhsa_dashboard_json, "OFF-SENS_x.json", "{}")
    (folder / "phe_cases_vintages" / "earlier").mkdir()
    receipts = load(folder, home)
    assert {name: receipt.verdict for name, receipt in receipts.items()} == {
        "a_2020-05-01.csv": "landed",
        "b_2020-05-01.csv": "known",
        "c_2020-05-03.csv": "refused",
        "notes.txt": "passed_over",
        "earlier": "passed_over",
        "OFF-SENS_x.json": "passed_over",
    }
    known = receipts["b_2020-05-01.csv"]
    assert known.published_at == receipts["a_2020-05-01.csv"].published_at
    assert known.reason == "the same bytes arrived before"
    assert receipts["c_2020-05-03.csv"].reason.startswith("phe_cases_vintages: missing columns")
    assert receipts["notes.txt"].reason == "phe_cases_vintages publishes .csv files"
    assert receipts["earlier"].reason == "not a file"
    kept = read_receipts(home)
    assert kept["receipt_id"].is_unique().all() and kept["landed_at"].is_unique().all()
    assert set(kept["file_name"]) == set(receipts)
    hidden = list((home.landing / "ukhsa_dashboard_json").glob("*"))
    assert hidden == [], "what may not be held is not landed either"


def test_a_second_load_adds_receipts_and_nothing_else(folder: Path, home: Home):
    put_samples(folder)
    first = load(folder, home)
    files, landing = raw_files(home), sorted(home.landing.rglob("*"))
    second = load(folder, home)
    assert {receipt.verdict for receipt in first.values()} == {"landed"}
    assert {receipt.verdict for receipt in second.values()} == {"known"}
    assert raw_files(home) == files and sorted(home.landing.rglob("*")) == landing
    assert read_receipts(home).height == 2 * len(SOURCES)


def test_the_same_bytes_under_a_later_publication_are_said_again(folder: Path, home: Home):
    """A publisher who goes back to an earlier file has the last word."""
    put(folder, CASES, "a_2020-05-01.csv", cases("2020-04-30", 5))
    put(folder, CASES, "b_2020-05-02.csv", cases("2020-04-30", 6))
    put(folder, CASES, "c_2020-05-03.csv", cases("2020-04-30", 5))
    first, second = load(folder, home), load(folder, home)
    assert [receipt.verdict for receipt in first.values()] == ["landed"] * 3
    assert [receipt.verdict for receipt in second.values()] == ["known"] * 3
    a, c = (first[name] for name in ("a_2020-05-01.csv", "c_2020-05-03.csv"))
    assert c.file_sha256 == f"{a.file_sha256}@20200503T000000"
    assert second["c_2020-05-03.csv"].file_sha256 == c.file_sha256
    raw = pl.read_parquet(home.raw / "phe_cases_vintages" / "cases" / "*.parquet")
    said = raw.select("_published_at", "daily_cases").unique().sort("_published_at")
    assert said["daily_cases"].to_list() == [5, 6, 5]
    assert set(raw["_file_sha256"]) == {receipt.file_sha256 for receipt in first.values()}


def test_a_file_that_goes_back_within_its_own_day_has_the_last_word(folder: Path, home: Home):
    """A publisher corrects a file of the day twice, and the second time goes back to the first."""
    said = []
    for count in (5, 6, 5, 6, 5, 5):
        put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30", count))
        said += load(folder, home).values()
    assert [receipt.verdict for receipt in said] == ["landed"] * 5 + ["known"]
    assert {receipt.published_at for receipt in said} == {datetime(2020, 5, 1)}
    assert len({receipt.file_sha256 for receipt in said[:5]}) == 5
    raw = pl.read_parquet(home.raw / "phe_cases_vintages" / "cases" / "[!_]*.parquet")
    said_in_order = raw.select("_landed_at", "daily_cases").unique().sort("_landed_at")
    assert said_in_order["daily_cases"].to_list() == [5, 6, 5, 6, 5]


def test_a_copy_of_a_replaced_file_under_another_name_does_not_bring_it_back(
    folder: Path, home: Home
):
    for count in (5, 6):
        put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30", count))
        load(folder, home)
    put(folder, CASES, "copy_2020-05-01.csv", cases("2020-04-30", 5))
    receipts = load(folder, home)
    assert {receipt.verdict for receipt in receipts.values()} == {"known"}


def test_a_file_that_states_its_own_moment_is_the_same_under_every_name(folder: Path, home: Home):
    workbook = as_file(nhse_announced_deaths)
    put(folder, nhse_announced_deaths, "deaths_2020-03-09.xlsx", workbook)
    put(folder, nhse_announced_deaths, "deaths_2020-04-09.xlsx", workbook)
    receipts = list(load(folder, home).values())
    assert [receipt.verdict for receipt in receipts] == ["landed", "known"]
    assert {receipt.published_at for receipt in receipts} == {datetime(2020, 3, 3)}
    assert receipts[0].published_basis == "inside"


def on(day: int, month: int = 5, **more: Any) -> Given:
    """What an operator says of a whole folder."""
    return Given(otherwise=Published(datetime(2020, month, day)), **more)


def history(home: Home) -> list[tuple[datetime, int]]:
    """What was said, by moment of publication."""
    raw = pl.read_parquet(home.raw / "phe_cases_vintages" / "cases" / "[!_]*.parquet")
    return raw.select("_published_at", "daily_cases").unique().sort("_published_at").rows()


def test_a_file_that_lies_there_still_says_nothing_new_on_another_day(folder: Path, home: Home):
    """A folder that grows is loaded each day with that day's date."""
    put(folder, CASES, "leicester.csv", cases("2020-04-30", 5))
    load(folder, home, on(1))
    put(folder, CASES, "a-corrected.csv", cases("2020-04-30", 6))
    receipts = load(folder, home, on(2))
    assert receipts["leicester.csv"].verdict == "known"
    assert history(home) == [(datetime(2020, 5, 1), 5), (datetime(2020, 5, 2), 6)]


def test_a_file_that_went_back_to_earlier_bytes_is_said_again(folder: Path, home: Home):
    for day, count in ((1, 5), (2, 6), (3, 5)):
        put(folder, CASES, "leicester.csv", cases("2020-04-30", count))
        load(folder, home, on(day))
    assert [count for _, count in history(home)] == [5, 6, 5]


@pytest.mark.parametrize("name", ["cases.csv", "cases_2020-05-04.csv"])
def test_the_last_date_can_be_taken_back_whoever_said_it(name: str, folder: Path, home: Home):
    path = put(folder, CASES, name, cases("2020-04-30"))
    load(folder, home, on(4))
    told = load_folders({CASES: path.parent}, home, on(2, corrects_dates=True), lambda *_: None)
    assert [(receipt.verdict, receipt.published_at) for receipt in told] == [
        ("taken_back", datetime(2020, 5, 4)),
        ("landed", datetime(2020, 5, 2)),
    ]
    load(folder, home, on(2, corrects_dates=True))
    assert history(home) == [(datetime(2020, 5, 2), 3)]
    assert read_receipts(home)["receipt_id"].is_unique().all()
    load(folder, home, on(4, corrects_dates=True))
    assert standing(read_receipts(home))["published_at"].to_list() == [datetime(2020, 5, 4)]


@pytest.mark.parametrize(("right", "left"), [(4, [5, 6, 5]), (1, [5, 6])])
def test_only_the_last_date_of_the_same_bytes_was_wrong(
    right: int, left: list[int], folder: Path, home: Home
):
    for day, count in ((1, 5), (2, 6), (3, 5)):
        put(folder, CASES, "cases.csv", cases("2020-04-30", count))
        load(folder, home, on(day))
    load(folder, home, on(right, corrects_dates=True))
    load(folder, home, on(right, corrects_dates=True))
    kept = standing(read_receipts(home)).sort("published_at")["published_at"]
    assert [moment.day for moment in kept] == [1, 2, right][: len(left)]


def test_rows_that_were_lost_since_are_missed_and_can_be_loaded_again(folder: Path, home: Home):
    put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30"))
    load(folder, home)
    [raw] = raw_files(home)
    (home.raw / raw).unlink()
    with pytest.raises(TrigpointError, match=r"gone from .*: those of phe_cases_vintages, cases_"):
        require_rows(home)
    assert load(folder, home)["cases_2020-05-01.csv"].verdict == "landed"
    require_rows(home)


def test_receipts_that_cannot_be_read_are_named(folder: Path, home: Home):
    put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30"))
    load(folder, home)
    [file] = home.receipts.glob("[!_]*.parquet")
    file.write_bytes(file.read_bytes()[:500])
    with pytest.raises(TrigpointError, match=r"cannot be read .*: put the file back from a copy"):
        read_receipts(home)


def test_a_receipt_keeps_what_a_file_calls_its_columns(folder: Path, home: Home):
    put(folder, CASES, "coronavirus-cases_2020-05-01.csv", cases("2020-05-01"))
    put(folder, CASES, "coronavirus-cases_2020-05-02.csv", "Something,Else\n1,2\n")
    receipts = load(folder, home)
    good, bad = (receipts[f"coronavirus-cases_2020-05-0{day}.csv"] for day in (1, 2))
    assert json.loads(good.published_columns) == HEADING.split(",")
    assert (bad.verdict, json.loads(bad.published_columns)) == ("refused", ["Something", "Else"])


def test_names_that_are_too_many_to_be_columns_are_not_kept():
    assert columns_of([]) == ""
    assert json.loads(columns_of(["a"] * MOST_COLUMNS)) == ["a"] * MOST_COLUMNS
    assert columns_of(["a"] * (MOST_COLUMNS + 1)) == ""


def test_receipts_of_before_headings_were_kept_are_read(folder: Path, home: Home):
    put(folder, CASES, "coronavirus-cases_2020-05-01.csv", cases("2020-05-01"))
    load(folder, home)
    for file in home.receipts.glob("*.parquet"):
        pl.read_parquet(file).drop("published_columns").write_parquet(file)
    home.ledger.unlink()
    found = read_receipts(home)
    assert found["published_columns"].to_list() == [""]
    assert found["verdict"].to_list() == ["landed"]


def test_a_reissued_file_of_the_same_name_is_a_new_version(folder: Path, home: Home):
    first = put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30", 3))
    before = load(folder, home)[first.name]
    put(folder, CASES, first.name, cases("2020-04-30", 4))
    after = load(folder, home)[first.name]
    assert (before.verdict, after.verdict) == ("landed", "landed")
    assert before.file_sha256 != after.file_sha256 and before.landed_at < after.landed_at
    assert len(list((home.landing / "phe_cases_vintages").iterdir())) == 2
    raw = pl.read_parquet(home.raw / "phe_cases_vintages" / "cases" / "*.parquet")
    assert sorted(set(raw["daily_cases"])) == [3, 4]
    assert set(raw["_landed_at"]) == {before.landed_at, after.landed_at}


def test_a_file_that_was_refused_is_read_again(folder: Path, home: Home):
    """A mended reader takes what the old one refused, and old reasons leave quarantine."""

    def strict(document: Document) -> Reading:
        reading = CASES.read(document)
        return Reading({"cases": reading.tables["cases"].with_columns(daily_cases=pl.lit("x"))})

    path = put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30"))
    [refused] = load_as(variant(CASES, strict), folder, home)
    aside = home.quarantine / "phe_cases_vintages" / f"{refused.file_sha256}.parquet"
    assert refused.verdict == "refused" and "2 of 2 rows" in refused.reason
    assert aside.exists() and raw_files(home) == {}
    assert load(folder, home)[path.name].verdict == "landed"
    assert not aside.exists()


# What a folder can hold


def test_odd_files_are_named_in_their_receipts_and_stop_nothing(folder: Path, home: Home):
    place = put(folder, CASES, "good_2020-05-01.csv", cases("2020-04-30")).parent
    (place / "gone_2020-05-02.csv").symlink_to(place / "nowhere.csv")
    (place / "linked_2020-05-03.csv").symlink_to("/etc/hostname")
    long = f"{'long' * 55}_2020-05-04.csv"
    put(folder, CASES, long, cases("2020-05-03"))
    put(folder, CASES, "two\nlines_[bold]_2020-05-05.csv", cases("2020-05-04"))
    (place / os.fsdecode(b"caf\xe9_2020-05-06.csv")).write_text(cases("2020-05-05"))
    (place / os.fsdecode(b"caf\xe8_2020-05-06.csv")).write_text(cases("2020-05-04"))
    receipts = load(folder, home)
    assert {name: receipt.verdict for name, receipt in receipts.items()} == {
        "good_2020-05-01.csv": "landed",
        "gone_2020-05-02.csv": "passed_over",
        "linked_2020-05-03.csv": "passed_over",
        long: "landed",
        "two\nlines_[bold]_2020-05-05.csv": "landed",
        "caf\ufffd_2020-05-06.csv": "landed",
    }
    assert receipts["linked_2020-05-03.csv"].reason.startswith("a link to another place")
    assert not list(home.landing.glob("*/*linked*"))
    kept = read_receipts(home)
    assert kept.height == 7 and kept["receipt_id"].is_unique().all()


def test_a_disk_that_fails_refuses_its_file_and_says_so(
    folder: Path, home: Home, monkeypatch: pytest.MonkeyPatch
):
    """The one fault that no test can cause for real: the kernel's answer is put in its place."""
    path = put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30"))

    def fails(_: Path) -> str:
        raise OSError(errno.EIO, os.strerror(errno.EIO), str(path))

    monkeypatch.setattr(intake, "_sha256", fails)
    receipt = load(folder, home)[path.name]
    assert receipt.verdict == "refused"
    assert "could not be taken in: Input/output error" in receipt.reason
    assert not (home.root / "faults").exists()


@pytest.mark.parametrize(
    "fault", [ValueError("boom"), MemoryError(), pl.exceptions.PanicException("a panic")]
)
def test_a_source_whose_reader_breaks_never_stops_another(
    folder: Path, home: Home, fault: BaseException
):
    def broken(document: Document) -> Reading:
        raise fault

    put_samples(folder)
    module = variant(CASES, broken)
    folders = {m: folder / m.SOURCE.name for m in (module, *(s for s in SOURCES if s is not CASES))}
    receipts = load_folders(folders, home, Given(), lambda *_: None)
    by_source = {receipt.source_id: receipt for receipt in receipts}
    bad = by_source.pop("phe_cases_vintages")
    assert {receipt.verdict for receipt in by_source.values()} == {"landed"}
    assert bad.verdict == "refused" and "\n" not in bad.reason
    assert type(fault).__name__ in bad.reason and CASES.SAMPLE_NAME in bad.reason
    trace = Path(bad.reason.split("the trace in ")[1])
    assert "in broken" in trace.read_text()


def test_the_real_bad_files_are_refused_and_the_rest_of_their_folders_lands(
    folder: Path, home: Home, shared_data: Path
):
    put_samples(folder)
    cut = shared_data / "phe_api_pages" / "msoas_2021-02-03.csv.gz"
    empty = shared_data / "phe_api_pages" / "admissions_2020-11-17.json"
    [page] = (shared_data / "cqc_care_home_deaths").glob("*2020-10-29.xlsx")
    bad = {
        (local_returns, "msoas_2021-02-03.csv.gz"): (cut, "a gzip file that is cut off"),
        (CASES, "coronavirus-cases_2021-02-03.csv"): (cut, "packed (gzip) and its name does not"),
        (local_returns, "return_2020-11-17.json"): (empty, "page of JSON that holds nothing"),
        (ukhsa_dashboard_json, "COVID-19_cases.json"): (empty, "page of JSON that holds nothing"),
        (ecdc, "COVID-19-2020-11-17.csv"): (empty, "holds JSON, not a table"),
        (nhse_announced_deaths, "deaths_2020-10-29.xlsx"): (page, "is a web page (HTML)"),
        (local_returns, "return_2020-10-29.xlsx"): (page, "is a web page (HTML)"),
        (ods_reference, "trust_mergers.xlsx"): (page, "is a web page (HTML)"),
    }
    for (source, name), (path, _) in bad.items():
        put(folder, source, name, path.read_bytes())
    receipts = load(folder, home)
    for (_, name), (_, said) in bad.items():
        refused = receipts.pop(name)
        assert refused.verdict == "refused" and said in refused.reason, refused.reason
    assert {receipt.verdict for receipt in receipts.values()} == {"landed"}
    assert len(receipts) == len(SOURCES)
    assert not (home.root / "faults").exists()


# When it was published


def test_the_date_is_taken_from_inside_then_the_name_then_the_operator(folder: Path, home: Home):
    sample = tomwhite_indicators_vintages.SAMPLE
    put(folder, ecdc, "as-of-2019-01-01.csv", ecdc.SAMPLE)
    put(folder, tomwhite_indicators_vintages, "indicators_2020-04-09.csv", sample)
    put(
        folder,
        tomwhite_indicators_vintages,
        "monthly-2020-03.csv",
        sample + "2020-04-09,UK,Tests,1\n",
    )
    put(
        folder,
        tomwhite_indicators_vintages,
        "monthly-2020-04.csv",
        sample + "2020-04-09,UK,Tests,4\n",
    )
    put(folder, tomwhite_indicators_vintages, "indicators.csv", sample + "2020-04-09,UK,Tests,2\n")
    put(folder, tomwhite_indicators_vintages, "listed.csv", sample + "2020-04-09,UK,Tests,3\n")
    given = Given(
        published={"tomwhite_indicators_vintages/listed.csv": Published(datetime(2020, 4, 10))},
        otherwise=Published(datetime(2020, 4, 11)),
    )
    stated = {
        name: (receipt.published_at, receipt.published_precision)
        for name, receipt in load(folder, home, given).items()
    }
    assert stated == {
        "as-of-2019-01-01.csv": (datetime(2020, 7, 20), "day"),
        "indicators_2020-04-09.csv": (datetime(2020, 4, 9), "day"),
        "monthly-2020-03.csv": (datetime(2020, 3, 31), "month"),
        "monthly-2020-04.csv": (datetime(2020, 4, 11), "day"),
        "indicators.csv": (datetime(2020, 4, 11), "day"),
        "listed.csv": (datetime(2020, 4, 10), "day"),
    }


def test_a_file_without_any_date_is_refused_and_never_dated_by_the_clock(folder: Path, home: Home):
    put(folder, CASES, "coronavirus-cases.csv", cases("2020-04-30"))
    receipt = load(folder, home)["coronavirus-cases.csv"]
    assert (receipt.verdict, receipt.published_at) == ("refused", None)
    assert "give the date with --published-at" in receipt.reason
    assert raw_files(home) == {}


def test_a_date_still_to_come_is_refused(folder: Path, home: Home):
    """It would outrank every publication until that day."""
    tomorrow, later = (f"{now() + timedelta(days=days):%Y-%m-%d}" for days in (1, 3))
    put(folder, CASES, f"cases_{tomorrow}.csv", cases("2020-04-30", 1))
    put(folder, CASES, f"cases_{later}.csv", cases("2020-04-30", 2))
    receipts = load(folder, home)
    assert receipts[f"cases_{tomorrow}.csv"].verdict == "landed"
    assert f"published on {later}, which has not come" in receipts[f"cases_{later}.csv"].reason


def test_a_month_that_has_not_ended_is_refused_until_its_day_is_given(folder: Path, home: Home):
    month = f"{now() + timedelta(days=32):%Y-%m}"
    path = put(folder, CASES, f"cases_{month}.csv", cases("2020-04-30"))
    receipt = load(folder, home)[path.name]
    assert receipt.verdict == "refused" and f"published on {month}-" in receipt.reason
    assert "give the day with --published-at YYYY-MM-DD where" in receipt.reason


# Rows in = landed + quarantined + skipped, whatever a reader does


def drops_a_row(reading: Reading) -> Reading:
    return Reading({name: frame.slice(1) for name, frame in reading.tables.items()})


def invents_a_row(reading: Reading) -> Reading:
    added = (
        reading.tables["cases"]
        .tail(1)
        .with_columns(_row=pl.lit(99, pl.Int64), area_code=pl.lit("E06000099"))
    )
    return Reading({"cases": pl.concat([reading.tables["cases"], added])})


def skips_a_kept_row(reading: Reading) -> Reading:
    return Reading(reading.tables, [Skipped.of([2], "total")])


def puts_rows_in_no_table(reading: Reading) -> Reading:
    return Reading({"casses": reading.tables["cases"]})


@pytest.mark.parametrize(
    ("sabotage", "said"),
    [
        (drops_a_row, "rows 2 would be lost"),
        (invents_a_row, "rows 99 were read but are not in the file"),
        (skips_a_kept_row, "rows 2 were both kept and skipped"),
        (puts_rows_in_no_table, "rows 2, 3, 4 would be lost"),
    ],
)
def test_a_reader_that_loses_or_invents_rows_makes_the_file_refused(
    sabotage: Callable[[Reading], Reading], said: str, folder: Path, home: Home
):
    put(folder, CASES, CASES.SAMPLE_NAME, CASES.SAMPLE)
    [receipt] = load_as(
        variant(CASES, lambda document: sabotage(CASES.read(document))), folder, home
    )
    assert receipt.verdict == "refused" and said in receipt.reason
    assert raw_files(home) == {}


def loses_a_cell(reading: Reading) -> Reading:
    frame = reading.tables["deaths_by_trust"]
    return dataclasses.replace(reading, tables=reading.tables | {"deaths_by_trust": frame.slice(1)})


def doubles_a_cell(reading: Reading) -> Reading:
    frame = reading.tables["deaths_by_trust"]
    doubled = pl.concat([frame, frame.head(1).with_columns(heading=pl.lit("another"))])
    return dataclasses.replace(reading, tables=reading.tables | {"deaths_by_trust": doubled})


@pytest.mark.parametrize("sabotage", [loses_a_cell, doubles_a_cell])
def test_a_reader_that_loses_or_invents_cells_makes_the_workbook_refused(
    sabotage: Callable[[Reading], Reading], folder: Path, home: Home
):
    source = nhse_announced_deaths
    put(folder, source, source.SAMPLE_NAME, as_file(source))
    module = variant(source, lambda document: sabotage(source.read(document)))
    [receipt] = load_as(module, folder, home)
    assert receipt.verdict == "refused" and "cells were counted and" in receipt.reason
    assert raw_files(home) == {}


def test_rows_that_break_the_rules_are_set_aside_and_the_others_kept(folder: Path, home: Home):
    text = cases("2020-04-30", rows=4) + "Nowhere,X1,Utla,2020-04-30,1,,,1,,,\n" + "ragged,row\n"
    path = put(folder, CASES, "cases_2020-05-01.csv", text)
    receipt = load(folder, home)[path.name]
    counts = (receipt.rows_read, receipt.rows_landed, receipt.rows_quarantined)
    assert (receipt.verdict, counts) == ("landed", (6, 4, 2))
    aside = pl.read_parquet(home.quarantine / "phe_cases_vintages" / "*.parquet")
    said = dict(aside.select("file_row", pl.col("reasons").list.first()).rows())
    assert said[6].startswith("area_code is not")
    assert said[7] == "it has 2 values where the heading has 11"
    assert json.loads(aside.filter(file_row=6)["row_text"][0])["area_name"] == "Nowhere"


def test_a_row_of_a_day_that_had_not_come_is_set_aside_with_its_reason(folder: Path, home: Home):
    late = "Nowhere,E06000001,Utla,9999-12-31,1,,,1,,,\n"
    path = put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30") + late)
    receipt = load(folder, home)[path.name]
    assert (receipt.rows_landed, receipt.rows_quarantined) == (2, 1)
    [[reason]] = pl.read_parquet(home.quarantine / "phe_cases_vintages" / "*.parquet")["reasons"]
    assert reason == "specimen_date had not come when the file was published, on 2020-05-01"


@pytest.mark.parametrize(("days", "areas"), [(1, 10), (3, 1)])
def test_a_file_with_whole_days_that_had_not_come_is_refused(
    folder: Path, home: Home, days: int, areas: int
):
    said = [f"2020-05-{day:02}" for day in range(1, 3 + days)]
    whole = HEADING + "\n" + "".join(cases(day, rows=areas).split("\n", 1)[1] for day in said)
    path = put(folder, CASES, "cases_2020-05-01.csv", whole)
    receipt = load(folder, home)[path.name]
    assert receipt.verdict == "refused" and "had not come on 2020-05-01" in receipt.reason
    assert f"{days * areas} rows of days up to {said[-1]}" in receipt.reason
    assert raw_files(home) == {}


def test_a_file_with_a_date_long_before_its_rows_is_refused(folder: Path, home: Home):
    path = put(folder, CASES, "cases_1990-01-01.csv", cases("2020-04-30"))
    receipt = load(folder, home)[path.name]
    assert receipt.verdict == "refused" and "2 of 2 rows" in receipt.reason
    assert raw_files(home) == {}


@pytest.mark.parametrize(
    ("day", "value", "reason"),
    [
        (7, "0.5", "against the rule: people are counted whole"),
        (7, "-500000", "against the rule: only a change is below 0"),
        (8, "1e300", "metric_value is above 70,000,000, which is more than there are people"),
    ],
)
def test_no_half_negative_or_uncountable_people_are_kept(
    day: int, value: str, reason: str, folder: Path, home: Home
):
    source = ukhsa_dashboard_json
    said = f'"date":"2023-11-0{day}","metric_value":{12 if day == 7 else 7.0}'
    assert said in source.SAMPLE
    changed = source.SAMPLE.replace(said, said.rpartition(":")[0] + f":{value}")
    put(folder, source, source.SAMPLE_NAME, changed)
    receipt = load(folder, home)[source.SAMPLE_NAME]
    assert (receipt.rows_landed, receipt.rows_quarantined) == (1, 1)
    quarantined = pl.read_parquet(home.quarantine / "ukhsa_dashboard_json" / "*.parquet")
    assert quarantined["reasons"].to_list() == [[reason]]


def test_a_file_of_which_no_row_is_kept_is_refused(folder: Path, home: Home):
    path = put(folder, CASES, "cases_2020-05-01.csv", cases("30/04/2020"))
    receipt = load(folder, home)[path.name]
    assert receipt.verdict == "refused"
    assert "2 of 2 rows of cases_2020-05-01.csv break the rules, all of them" in receipt.reason
    assert (receipt.rows_read, receipt.rows_landed, receipt.rows_quarantined) == (2, 0, 2)
    assert receipt.published_at == datetime(2020, 5, 1)


def test_a_file_that_is_refused_after_its_rows_were_counted_says_how_many(folder: Path, home: Home):
    changed = cases("2020-04-30", rows=3).replace("Area code", "Code", 1)
    put(folder, CASES, "cases_2020-05-01.csv", changed)
    put(folder, CASES, "cases.csv", cases("2020-04-30", rows=4))
    sheets = deepcopy(nhse_announced_deaths.SAMPLE)
    sheets["COVID19 total deaths by trust"][4][-1] = 99
    put(folder, nhse_announced_deaths, "deaths.xlsx", workbook(sheets))
    receipts = load(folder, home)
    assert {receipt.verdict for receipt in receipts.values()} == {"refused"}
    counted = {name: (r.rows_read, r.rows_landed) for name, r in receipts.items()}
    assert counted == {"cases_2020-05-01.csv": (3, 0), "cases.csv": (4, 0), "deaths.xlsx": (10, 0)}


# Room, turns, and crashes


def test_a_full_disk_is_refused_before_anything_is_written(
    folder: Path, home: Home, monkeypatch: pytest.MonkeyPatch
):
    put_samples(folder)
    needed = 3 * sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    usage = shutil.disk_usage(folder)._replace(free=needed - 1)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(TrigpointError, match="make room and load again"):
        load(folder, home)
    assert not any(home.root.rglob("*"))
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=needed))
    assert load(folder, home)


def test_a_second_writer_gets_one_plain_line(
    folder: Path, home: Home, trigpoint: Callable[..., Any]
):
    put_samples(folder)
    with writing(home):
        ran = trigpoint("load", "--from", folder, "--home", home.root)
    assert (ran.code, ran.out) == (1, "")
    assert ran.error == (
        f"another trigpoint command is writing to {home.root}; wait until it has ended\n"
    )
    assert not home.landing.exists()


def contents(home: Home) -> dict[str, Any]:
    """All that a home holds but for the moments of landing; refused files may come repeatedly."""
    frames = {
        str(path.relative_to(home.root)): pl.read_parquet(path).drop(
            "_landed_at", "landed_at", strict=False
        )
        for part in (home.raw, home.quarantine)
        for path in part.glob("**/*.parquet")
    }
    receipts = read_receipts(home).filter(pl.col("verdict") != "known")
    moments = ("load_id", "receipt_id", "landed_at")
    return {name: frame.rows() for name, frame in sorted(frames.items())} | {
        "receipts": receipts.drop(moments).unique().sort("source_id", "file_name").rows(),
        "landing": sorted(path.name for path in home.landing.rglob("*")),
    }


def landed_as_receipted(home: Home) -> bool:
    """Every raw row bears the moment of the one receipt of its file."""
    receipts = read_receipts(home).filter(verdict="landed")
    moments = {(r["source_id"], r["file_sha256"]): r["landed_at"] for r in receipts.to_dicts()}
    raw = [path for path in home.raw.glob("*/*/[!_]*.parquet") if pl.read_parquet(path).height]
    held = {(path.parts[-3], path.stem): pl.read_parquet(path)["_landed_at"][0] for path in raw}
    return len(moments) == receipts.height and held.items() <= moments.items()


CODES = area_register().codes[:200]
# Refused at once, but it takes a while to copy.
LARGE = "COVID-19-2020-05-01.csv"


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Several files of three sources: some with rows to set aside, one refused, one passed over."""
    folder = tmp_path_factory.mktemp("generated")
    for day in range(1, 7):
        published = f"2020-05-{day:02d}"
        text = cases("2020-04-30", day, rows=600) + f"Nowhere,X{day},Utla,2020-04-30,1,,,1,,,\n"
        put(folder, CASES, f"coronavirus-cases_{published}.csv", text)
        told = f"2020-04-30,cases_by_report_date,{day}\n"
        rows = [f"{code},Area {n},{told}" for n, code in enumerate(CODES)]
        rows[5] = rows[5].replace("2020-04-30", "30/04/2020")
        heading = "area_code,area_name,date,metric,value\n"
        put(folder, local_returns, f"return-{published}.csv", heading + "".join(rows))
    put(folder, ecdc, "notes.pdf", b"%PDF-1.7")
    put(folder, ecdc, LARGE, b"<html>" + b" " * 16_000_000)
    put(folder, ecdc, "COVID-19-2020-07-20.csv", ecdc.SAMPLE)
    return folder


@pytest.fixture(scope="module")
def undisturbed(generated: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = Home(tmp_path_factory.mktemp("undisturbed"))
    load(generated, home)
    return contents(home)


def load_in_a_process(folder: Path, root: Path, largest_file: int = -1) -> None:
    if largest_file >= 0:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    load(folder, Home(root))


@pytest.mark.parametrize("moments", [7, pytest.param(20, marks=pytest.mark.long)])
def test_a_load_that_is_killed_can_be_repeated_and_leaves_nothing_half(
    generated: Path, undisturbed: dict[str, Any], tmp_path: Path, moments: int
):
    """`kill -9` at random moments of real processes, each followed by another load."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["samples"])
    chance, cut_short = random.Random(3), 0
    for attempt in range(moments):
        home = Home(tmp_path / str(attempt))
        process = context.Process(target=load_in_a_process, args=(generated, home.root))
        process.start()
        if attempt % 4:
            _wait_for("*/*.csv", chance.randrange(1, 15), home, process)
            time.sleep(chance.random() * 0.02)
        else:
            _wait_for(f"*/*-{LARGE}*", 1, home, process)
        process.kill()
        process.join()
        for path in home.root.rglob("*.parquet"):
            pl.read_parquet(path)
        assert all(is_whole(path) for path in home.landing.rglob("*.csv"))
        cut_short += len(contents(home)["receipts"]) < len(undisturbed["receipts"])
        load(generated, home)
        assert contents(home) == undisturbed
        assert landed_as_receipted(home)
        assert not list(home.root.rglob("*.draft"))
    assert cut_short >= moments // 4, "the loads were over before they were killed"


def _wait_for(pattern: str, files: int, home: Home, process: Any) -> None:
    """Until so many files stand in landing, or the process has ended."""
    while process.is_alive() and len(list(home.landing.glob(pattern))) < files:
        time.sleep(0.001)


def is_whole(landed: Path) -> bool:
    """Whether a landed file has the bytes that its name says."""
    return landed.name.startswith(hashlib.sha256(landed.read_bytes()).hexdigest())


def test_a_disk_that_fills_up_half_way_loses_nothing(
    generated: Path, undisturbed: dict[str, Any], home: Home
):
    """Writing fails beyond a size of file: large files are refused and can be loaded later."""
    context = multiprocessing.get_context("forkserver")
    process = context.Process(target=load_in_a_process, args=(generated, home.root, 22_000))
    process.start()
    process.join()
    refused = read_receipts(home).filter(verdict="refused", source_id="phe_cases_vintages")
    assert refused.height == 6
    assert refused["reason"].str.contains("could not be taken in: File too large").all()
    load(generated, home)
    kept = contents(home)
    kept["receipts"] = [row for row in kept["receipts"] if "File too large" not in row[-1]]
    refusals = [row for row in undisturbed["receipts"] if row[-2] == "refused"]
    assert set(kept["receipts"]) == set(undisturbed["receipts"]) and refusals
    assert kept | {"receipts": []} == undisturbed | {"receipts": []}


def orphan(home: Home, landed_at: datetime) -> Path:
    """Raw rows of a file of which no receipt speaks, as a load that was stopped leaves them."""
    [raw] = (home.raw / "phe_cases_vintages" / "cases").glob("[!_]*.parquet")
    left = raw.with_name(f"{'e' * 64}.parquet")
    rows = pl.read_parquet(raw).with_columns(_landed_at=pl.lit(landed_at, pl.Datetime("us")))
    rows.write_parquet(left)
    return left


def test_what_a_stopped_load_left_is_put_aside_with_the_reason(folder: Path, home: Home):
    put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30"))
    load(folder, home)
    left = orphan(home, now())
    (left.parent / ".x.parquet.1.draft").touch()
    intake.prepare(SOURCES, home)
    assert len(raw_files(home)) == 1 and not left.exists()
    [aside] = home.aside.rglob("e*.parquet")
    assert pl.read_parquet(aside).height == 2
    [said] = home.aside.rglob("reasons.txt")
    assert said.read_text().startswith(f"{left.relative_to(home.root)}: a load that was stopped")
    assert not list(home.root.rglob("*.draft"))


def test_rows_that_had_a_receipt_once_stop_everything_and_stay(folder: Path, home: Home):
    put(folder, CASES, "cases_2020-05-01.csv", cases("2020-04-30"))
    load(folder, home)
    left = orphan(home, now() - timedelta(days=1))
    with pytest.raises(TrigpointError, match="their receipt is gone: put the receipts back"):
        intake.prepare(SOURCES, home)
    assert left.exists()


def test_rows_of_a_date_that_was_taken_back_are_put_aside_and_kept(folder: Path, home: Home):
    put(folder, CASES, "cases.csv", cases("2020-04-30"))
    load(folder, home, Given(otherwise=Published(datetime(2020, 5, 4))))
    right = Published(datetime(2020, 5, 2))
    load(folder, home, Given(otherwise=right, corrects_dates=True))
    intake.prepare(SOURCES, home)
    assert len(raw_files(home)) == 1
    [aside] = home.aside.rglob("*.parquet")
    assert set(pl.read_parquet(aside)["_published_at"]) == {datetime(2020, 5, 4)}


# What there was before is missed


def three_loads(folder: Path, home: Home) -> list[Path]:
    """The files of receipts of three loads, oldest first."""
    for day in (1, 2, 3):
        put(folder, CASES, f"cases_2020-05-0{day}.csv", cases("2020-04-30", day))
        load(folder, home)
    return sorted(home.receipts.glob("[!_]*.parquet"))


@pytest.mark.parametrize("which", [0, 1, 2])
def test_receipts_that_are_gone_stop_every_step_and_no_row_is_lost(
    which: int, folder: Path, home: Home, trigpoint: Callable[..., Any]
):
    lost = three_loads(folder, home)[which]
    before = raw_files(home)
    lost.unlink()
    said = f"receipts {lost} are gone: put the file back from a copy"
    for command in (("load", "--from", folder), ("build",), ("publish",)):
        ran = trigpoint(*command, "--home", home.root)
        assert (ran.code, ran.out) == (1, "") and ran.error.startswith(said)
    assert raw_files(home) == before


def test_receipts_that_are_others_than_were_written_stop_the_load(folder: Path, home: Home):
    first, second, _ = three_loads(folder, home)
    first.write_bytes(second.read_bytes())
    with pytest.raises(TrigpointError, match="cannot be read as they were written"):
        load(folder, home)


def test_a_ledger_that_was_changed_is_not_believed(folder: Path, home: Home):
    three_loads(folder, home)
    lines = home.ledger.read_text().splitlines(keepends=True)
    home.ledger.write_text("".join(lines[1:]))
    with pytest.raises(TrigpointError, match=r"ledger of receipts .* is damaged"):
        read_receipts(home)


def test_a_home_from_before_the_ledger_gets_the_one_it_would_have(folder: Path, home: Home):
    three_loads(folder, home)
    ledgered = home.ledger.read_text()
    home.ledger.unlink()
    intake.prepare(SOURCES, home)
    assert home.ledger.read_text() == ledgered
    assert len(ledgered.splitlines()) == 3


def test_a_ledger_that_lost_what_was_seen_is_missed(folder: Path, home: Home):
    first, *_ = three_loads(folder, home)
    seen = ledger.head(home)
    ledger.require_seen(home, seen)
    home.ledger.unlink()
    first.unlink()
    ledger.enter(home)
    with pytest.raises(TrigpointError, match="lacks what the last build saw"):
        ledger.require_seen(home, seen)
