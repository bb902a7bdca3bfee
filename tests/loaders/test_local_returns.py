"""The plain return, in every format and with the mistakes that people make in spreadsheets."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest
import xlwt
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from loaders import accounting, contract, intake
from loaders.documents import open_document
from loaders.reading import Published, Reading, Refused
from loaders.sources import local_returns as returns
from store.paths import Home

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
HEADING = ["area_code", "area_name", "date", "metric", "value"]
CASES = "cases_by_specimen_date"
Row = list[str]
GOOD: list[Row] = [
    ["E06000016", "Leicester", "2020-06-29", CASES, "31"],
    ["E06000016", "Leicester", "2020-06-30", CASES, "0"],
    ["E06000017", "Rutland", "2020-06-30", CASES, "*"],
    ["RWE", "Leicester Hospitals", "2020-06-30", "deaths_hospital_by_death_date", "1234"],
]
NAME = "return-2020-07-03"


def as_csv(rows: list[Row], delimiter: str = ",") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter).writerows(rows)
    return file.getvalue().encode()


def as_xlsx(rows: list[Row]) -> bytes:
    """As people type it: dates and numbers become dates and numbers."""
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append([typed(value) for value in row])
    book.save(file)
    return file.getvalue()


def typed(value: str) -> str | int | date:
    if value.isdigit():
        return int(value)
    return date.fromisoformat(value) if value.startswith("2020-") else value


def as_xls(rows: list[Row]) -> bytes:
    book, file = xlwt.Workbook(), io.BytesIO()
    page, day = book.add_sheet("Return"), xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            cell = typed(value)
            page.write(at, column, cell, *([day] if isinstance(cell, date) else []))
    book.save(file)
    return file.getvalue()


def as_ods(rows: list[Row]) -> bytes:
    book, page, file = OpenDocumentSpreadsheet(), Table(name="Return"), io.BytesIO()
    for row in rows:
        line = TableRow()
        for value in row:
            cell = TableCell(valuetype="string")
            cell.addElement(P(text=value))
            line.addElement(cell)
        page.addElement(line)
    book.spreadsheet.addElement(page)
    book.save(file)
    return file.getvalue()


def as_records(rows: list[Row]) -> list[dict[str, str | int]]:
    return [
        {name: int(v) if v.isdigit() else v for name, v in zip(rows[0], row, strict=True)}
        for row in rows[1:]
    ]


def as_json(rows: list[Row]) -> bytes:
    return json.dumps(as_records(rows)).encode()


def as_ndjson(rows: list[Row]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in as_records(rows)).encode()


def as_parquet(rows: list[Row]) -> bytes:
    file = io.BytesIO()
    frame = pl.DataFrame(rows[1:], schema=rows[0], orient="row")
    frame.with_columns(pl.col("date").str.to_datetime("%Y-%m-%d")).write_parquet(file)
    return file.getvalue()


WRITERS: dict[str, Callable[[list[Row]], bytes]] = {
    ".csv": as_csv,
    ".tsv": lambda rows: as_csv(rows, "\t"),
    ".xlsx": as_xlsx,
    ".xls": as_xls,
    ".ods": as_ods,
    ".json": as_json,
    ".ndjson": as_ndjson,
    ".parquet": as_parquet,
}


def in_zip(data: bytes, member: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, data)
    return file.getvalue()


def read(folder: Path, name: str, data: bytes) -> tuple[Reading, contract.Checked]:
    """Read and check one return, and balance its rows as intake does."""
    path = folder / name
    path.write_bytes(data)
    document = open_document(path, name)
    reading = returns.read(document)
    checked = contract.check(reading.tables["returns"], returns.Returns, name)
    accounting.settle(document, reading, {"returns": checked})
    return reading, checked


def reasons(folder: Path, *rows: Row, name: str = f"{NAME}.csv") -> dict[int, list[str]]:
    """Why rows were put aside, by row, among good ones that stand first (rows 2 to 5)."""
    _, checked = read(folder, name, as_csv([HEADING, *GOOD, *rows]))
    aside = checked.quarantined
    return dict(zip(aside["_row"].to_list(), aside["reasons"].to_list(), strict=True))


# Every format


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("wrap", ["", ".gz", ".zip"])
def test_every_format_gives_the_same_rows(suffix: str, wrap: str, tmp_path: Path) -> None:
    data = WRITERS[suffix]([HEADING, *GOOD])
    if wrap:
        data = gzip.compress(data) if wrap == ".gz" else in_zip(data, f"inner{suffix}")
    name = f"{NAME}{suffix}{wrap}"
    assert name.endswith(returns.SOURCE.suffixes)
    reading, checked = read(tmp_path, name, data)
    assert checked.quarantined.is_empty()
    kept = checked.kept.select("area_code", "area_name", "event_date", "metric", "value")
    expected = [(r[0], r[1], date.fromisoformat(r[2]), r[3], r[4]) for r in GOOD]
    assert kept.rows() == expected
    assert reading.published_at == Published(datetime(2020, 7, 3))


def test_the_sample_is_a_return_without_fault(tmp_path: Path) -> None:
    _, checked = read(tmp_path, returns.SAMPLE_NAME, returns.SAMPLE.encode())
    assert checked.quarantined.is_empty()
    assert checked.kept["value"].to_list() == ["31", "27", "*"]


def test_columns_are_matched_by_name_in_any_order_case_and_spacing(tmp_path: Path) -> None:
    heading = [" VALUE ", "Metric", "DATE", "Area name", "areaCode"]
    _, checked = read(tmp_path, f"{NAME}.csv", as_csv([heading, *(row[::-1] for row in GOOD)]))
    assert checked.kept["area_code"].to_list() == [row[0] for row in GOOD]


def test_empty_columns_and_rows_that_spreadsheets_add_hold_nothing(tmp_path: Path) -> None:
    rows = [[*HEADING, "", ""], *([*row, "", ""] for row in GOOD), [""] * 7]
    _, checked = read(tmp_path, f"{NAME}.csv", as_csv(rows))
    assert checked.kept.height == len(GOOD)
    assert checked.quarantined.is_empty()


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(st.dates(date(2019, 1, 1), date(2020, 7, 3)), st.integers(0, 10**6)),
        min_size=1,
        max_size=20,
        unique_by=lambda pair: pair[0],
    ),
    st.sampled_from(["{:%Y-%m-%d}", "{0.day} {0:%B} {0.year}", "{0.day} {0:%b} {0.year}"]),
)
def test_any_good_return_is_kept_whole(
    tmp_path_factory: pytest.TempPathFactory, values: list[tuple[date, int]], form: str
) -> None:
    rows = [["E06000016", "Leicester", form.format(day), CASES, f"{n:,}"] for day, n in values]
    _, checked = read(tmp_path_factory.mktemp("r"), f"{NAME}.csv", as_csv([HEADING, *rows]))
    assert checked.kept["event_date"].to_list() == [day for day, _ in values]
    assert checked.kept["value"].to_list() == [f"{n:,}" for _, n in values]


# Rows that are put aside


WRONG_VALUES = ["-5", "12.5", "twelve", "1e3", "12 approx", "1,23", "#N/A", "NaN", "TRUE", "٣"]


@pytest.mark.parametrize("value", WRONG_VALUES)
def test_a_value_that_is_no_count_is_put_aside(value: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, ["E06000018", "Nottingham", "2020-06-30", CASES, value])
    assert aside == {6: ["value is not a whole number, 0 or more, or a sign such as * or <5"]}


@pytest.mark.parametrize("value", ["0", " 7 ", "1,234", "12.0", "*", "<5", "1 to 4", "..", "N/A"])
def test_counts_and_known_signs_are_kept(value: str, tmp_path: Path) -> None:
    assert reasons(tmp_path, ["E06000018", "Nottingham", "2020-06-30", CASES, value]) == {}


@pytest.mark.parametrize(
    "day", ["03/04/2020", "13/04/2020", "2020-4-3", "3 April", "43924", "3.4.20"]
)
def test_a_date_that_reads_two_ways_is_put_aside(day: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, ["E06000018", "Nottingham", day, CASES, "1"])
    said = "date is not a date that reads one way: write 2020-04-03 or 3 April 2020"
    assert aside == {6: [said]}


@pytest.mark.parametrize("day", ["2020-02-30", "31 June 2020", "3 Aprli 2020", "0 May 2020"])
def test_a_day_that_the_calendar_does_not_have_is_put_aside(day: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, ["E06000018", "Nottingham", day, CASES, "1"])
    assert aside == {6: ["against the rule: a date is a day of the calendar"]}


@pytest.mark.parametrize("day", ["3 April 2020", "3rd Apr 2020", "03 APRIL 2020", "2020-04-03"])
def test_a_date_that_reads_one_way_is_kept(day: str, tmp_path: Path) -> None:
    assert reasons(tmp_path, ["E06000018", "Nottingham", day, CASES, "1"]) == {}


def test_a_date_after_the_publication_is_put_aside(tmp_path: Path) -> None:
    row = ["E06000018", "Nottingham", "2020-07-04", CASES, "1"]
    assert reasons(tmp_path, row) == {6: ["against the rule: a date is not after the publication"]}


WEEKS = "deaths_certificate_by_registration_week"


@pytest.mark.parametrize(
    ("metric", "day", "said"),
    [
        (WEEKS, "2020-06-26", ""),
        (WEEKS, "2020-06-25", "a week is dated by the friday that ends it"),
        (WEEKS, "28 June 2020", "a week is dated by the friday that ends it"),
        ("deaths_all_causes_by_registration_week", "2020-06-19", ""),
        (
            "deaths_all_causes_by_registration_week",
            "2020-06-20",
            "a week is dated by the friday that ends it",
        ),
        ("population", "2020-06-30", ""),
        ("population", "2020-06-29", "a population is dated 30 june"),
        ("population", "2020-01-30", "a population is dated 30 june"),
        (CASES, "2020-06-25", ""),
    ],
)
def test_periods_are_dated_by_their_last_day(
    metric: str, day: str, said: str, tmp_path: Path
) -> None:
    aside = reasons(tmp_path, ["E06000018", "Nottingham", day, metric, "1"])
    assert aside == ({6: [f"against the rule: {said}"]} if said else {})


def test_what_the_operator_stated_bounds_the_dates_too(tmp_path: Path) -> None:
    path = tmp_path / "return.csv"
    path.write_bytes(as_csv([HEADING, *GOOD]))
    document = open_document(path, path.name)
    document.published_outside = Published(datetime(2020, 6, 29))
    checked = contract.check(returns.read(document).tables["returns"], returns.Returns)
    assert checked.kept["_row"].to_list() == [2]


@pytest.mark.parametrize("code", ["Leicester", "E0600016", "e06000016", "E06-000016", "X06000016"])
def test_a_code_that_is_none_is_put_aside(code: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, [code, "Nottingham", "2020-06-30", CASES, "1"])
    said = "area_code is not a code such as E06000001 (a place) or RGT (an organisation)"
    assert aside == {6: [said]}


@pytest.mark.parametrize("metric", ["cases", "Cases_by_specimen_date", "cases_by_specimen_date2"])
def test_a_metric_that_is_not_known_is_put_aside(metric: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, ["E06000018", "Nottingham", "2020-06-30", metric, "1"])
    assert aside[6][0].startswith("metric is not one of cases_by_specimen_date, ")


def test_both_of_two_rows_for_the_same_are_put_aside(tmp_path: Path) -> None:
    said = "against the rule: a return has one value for each area and date and metric"
    row = ["E06000018", "Nottingham", "2020-06-01", CASES, "1"]
    other = ["E06000018", "Nottingham", "1 June 2020", CASES, "2"]
    assert reasons(tmp_path, row, other) == {6: [said], 7: [said]}
    assert reasons(tmp_path, row, row) == {6: [said], 7: [said]}


@pytest.mark.parametrize("code", ["E06000099", "E05000001", "RZZ", "RWE99"])
def test_a_code_that_the_register_does_not_hold_is_put_aside(code: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, [code, "Nottingham", "2020-06-30", CASES, "1"])
    assert aside == {
        6: ["against the rule: an area code stands in the register of areas"],
    }


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E06000017", "Nottingham"),
        ("E06000017", "NOTTINGHAM CITY COUNCIL"),
        ("E06000017", "Bristol"),
        ("E06000016", "Leicestershire"),
        ("E06000016", "University Hospitals of Leicester NHS Trust"),
        ("E07000052", "Dorset"),
        ("E12000004", "Midlands"),
        ("E09000001", "London"),
        ("RWE", "Nottingham"),
        ("RJ1", "Barts Health"),
        ("RXY", "Medway NHS Foundation Trust"),
    ],
)
def test_the_name_of_another_area_is_put_aside(code: str, name: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, [code, name, "2020-06-28", CASES, "1"])
    assert aside == {6: ["against the rule: a name is not that of another area"]}


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("E06000017", "RUTLAND "),
        ("E06000017", "Rutland County Council"),
        ("E09000007", "London Borough of Camden"),
        ("E06000040", "Royal Borough of Windsor & Maidenhead"),
        ("E06000023", "Bristol City Council"),
        ("E06000023", "City of Bristol"),
        ("E06000052", "Cornwall and the Isles of Scilly"),
        ("E12000006", "East"),
        ("E40000010", "North West"),
        ("RWE", "Leicester"),
        ("RJ1", "Guys & St. Thomas' FT"),
        ("RXY", "Medway"),
        ("RA7", "University Hospitals Bristol and Weston NHS Foundation Trust"),
        ("E06000010", "Hull"),
    ],
)
def test_a_name_may_be_written_in_many_ways(code: str, name: str, tmp_path: Path) -> None:
    assert reasons(tmp_path, [code, name, "2020-06-28", CASES, "1"]) == {}


def test_two_names_that_are_new_contradict_each_other(tmp_path: Path) -> None:
    said = "against the rule: one area code has one name that is new to the register"
    names = {27: "Ruttland", 28: "RUTTLAND", 29: "Oakham"}
    rows = [[GOOD[2][0], name, f"2020-06-{day}", CASES, "1"] for day, name in names.items()]
    assert reasons(tmp_path, *rows[:2]) == {}
    assert reasons(tmp_path, *rows) == {6: [said], 7: [said], 8: [said]}


@pytest.mark.parametrize("name", ["Total", "Grand total", "TOTALS", "East Midlands total"])
def test_totals_are_put_aside(name: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, ["E12000004", name, "2020-06-30", CASES, "31"])
    assert aside == {6: ["against the rule: a total is not a row of a return"]}
    assert 6 in reasons(tmp_path, ["", name, "", "", "31"])


def test_a_formula_as_text_is_put_aside(tmp_path: Path) -> None:
    aside = reasons(tmp_path, ["E06000018", '=HYPERLINK("x")', "2020-06-30", CASES, "=B2+1"])
    assert "against the rule: a formula is not a value" in aside[6]


def test_a_computed_cell_is_put_aside_though_it_shows_a_number(tmp_path: Path) -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    for row in [HEADING, *GOOD, ["E06000018", "Nottingham", "2020-06-30", CASES, "=SUM(E2:E4)"]]:
        book.active.append(row)
    book.save(file)
    _, checked = read(tmp_path, f"{NAME}.xlsx", file.getvalue())
    assert checked.quarantined["_row"].to_list() == [6]
    assert "against the rule: a formula is not a value" in checked.quarantined["reasons"][0]


def test_a_heading_in_the_middle_of_a_sheet_is_put_aside(tmp_path: Path) -> None:
    rows = [HEADING, *GOOD, ["Area code", "Area name", "Date", "Metric", "Value"], []]
    _, checked = read(tmp_path, f"{NAME}.xlsx", as_xlsx(rows))
    assert checked.kept.height == len(GOOD)
    assert "against the rule: the heading stands only once" in checked.quarantined["reasons"][0]


def test_lines_that_are_no_records_are_put_aside(tmp_path: Path) -> None:
    lines = (
        as_ndjson([HEADING, *GOOD]) + b'{"area_code": \n[1, 2]\n\n' + as_ndjson([HEADING, GOOD[0]])
    )
    path = tmp_path / f"{NAME}.ndjson"
    path.write_bytes(lines)
    document = open_document(path, path.name)
    reading = returns.read(document)
    assert [(row, why) for row, _, why in document.ragged] == [
        (5, "it is not a record of names and values"),
        (6, "it is not a record of names and values"),
    ]
    assert reading.tables["returns"]["_row"].to_list() == [1, 2, 3, 4, 8]


# Files that are refused


REFUSED: dict[str, tuple[str, bytes, str]] = {
    "a column too few": (".csv", as_csv([r[:4] for r in [HEADING, *GOOD]]), "missing: value"),
    "a column too many": (".csv", as_csv([[*r, "x"] for r in [HEADING, *GOOD]]), "not known: x"),
    "a column twice": (".csv", as_csv([[*r, r[4]] for r in [HEADING, *GOOD]]), "not known|twice"),
    "two spellings of one": (
        ".csv",
        as_csv([[*HEADING, "Area Code"], *([*row, row[0]] for row in GOOD)]),
        "twice",
    ),
    "a title above": (".xlsx", as_xlsx([["Our return"], HEADING, *GOOD]), "missing: area_code"),
    "semicolons": (".csv", as_csv([HEADING, *GOOD], ";"), "separated by semicolons"),
    "only a heading": (".csv", as_csv([HEADING]), "no rows"),
    "only a heading in a sheet": (".xlsx", as_xlsx([HEADING]), "no rows"),
    "an empty sheet": (".xlsx", as_xlsx([]), "holds 0"),
    "an object": (".json", b'{"data": [{"a": 1}]}', "not a list of records"),
    "a column too many in JSON": (".json", b'[{"area_code": "E06000016", "n": 1}]', "not known: n"),
    "a last line cut off": (".ndjson", as_ndjson([HEADING, *GOOD])[:-20], "cut off in line 4"),
    "a kind that is none": (".zip", in_zip(b"some text", "notes.txt"), "of the kind .txt"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_no_return_is_refused(what: str, tmp_path: Path) -> None:
    suffix, data, said = REFUSED[what]
    with pytest.raises(Refused, match=said):
        read(tmp_path, f"{NAME}{suffix}", data)


def test_a_workbook_with_two_filled_sheets_is_refused(tmp_path: Path) -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(HEADING)
    book.create_sheet("Working").append(["x"])
    book["Working"].sheet_state = "hidden"
    book.save(file)
    with pytest.raises(Refused, match=r"holds 2 \(Sheet, Working\)"):
        read(tmp_path, f"{NAME}.xlsx", file.getvalue())


# Through intake


def take_in(tmp_path: Path, name: str, rows: list[Row], given: intake.Given) -> intake.Receipt:
    folder = tmp_path / "local_returns"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(as_csv([HEADING, *rows]))
    home = Home(tmp_path / "home")
    return intake.load_folders({returns: folder}, home, given, lambda *_: None)[0]


def many(bad: int) -> list[Row]:
    return [
        ["E06000016", "Leicester", f"2020-06-{n + 1:02d}", CASES, "x1" if n < bad else str(n)]
        for n in range(25)
    ]


def test_a_fifth_of_the_rows_may_be_bad_and_no_more(tmp_path: Path) -> None:
    receipt = take_in(tmp_path, f"{NAME}.csv", many(bad=5), intake.Given())
    assert (receipt.verdict, receipt.rows_landed, receipt.rows_quarantined) == ("landed", 20, 5)
    receipt = take_in(tmp_path, f"{NAME}.csv", many(bad=6), intake.Given())
    assert receipt.verdict == "refused"
    assert "6 of 25 rows" in receipt.reason


@pytest.mark.parametrize(
    ("column", "wrong"),
    [(0, "E06000099"), (1, "Nottingham"), (3, WEEKS), (3, "population")],
)
def test_codes_names_and_periods_count_towards_the_fifth(
    column: int, wrong: str, tmp_path: Path
) -> None:
    rows = many(bad=0)
    # The first seven days of June 2020 but for Friday the 5th, none of them the 30th.
    for row in [*rows[:4], *rows[5:7]]:
        row[column] = wrong
    receipt = take_in(tmp_path, f"{NAME}.csv", rows, intake.Given())
    assert (receipt.verdict, receipt.rows_landed) == ("refused", 0)
    assert "6 of 25 rows" in receipt.reason


def test_the_date_of_sending_comes_from_the_name_or_is_given(tmp_path: Path) -> None:
    assert "published" in take_in(tmp_path, "return.csv", GOOD, intake.Given()).reason
    given = intake.Given(otherwise=Published(datetime(2020, 7, 2)))
    receipt = take_in(tmp_path, "return.csv", GOOD, given)
    assert (receipt.verdict, receipt.published_at) == ("landed", datetime(2020, 7, 2))


def test_a_return_of_which_only_the_month_of_sending_is_known_is_refused(tmp_path: Path) -> None:
    """It could speak of days to come and would outrank what was sent before it."""
    receipt = take_in(tmp_path, "return-2020-07.csv", GOOD, intake.Given())
    assert (receipt.verdict, receipt.reason) == (
        "refused",
        "local_returns: return-2020-07.csv says only the month in which it was sent: put the day "
        "into its name, such as return-2020-07-03.csv, or give it with --published-at YYYY-MM-DD",
    )
    june = intake.Given(otherwise=Published(datetime(2020, 6, 30)))
    assert take_in(tmp_path, "return-2020-07.csv", GOOD, june).verdict == "refused"
    july = intake.Given(otherwise=Published(datetime(2020, 7, 2)))
    receipt = take_in(tmp_path, "return-2020-07.csv", GOOD, july)
    assert (receipt.verdict, receipt.published_at) == ("landed", datetime(2020, 7, 2))


# What staging must know


def seed(name: str, column: str) -> set[str]:
    with (SEEDS / name).open(newline="") as file:
        return {row[column] for row in csv.DictReader(file)}


def grains(metrics: set[str]) -> set[str]:
    with (SEEDS / "metrics.csv").open(newline="") as file:
        return {row["grain"] for row in csv.DictReader(file) if row["metric_id"] in metrics}


def test_metrics_and_signs_are_those_of_the_warehouse() -> None:
    assert set(returns.METRICS) <= seed("metrics.csv", "metric_id")
    assert grains(set(returns.METRICS) - {*returns.WEEKLY, *returns.YEARLY}) == {"day"}
    assert grains({*returns.WEEKLY}) == {"week"} and grains({*returns.YEARLY}) == {"year"}
    assert set(returns.MARKS) <= seed("missing_marks.csv", "mark")


@pytest.mark.parametrize("value", ["70000001", "999999999999999999999999999999", "1,000,000,000"])
def test_nobody_reports_more_than_there_are_people(value: str, tmp_path: Path) -> None:
    aside = reasons(tmp_path, ["E06000018", "Nottingham", "2020-06-30", CASES, value])
    assert aside == {6: ["against the rule: a count is not larger than the population"]}


def test_half_a_character_is_no_fault_of_ours(tmp_path: Path) -> None:
    """JSON can name half of a character, which no text can hold."""
    record = dict(zip(HEADING, GOOD[0], strict=True)) | {"area_name": "half"}
    path = tmp_path / f"{NAME}.json"
    path.write_text(json.dumps([record]).replace("half", "\\ud800"))
    reading = returns.read(open_document(path, path.name))
    assert reading.tables["returns"]["area_name"].to_list() == ["?"]
