"""Running totals of tests, cases and deaths in the UK and its nations, collated by hand.

Tom White copied what the four nations and the UK announced, several times a day from March to
August 2020, into one file that holds the whole history. The date is the day of the announcement.

What was copied changed without a word, and differs by nation; the vintages show it:
- England's cases are announcements until the version of 15 April 2020. From 27 April they equal
  PHE's own file by specimen date (77 of 77 dates), with a few rows left over from older copies, so
  that the total falls back (20 February 2020 stands at 11, the day before at 22).
- Wales's and Northern Ireland's series are by date of specimen or of death from 3 May 2020 (Wales's
  deaths equal Public Health Wales's file by date of death) and change in every version.
- Scotland's and Northern Ireland's deaths are dated by their own announcement, a day before GOV.UK
  counts them; Scotland's cases, the UK's series and England's deaths are what GOV.UK announced.
- All deaths before 29 April 2020 are in hospital, after that in all settings, restated to March.
- On 2 July 2020 the UK's cases lose 29,726 in one step; the days before were never restated.

The UK is not the sum of the nations. Days are missing (UK cases and tests have no 19 May 2020); a
day without a row was not announced. Absence is `withdrawn`: every version is a full history, and
in nine versions one single cell went (Northern Ireland's deaths on 20 March 2020), taken back when
its series was copied anew.
"""

import dataframely as dy

from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Reading
from loaders.selection import require_columns

COUNTRY = r"^(UK|England|Scotland|Wales|Northern Ireland)$"
INDICATOR = r"^(Tests|ConfirmedCases|Deaths)$"


class Indicators(dy.Schema):
    reported_on = dy.Date(primary_key=True)
    country = dy.String(
        primary_key=True, regex=COUNTRY, metadata={"form": "UK or one of its four nations"}
    )
    indicator = dy.String(
        primary_key=True, regex=INDICATOR, metadata={"form": "Tests, ConfirmedCases or Deaths"}
    )
    total = dy.Int64(min=0)


SOURCE = Source(
    name="tomwhite_indicators_vintages",
    title="Coronavirus tests, cases and deaths in the UK and its nations, collated",
    publisher="Tom White",
    licence="Unlicense; data under Open Government Licence v3.0",
    agreement="open_government",
    cadence="ended",
    due="several times a day until 1 August 2020",
    absence="withdrawn",
    tables={"indicators": Indicators},
)

SAMPLE_NAME = "covid-19-indicators-uk_2020-04-09.csv"
SAMPLE = """\
Date,Country,Indicator,Value
2020-04-08,England,ConfirmedCases,40
2020-04-08,UK,Deaths,7
2020-04-09,England,ConfirmedCases,52
2020-04-09,Northern Ireland,Tests,310
2020-04-09,UK,Deaths,9
"""

COLUMNS = {"Date": "reported_on", "Country": "country", "Indicator": "indicator", "Value": "total"}


def read(document: Document) -> Reading:
    """One row for each day, country and indicator, as collated."""
    published = document.table()
    require_columns(published, COLUMNS, document.name)
    return Reading({"indicators": published.rename(COLUMNS)})
