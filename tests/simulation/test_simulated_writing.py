import json
import time
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from simulation import publishers
from simulation import write as writing
from simulation.cadence import Cadence
from simulation.england import Truth
from simulation.publishers import PUBLISHERS
from simulation.write import Manifest, read_manifest, write_england
from store.errors import WrongUse


def hashes(manifest: Manifest) -> dict[str, str]:
    return {file.path: file.sha256 for file in manifest.files}


def test_sixty_days_are_written_in_time(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    begun = time.perf_counter()
    manifest = write_england(tmp_path / "england", 60, 1)
    took = time.perf_counter() - begun
    files, size = Counter(), Counter()
    for file in manifest.files:
        source = file.path.split("/")[0]
        files[source] += 1
        size[source] += file.bytes
    with capsys.disabled():
        print(f"\n60 days in {took:.1f} s, {sum(size.values()) / 1e6:.1f} MB")
        for source, count in files.items():
            print(f"  {source}: {count} files, {size[source] / 1e6:.2f} MB")


def test_the_same_request_gives_the_same_bytes(tmp_path: Path):
    first = write_england(tmp_path / "a", 30, 5)
    time.sleep(1.1)  # a second later by any clock that a file might keep
    second = write_england(tmp_path / "b", 30, 5)
    assert hashes(first) == hashes(second)
    assert (tmp_path / "a" / "simulation.json").read_bytes() == (
        tmp_path / "b" / "simulation.json"
    ).read_bytes()
    other = hashes(write_england(tmp_path / "c", 30, 6))
    assert set(other) == set(hashes(first))
    newest = [path for path in other if "2020-03-31" in path or "truth" in path]
    assert not {other[path] for path in newest} & set(hashes(first).values())


def test_workbooks_keep_no_clock(england_folder: Path, manifest: Manifest):
    books = [file.path for file in manifest.files if file.path.endswith(".xlsx")]
    for book in (books[0], books[-1]):
        with zipfile.ZipFile(england_folder / book) as zipped:
            assert len({entry.date_time for entry in zipped.infolist()}) == 1


def test_the_second_call_writes_nothing(england_folder: Path, manifest: Manifest):
    before = {path: path.stat().st_mtime_ns for path in england_folder.rglob("*")}
    told: list[str] = []
    again = write_england(england_folder, 60, 2020, lambda doing, share: told.append(doing))
    assert again == manifest
    assert told == []
    assert {path: path.stat().st_mtime_ns for path in england_folder.rglob("*")} == before


def test_the_manifest_lists_every_file_as_it_is(england_folder: Path, manifest: Manifest):
    on_disk = {
        path.relative_to(england_folder).as_posix(): path.stat().st_size
        for path in england_folder.rglob("*")
        if path.is_file() and path.name != "simulation.json"
    }
    assert {file.path: file.bytes for file in manifest.files} == on_disk
    stored = json.loads((england_folder / "simulation.json").read_text())["request"]
    assert (stored["seed"], stored["days"], stored["first_day"]) == (2020, 60, "2020-03-02")
    assert set(stored["cadences"]) == set(PUBLISHERS)
    assert stored["version"] == writing.VERSION


def test_ten_sources_and_their_versions_are_written(manifest: Manifest):
    count = Counter(file.path.split("/")[0] for file in manifest.files)
    assert set(count) == {*PUBLISHERS, "truth"}
    assert count["phe_cases_vintages"] == count["nhse_announced_deaths"] == 14
    assert count["ons_weekly_deaths"] == 7
    assert count["tomwhite_indicators_vintages"] == 59


def test_rows_of_cases_stay_few_enough_to_load_fast(england_folder: Path, manifest: Manifest):
    files = (england_folder / "phe_cases_vintages").iterdir()
    rows = sum(file.read_bytes().count(b"\n") for file in files)
    assert 100_000 < rows < 250_000


def test_the_truth_lies_beside(england_folder: Path, manifest: Manifest, truth: Truth):
    stored = pl.concat(
        pl.read_parquet(path) for path in sorted((england_folder / "truth").iterdir())
    )
    keys = ["metric_id", "area_id", "event_date"]
    assert stored.sort(keys).equals(truth.cells().sort(keys))


def test_files_out_by_a_day_are_those_published_until_then(manifest: Manifest):
    by_april = manifest.published_by(date(2020, 4, 1))
    assert by_april
    assert not [path for path in by_april if path.startswith("truth")]
    assert "phe_deaths_csv/coronavirus-deaths-2020-04-01.csv" in by_april
    assert "phe_deaths_csv/coronavirus-deaths-2020-04-02.csv" not in by_april
    assert len(manifest.published_by(date(2021, 1, 1))) == sum(
        1 for file in manifest.files if file.published
    )


def test_another_request_takes_the_folder_s_place(tmp_path: Path):
    folder = tmp_path / "england"
    few = {name: Cadence(every=30) for name in PUBLISHERS}
    write_england(folder, 10, 1, cadences=few)
    second = write_england(folder, 12, 1, cadences=few)
    assert read_manifest(folder) == second
    assert not list(folder.glob("*/*2020-03-11*"))
    assert [path.name for path in tmp_path.iterdir()] == ["england"]


def test_a_damaged_folder_is_written_again(tmp_path: Path):
    folder = tmp_path / "england"
    manifest = write_england(folder, 8, 1)
    lost, cut = (folder / manifest.files[-1].path, folder / manifest.files[-2].path)
    lost.unlink()
    cut.write_bytes(b"")
    assert write_england(folder, 8, 1) == manifest
    assert lost.exists()
    assert cut.stat().st_size > 0


def test_a_cadence_can_be_given(tmp_path: Path):
    often = {"phe_cases_vintages": Cadence(every=1), "jhu": Cadence(since=date(2021, 1, 1))}
    manifest = write_england(tmp_path / "england", 12, 1, cadences=often)
    count = Counter(file.path.split("/")[0] for file in manifest.files)
    assert count["phe_cases_vintages"] == 11
    assert count["jhu"] == 0


def test_progress_is_told_and_ends_at_one(tmp_path: Path):
    told: list[tuple[str, float]] = []
    write_england(tmp_path / "england", 5, 1, lambda doing, share: told.append((doing, share)))
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[0] == ("simulating", 0.0)
    assert told[-1] == ("done", 1.0)
    assert "writing jhu" in dict(told)


def test_a_failure_leaves_the_folder_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "england"
    manifest = write_england(folder, 5, 1)

    class Broken:
        CADENCE = Cadence()

        def files(self, arrivals: object, published: date) -> list[object]:
            raise OSError("the disk is full")

    monkeypatch.setitem(publishers.PUBLISHERS, "tomwhite_indicators_vintages", Broken())
    with pytest.raises(OSError, match="disk is full"):
        write_england(folder, 6, 1)
    assert read_manifest(folder) == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["england"]


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(WrongUse, match="holds something else"):
        write_england(tmp_path, 5, 1)
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_an_empty_folder_is_filled(tmp_path: Path):
    folder = tmp_path / "empty"
    folder.mkdir()
    assert write_england(folder, 3, 1).files


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"request": {}, "files": [{"path": "x"}]}'])
def test_a_manifest_that_cannot_be_read_is_none(tmp_path: Path, text: str):
    (tmp_path / "simulation.json").write_text(text)
    assert read_manifest(tmp_path) is None


def test_bad_requests_get_one_plain_line(tmp_path: Path):
    with pytest.raises(WrongUse, match="cannot simulate 0 days"):
        write_england(tmp_path / "england", 0, 1)
    with pytest.raises(WrongUse, match="nobody is not simulated"):
        write_england(tmp_path / "england", 5, 1, cadences={"nobody": Cadence()})
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("days", [1, 2, 3, 8])
def test_very_short_simulations_are_written_too(tmp_path: Path, days: int):
    manifest = write_england(tmp_path / "england", days, 3)
    published = {file.published for file in manifest.files if file.published}
    assert len(published) == days - 1
