"""Deaths by country, collated daily by Johns Hopkins University from what governments announce.

Published around midnight UTC as one wide sheet, a column a day (headed M/D/YY) with running totals;
the history is restated without notice. The day is the government's own: the UK's column of a day is
what GOV.UK announced that day. The UK without a province is the four nations; its overseas
territories and Crown dependencies are rows of their own and, like all other countries, not kept.

The definition is that of GOV.UK, taken over with a delay: all deaths after a positive test until
the restatement of 17 August 2020, then within 28 days of it (issues 3071 and 6021 of the
repository CSSEGISandData/COVID-19). On 21 August 2022 the whole history was replaced by deaths on
the certificate by date of death, which is another measure.

Files of cases have the same layout, so the name has to say that a file holds deaths. It is also the
only place with the day of publication. Absence is `withdrawn`: each file is the full history.
"""

import re

import dataframely as dy
import polars as pl

from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Reading, Refused
from loaders.selection import OUTSIDE_UK, keep_only, require_columns
from loaders.wide import Long, unpivot
from loaders.written_dates import in_iso


class Deaths(dy.Schema):
    country = dy.String(primary_key=True)
    heading = dy.String(primary_key=True)
    reported_on = dy.Date(primary_key=True)
    deaths = dy.Int64(min=0)


SOURCE = Source(
    name="jhu",
    title="Deaths from COVID-19 by country, running totals",
    publisher="Johns Hopkins University, Center for Systems Science and Engineering",
    licence="CC BY 4.0",
    agreement="open_attribution",
    cadence="daily",
    due="every day 05:00",
    absence="withdrawn",
    tables={"deaths": Deaths},
    passed_over={r"(?i)confirmed|recovered": "cases and recoveries: only deaths are read"},
)

SAMPLE_NAME = "deaths_global_2020-03-15.csv"
SAMPLE = """\
Province/State,Country/Region,Lat,Long,3/13/20,3/14/20,3/15/20
,France,46.2276,2.2137,1,2,3
Gibraltar,United Kingdom,36.1408,-5.3536,0,0,1
,United Kingdom,55.3781,-3.4360000000000004,0,2,5
"""

KEYS = ("Province/State", "Country/Region", "Lat", "Long")
UK = (pl.col("Country/Region") == "United Kingdom") & (
    pl.col("Province/State").fill_null("").str.strip_chars() == ""
)


def read(document: Document) -> Reading:
    """One long row for each day of the UK's row; every other row is skipped and counted."""
    if not re.search("death", document.name, re.IGNORECASE):
        raise Refused(
            f"{document.name} does not say in its name that it holds deaths, and files of cases "
            "look the same: give it the name under which it was published"
        )
    published = document.table()
    require_columns(published, KEYS, document.name)
    uk, skipped = keep_only(published, UK, OUTSIDE_UK)
    if uk.height != 1:
        raise Refused(f"{document.name} has {uk.height} rows for the whole United Kingdom, not one")
    long = _by_day(uk, document.name)
    return Reading({"deaths": long.frame}, [skipped], None, long.cells, long.cells_skipped)


def _by_day(uk: pl.DataFrame, name: str) -> Long:
    headings = [column for column in uk.columns if column != "_row"]
    values = [text or "" for text in uk.select(headings).row(0)]
    long = unpivot(
        [headings, values], header=0, data=[1], keys={"country": 1}, first_value=len(KEYS)
    )
    frame = long.frame.rename({"value": "deaths"}).with_columns(
        _row=pl.lit(uk["_row"][0]), reported_on=in_iso(long.frame["heading"], name)
    )
    return Long(frame, long.cells, long.cells_skipped)
