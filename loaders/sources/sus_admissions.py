"""Hospital admissions with COVID-19 by the patient's home, from the Secondary Uses Service.

An extract for bodies that hold an agreement, and not a publication: exact counts, small ones and
zeros among them, for lower-tier and upper-tier authorities, NHS regions and England. Each extract
covers the last four weeks and lists every area on every day; a day that is absent from a later one
has left its window and stands as it was last stated: absence means not reported. The day of the
extract is only in its name.
"""

import dataframely as dy

from loaders.codes import GSS, GSS_FORM
from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Reading
from loaders.selection import require_columns


class Admissions(dy.Schema):
    area_level = dy.String(primary_key=True)
    area_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    area_name = dy.String()
    admission_date = dy.Date(primary_key=True)
    admissions = dy.Int64(min=0)


SOURCE = Source(
    name="sus_admissions",
    title="Hospital admissions with COVID-19 by area of residence, an extract",
    publisher="NHS England",
    licence="For the bodies named in the agreement; not published",
    agreement="hospital_extracts",
    cadence="daily",
    due="every day 10:00",
    absence="not_reported",
    tables={"admissions": Admissions},
)

SAMPLE_NAME = "sus-admissions-2020-04-08.csv"
SAMPLE = """\
Area level,Area code,Area name,Admission date,Admissions
Nation,E92000001,England,2020-04-07,2810
NHS region,E40000003,London,2020-04-07,612
Upper tier,E10000008,Devon,2020-04-07,19
Lower tier,E07000041,Exeter,2020-04-07,3
Lower tier,E07000046,Torridge,2020-04-07,0
"""

COLUMNS = {
    "Area level": "area_level",
    "Area code": "area_code",
    "Area name": "area_name",
    "Admission date": "admission_date",
    "Admissions": "admissions",
}


def read(document: Document) -> Reading:
    """One row for each area and day of admission, as the extract gives it."""
    extract = document.table()
    require_columns(extract, COLUMNS, document.name)
    return Reading({"admissions": extract.rename(COLUMNS)})
