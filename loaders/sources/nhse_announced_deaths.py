"""Deaths in hospitals in England of patients who tested positive, by trust and date of death.

Published daily by NHS England as a workbook that replaces the last; recent dates of death fill in
over two weeks and all dates may be revised. One column a date of death, one row a trust, with
England on top. Rows of one organisation can stand several times (two lines for one code after a
merger): all of them count, and England is their sum. "Awaiting verification" and "Up to
01-Mar-20" carry no date of death; they stay here as published. The Total of a row is its deaths by
date and those without a date; a workbook in which one row's is not has lost or invented deaths and
is refused. The sheets were renamed in late May 2020, and deaths without a positive test came to
have a sheet of their own, which is another definition. A trust that is absent has not been listed;
a date that is absent inside the span of dates has been withdrawn.
"""

import re

import dataframely as dy
import polars as pl

from loaders.contract import DAY_OF_FIGURE, Source
from loaders.documents import Document, Sheet
from loaders.reading import Published, Reading, Refused, Skipped, published_on
from loaders.wide import Long, unpivot


class DeathsByTrust(dy.Schema):
    region_name = dy.String(primary_key=True)
    trust_code = dy.String(primary_key=True)
    trust_name = dy.String(primary_key=True)
    heading = dy.String(primary_key=True, metadata=DAY_OF_FIGURE)
    deaths = dy.Int64(min=0)


class DeathsByRegion(dy.Schema):
    region_name = dy.String(primary_key=True)
    heading = dy.String(primary_key=True, metadata=DAY_OF_FIGURE)
    deaths = dy.Int64(min=0)


SOURCE = Source(
    name="nhse_announced_deaths",
    title="COVID-19 deaths announced by hospitals in England, by date of death",
    publisher="NHS England",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="daily",
    due="every day 14:00",
    absence="withdrawn",
    tables={"deaths_by_trust": DeathsByTrust, "deaths_by_region": DeathsByRegion},
    suffixes=(".xlsx",),
)

HEADER = [
    "",
    "NHS England Region",
    "",
    "Code",
    "Name",
    "Up to 01-Mar-20",
    "2020-03-01",
    "2020-03-02",
]
SAMPLE_NAME = "COVID-19-total-announced-deaths_2020-03-03.xlsx"
SAMPLE = {
    "COVID19 total deaths by trust": [
        ["", "Title:", "COVID-19 daily deaths summary"],
        ["", "Published:", "2020-03-03"],
        [*HEADER, "", "Awaiting verification", "", "Total"],
        ["", "-", "", "-", "ENGLAND", 0, 1, 3, "", 1, "", 5],
        ["", "London", "", "RJ1", "FIRST HOSPITALS NHS TRUST", 0, 1, 1, "", 0, "", 2],
        ["", "London", "", "RJ1", "SECOND NAME OF THE SAME TRUST", 0, 0, 2, "", 1, "", 3],
    ],
    "COVID19 total deaths by region": [
        ["", "Published:", "2020-03-03"],
        ["", "NHS England Region", "", *HEADER[5:], "", "Awaiting verification", "", "Total"],
        ["", "England", "", 0, 1, 3, "", 1, "", 5],
        ["", "London", "", 0, 1, 3, "", 1, "", 5],
    ],
}

TRUST_SHEET = re.compile(r"^(COVID19 total deaths by trust|Tab4 Deaths by trust)$")
TOTAL = "Total"
REGION_SHEET = re.compile(r"^(COVID19 total deaths by region|Tab1 Deaths by region)$")
OTHER_SHEETS = {
    r"no pos": "deaths without a positive test: another definition",
    r"by age|ethnicity|gender|condition": "breakdown that is not claimed",
    r"chart|Fig1": "drawing",
    r"Contents": "contents",
}


def read(document: Document) -> Reading:
    """One long row for each trust, or region, and each headed column, England's row included.

    Raises `Refused` where a published total is not what it is the total of.
    """
    sheets = document.sheets()
    trust = _named(sheets, TRUST_SHEET, document.name)
    region = _named(sheets, REGION_SHEET, document.name)
    by_trust = _long(trust, {"region_name": 1, "trust_code": 3, "trust_name": 4}, 5)
    by_region = _long(region, {"region_name": 1}, 3)
    _require_totals(trust, by_trust.frame, "trust_name", document.name)
    _require_totals(region, by_region.frame, "region_name", document.name)
    tables = {
        "deaths_by_trust": by_trust.frame.rename({"value": "deaths"}),
        "deaths_by_region": by_region.frame.rename({"value": "deaths"}),
    }
    kept = {trust.name, region.name}
    skipped = [_skip(sheet) for sheet in sheets.values() if sheet.name not in kept]
    skipped += [_title_block(sheet) for sheet in (trust, region)]
    return Reading(
        tables,
        skipped,
        _published(trust, document.name),
        cells=by_trust.cells + by_region.cells,
        cells_skipped=by_trust.cells_skipped + by_region.cells_skipped,
    )


