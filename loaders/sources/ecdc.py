"""New cases and deaths by country and day, collated by the European Centre for Disease Control.

Published every morning until December 2020 as a workbook or CSV with the full history, newest day
first. A row is dated by the morning on which ECDC published it, one day after the government's
announcement, so the newest date in a file is its day of publication (a workbook archived as of
26 April 2020 ends on 7 April and was published then). Dates are cells of a workbook, or text that
is day first as ECDC wrote it and month first where Excel saved the file again. Corrections are
negative counts. The UK is `UK`, not GB; its dependencies and territories are countries of their own
here and, like all others, not kept.

Definitions follow GOV.UK: deaths in hospital, after 29 April 2020 in all settings, in the file of
19 August 2020 within 28 days of a test for the whole history. Cases are those announced until
2 July 2020; the later file restates the days before it by another date (they follow England's
specimen dates), and so mixes two measures.

Absence is `withdrawn`: each file is the full history. A day without a row had nothing to report.
"""

import dataframely as dy
import polars as pl

from loaders.contract import CORRECTIONS, Source
from loaders.documents import Document
from loaders.reading import Published, Reading, Refused, Skipped, published_on
from loaders.selection import OUTSIDE_UK, keep_only, require_columns
from loaders.written_dates import in_iso


class DailyCounts(dy.Schema):
    geo_id = dy.String(primary_key=True)
    country = dy.String(primary_key=True)
    reported_on = dy.Date(primary_key=True)
    cases = dy.Int64(metadata=CORRECTIONS)
    deaths = dy.Int64(metadata=CORRECTIONS)


SOURCE = Source(
    name="ecdc",
    title="COVID-19 cases and deaths by country and day",
    publisher="European Centre for Disease Prevention and Control",
    licence="ECDC copyright, reuse with acknowledgement",
    agreement="open_attribution",
    cadence="daily",
    due="every day 10:00",
    absence="withdrawn",
    tables={"daily_counts": DailyCounts},
    suffixes=(".csv", ".xlsx", ".xls"),
)

SAMPLE_NAME = "COVID-19-2020-07-20.csv"
SAMPLE = """\
dateRep,cases,deaths,countriesAndTerritories,geoId
7/20/2020,5,1,Jersey,JE
7/20/2020,60,4,United_Kingdom,UK
7/19/2020,-12,2,United_Kingdom,UK
"""

COLUMNS = {
    "dateRep": "reported_on",
    "cases": "cases",
    "deaths": "deaths",
    "countriesAndTerritories": "country",
    "geoId": "geo_id",
}


def read(document: Document) -> Reading:
    """One row a day for the UK; the rows of every other country are skipped and counted."""
    published, heading = _published_table(document)
    require_columns(published, COLUMNS, document.name)
    counts = published.rename(COLUMNS).with_columns(
        reported_on=in_iso(published["dateRep"], document.name)
    )
    uk, skipped = keep_only(counts, pl.col("geo_id") == "UK", OUTSIDE_UK)
    if uk.is_empty():
        raise Refused(f"{document.name} has no row for the United Kingdom (geoId UK)")
    return Reading({"daily_counts": uk}, [*heading, skipped], _newest(counts["reported_on"]))


def _published_table(document: Document) -> tuple[pl.DataFrame, list[Skipped]]:
    if document.kind == "text":
        return document.table(), []
    sheets = list(document.sheets().values())
    if len(sheets) != 1:
        raise Refused(f"{document.name} has {len(sheets)} sheets, where one is promised")
    frame = sheets[0].frame(0, 1).with_columns(_sheet=pl.lit(sheets[0].name))
    return frame, [Skipped.of([1], "heading", sheets[0].name)]


def _newest(dates: pl.Series) -> Published | None:
    newest = dates.filter(dates.str.contains(r"^\d{4}-\d{2}-\d{2}$")).max()
    return published_on(str(newest))
