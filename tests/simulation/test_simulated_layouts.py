"""Simulated files have the headings, sheets and places of the real files of the same day."""

import csv
import re
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

import openpyxl
import pytest

from simulation.arrivals import Arrivals
from simulation.publishers import PUBLISHERS

CASES = "phe_cases_vintages/coronavirus-cases_{}.csv"
DEATHS = "nhse_announced_deaths/COVID-19-total-announced-deaths_{}.xlsx"
BEDS = "nhse_winter_sitrep/winter_sitrep_daily_ts_2019-20.xlsx"
WEEKLY = "ons_weekly_deaths/publishedweek{}.xlsx"
Book = dict[str, list[list[object]]]


def simulated(arrivals: Arrivals, source: str, day: date, name: str = "") -> tuple[str, bytes]:
    files = PUBLISHERS[source].files(arrivals, day)
    found = next(file for file in files if name in file.name)
    return found.name, found.content


def book(content: bytes) -> Book:
    opened = openpyxl.load_workbook(BytesIO(content))
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in opened
    }


@pytest.mark.parametrize(
    "day",
    [
        *("2020-04-09", "2020-04-12", "2020-04-15", "2020-04-18", "2020-04-21", "2020-04-27"),
        *("2020-05-04", "2020-05-05", "2020-07-01", "2020-07-02", "2020-07-03", "2020-08-05"),
    ],
)
def test_case_files(long_arrivals: Arrivals, shared_data: Path, day: str):
    real = shared_data / CASES.format(day)
    name, content = simulated(long_arrivals, "phe_cases_vintages", date.fromisoformat(day))
    published = real.read_bytes()
    assert name == real.name
    assert content.split(b"\n")[0] == published.split(b"\n")[0]
    assert content.endswith(b"\n\n") == published.endswith(b"\n\n")
    ours, theirs = (
        list(csv.reader(StringIO(text.decode().rstrip("\n")))) for text in (content, published)
    )
    assert types_in_order(theirs) == [
        kind for kind in types_in_order(ours) if kind in types(theirs)
    ]
    assert ("." in ours[-1][4]) == ("." in theirs[-1][4])
    assert {len(row) for row in ours} == {len(row) for row in theirs}


def types_in_order(rows: list[list[str]]) -> list[str]:
    return list(dict.fromkeys(row[2] for row in rows[1:]))


def types(rows: list[list[str]]) -> set[str]:
    return {row[2] for row in rows[1:]}


@pytest.mark.parametrize(
    "day", ["2020-04-05", "2020-04-23", "2020-05-13", "2020-05-24", "2020-06-08", "2020-08-03"]
)
def test_workbooks_of_deaths_in_hospital(long_arrivals: Arrivals, shared_data: Path, day: str):
    real = shared_data / DEATHS.format(day)
    name, content = simulated(long_arrivals, "nhse_announced_deaths", date.fromisoformat(day))
    ours, theirs = book(content), book(real.read_bytes())
    assert name == real.name
    assert {title.replace("post", "pos") for title in theirs} >= set(ours)
    for title in ours:
        if "trust" in title or ("region" in title and "no pos" not in title):
            assert_same_places(ours[title], theirs[title])


def assert_same_places(ours: list[list[object]], theirs: list[list[object]]) -> None:
    """Labels, the heading with its dates, and England's row stand in the same cells."""
    for mine, real in zip(ours[:17], theirs[:17], strict=True):
        if real[1] in ("NHS England Region", "England", "-"):
            same = [(a, b) for a, b in zip(mine, real, strict=False)]
            assert all(a == b for a, b in same if not isinstance(b, int))
            assert len([a for a in mine if a is not None]) == len(
                [b for b in real if b is not None]
            )
        elif real[1]:
            assert str(mine[1])[:20] == str(real[1])[:20]
    published = next(row[2] for row in ours if row[1] == "Published:")
    stated = next(row[2] for row in theirs if row[1] == "Published:")
    assert isinstance(published, datetime) == isinstance(stated, datetime)
    assert published == stated


def test_workbooks_of_beds(long_arrivals: Arrivals, shared_data: Path):
    """Every label stands in the cell where it stands in the real workbook."""
    name, content = simulated(long_arrivals, "nhse_winter_sitrep", date(2020, 4, 9))
    opened = openpyxl.load_workbook(shared_data / BEDS, data_only=True)
    assert name == "winter_sitrep_daily_ts_2020-04-09.xlsx"
    ours = book(content)
    assert list(ours) == [title for title in opened.sheetnames if title in ours]
    for title in ("G&A beds", "Adult critical care"):
        mine = ours[title]
        real = [list(row) for row in opened[title].iter_rows(values_only=True)]
        width = max(map(len, mine))
        assert [labels(row, width) for row in mine[:15]] == [labels(r, width) for r in real[:15]]
        assert mine[15][:5] == real[15][:5]
        assert not any(mine[16])
        assert {row[1] for row in mine[17:] if row[3]} == {row[1] for row in real[17:] if row[3]}
        below = [[row[1] for row in rows[17:] if row[1] and not row[3]] for rows in (mine, real)]
        assert below[0] == below[1]


