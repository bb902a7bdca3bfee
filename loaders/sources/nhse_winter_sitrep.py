"""Beds open and occupied in hospitals in England, by trust and day, in winter.

The daily situation report, published by NHS England on Thursdays in winter as one workbook with
every day of the winter so far; a trust may amend the last 14 days. A trust counts its beds at
08:00. Each subject has a sheet, and each day three to five columns in it: the day stands once,
above the first of them, in merged cells; a rate of occupancy, made by the publisher, stands
beside the counts and is a dash where no bed is open. General and acute beds are core and
escalation beds, and their total. England stands on top with a dash for its code and is the sum of
its trusts; the seven regions have no rows of their own: they are only named beside each trust, by
names that are not those of the ONS. Figures of critical care at weekends and on bank holidays
reflect the position on the last day of the stated period. What is taken in are the total of
general and acute beds, and of those the occupied, and the beds of adult critical care.

One file holds only the adult critical care beds, copied out of such a workbook by somebody else:
its headings end in the day as a serial number of a spreadsheet (`CC Adult Open_43801`). It repeats
the workbook count by count and does not say when that was published, so it is refused.

Absence is `withdrawn`: a workbook has every day of the trusts that it lists from its first day to
its last. A trust that is absent has not been listed; days before the first still stand.
"""

import re
from datetime import date

import dataframely as dy
import polars as pl

from loaders.codes import ODS
from loaders.contract import Source
from loaders.documents import Document, Sheet
from loaders.reading import Published, Reading, Refused, Skipped, published_on
from loaders.wide import Long, unpivot

CODE_FORM = {"form": "an ODS code such as RGT, or a dash for England"}


class Beds(dy.Schema):
    """One row a trust, or England (`-`), a day and a published count of beds."""

    region_name = dy.String()
    trust_code = dy.String(primary_key=True, regex=f"^-$|{ODS}", metadata=CODE_FORM)
    trust_name = dy.String()
    day = dy.Date(primary_key=True)
    measure = dy.String(primary_key=True)
    beds = dy.Int64(min=0)


SOURCE = Source(
    name="nhse_winter_sitrep",
    title="Beds open and occupied in hospitals in England, by trust and day, in winter",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="weekly",
    due="Thursday 09:30 in winter",
    absence="withdrawn",
    tables={"beds": Beds},
    suffixes=(".xlsx",),
)

TITLES = [["", "Title:", "Daily Hospital Situation Report"], ["", "Published:", "2019-12-05"]]
HEADING = ["", "NHS England Region", "", "Code", "Name"]
SAMPLE_NAME = "winter_sitrep_daily_ts_2019-12-05.xlsx"
SAMPLE = {
    "G&A beds": [
        *TITLES,
        ["", "", "", "", "", "2019-12-02", "", "", "", "", "2019-12-03"],
        [
            *HEADING,
            *("Core Beds Open", "Escalation Beds Open", "Total Beds Open", "Total beds occ'd"),
            *("Occupancy rate", "Total Beds Open", "Total beds occ'd"),
        ],
        ["", "-", "", "-", "ENGLAND", 900, 40, 940, 893, 0.95, 930, 890],
        [],
        ["", "London", "", "RJ1", "FIRST HOSPITALS NHS TRUST", 500, 30, 530, 504, 0.95, 520, 500],
        ["", "Midlands", "", "RJ2", "SECOND NHS TRUST", 400, 10, 410, 389, 0.95, 410, 390],
    ],
    "Adult critical care": [
        *TITLES,
        ["", "", "", "", "", "2019-12-02"],
        [*HEADING, "CC Adult Open", "CC Adult Occ", "Occupancy rate"],
        ["", "-", "", "-", "ENGLAND", 40, 31, 0.775],
        [],
        ["", "London", "", "RJ1", "FIRST HOSPITALS NHS TRUST", 40, 31, 0.775],
        ["", "Midlands", "", "RJ2", "SECOND NHS TRUST", 0, 0, "-"],
    ],
}

SHEETS = {
    "G&A beds": ("Total Beds Open", "Total beds occ'd"),
    "Adult critical care": ("CC Adult Open", "CC Adult Occ"),
}
OTHER_SHEETS = {
    "A&E Closures": "closures of A&E departments: no metric counts them",
    "A&E Diverts": "diverts between A&E departments: no metric counts them",
    "Beds Occ by long stay patients": "patients in bed for 7, 14 or 21 days: no metric counts them",
    "D&V, Norovirus": "beds closed for diarrhoea and vomiting: no metric counts them",
    "Paediatric intensive care": "beds of intensive care for children: no metric counts them",
    "Neonatal intensive care": "cots of intensive care for the newborn: no metric counts them",
    "Ambulance Arrivals and Delays": "arrivals by ambulance and delays: no metric counts them",
}
KEYS = {"region_name": 1, "trust_code": 3, "trust_name": 4}
FIRST_VALUE = 5
COPIED_HEADING = re.compile(r"^CC Adult (Open|Occ)_\d{5}$")


