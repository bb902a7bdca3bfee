"""The winter situation report: beds under their day, other forms, and the real workbook."""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl
import pytest
from samples import workbook

from loaders.contract import check
from loaders.documents import open_document
from loaders.intake import Given, load_folders
from loaders.reading import Published, Reading, Refused
from loaders.sources import nhse_winter_sitrep as sitrep
from store.paths import Home

GENERAL, CRITICAL = sitrep.SAMPLE
WORKBOOK, COPY = "winter_sitrep_daily_ts_2019-20.xlsx", "daily_cc_adult_bed_occupancy.xlsx"
FIRST, LAST = date(2019, 12, 2), date(2020, 3, 1)
Sheets = dict[str, list[list[Any]]]
Change = Callable[[Sheets], object]
Read = Callable[[Change], Reading]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def reading(change: Change) -> Reading:
        sheets = deepcopy(sitrep.SAMPLE)
        change(sheets)
        path = tmp_path / sitrep.SAMPLE_NAME
        path.write_bytes(workbook(sheets))
        return sitrep.read(open_document(path, path.name))

    return reading


def cell(sheet: str, row: int, column: int, value: Any) -> Change:
    """Another value in the row of this number, counted from 1."""
    return lambda sheets: sheets[sheet][row - 1].__setitem__(column, value)


def said(reading: Reading, code: str, day: str, measure: str) -> list[str]:
    rows = reading.tables["beds"].filter(trust_code=code, day=day, measure=measure)
    return rows["beds"].to_list()


def test_each_column_stands_under_the_day_above_the_first_of_its_day(read: Read) -> None:
    reading = read(lambda _: None)
    assert said(reading, "RJ1", "2019-12-02", "Total Beds Open") == ["530"]
    assert said(reading, "RJ1", "2019-12-02", "Total beds occ'd") == ["504"]
    assert said(reading, "RJ1", "2019-12-03", "Total beds occ'd") == ["500"]
    assert said(reading, "-", "2019-12-02", "CC Adult Occ") == ["31"]
    assert reading.published_at == Published(datetime(2019, 12, 5))


def test_parts_of_the_total_and_rates_are_counted_and_left_out(read: Read) -> None:
    reading = read(lambda _: None)
    measures = reading.tables["beds"]["measure"].unique().sort().to_list()
    assert measures == ["CC Adult Occ", "CC Adult Open", "Total Beds Open", "Total beds occ'd"]
    assert (reading.cells, reading.cells_skipped) == (30, 12)


def test_a_row_keeps_the_number_that_it_has_in_its_sheet(read: Read) -> None:
    beds = read(lambda _: None).tables["beds"].filter(trust_code="RJ2")
    rows = beds.select("_sheet", "_row").unique().sort("_sheet").rows()
    assert rows == [(CRITICAL, 8), (GENERAL, 8)]


def test_a_heading_is_known_whatever_its_case_and_blanks(read: Read) -> None:
    reading = read(cell(GENERAL, 4, 8, "Total  Beds Occ'd "))
    assert said(reading, "RJ1", "2019-12-02", "Total beds occ'd") == ["504"]


def test_an_empty_cell_says_nothing_of_its_day(read: Read) -> None:
    reading = read(cell(GENERAL, 7, 11, None))
    assert said(reading, "RJ1", "2019-12-03", "Total beds occ'd") == []
    assert said(reading, "RJ1", "2019-12-03", "Total Beds Open") == ["520"]


def test_a_trust_without_a_code_is_set_aside_and_not_taken_for_a_note(read: Read) -> None:
    beds = check(read(cell(GENERAL, 7, 3, None)).tables["beds"], sitrep.Beds)
    assert beds.quarantined["_row"].unique().to_list() == [7]


def test_other_sheets_are_skipped_with_what_they_count(read: Read) -> None:
    def more(sheets: Sheets) -> None:
        sheets["D&V, Norovirus"] = [["", "-", "", "-", "ENGLAND", 12]]
        sheets["Urgent  dental care"] = [["", "-"]]

    reasons = {part.sheet: part.reason for part in read(more).skipped}
    assert reasons["D&V, Norovirus"] == (
        "beds closed for diarrhoea and vomiting: no metric counts them"
    )
    assert reasons["Urgent  dental care"] == "sheet that is not known"


