"""Confirmed cases in England by area, and the UK's totals, as announced each day of March 2020.

Three files a day, replaced the next day, each the state of that one day:
- `CountyUAs_cases_table`: running total of cases by upper-tier authority;
- `NHSR_Cases_table`: the same by NHS region (E40 codes; "London" and the "South East" of the NHS
  are not the regions of that name, so areas go by code and never by name);
- `DailyIndicators`: one row with the UK's total and new cases, total deaths, and cases by nation
  (deaths by nation were added later).

Tables carry no date: the day in the file's name is the day of the announcement and the day that the
counts are for. The workbook states it in `DateVal`. Numbers are padded with blanks on some days and
have thousands commas on others; the table of 11 March begins with a row counter (FID), which is not
kept. Cornwall is published with the Isles of Scilly and Hackney with the City of London, each under
the code of the larger. Areas do not add up to England: cases not yet placed are in no row.

Nothing is ever revised in place. Absence is `not_reported`: a file speaks of one day only, so a
cell that a later file lacks was not taken back.
"""

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM
from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Reading, Refused, published_on
from loaders.selection import require_columns
from loaders.spreadsheets import Sheet
from loaders.wide import unpivot

INDICATOR = r"^(Total|New)?(UK|England|Scotland|Wales|NI)(Cases|Deaths)$"


class CasesByArea(dy.Schema):
    area_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    area_name = dy.String(primary_key=True)
    total_cases = dy.Int64(min=0)


class Indicators(dy.Schema):
    """One row a headed count of the workbook's only data row; `heading` is the column's name."""

    reported_on = dy.Date(primary_key=True)
    heading = dy.String(
        primary_key=True, regex=INDICATOR, metadata={"form": "a count such as TotalUKCases"}
    )
    published_count = dy.Int64()


SOURCE = Source(
    name="phe_utla_daily_csv",
    title="Coronavirus cases announced each day, by upper-tier authority and NHS region",
    publisher="Public Health England",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="daily",
    due="every day 18:00",
    absence="not_reported",
    tables={"cases_by_area": CasesByArea, "indicators": Indicators},
    suffixes=(".csv", ".xlsx"),
)

SAMPLE_NAME = "CountyUAs_cases_table-2020-03-28.csv"
SAMPLE = """\
GSS_CD,GSS_NM,TotalCases
E06000001,Hartlepool,   29
E06000052,Cornwall and Isles of Scilly,"1,246"
E09000012,Hackney and City of London,8
"""

AREA_NAMES = ("GSS_NM", "NHSRNm")


def read(document: Document) -> Reading:
    """One row an area from the tables of cases; one row a count from the daily indicators."""
    if document.kind == "text":
        return _read_areas(document)
    return _read_indicators(document)


def _read_areas(document: Document) -> Reading:
    published = document.table()
    name = next((name for name in AREA_NAMES if name in published.columns), AREA_NAMES[0])
    columns = {"GSS_CD": "area_code", name: "area_name", "TotalCases": "total_cases"}
    require_columns(published, columns, document.name)
    return Reading({"cases_by_area": published.rename(columns)})


def _read_indicators(document: Document) -> Reading:
    sheets = document.sheets()
    sheet = next((found for found in sheets.values() if _is_indicators(found)), None)
    if sheet is None:
        raise Refused(f"missing columns ['DateVal'] in {document.name}")
    data = [row for row in range(1, len(sheet.rows)) if sheet.rows[row][0].strip()]
    long = unpivot(
        sheet.rows, header=0, data=data, keys={"reported_on": 0}, first_value=1, sheet=sheet.name
    )
    tables = {"indicators": long.frame.rename({"value": "published_count"})}
    skipped = document.skip_rest(tables, "heading or a sheet without counts")
    stated = published_on(_newest(long.frame["reported_on"]))
    return Reading(tables, skipped, stated, long.cells, long.cells_skipped)


def _is_indicators(sheet: Sheet) -> bool:
    return bool(sheet.rows) and sheet.rows[0][:1] == ["DateVal"]


def _newest(dates: pl.Series) -> str:
    return str(dates.max() or "")