def _named(sheets: dict[str, Sheet], name: re.Pattern[str], file: str) -> Sheet:
    found = [sheet for title, sheet in sheets.items() if name.match(title.strip())]
    if len(found) != 1:
        raise Refused(f"{file} has no sheet like {name.pattern}; it has {list(sheets)}")
    return found[0]


def _header(sheet: Sheet) -> int:
    """The row of headings is the one under "NHS England Region"."""
    for at, row in enumerate(sheet.rows):
        if len(row) > 1 and row[1].strip() == "NHS England Region":
            return at
    raise Refused(f"sheet {sheet.name} has no row of headings that starts with NHS England Region")


def _long(sheet: Sheet, keys: dict[str, int], first_value: int) -> Long:
    header = _header(sheet)
    data = [at for at in range(header + 1, len(sheet.rows)) if _is_data(sheet.rows[at])]
    return unpivot(
        sheet.rows, header=header, data=data, keys=keys, first_value=first_value, sheet=sheet.name
    )


def _is_data(row: list[str]) -> bool:
    """A region in the second column and at least one number further right."""
    return len(row) > 1 and bool(row[1].strip()) and any(cell.strip() for cell in row[5:])


def _require_totals(sheet: Sheet, long: pl.DataFrame, name: str, file: str) -> None:
    """Each row's Total is the sum of its other columns, those without a date of death included."""
    if TOTAL not in map(str.strip, sheet.rows[_header(sheet)]):
        raise Refused(
            f"sheet {sheet.name} of {file} has no column {TOTAL} to check its rows by: "
            "ask the publisher for a whole workbook"
        )
    wrong = _rows_in_sum(long, name).filter(pl.col("total").ne_missing(pl.col("parts")))
    if wrong.is_empty():
        return
    row, who, total, parts = wrong.row(0)
    more = f" (and {wrong.height - 1} more)" if wrong.height > 1 else ""
    raise Refused(
        f"in sheet {sheet.name} of {file}, row {row} ({who}), the {TOTAL} is "
        f"{'empty' if total is None else total} and its deaths with and without a date add up to "
        f"{parts}{more}: ask the publisher for a corrected workbook"
    )


def _rows_in_sum(long: pl.DataFrame, name: str) -> pl.DataFrame:
    """`_row`, the name, `total`, `parts`; not the rows that the schema sets aside as no count."""
    count = pl.col("value").str.strip_chars().str.replace_all(",", "").cast(pl.Int64, strict=False)
    is_total = pl.col("heading") == TOTAL
    rows = long.with_columns(count=count).group_by("_row", name, maintain_order=True)
    return (
        rows.agg(
            total=pl.col("count").filter(is_total).first(),
            parts=pl.col("count").filter(~is_total).sum(),
            unreadable=pl.col("count").null_count(),
        )
        .filter(unreadable=0)
        .drop("unreadable")
    )


def _title_block(sheet: Sheet) -> Skipped:
    """Everything above the data, and rows below it without a region, are titles and notes."""
    header = _header(sheet)
    rows = [at + 1 for at, row in enumerate(sheet.rows) if at <= header or not _is_data(row)]
    return Skipped.of(rows, "title or note", sheet.name)


def _skip(sheet: Sheet) -> Skipped:
    reasons = (why for name, why in OTHER_SHEETS.items() if re.search(name, sheet.name, re.I))
    reason = next(reasons, "sheet that is not known")
    return Skipped.of(range(1, len(sheet.rows) + 1), reason, sheet.name)


def _published(sheet: Sheet, file: str) -> Published:
    for row in sheet.rows[: _header(sheet)]:
        if len(row) > 2 and row[1].strip() == "Published:":
            stated = published_on(row[2])
            if stated:
                return stated
    raise Refused(f"{file} does not say in sheet {sheet.name} when it was published")
