"""Deaths announced on GOV.UK, for the UK and its nations, by the day of the announcement.

Published every afternoon as one file that replaces the last, the full history each time. The day is
the day of the announcement, never of death. Until 28 April 2020 the columns say "hospital deaths",
then "Daily change in deaths" and "Cumulative deaths": all settings after a positive test, and from
12 August 2020 within 28 days of it. The daily value is blank where a series begins (the UK before
15 March 2020, the nations on 27 March); the running total is not. Scotland's and Northern Ireland's
deaths stand here a day after those nations announced them.

Absence is `withdrawn`: a day inside the history that a later file leaves out has been taken back.
"""

import dataframely as dy

from loaders.codes import GSS, GSS_FORM
from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Reading, Refused
from loaders.selection import require_columns


class Deaths(dy.Schema):
    area_name = dy.String(primary_key=True)
    area_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    area_type = dy.String(primary_key=True)
    reporting_date = dy.Date(primary_key=True)
    daily_deaths = dy.Int64(nullable=True)
    cumulative_deaths = dy.Int64(nullable=True, min=0)


SOURCE = Source(
    name="phe_deaths_csv",
    title="Coronavirus deaths announced in the UK and its nations",
    publisher="Public Health England",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="daily",
    due="every day 16:00",
    absence="withdrawn",
    tables={"deaths": Deaths},
)

SAMPLE_NAME = "coronavirus-deaths-2020-04-02.csv"
SAMPLE = """\
"Area name","Area code","Area type","Reporting date","Daily hospital deaths",\
"Cumulative hospital deaths"
"United Kingdom","K02000001","Country - UK","2020-04-02",9,30
"England","E92000001","Country","2020-04-02",7,25
"United Kingdom","K02000001","Country - UK","2020-04-01",,21
"""

KEYS = {
    "Area name": "area_name",
    "Area code": "area_code",
    "Area type": "area_type",
    "Reporting date": "reporting_date",
}
COUNTS = (
    {
        "Daily hospital deaths": "daily_deaths",
        "Cumulative hospital deaths": "cumulative_deaths",
    },
    {
        "Daily change in deaths": "daily_deaths",
        "Cumulative deaths": "cumulative_deaths",
    },
)


def read(document: Document) -> Reading:
    """One row for each area and day of announcement: the day's deaths and the running total."""
    published = document.table()
    counts = [pair for pair in COUNTS if set(pair) & set(published.columns)]
    if len(counts) != 1:
        either = " or ".join(str(list(pair)) for pair in COUNTS)
        raise Refused(f"missing columns {either} in {document.name}")
    columns = KEYS | counts[0]
    require_columns(published, columns, document.name)
    return Reading({"deaths": published.rename(columns)})
