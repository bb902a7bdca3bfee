"""Resident population of every authority in the United Kingdom at the middle of a year.

Published once a year, in June of the year after, as one workbook; a new census rebases earlier
years in later workbooks. Students count at their term-time address, people who stay less than a
year are not counted. Countries, regions, counties and districts stand in one sheet: adding them all
counts everybody several times. Boundaries are those named in the workbook's notes (2021 for the
workbook of mid-2020), so authorities that were merged by then are absent: `not_reported`, never
withdrawn. Sheets of sums, components of change, earlier years, density and median age are skipped.
"""

import re

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM
from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Published, Reading, Refused, Skipped, published_on
from loaders.spreadsheets import Sheet
from loaders.wide import Long, unpivot


class Residents(dy.Schema):
    period = dy.String(
        primary_key=True, regex=r"^mid-\d{4}$", metadata={"form": "a middle of a year, mid-2020"}
    )
    sex = dy.String(primary_key=True)
    area_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    area_name = dy.String()
    geography = dy.String()
    age = dy.String(
        primary_key=True,
        regex=r"^(All ages|\d{1,2}|90\+)$",
        metadata={"form": "All ages, a year of age, or 90+"},
    )
    people = dy.Int64(min=0)


SOURCE = Source(
    name="ons_population",
    title="Mid-year population estimates, United Kingdom",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="yearly",
    due="once a year, in June",
    absence="not_reported",
    tables={"residents": Residents},
    suffixes=(".xls", ".xlsx"),
)

TITLE = "MYE2: {} by single year of age and sex for local authorities in the UK, mid-2020"
HEADER: list[object] = ["Code", "Name", "Geography", "All ages", "0", "1", "90+"]
SAMPLE_NAME = "ukpopestimatesmid2020on2021geography.xlsx"
SAMPLE: dict[str, list[list[object]]] = {
    "Cover sheet": [["Mid-Year Population Estimates, UK"], ["Date published: 25th June 2021"]],
    "MYE1": [["MYE1: Population estimates: Summary for the UK, mid-2020"]],
    "MYE2 - Persons": [
        [TITLE.format("Persons")],
        HEADER,
        ["E92000001", "ENGLAND", "Country", 1000, 400, 350, 250],
        ["E06000001", "Hartlepool", "Unitary Authority", 60, 20, 30, 10],
    ],
    "MYE2 - Males": [
        [TITLE.format("Males")],
        HEADER,
        ["E92000001", "ENGLAND", "Country", 490, 200, 170, 120],
    ],
}

PERSONS = "MYE2 - Persons"
PEOPLE_SHEET = re.compile(r"^MYE2 - (Persons|Males|Females)$")
PERIOD = re.compile(r"\bmid-\d{4}\b")
KEYS = {"area_code": 0, "area_name": 1, "geography": 2}
OTHER_SHEETS = {
    r"^MYE1$": "sums of the sheets that are read",
    r"^MYE3$": "components of change: not claimed",
    r"^MYE4$": "earlier years: not claimed",
    r"^MYE ?5$": "population density: not claimed",
    r"^MYE ?6$": "median age: not claimed",
}


def read(document: Document) -> Reading:
    """One long row for each sex, area and age, the column "All ages" included."""
    sheets = document.sheets()
    people = [sheet for name, sheet in sheets.items() if PEOPLE_SHEET.match(name.strip())]
    if PERSONS not in {sheet.name.strip() for sheet in people}:
        raise Refused(f"{document.name} has no sheet {PERSONS}; it has {', '.join(sheets)}")
    longs = [_long(sheet) for sheet in people]
    tables = {"residents": pl.concat(long.frame for long in longs)}
    others = [_skip(sheet) for sheet in sheets.values() if sheet not in people]
    return Reading(
        tables,
        [*others, *document.skip_rest(tables, "title, note or heading", others)],
        _published(sheets, document.name),
        cells=sum(long.cells for long in longs),
        cells_skipped=sum(long.cells_skipped for long in longs),
    )


def _long(sheet: Sheet) -> Long:
    first = [row[0].strip() if row else "" for row in sheet.rows]
    header = first.index("Code") if "Code" in first else None
    period = PERIOD.search(first[0]) if first else None
    if header is None or period is None:
        raise Refused(
            f"sheet {sheet.name} has no title with its middle of a year above headings from Code on"
        )
    below = range(header + 1, len(sheet.rows))
    data = [at for at in below if "".join(sheet.rows[at][2:3]).strip()]
    long = unpivot(
        sheet.rows,
        header=header,
        data=data,
        keys=KEYS,
        first_value=len(KEYS),
        sheet=sheet.name,
    )
    frame = long.frame.rename({"heading": "age", "value": "people"}).with_columns(
        period=pl.lit(period[0]), sex=pl.lit(sheet.name.strip().removeprefix("MYE2 - "))
    )
    return Long(frame, long.cells, long.cells_skipped)


def _skip(sheet: Sheet) -> Skipped:
    reasons = (why for name, why in OTHER_SHEETS.items() if re.match(name, sheet.name.strip()))
    return Skipped.of(
        range(1, len(sheet.rows) + 1), next(reasons, "cover, contents or notes"), sheet.name
    )


def _published(sheets: dict[str, Sheet], file: str) -> Published:
    for row in (row for sheet in sheets.values() for row in sheet.rows):
        if row and row[0].startswith("Date published:") and (stated := published_on(row[0])):
            return stated
    raise Refused(f"{file} does not say when it was published: no line Date published")
