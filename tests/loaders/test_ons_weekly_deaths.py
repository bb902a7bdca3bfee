"""The weekly workbooks of the Office for National Statistics, on a small one and on all 13."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from loaders import accounting, contract
from loaders.documents import Document, open_document
from loaders.reading import Reading, Refused
from loaders.sources import ons_weekly_deaths as ons

WORKBOOKS = {
    "publishedweek112020.xls": (11, "2020-03-24"),
    "publishedweek122020.xlsx": (12, "2020-03-31"),
    "publishedweek1320201.xlsx": (13, "2020-04-07"),
    "publishedweek1620201.xlsx": (16, "2020-04-28"),
    "publishedweek182020.xlsx": (18, "2020-05-12"),
    "publishedweek202020.xlsx": (20, "2020-05-26"),
    "publishedweek222020.xlsx": (22, "2020-06-09"),
    "publishedweek252020.xlsx": (25, "2020-06-30"),
    "publishedweek302020.xlsx": (30, "2020-08-04"),
    "publishedweek352020.xlsx": (35, "2020-09-08"),
    "publishedweek402020.xlsx": (40, "2020-10-13"),
    "publishedweek512020corrected.xlsx": (51, "2020-12-30"),
    "publishedweek532020.xlsx": (53, "2021-01-12"),
}
Tables = dict[str, pl.DataFrame]
Rows = list[list[object]]


def write(sheets: dict[str, Rows], path: Path) -> Document:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return open_document(path, path.name)


@pytest.fixture
def sample(tmp_path: Path) -> Document:
    return write(ons.SAMPLE, tmp_path / ons.SAMPLE_NAME)


@pytest.fixture
def workbook(shared_data: Path) -> Callable[[str], Document]:
    folder = shared_data / "ons_weekly_deaths"
    return lambda name: open_document(folder / name, name)


def kept(document: Document, reading: Reading) -> Tables:
    """The typed rows of each table, after every row and cell was accounted for."""
    checked = {
        table: contract.check(frame, ons.SOURCE.tables[table], document.name)
        for table, frame in reading.tables.items()
    }
    account = accounting.settle(document, reading, checked)
    assert account.rows_quarantined == account.cells_quarantined == account.cells_skipped == 0
    assert not [reason for reason in account.skipped_reasons if "not known" in reason]
    return {table: result.kept for table, result in checked.items()}


def read(document: Document) -> Tables:
    return kept(document, ons.read(document))


def week(tables: Tables, table: str, label: str, number: int) -> str:
    rows = tables[table].filter(label=label, week_number=number)
    return str(rows["deaths"].item())


def compared(tables: Tables, day: str) -> dict[str, int]:
    rows = tables["england_comparisons"].filter(date=date.fromisoformat(day))
    return dict(zip(rows["heading"], rows["cumulative_deaths"], strict=True))


def daily(tables: Tables, table: str, area: str, day: str) -> int:
    rows = tables[table].filter(area_name=area, date=date.fromisoformat(day))
    return int(rows["deaths"].item())


def test_the_sample_is_kept_whole(sample: Document) -> None:
    heights = {table: frame.height for table, frame in read(sample).items()}
    assert heights == {
        "weekly_figures": 8,
        "covid_weekly_registrations": 10,
        "england_comparisons": 10,
        "daily_registrations": 10,
        "daily_occurrences": 10,
    }


def test_a_week_to_come_has_no_row(sample: Document) -> None:
    assert read(sample)["weekly_figures"]["week_number"].unique().to_list() == [1, 2]


def test_england_by_week_comes_from_the_sheet_of_the_united_kingdom(sample: Document) -> None:
    rows = read(sample)["covid_weekly_registrations"].filter(label="England", week_number=2)
    assert rows.select("area_code", "deaths", "_sheet").row(0) == (
        None,
        "2",
        "UK - Covid-19 - Weekly reg",
    )


def test_every_column_of_the_comparison_keeps_its_heading_and_names_its_publisher(
    sample: Document,
) -> None:
    rows = read(sample)["england_comparisons"].filter(date=date(2020, 1, 10))
    told = {row["publisher"]: row for row in rows.iter_rows(named=True)}
    assert told["GOV.UK"]["cut_off_date"] is None
    assert told["GOV.UK"]["dating_note"] == "5 DHSC death counts are taken the next day."
    assert told["NHS England"]["cut_off_date"] == date(2020, 1, 19)
    assert told["NHS England"]["dating_note"] is None
    assert told["ONS"]["heading"].endswith("registered by 18th January")
    assert told["ONS"]["cut_off_date"] == date(2020, 1, 18)


def test_a_cut_off_after_the_turn_of_the_year_belongs_to_the_next(tmp_path: Path) -> None:
    heading = "ONS deaths by actual date of death \u2013 registered by 2 January"
    comparison: Rows = [["Date", heading], ["2020-12-25", 7]]
    document = write(
        {**ons.SAMPLE, "Covid-19 - England comparisons": comparison}, tmp_path / "w.xlsx"
    )
    assert read(document)["england_comparisons"]["cut_off_date"].item() == date(2021, 1, 2)


def test_a_date_written_day_first_is_read_so_and_kept_as_written(sample: Document) -> None:
    rows = read(sample)["daily_registrations"].filter(area_name="England")
    assert rows.select("date_text", "date").rows() == [
        ("09/01/2020", date(2020, 1, 9)),
        ("2020-01-10", date(2020, 1, 10)),
    ]


def test_a_column_that_is_not_known_is_quarantined_with_its_reason(tmp_path: Path) -> None:
    comparison: Rows = [["Date", "Deaths counted in a new way"], ["2020-01-10", 7]]
    document = write(
        {**ons.SAMPLE, "Covid-19 - England comparisons": comparison}, tmp_path / "w.xlsx"
    )
    rows = ons.read(document).tables["england_comparisons"]
    reasons = contract.check(rows, ons.EnglandComparison).quarantined["reasons"].item()
    assert "heading is not a column of the comparisons that is known" in reasons


def test_a_mark_for_not_yet_available_is_kept_as_published(tmp_path: Path) -> None:
    rows = [
        [":" if cell == 25 else cell for cell in row] for row in ons.SAMPLE["Weekly figures 2020"]
    ]
    document = write({**ons.SAMPLE, "Weekly figures 2020": rows}, tmp_path / ons.SAMPLE_NAME)
    assert week(read(document), "weekly_figures", "Total deaths, all ages", 2) == ":"


def test_a_workbook_without_its_date_is_dated_eleven_days_after_its_last_week(
    sample: Document,
) -> None:
    published = ons.read(sample).published_at
    assert published is not None
    assert (published.moment.date(), published.precision) == (date(2020, 1, 21), "day")


def test_a_stated_date_is_believed_before_any_rule(tmp_path: Path) -> None:
    rows: Rows = [*ons.SAMPLE["Weekly figures 2020"], ["", "", "", "Released: ", "22 January 2020"]]
    document = write({**ons.SAMPLE, "Weekly figures 2020": rows}, tmp_path / ons.SAMPLE_NAME)
    published = ons.read(document).published_at
    assert published is not None and published.moment.date() == date(2020, 1, 22)


def test_a_workbook_of_another_week_than_its_name_says_is_refused(tmp_path: Path) -> None:
    document = write(ons.SAMPLE, tmp_path / "publishedweek032020.xlsx")
    with pytest.raises(Refused, match="figures up to week 2, which is not the week in its name"):
        ons.read(document)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([["Week number"]], "no row that starts with Week ended"),
        ([["Week number", "", 1], ["Week ended", "", "2020-01-03"]], "has no weekly figures"),
    ],
)
def test_a_workbook_without_weekly_figures_is_refused(
    rows: Rows, sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused, match=sentence):
        ons.read(write({"Weekly figures 2020": rows}, tmp_path / ons.SAMPLE_NAME))


def test_another_workbook_of_the_publisher_is_refused(tmp_path: Path) -> None:
    document = write({"Contents": [["Contents"]]}, tmp_path / ons.SAMPLE_NAME)
    with pytest.raises(Refused, match="has no weekly figures"):
        ons.read(document)


def test_every_published_workbook_is_listed_here(shared_data: Path) -> None:
    assert {path.name for path in (shared_data / "ons_weekly_deaths").iterdir()} == set(WORKBOOKS)


@pytest.mark.parametrize(("name", "weeks", "published"), [(n, *w) for n, w in WORKBOOKS.items()])
def test_every_row_and_cell_of_a_workbook_is_accounted_for(
    name: str, weeks: int, published: str, workbook: Callable[[str], Document]
) -> None:
    document = workbook(name)
    reading = ons.read(document)
    tables = kept(document, reading)
    figures = tables["weekly_figures"]
    assert reading.published_at is not None
    assert reading.published_at.moment.date().isoformat() == published
    assert figures["week_number"].unique().sort().to_list() == list(range(1, weeks + 1))
    assert figures.height == weeks * 11  # England and Wales, nine regions, Wales
    assert week(tables, "weekly_figures", "Total deaths, all ages", 1) == "12254"
    assert ("covid_weekly_registrations" in tables) == (weeks >= 12)
    assert ("england_comparisons" in tables) == (13 <= weeks <= 35)
    assert ("daily_registrations" in tables) == ("daily_occurrences" in tables) == (weeks >= 35)


def test_week_18_reads_as_the_sheets_show(workbook: Callable[[str], Document]) -> None:
    tables = read(workbook("publishedweek182020.xlsx"))
    covid = "covid_weekly_registrations"
    assert week(tables, "weekly_figures", "London", 1) == "1113"
    assert week(tables, covid, "Deaths involving COVID-19, all ages1", 16) == "8758"
    assert tables[covid].filter(label="Wales")["area_code"].unique().to_list() == ["W92000004"]
    assert compared(tables, "2020-03-05") == {
        "Daily death counts released on GOV.UK": 1,
        "NHS England by date of death - As published on 3rd May": 5,
        "ONS deaths by date of registration \u2013 registered by 1st May": 0,
        "ONS deaths by actual date of death \u2013 registered by 1st May": 4,
        "ONS deaths by actual date of death \u2013 registered by 9th May": 4,
    }


def test_week_35_reads_as_the_sheets_show(workbook: Callable[[str], Document]) -> None:
    tables = read(workbook("publishedweek352020.xlsx"))
    told = compared(tables, "2020-08-11")
    on_gov_uk = "Deaths by date of notification {} released on GOV.UK"
    assert told[on_gov_uk.format("with no time restriction imposed")] == 42072
    assert told[on_gov_uk.format("within 60 days of testing")] == 40404
    assert told[on_gov_uk.format("within 28 days of testing")] == 36695
    assert told["ONS deaths by actual date of death \u2013 registered by 5 September"] == 49463
    assert tables["england_comparisons"]["dating_note"].null_count() == 1770
    assert daily(tables, "daily_registrations", "England", "2020-04-28") == 1363
    assert daily(tables, "daily_occurrences", "England and Wales", "2020-08-28") == 3


def test_the_last_day_of_week_53_is_new_years_day(workbook: Callable[[str], Document]) -> None:
    tables = read(workbook("publishedweek532020.xlsx"))
    assert tables["weekly_figures"]["week_ended"].max() == date(2021, 1, 1)
    assert daily(tables, "daily_registrations", "London", "2021-01-01") == 8
    assert daily(tables, "daily_occurrences", "London", "2020-01-30") == 0


@pytest.mark.parametrize("name", [name for name, (weeks, _) in WORKBOOKS.items() if weeks >= 16])
def test_england_by_week_is_the_sum_of_its_regions(
    name: str, workbook: Callable[[str], Document]
) -> None:
    rows = read(workbook(name))["covid_weekly_registrations"].with_columns(
        pl.col("deaths").cast(pl.Int64)
    )
    england = rows.filter(label="England").select("week_number", "deaths")
    regions = rows.filter(pl.col("area_code").str.starts_with("E12"))
    sums = regions.group_by("week_number").agg(pl.col("deaths").sum())
    assert england.sort("week_number").equals(sums.sort("week_number"))