def as_copied(sheets: Sheets) -> None:
    """The workbook as somebody copied its sheet of critical care."""
    sheets.clear()
    sheets["Sheet1"] = [
        ["Region", "Code", "Name", "CC Adult Open_43801", "CC Adult Occ_43801"],
        ["-", "-", "ENGLAND", 40, 31],
    ]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda sheets: sheets.pop(CRITICAL), "has no sheet Adult critical care; it has"),
        (cell(GENERAL, 4, 1, "Region"), "sheet G&A beds has no row of headings that starts with"),
        (cell(CRITICAL, 4, 6, "Occupied"), "missing columns ['CC Adult Occ'] in sheet Adult"),
        (cell(GENERAL, 3, 5, "Monday"), "stands under 'Monday', which is no day: ask the"),
        (cell(GENERAL, 3, 5, None), "stands under '', which is no day: ask the publisher"),
        (as_copied, "copy of one sheet of the situation report with its days"),
        (cell(GENERAL, 2, 2, "soon"), "does not say in sheet G&A beds when it was Published"),
    ],
)
def test_a_workbook_of_another_form_is_refused(read: Read, change: Change, sentence: str) -> None:
    with pytest.raises(Refused) as refusal:
        read(change)
    assert sentence in str(refusal.value)


# The real files, read here by another library


@pytest.fixture(scope="module")
def published(shared_data: Path) -> dict[tuple[str, str, date], int]:
    """Every count of both sheets by heading, code and day, and England under a dash."""
    book = openpyxl.load_workbook(
        shared_data / "nhse_winter_sitrep" / WORKBOOK, data_only=True, read_only=True
    )
    found = {}
    for title, measures in sitrep.SHEETS.items():
        rows = list(book[title].iter_rows(values_only=True))
        for row in rows[15:149]:
            for day, heading, value in zip(rows[12], rows[14], row, strict=True):
                if heading in measures and row[3]:
                    found[heading, row[3], day.date()] = value
    return found


@pytest.fixture(scope="module")
def landed(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    home = Home(tmp_path_factory.mktemp("sitrep"))
    folder = {sitrep: shared_data / "nhse_winter_sitrep"}
    receipts = load_folders(folder, home, Given(), lambda *_: None)
    by_name = {receipt.file_name: receipt for receipt in receipts}
    assert by_name[WORKBOOK].verdict == "landed"
    assert by_name[WORKBOOK].rows_quarantined == 0
    assert by_name[WORKBOOK].published_at == datetime(2020, 3, 5)
    assert "(CC Adult Open_43801)" in by_name[COPY].reason
    assert by_name[COPY].reason.endswith("load the workbook of NHS England itself")
    return pl.read_parquet(home.raw / "nhse_winter_sitrep" / "beds" / "*.parquet")


@pytest.mark.shared
def test_every_count_of_the_real_workbook_lands(
    published: dict[tuple[str, str, date], int], landed: pl.DataFrame
) -> None:
    rows = landed.select("measure", "trust_code", "day", "beds").rows()
    assert {(measure, code, day): beds for measure, code, day, beds in rows} == published
    assert len(rows) == len(published) == 4 * 133 * 91


@pytest.mark.shared
@pytest.mark.parametrize(
    ("measure", "code", "day", "beds"),
    [
        ("Total Beds Open", "-", FIRST, 97_742),
        ("Total beds occ'd", "-", FIRST, 93_405),
        ("Total Beds Open", "-", LAST, 97_868),
        ("Total beds occ'd", "-", LAST, 91_780),
        ("Total beds occ'd", "RJ6", FIRST, 467),
        ("Total Beds Open", "R1H", FIRST, 1_569),
        ("CC Adult Open", "-", FIRST, 3_730),
        ("CC Adult Occ", "-", LAST, 2_888),
        ("CC Adult Occ", "RA4", LAST, 9),
        ("CC Adult Open", "RCU", FIRST, 0),
    ],
)
def test_known_cells_of_the_real_workbook(
    landed: pl.DataFrame, measure: str, code: str, day: date, beds: int
) -> None:
    row = landed.filter(measure=measure, trust_code=code, day=day)
    assert row["beds"].to_list() == [beds]


@pytest.mark.shared
def test_england_is_the_sum_of_its_trusts_on_every_day(landed: pl.DataFrame) -> None:
    by_day = landed.group_by("measure", "day").agg(
        england=pl.col("beds").filter(pl.col("trust_code") == "-").sum(),
        trusts=pl.col("beds").filter(pl.col("trust_code") != "-").sum(),
    )
    assert by_day.height == 4 * 91
    assert by_day.filter(pl.col("england") != pl.col("trusts")).is_empty()
