"""Cases, deaths and tests by country and day, collated by Our World in Data.

Published several times a day as one file with the full history. Until 29 November 2020 cases and
deaths are ECDC's, dated by ECDC's publication, a day after the government's announcement; from
30 November they are Johns Hopkins', dated by the announcement itself (issues 197 and 203 of
owid/covid-19-data). Definitions follow GOV.UK, as those of ECDC and Johns Hopkins do. Corrections
are negative (21 May 2020: -525 cases). An empty cell was not reported. Files saved again by Excel
have dates month first; the original has 2020-06-18.

Absence is `withdrawn`: each file is the full history. All countries but the United Kingdom, and the
world, are not kept; nor are columns that are computed from others or describe a country.
"""

import dataframely as dy
import polars as pl

from loaders.contract import CORRECTIONS, Source
from loaders.documents import Document
from loaders.reading import Reading, Refused
from loaders.selection import OUTSIDE_UK, keep_only, require_columns
from loaders.written_dates import in_iso

MOST_TESTS = 1_000_000_000


class Countries(dy.Schema):
    iso_code = dy.String(primary_key=True)
    location = dy.String(primary_key=True)
    reported_on = dy.Date(primary_key=True)
    total_cases = dy.Int64(nullable=True, min=0)
    new_cases = dy.Int64(nullable=True, metadata=CORRECTIONS)
    total_deaths = dy.Int64(nullable=True, min=0)
    new_deaths = dy.Int64(nullable=True, metadata=CORRECTIONS)
    # One person is tested many times: 500 million tests by 2022.
    total_tests = dy.Int64(nullable=True, min=0, max=MOST_TESTS)
    new_tests = dy.Int64(nullable=True, metadata=CORRECTIONS)


SOURCE = Source(
    name="owid",
    title="COVID-19 cases, deaths and tests by country and day",
    publisher="Our World in Data",
    licence="CC BY 4.0",
    agreement="open_attribution",
    cadence="daily",
    due="every day 12:00",
    absence="withdrawn",
    tables={"countries": Countries},
)

SAMPLE_NAME = "owid-covid-data_2020-06-14.csv"
SAMPLE = """\
iso_code,continent,location,date,total_cases,new_cases,total_deaths,new_deaths,total_tests,new_tests
FRA,Europe,France,6/14/2020,90,3,9,1,,
GBR,Europe,United Kingdom,6/13/2020,70,-2,6,0,,
GBR,Europe,United Kingdom,6/14/2020,75,5,8,2,400,40
"""

COLUMNS = [name if name != "reported_on" else "date" for name in Countries.column_names()]


def read(document: Document) -> Reading:
    """One row a day for the UK; the rows of every other country are skipped and counted."""
    published = document.table()
    require_columns(published, COLUMNS, document.name)
    dated = published.with_columns(reported_on=in_iso(published["date"], document.name))
    uk, skipped = keep_only(dated, pl.col("iso_code") == "GBR", OUTSIDE_UK)
    if uk.is_empty():
        raise Refused(f"{document.name} has no row for the United Kingdom (iso_code GBR)")
    return Reading({"countries": uk}, [skipped])
