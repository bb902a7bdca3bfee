"""Rows leave a part at a time, as the same rows that the reader gives; files say what they are."""

import csv
import io
import json
import subprocess
import sys
import zipfile
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from frictionless.resources import FileResource
from hypothesis import given
from hypothesis import strategies as st

from dashboard import words
from dashboard.files import FLAGS
from store.errors import NotAnswered, WrongUse
from store.exporting import csv_of, parquet_of, rows_of
from store.exporting.marks import OF_VALUES, OTHERWISE, marks
from store.exporting.sdmx import COLUMNS
from store.exporting.wanted import Wanted
from store.exporting.writing import Progress, rows_wanted, write
from store.exports import to_csv
from store.paths import Home
from store.reader import count_rows, open_reader
from tests.dashboard.small_england import ENGLAND, HIDDEN, LEICESTER, WITHDRAWN, write_release

ROOT = Path(__file__).parents[2]
CASES = "cases_by_specimen_date"


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    root = tmp_path_factory.mktemp("exports")
    write_release(root)
    return Home(root)


@pytest.fixture(scope="module")
def reader(home):
    with open_reader(home) as opened:
        yield opened


def wanted(reader, what="figures", form="csv", **more) -> Wanted:
    return Wanted(what, form, reader.release.release_id, **more)


def written(asked: Wanted, home: Home, folder):
    with open_reader(home, as_of=asked.as_of) as reader:
        done = write(asked, reader, folder, Progress(lambda _: None))
        assert done.rows == rows_wanted(asked, reader)
    return folder / done.name, (folder / f"{done.name}.txt").read_text()


def rows_in(path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text())))


@pytest.mark.parametrize("as_of", [None, datetime(2020, 7, 25)])
@pytest.mark.parametrize("table", ["figures", "figure_versions", "claims", "sources"])
def test_a_stream_holds_the_rows_that_the_reader_gives(home, table, as_of):
    sql = f"select * from {table} order by all"
    with open_reader(home, as_of=as_of) as reader:
        asked = reader.ask(sql)
        tally = count_rows()
        parquet = b"".join(parquet_of(rows_of(reader, sql)))
        assert tally.rows == asked.height > 0
        assert pl.read_parquet(io.BytesIO(parquet)).equals(asked)
        assert b"".join(csv_of(rows_of(reader, sql))).decode() == to_csv(asked)


def test_without_a_row_there_is_a_head_and_a_schema(reader):
    sql = "select area_id, value from figures where area_id = $area"
    assert b"".join(csv_of(rows_of(reader, sql, {"area": "none"}))) == b"area_id,value\n"
    empty = pq.read_table(io.BytesIO(b"".join(parquet_of(rows_of(reader, sql, {"area": "none"})))))
    assert (empty.num_rows, empty.column_names) == (0, ["area_id", "value"])


TEXT = st.text(alphabet='=+-@|\uff1d\t\0 ab,"\n\r', max_size=6)


@given(st.lists(st.lists(TEXT, min_size=1, max_size=4), min_size=1, max_size=4))
def test_no_cell_of_a_stream_starts_as_a_formula_and_parts_make_no_difference(parts):
    batches = [pa.RecordBatch.from_pydict({"text": part}) for part in parts]
    streamed = pa.RecordBatchReader.from_batches(batches[0].schema, batches)
    text = b"".join(csv_of(streamed)).decode()
    assert text == to_csv(pl.DataFrame({"text": [one for part in parts for one in part]}))
    cells = list(csv.reader(io.StringIO(text.replace("\0", "0"), newline="")))[1:]
    starts = {cell[0][:1] for cell in cells if cell and cell[0]}
    assert not starts & set("=+-@|\uff1d\t\r\n")


def test_what_cannot_be_asked_or_given_is_said_at_once(reader):
    for sql in ("select nothing from figures", "select interval 1 day as span"):
        with pytest.raises(WrongUse):
            rows_of(reader, sql)
    with pytest.raises(NotAnswered, match="Conversion"):
        b"".join(csv_of(rows_of(reader, "select cast(area_id as int) as n from figures")))
    with pytest.raises(WrongUse, match="calendar"):
        b"".join(csv_of(rows_of(reader, "select date '9999-12-31' + 400 as day")))
    with pytest.raises(WrongUse, match="stopped"):
        rows_of(reader, "select count(*) from range(1000000000000)", longest_s=0.3)


def test_a_stream_that_is_left_half_way_lets_the_engine_go(reader):
    with rows_of(reader, "select a.figure_id from figures a, figures b, figures c") as rows:
        assert next(iter(rows)).num_rows > 0
    assert reader.ask("select 1 as one")["one"].to_list() == [1]