def read(document: Document) -> Reading:
    """One row for each trust, and England, each day and each count of beds that is taken in.

    Raises `Refused` for a copy of one sheet, and where a sheet, a column, a day or the publication
    is missing.
    """
    sheets = document.sheets()
    _refuse_copy(sheets, document.name)
    beds = {title: _named(sheets, title, document.name) for title in SHEETS}
    longs = [_long(beds[title], measures) for title, measures in SHEETS.items()]
    skipped = [_title_block(sheet) for sheet in beds.values()]
    skipped += [_skip(sheet) for sheet in sheets.values() if sheet not in beds.values()]
    return Reading(
        {"beds": pl.concat([long.frame for long in longs])},
        skipped,
        _published(beds["G&A beds"], document.name),
        cells=sum(long.cells for long in longs),
        cells_skipped=sum(long.cells_skipped for long in longs),
    )


def _refuse_copy(sheets: dict[str, Sheet], file: str) -> None:
    for sheet in sheets.values():
        copied = next(filter(COPIED_HEADING.match, sheet.rows[0] if sheet.rows else []), None)
        if copied:
            raise Refused(
                f"{file} is a copy of one sheet of the situation report with its days as serial "
                f"numbers ({copied}) and without the day on which that was published: load the "
                "workbook of NHS England itself"
            )


def _named(sheets: dict[str, Sheet], title: str, file: str) -> Sheet:
    for name, sheet in sheets.items():
        if _plain(name) == _plain(title):
            return sheet
    raise Refused(f"{file} has no sheet {title}; it has {list(sheets)}")


def _plain(text: str) -> str:
    """A title or heading without case and doubled blanks, which change from winter to winter."""
    return " ".join(text.split()).lower()


def _header(sheet: Sheet) -> int:
    """The row of headings is the one with "NHS England Region" in it."""
    for at, row in enumerate(sheet.rows):
        if at and len(row) > FIRST_VALUE and row[1].strip() == HEADING[1]:
            return at
    raise Refused(f"sheet {sheet.name} has no row of headings that starts with {HEADING[1]}")


def _long(sheet: Sheet, measures: tuple[str, ...]) -> Long:
    """The counts of one sheet in long rows, each under its day; other columns are skipped."""
    header = _header(sheet)
    headings = _dated_headings(sheet, header, measures)
    data = [at for at in range(header + 1, len(sheet.rows)) if _is_data(sheet.rows[at])]
    long = unpivot(
        [headings, *sheet.rows],
        header=0,
        data=[at + 1 for at in data],
        keys=KEYS,
        first_value=FIRST_VALUE,
        sheet=sheet.name,
    )
    return Long(_parted(long.frame), long.cells, long.cells_skipped)


def _dated_headings(sheet: Sheet, header: int, measures: tuple[str, ...]) -> list[str]:
    """A heading for each column that is taken in, with its day before it, and none for others."""
    wanted = {_plain(measure): measure for measure in measures}
    day, found = "", []
    for above, heading in zip(sheet.rows[header - 1], sheet.rows[header], strict=True):
        day = above.strip() or day
        measure = wanted.get(_plain(heading))
        found.append(f"{_as_day(day, sheet.name)} {measure}" if measure else "")
    missing = [name for name in measures if not any(head.endswith(f" {name}") for head in found)]
    if missing:
        raise Refused(f"missing columns {missing} in sheet {sheet.name}")
    return found


def _as_day(text: str, sheet: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        raise Refused(
            f"a column of sheet {sheet} stands under {text[:40]!r}, which is no day: "
            "ask the publisher for a whole workbook"
        ) from None


def _is_data(row: list[str]) -> bool:
    """Whatever holds a number is data; rows of titles and notes hold none."""
    return any(cell.strip() for cell in row[FIRST_VALUE:])


def _parted(frame: pl.DataFrame) -> pl.DataFrame:
    """The heading `2019-12-02 CC Adult Open` as day and measure, for the rows of the sheet."""
    heading = pl.col("heading").str.splitn(" ", 2).struct
    return frame.with_columns(
        day=heading.field("field_0"),
        measure=heading.field("field_1"),
        # The dated headings were put on top, so each row stands one lower than in the sheet.
        _row=pl.col("_row") - 1,
    ).rename({"value": "beds"})


def _title_block(sheet: Sheet) -> Skipped:
    """Everything down to the headings, and rows below them without a number."""
    header = _header(sheet)
    rows = [at + 1 for at, row in enumerate(sheet.rows) if at <= header or not _is_data(row)]
    return Skipped.of(rows, "title, heading or note", sheet.name)


def _skip(sheet: Sheet) -> Skipped:
    known = {_plain(title): reason for title, reason in OTHER_SHEETS.items()}
    reason = known.get(_plain(sheet.name), "sheet that is not known")
    return Skipped.of(range(1, len(sheet.rows) + 1), reason, sheet.name)


def _published(sheet: Sheet, file: str) -> Published:
    for row in sheet.rows[: _header(sheet)]:
        if row[1].strip() == "Published:":
            stated = published_on(row[2])
            if stated:
                return stated
    raise Refused(f"{file} does not say in sheet {sheet.name} when it was Published")