def labels(row: list[object], width: int) -> list[object]:
    """What stands in a row, a day and the span of days only as what they are."""
    padded = [*row[:width], *[None] * (width - len(row))]
    if padded[1] == "Period:":
        return ["period"]
    return ["day" if isinstance(cell, datetime) else cell for cell in padded]


@pytest.mark.parametrize("week", ["122020", "182020", "202020", "252020", "302020", "352020"])
def test_weekly_workbooks(long_arrivals: Arrivals, shared_data: Path, week: str):
    real = shared_data / WEEKLY.format(week)
    friday = date.fromisocalendar(2020, int(week[:2]), 5)
    tuesday = date.fromordinal(friday.toordinal() + 11)
    name, content = simulated(long_arrivals, "ons_weekly_deaths", tuesday)
    ours, theirs = book(content), book(real.read_bytes())
    assert name == real.name
    assert set(ours) <= set(theirs)
    for title in set(ours) - {"Contents"}:
        labels = first_cells(theirs[title])
        missing = [label for label in first_cells(ours[title]) if label not in labels]
        assert not [label for label in missing if not label[0].isdigit()], title


def first_cells(rows: list[list[object]]) -> set[str]:
    """Labels at the left and dated headings, without their footnote marks and numbers."""
    texts = [str(row[0] or row[1] or "").strip() for row in rows]
    return {text.rstrip("0123456789 :")[:30] for text in texts if text and not is_note(text)}


def is_note(text: str) -> bool:
    return len(text) > 90 or text[:2].strip().isdigit()


def test_headings_of_the_comparisons(long_arrivals: Arrivals, shared_data: Path):
    for week in ("182020", "352020"):
        friday = date.fromisocalendar(2020, int(week[:2]), 5)
        tuesday = date.fromordinal(friday.toordinal() + 11)
        _, content = simulated(long_arrivals, "ons_weekly_deaths", tuesday)
        sheet = "Covid-19 - England comparisons"
        ours = book(content)[sheet]
        theirs = book((shared_data / WEEKLY.format(week)).read_bytes())[sheet]
        mine, real = (next(row for row in rows if row[0] == "Date") for rows in (ours, theirs))
        assert [without_day(cell) for cell in mine if cell] == [without_day(c) for c in real if c]


def without_day(heading: object) -> str:
    """A heading without the day of its cut-off, which the real ones write in two ways."""
    return re.split(" registered by | As published on ", str(heading))[0]


@pytest.mark.parametrize(
    ("source", "real", "day", "name"),
    [
        ("phe_deaths_csv", "coronavirus-deaths-2020-04-14.csv", date(2020, 4, 14), ""),
        ("jhu", "deaths_global_2020-08-18.csv", date(2020, 8, 18), ""),
        ("ecdc", "COVID-19-2020-08-19.csv", date(2020, 8, 19), ""),
        (
            "tomwhite_indicators_vintages",
            "covid-19-indicators-uk_2020-04-15.csv",
            date(2020, 4, 15),
            "",
        ),
        (
            "phe_utla_daily_csv",
            "CountyUAs_cases_table-2020-03-11.csv",
            date(2020, 3, 11),
            "County",
        ),
        (
            "phe_utla_daily_csv",
            "CountyUAs_cases_table-2020-04-05.csv",
            date(2020, 4, 5),
            "County",
        ),
        ("phe_utla_daily_csv", "NHSR_Cases_table-2020-03-28.csv", date(2020, 3, 28), "NHSR"),
    ],
)
def test_plain_tables(
    long_arrivals: Arrivals, shared_data: Path, source: str, real: str, day: date, name: str
):
    ours_name, ours = simulated(long_arrivals, source, day, name)
    theirs = (shared_data / source / real).read_bytes()
    assert ours_name == real
    assert ours.split(b"\n")[0] == theirs.split(b"\n")[0].rstrip(b"\r")
    if source == "phe_deaths_csv":
        assert ours.endswith(b"\n") == theirs.endswith(b"\n")
        assert ours.count(b"\n") == theirs.count(b"\n")


def test_owid_has_the_columns_of_its_day(long_arrivals: Arrivals, shared_data: Path):
    _, ours = simulated(long_arrivals, "owid", date(2020, 6, 18))
    theirs = (shared_data / "owid" / "owid-covid-data_2020-06-18_cut.csv").read_text()
    assert ours.decode().split("\n")[0].split(",") == theirs.split("\n")[0].strip().split(",")
