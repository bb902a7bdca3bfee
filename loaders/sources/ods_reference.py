"""NHS organisations: the register of trusts, their mergers, and general practices.

The Organisation Data Service publishes `etr`, all NHS trusts of England open or closed, every
quarter as a headless file of 27 fixed columns, packed in a zip with its guide or bare. Codes are
never reused; a trust that merges keeps its row with a close date and says nothing of its successor,
so the table of mergers comes from elsewhere. A closed trust may still publish, and a trust can be
absent from a list that leaves the long-closed out: absence is `not_reported`.

The month of a register is only in its name. The table of mergers carries no date at all: it is as
old as the newest merger that it lists. The list of practices states the day of its extract.
"""

import re
from collections.abc import Callable
from datetime import datetime

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM, ODS, ODS_FORM
from loaders.contract import Source
from loaders.documents import Document
from loaders.reading import Published, Reading, Refused, published_in_month

REGISTER_DATE = {"format": "%Y%m%d"}


class Trusts(dy.Schema):
    trust_code = dy.String(primary_key=True, regex=ODS, metadata=ODS_FORM)
    trust_name = dy.String()
    national_grouping = dy.String(nullable=True)
    health_geography = dy.String(nullable=True)
    address_1 = dy.String(nullable=True)
    address_2 = dy.String(nullable=True)
    address_3 = dy.String(nullable=True)
    address_4 = dy.String(nullable=True)
    address_5 = dy.String(nullable=True)
    postcode = dy.String(nullable=True)
    open_date = dy.Date(metadata=REGISTER_DATE)
    close_date = dy.Date(nullable=True, metadata=REGISTER_DATE)
    telephone = dy.String(nullable=True)
    amended_record = dy.String(nullable=True)
    government_office_region = dy.String(nullable=True)


class Mergers(dy.Schema):
    trust_code_old = dy.String(primary_key=True, regex=ODS, metadata=ODS_FORM)
    trust_code_new = dy.String(primary_key=True, regex=ODS, metadata=ODS_FORM)
    from_date = dy.Date()


class Practices(dy.Schema):
    extract_date = dy.Date(metadata={"format": "%d%b%Y"})
    practice_code = dy.String(primary_key=True, regex=ODS, metadata=ODS_FORM)
    practice_name = dy.String()
    practice_postcode = dy.String(nullable=True)
    # A practice in no primary care network has the code U.
    pcn_code = dy.String(nullable=True)
    pcn_name = dy.String(nullable=True)
    ons_ccg_code = dy.String(regex=GSS, metadata=GSS_FORM)
    ccg_code = dy.String()
    ccg_name = dy.String()
    ons_stp_code = dy.String(regex=GSS, metadata=GSS_FORM)
    stp_code = dy.String()
    stp_name = dy.String()
    ons_comm_region_code = dy.String(regex=GSS, metadata=GSS_FORM)
    comm_region_code = dy.String()
    comm_region_name = dy.String()


SOURCE = Source(
    name="ods_reference",
    title="NHS organisations: trusts, their mergers, general practices",
    publisher="NHS England, Organisation Data Service",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="quarterly",
    due="every quarter",
    absence="not_reported",
    tables={"trusts": Trusts, "mergers": Mergers, "practices": Practices},
    suffixes=(".csv", ".zip", ".xlsx"),
    passed_over={
        r"^trust_list\.csv$": "a third party's edited copy of the register of trusts, undated; "
        "the register itself is read",
        r"^trust_ltla_mapping": "shares of patients estimated by a third party, undated; "
        "no figure here needs them",
    },
)

SAMPLE_NAME = "etr_2020-04.csv"
SAMPLE = (
    '"RX0","FIRST HOSPITALS NHS TRUST","Y56","Q71","MAIN BUILDING","HIGH STREET","","LONDON","",'
    '"N1 1AA","20010401","","","","","","","","","","","0","","H","","",""\r\n'
    '"RX9","OLD COUNTY NHS TRUST","Y63","Q74","TOWN HOSPITAL","MILL LANE","","YORK","",'
    '"YO1 1AA","19950401","20200331","","","","","","","","","","0","","D","","",""\r\n'
)

REGISTER = {
    1: "trust_code",
    2: "trust_name",
    3: "national_grouping",
    4: "health_geography",
    5: "address_1",
    6: "address_2",
    7: "address_3",
    8: "address_4",
    9: "address_5",
    10: "postcode",
    11: "open_date",
    12: "close_date",
    18: "telephone",
    22: "amended_record",
    24: "government_office_region",
}
REGISTER_COLUMNS = [REGISTER.get(place, f"reserved_{place}") for place in range(1, 28)]


def read(document: Document) -> Reading:
    """The one table that a file of this name holds, row for row as published."""
    for name, reader in READERS.items():
        if re.match(name, document.name):
            return reader(document)
    raise Refused(f"{document.name} is no list that is known here: {', '.join(READERS)}")


def _trusts(document: Document) -> Reading:
    return Reading({"trusts": document.table(header=False, columns=REGISTER_COLUMNS)})


def _mergers(document: Document) -> Reading:
    table = document.table() if document.suffix == ".csv" else _first_sheet(document)
    tables = {"mergers": table}
    newest = _moment(table, "from_date", "%Y-%m-%d", document.name)
    published = published_in_month(newest.year, newest.month)
    return Reading(tables, document.skip_rest(tables, "heading"), published)


def _first_sheet(document: Document) -> pl.DataFrame:
    sheet = next(iter(document.sheets().values()))
    return sheet.frame(0, 1).with_columns(_sheet=pl.lit(sheet.name))


def _practices(document: Document) -> Reading:
    table = document.table()
    table = table.rename({name: name.lower() for name in table.columns})
    extracted = _moment(table, "extract_date", "%d%b%Y", document.name)
    return Reading({"practices": table}, published_at=Published(extracted))


def _moment(table: pl.DataFrame, column: str, form: str, file: str) -> datetime:
    """The newest date of a column; the file has no other date of its own."""
    if column not in table.columns:
        raise Refused(f"missing columns ['{column}'] in {file}")
    newest = table[column].str.to_datetime(form, strict=False).max()
    if not isinstance(newest, datetime):
        raise Refused(f"{file} has no date of the form {form} under {column}")
    return newest


READERS: dict[str, Callable[[Document], Reading]] = {
    r"^etr": _trusts,
    r"^trust_mergers": _mergers,
    r"^gp-reg-pat-prac-map": _practices,
}
