"""Lab-confirmed cases of COVID-19 in England by area and specimen date.

Published daily on GOV.UK as one file that replaces the last: the full history each time, revised
back to the first day. An area without a first case yet has no row; a cell that was published
before and is absent from a later file that lists its area has been withdrawn. The header changed
several times: "Previously reported" and "Change" columns came and went, the rate came in May 2020,
lower-tier authorities and short area types later. The date of publication is only in the name.
"""

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM
from loaders.contract import CORRECTIONS, Source
from loaders.documents import Document
from loaders.reading import Reading
from loaders.selection import require_columns


class Cases(dy.Schema):
    area_name = dy.String(primary_key=True)
    area_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    area_type = dy.String(primary_key=True)
    specimen_date = dy.Date(primary_key=True)
    daily_cases = dy.Int64(nullable=True, min=0)
    cumulative_cases = dy.Int64(nullable=True, min=0)
    previous_daily_cases = dy.Int64(nullable=True)
    change_in_daily_cases = dy.Int64(nullable=True, metadata=CORRECTIONS)
    previous_cumulative_cases = dy.Int64(nullable=True)
    change_in_cumulative_cases = dy.Int64(nullable=True, metadata=CORRECTIONS)
    cumulative_rate = dy.Float64(nullable=True, min=0)


SOURCE = Source(
    name="phe_cases_vintages",
    title="Coronavirus cases in England by area and specimen date",
    publisher="Public Health England",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="daily",
    due="every day 16:00",
    absence="withdrawn",
    tables={"cases": Cases},
)

SAMPLE_NAME = "coronavirus-cases_2020-05-04.csv"
SAMPLE = """\
Area name,Area code,Area type,Specimen date,Daily lab-confirmed cases,Previously reported daily \
cases,Change in daily cases,Cumulative lab-confirmed cases,Previously reported cumulative \
cases,Change in cumulative cases,Cumulative lab-confirmed cases rate
England,E92000001,Nation,2020-05-03,9,0,9,20,11,9,0.1
England,E92000001,Nation,2020-05-02,11,10,1,11,10,1,0.1
South West,E12000009,Region,2020-05-03,4,,,4,,,0.1
"""

ALWAYS = {
    "Area name": "area_name",
    "Area code": "area_code",
    "Area type": "area_type",
    "Specimen date": "specimen_date",
    "Daily lab-confirmed cases": "daily_cases",
    "Cumulative lab-confirmed cases": "cumulative_cases",
}
AT_TIMES = {
    "Previously reported daily cases": "previous_daily_cases",
    "Change in daily cases": "change_in_daily_cases",
    "Previously reported cumulative cases": "previous_cumulative_cases",
    "Change in cumulative cases": "change_in_cumulative_cases",
    "Cumulative lab-confirmed cases rate": "cumulative_rate",
}


def read(document: Document) -> Reading:
    """One row for each area, area type and specimen date; columns not published yet are empty."""
    published = document.table()
    require_columns(published, ALWAYS, document.name)
    published = published.rename(ALWAYS | AT_TIMES, strict=False)
    absent = [name for name in AT_TIMES.values() if name not in published.columns]
    return Reading(
        {"cases": published.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)}
    )