PEAK = """
import resource, sys
from pathlib import Path
from store.exporting import csv_of, parquet_of, rows_of
from store.paths import Home
from store.reader import open_reader
sql = f"select i, repeat('x', 90) || i as text from range({sys.argv[2]}) as rows(i)"
with open_reader(Home(Path(sys.argv[1]))) as reader:
    for form in (csv_of, parquet_of):
        size = sum(map(len, form(rows_of(reader, sql))))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""


def test_twenty_times_the_rows_take_no_more_memory(home):
    """Two million rows would be 200 MB of text, and as much again in Arrow."""
    few, many = (
        int(subprocess.check_output([sys.executable, "-c", PEAK, home.root, rows], cwd=ROOT))
        for rows in ("100000", "2000000")
    )
    assert many - few < 60


def test_a_file_of_figures_begins_with_area_date_value_and_flag(home, reader, tmp_path):
    asked = wanted(reader, metric_id=CASES, area_id=LEICESTER)
    path, _ = written(asked, home, tmp_path)
    rows = rows_in(path)
    assert list(rows[0])[:5] == ["area_id", "area_name", "event_date", "value", "flag"]
    known = reader.ask(
        "select * from figures where metric_id = $metric and area_id = $area order by event_date",
        metric=CASES,
        area=LEICESTER,
    ).to_dicts()
    assert [row["value"] for row in rows] == [
        "" if row["value"] is None else str(row["value"]) for row in known
    ]
    assert [row["flag"] for row in rows] == [FLAGS[words.mark_of(row)] for row in known]
    assert {row["flag"] for row in rows} >= {"provisional", "not available", ""}


def test_marks_of_files_are_those_of_the_pages():
    for when, one in marks().items():
        reason = when if when not in {*OF_VALUES, OTHERWISE} else "something new"
        value = 1.0 if when in OF_VALUES else None
        shown = words.mark(value, reason, when == "provisional", when == "corrected")
        assert (one.mark, one.flag) == (shown, FLAGS[shown]), when
    assert set(words.MISSING) <= set(marks())


def test_a_hidden_value_leaves_as_hidden_in_every_form(home, reader, tmp_path):
    chosen = {"metric_id": HIDDEN.split(".")[0], "area_id": LEICESTER}
    path, _ = written(wanted(reader, **chosen), home, tmp_path)
    [row] = [row for row in rows_in(path) if row["figure_id"] == HIDDEN]
    assert (row["value"], row["flag"]) == ("", "hidden")
    path, _ = written(wanted(reader, form="sdmx", **chosen), home, tmp_path)
    [row] = [row for row in rows_in(path) if row["TIME_PERIOD"] == "2020-07-20"]
    codes = (row["OBS_VALUE"], row["OBS_STATUS"], row["CONF_STATUS"], row["MARK"])
    assert codes == ("", "Q", "C", "c")


def test_names_say_measure_area_days_moment_and_release(home, reader, tmp_path):
    asked = wanted(
        reader,
        metric_id=CASES,
        area_id=ENGLAND,
        start=date(2020, 7, 1),
        as_of=datetime(2020, 7, 25, 23, 59),
    )
    path, note = written(asked, home, tmp_path)
    release = reader.release.release_id
    span = "2020-07-01-to-end_as-of-2020-07-25T2359"
    assert path.name == f"{CASES}_{ENGLAND}_{span}_release-{release}.csv"
    assert {row["event_date"] >= "2020-07-01" for row in rows_in(path)} == {True}
    for said in ("[c] hidden", "[p]", "[r]", release, "after disclosure control", "Not counted"):
        assert said in note
    assert "2020-07-25T23:59" in note and "Cases by specimen date" in note
    assert "Deaths in hospital" not in note


def test_sdmx_names_each_observation_once_with_codes_and_spans(home, reader, tmp_path):
    path, note = written(wanted(reader, form="sdmx"), home, tmp_path)
    rows = rows_in(path)
    assert tuple(rows[0]) == COLUMNS
    assert {row["STRUCTURE"] for row in rows} == {"dataflow"}
    keys = [tuple(row[name] for name in COLUMNS[3:8]) for row in rows]
    assert len(set(keys)) == len(rows) == reader.release.rows["figures"]
    assert all(all(key) for key in keys)
    weekly = {row["TIME_PERIOD"] for row in rows if row["FREQ"] == "W"}
    assert "2020-06-27/P7D" in weekly
    values = {row["OBS_STATUS"]: bool(row["OBS_VALUE"]) for row in rows}
    assert values == {"A": True, "P": True, "Q": False, "O": False}
    withdrawn = [row for row in rows if row["TIME_PERIOD"] == WITHDRAWN.rsplit(".", 1)[1]]
    assert [row["OBS_STATUS"] for row in withdrawn if row["REF_AREA"] == LEICESTER].count("O") == 1
    assert "FREQ, METRIC, REF_AREA" in note


def test_a_whole_release_is_a_package_that_proves_itself(home, reader, tmp_path):
    path, _ = written(wanted(reader, "release", "parquet"), home, tmp_path)
    with zipfile.ZipFile(path) as package:
        package.extractall(tmp_path / "package")
    report_of = FileResource.from_descriptor

    described = json.loads((tmp_path / "package" / "datapackage.json").read_text())
    for one in described["resources"]:
        said = {name: one[name] for name in ("name", "path", "hash", "bytes")}
        assert report_of(said, basepath=str(tmp_path / "package")).validate().valid, one["name"]
    figures = pl.read_parquet(tmp_path / "package" / "figures.parquet")
    assert figures.equals(reader.ask("select * from figures"))
    assert "after disclosure control" in (tmp_path / "package" / "README.md").read_text()


@pytest.mark.parametrize(
    ("what", "form", "more"),
    [
        ("claims", "sdmx", {}),
        ("release", "csv", {}),
        ("release", "parquet", {"metric_id": CASES}),
        ("audit", "csv", {}),
        ("figures", "xlsx", {}),
    ],
)
def test_what_cannot_be_had_is_refused(reader, what, form, more):
    with pytest.raises(WrongUse):
        wanted(reader, what, form, **more)
