"""Deaths registered weekly in England and Wales, provisional, with those that mention COVID-19.

One workbook a week. A week runs from Saturday to Friday and is dated by that Friday; the workbook
follows eleven days later, on a Tuesday, and holds the whole year so far. The columns of weeks to
come are there and empty: they are no rows here, never zeros. In 13 workbooks of 2020 no weekly
count of a region, Wales, England or both countries was ever revised; what is revised every week
are deaths by date of death, as more of them are registered.

Absence is `not_reported`. Nothing that a later workbook's tables cover has ever vanished from it,
except 31 January and 1 February 2020, which the daily occurrences of week 40 list as zeros and
later ones leave out, and whole sheets: the comparisons ended with week 35, the daily sheets began
with it. None of that takes a number back.

What a reader should know of the sheets:
- Registrations of COVID-19 by week have no row for England; the sheet of the United Kingdom has
  one, and it is the sum of the nine regions. The total of England and Wales is larger than both:
  it counts people who lived elsewhere.
- "England comparisons" are cumulative, one column a publisher and definition, most with a cut-off
  in the heading. The cut-off names no year: it is the first such day on or after the sheet's last
  date. Columns of GOV.UK and NHS England are relayed. A note says that GOV.UK's counts are dated
  one day early; it stays beside them as `dating_note`, and nothing is shifted here.
- Dates of the daily sheets are partly dates and partly text such as 02/03/2020, day first, within
  one column; the days always follow one another.
- In week 20 the row "Deaths where COVID-19 was mentioned" of the weekly figures differs from the
  sheet of COVID-19 registrations (107 against 103 in week 12). Everywhere else they are equal, so
  the sheet made for the purpose is the one that is read.

The workbooks up to week 13 state "Released: 24 March 2020"; later ones state no date, see
`release_of`.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM
from loaders.contract import COUNT, Source
from loaders.documents import Document
from loaders.reading import Published, Reading, Refused, Skipped, published_on
from loaders.spreadsheets import Sheet
from loaders.wide import unpivot

COUNT_OR_MARK = r"^(\d+|:)$"
COUNT_FORM = COUNT | {"form": "a count, or the mark : for not yet available"}
COMPARED = (
    r"^(Daily death counts released on GOV\.UK$"
    r"|Deaths by date of (notification|death) (with no time restriction imposed"
    r"|within (60|28) days of testing) released on GOV\.UK$"
    r"|NHS England by date of death"
    r"|ONS deaths by (date of registration|actual date of death))"
)
COMPARED_FORM = {"form": "a column of the comparisons that is known"}


class WeeklyRegistrations(dy.Schema):
    """The total of England and Wales has no code; `label` is the text of its row."""

    area_code = dy.String(nullable=True, regex=GSS, metadata=GSS_FORM)
    label = dy.String(primary_key=True)
    week_number = dy.Int64(primary_key=True, min=1, max=53)
    week_ended = dy.Date(primary_key=True)
    deaths = dy.String(regex=COUNT_OR_MARK, metadata=COUNT_FORM)

    @dy.rule()
    def a_week_ends_on_a_friday(cls) -> pl.Expr:
        return cls.week_ended.col.dt.weekday() == 5


class EnglandComparison(dy.Schema):
    """Cumulative deaths in England up to `date`; `heading` is the column's, whole."""

    date = dy.Date(primary_key=True)
    heading = dy.String(primary_key=True, regex=COMPARED, metadata=COMPARED_FORM)
    publisher = dy.String()
    cut_off_date = dy.Date(nullable=True)
    dating_note = dy.String(nullable=True)
    cumulative_deaths = dy.Int64(min=0)

    @dy.rule()
    def only_columns_of_gov_uk_have_no_cut_off(cls) -> pl.Expr:
        return (cls.publisher.col == "GOV.UK") | cls.cut_off_date.col.is_not_null()


class DailyDeaths(dy.Schema):
    """`date_text` is the date as published, `date` the same in ISO form."""

    date_text = dy.String()
    date = dy.Date(primary_key=True)
    area_name = dy.String(primary_key=True)
    deaths = dy.Int64(min=0)


SOURCE = Source(
    name="ons_weekly_deaths",
    title="Deaths registered weekly in England and Wales, provisional",
    publisher="Office for National Statistics",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="weekly",
    due="every Tuesday 09:30",
    absence="not_reported",
    tables={
        "weekly_figures": WeeklyRegistrations,
        "covid_weekly_registrations": WeeklyRegistrations,
        "england_comparisons": EnglandComparison,
        "daily_registrations": DailyDeaths,
        "daily_occurrences": DailyDeaths,
    },
    suffixes=(".xls", ".xlsx"),
)

WEEKS: list[list[object]] = [
    ["Week number", "", 1, 2, 3],
    ["Week ended", "", "2020-01-03", "2020-01-10", "2020-01-17"],
]
BY_AREA: list[object] = ["Date", "England and Wales", "England", "Wales", "North East", "East"]
SAMPLE_NAME = "publishedweek022020.xlsx"
SAMPLE: dict[str, list[list[object]]] = {
    "Contents": [["Contents"], ["Weekly figures for 2020"]],
    "Weekly figures 2020": [
        ["Contents"],
        ["Weekly provisional figures on deaths registered in England and Wales"],
        *WEEKS,
        ["Total deaths, all ages", "", 21, 25],
        ["Total deaths: average of corresponding"],
        ["week over the previous 5 years 1 (England and Wales)", "", 20, 22],
        ["", "Deaths by cause 2,3,4,5"],
        ["", "Deaths where COVID-19 was mentioned on the death certificate", 0, 3],
        ["", "Persons 6"],
        ["", "<1", 1, 0],
        ["", "90+", 20, 25],
        ["", "Deaths by region of usual residence 7"],
        ["E12000001", "North East", 8, 9],
        ["E12000006", "East", 9, 11],
        ["W92000004", "Wales", 3, 4],
        ["Footnotes:"],
        ["Source: Office for National Statistics"],
    ],
    "Covid-19 - Weekly registrations": [
        *WEEKS,
        ["Deaths involving COVID-19, all ages1", "", 0, 3],
        ["E12000001", "North East", 0, 1],
        ["E12000006", "East", 0, 1],
        ["W92000004", "Wales", 0, 0],
    ],
    "UK - Covid-19 - Weekly reg": [
        *WEEKS,
        ["UK deaths involving COVID-19, all ages", "", 0, 4],
        ["", "England", 0, 2],
        ["", "Wales", 0, 0],
        ["", "Scotland", 0, 2],
        ["", "Northern Ireland", 0, 0],
    ],
    "Covid-19 - England comparisons": [
        ["Contents"],
        [
            "Date",
            "Daily death counts released on GOV.UK ",
            "NHS England by date of death - As published on 19 Jan",
            "ONS deaths by date of registration \u2013 registered by 10th January",
            "ONS deaths by actual date of death \u2013 registered by 10th January",
            "ONS deaths by actual date of death \u2013 registered by 18th January",
        ],
        ["2020-01-09", 0, 1, 0, 1, 1],
        ["2020-01-10", 1, 2, 2, 2, 3],
        ["5 DHSC death counts are taken the next day."],
    ],
    "Covid-19 - Daily registrations": [
        BY_AREA,
        ["09/01/2020", 0, 0, 0, 0, 0],
        ["2020-01-10", 3, 2, 0, 1, 1],
        ["Footnotes:"],
    ],
    "Covid-19 - Daily occurrences": [
        BY_AREA,
        ["09/01/2020", 1, 1, 0, 0, 1],
        ["2020-01-10", 2, 2, 0, 1, 1],
    ],
}

# Releases that did not follow eleven days after the week, from the bulletins' own pages.
RELEASED_ELSE = {date(2020, 12, 18): date(2020, 12, 30)}
PUBLICATION_LAG = timedelta(days=11)
WEEK_IN_NAME = re.compile(r"publishedweek(\d{1,2})20\d\d")
CUT_OFF = re.compile(r"(?:registered by|published on) (\d{1,2})(?:st|nd|rd|th)? ([A-Za-z]+)$")
DAY_FIRST = re.compile(r"^(\d\d)/(\d\d)/(\d{4})$")
RELAYED_FROM = {"GOV.UK": "GOV.UK", "NHS England": "NHS England", "ONS": "ONS"}
NEXT_DAY = "taken the next day"

TOTALS = r"^(Total deaths, all ages|Deaths involving COVID-19, all ages)\d*$"
ROWS_NOT_READ = {
    r"^Week (number|ended)$": "heading or note",
    r"^week over the previous 5 years": "average of earlier years",
    r"^Deaths where|^All respiratory": "deaths by cause",
    r"^(Under 1 year|<1|\d+-\d+|\d+\+)$": "breakdown by age and sex",
    r"^Wales$": "Wales stands in the sheet of registrations as well",
    r"^(UK deaths involving COVID-19, all ages|Scotland|Northern Ireland)$": (
        "outside England and Wales, where weeks run from other days"
    ),
    r"^Source: ": "heading or note",
}
SHEETS_NOT_READ = {
    r"^(Contents|Information|Terms and conditions|Related publications|Analysis)$": (
        "contents and explanations"
    ),
    r"Weekly occurrences": "deaths by week of occurrence, which no metric counts",
    r"E&W comparisons?$": "England and Wales by day, cumulative: the sheet of England is read",
    r"Wales comparisons?$": "Wales by day, cumulative: the sheet of England is read",
    r"Place of occurrence": "breakdown by place of death",
    r"Estimated total deaths": "estimates of a model",
}


@dataclass(frozen=True)
class Part:
    """What one sheet gave to one table, its count of value cells, and its rows left out."""

    table: str
    frame: pl.DataFrame
    cells: int
    cells_skipped: int
    skipped: list[Skipped]


def read(document: Document) -> Reading:
    """One long row for each count; every count is still the published text."""
    parts: list[Part] = []
    skipped: list[Skipped] = []
    for sheet in document.sheets().values():
        reader = _reader(sheet)
        if reader is None:
            skipped.append(_whole_sheet(sheet))
        else:
            parts.append(reader(sheet))
            skipped += parts[-1].skipped
    tables = _tables(parts)
    if "weekly_figures" not in tables or tables["weekly_figures"].is_empty():
        raise Refused(f"{document.name} has no weekly figures: check which workbook it is")
    return Reading(
        tables,
        skipped,
        _stated(document) or release_of(tables["weekly_figures"], document.name),
        cells=sum(part.cells for part in parts),
        cells_skipped=sum(part.cells_skipped for part in parts),
    )


def release_of(weekly_figures: pl.DataFrame, name: str) -> Published:
    """When a workbook that does not say so came out: eleven days after its last week's Friday.

    Each such workbook says so itself ("published 11 days after the week ends"), and it holds for
    all that state their date. Week 51 of 2020 is the known exception. A corrected workbook
    states no date of its own either and carries that of its week, the earliest it can have.
    Raises `Refused` when the last week with figures is not the week in the file's name.
    """
    last_week = weekly_figures.select("week_ended", "week_number").sort("week_ended").row(-1)
    named = WEEK_IN_NAME.search(name)
    if named and str(int(named.group(1))) != last_week[1].strip():
        raise Refused(
            f"{name} has figures up to week {last_week[1]}, which is not the week in its name; "
            "check which workbook it is"
        )
    friday = _day(last_week[0], name)
    released = RELEASED_ELSE.get(friday, friday + PUBLICATION_LAG)
    return Published(datetime(released.year, released.month, released.day))


def _reader(sheet: Sheet) -> Callable[[Sheet], Part] | None:
    name = sheet.name.strip()
    return next((reader for pattern, reader in READERS.items() if re.search(pattern, name)), None)


def _whole_sheet(sheet: Sheet) -> Skipped:
    reasons = (why for name, why in SHEETS_NOT_READ.items() if re.search(name, sheet.name.strip()))
    reason = next(reasons, "sheet that is not known")
    return Skipped.of(range(1, len(sheet.rows) + 1), reason, sheet.name)


def _tables(parts: Iterable[Part]) -> dict[str, pl.DataFrame]:
    found: dict[str, list[pl.DataFrame]] = {}
    for part in parts:
        found.setdefault(part.table, []).append(part.frame)
    return {table: pl.concat(frames) for table, frames in found.items()}


def _stated(document: Document) -> Published | None:
    """The date in the cell after "Released:", which the workbooks up to week 13 carry."""
    for sheet in document.sheets().values():
        for row in sheet.rows:
            for label, value in pairwise(row):
                if label.strip() == "Released:":
                    return published_on(value)
    return None


def _weekly(table: str, kept: str) -> Callable[[Sheet], Part]:
    """A reader of sheets with one column a week: the rows whose code or label matches `kept`."""

    def reader(sheet: Sheet) -> Part:
        ended = _row_starting(sheet, "Week ended")
        data = [
            at for at in range(ended + 1, len(sheet.rows)) if re.search(kept, _label(sheet, at))
        ]
        headings = (heading.strip() for heading in sheet.rows[ended])
        numbers = dict(zip(headings, sheet.rows[ended - 1], strict=True))
        return _part(
            table, sheet, ended, data, 2, lambda frame: _with_weeks(frame, numbers), _weekly_reason
        )

    return reader


def _with_weeks(frame: pl.DataFrame, numbers: Mapping[str, str]) -> pl.DataFrame:
    coded = pl.col("second") != ""
    return frame.select(
        pl.when(coded & (pl.col("first") != "")).then("first").alias("area_code"),
        pl.when(coded).then("second").otherwise("first").alias("label"),
        pl.col("heading").replace_strict(numbers, return_dtype=pl.String).alias("week_number"),
        pl.col("heading").alias("week_ended"),
        pl.col("value").alias("deaths"),
        "_row",
        "_sheet",
    )


def _label(sheet: Sheet, at: int) -> str:
    """The code or total in the first column, else the label in the second."""
    return sheet.rows[at][0].strip() or sheet.rows[at][1].strip()


def _weekly_reason(sheet: Sheet, at: int) -> str:
    label = _label(sheet, at)
    if not any(cell.strip() for cell in sheet.rows[at][2:]):
        return "heading or note"
    reasons = (why for pattern, why in ROWS_NOT_READ.items() if re.search(pattern, label))
    return next(reasons, "row that is not known")


def _comparisons(sheet: Sheet) -> Part:
    header = _row_starting(sheet, "Date")
    data = _dated(sheet, header)
    last = _day(sheet.rows[data[-1]][0], f"sheet {sheet.name}")
    notes = (cell.strip() for row in sheet.rows for cell in row if NEXT_DAY in cell)
    note = next(notes, None)
    return _part(
        "england_comparisons",
        sheet,
        header,
        data,
        1,
        lambda frame: _with_headings(frame, last, note),
    )


def _with_headings(frame: pl.DataFrame, last: date, note: str | None) -> pl.DataFrame:
    headings = frame["heading"].unique().to_list()
    publishers = {heading: _publisher(heading) for heading in headings}
    cut_offs = {heading: _cut_off(heading, last) for heading in headings}
    publisher = pl.col("heading").replace_strict(publishers, return_dtype=pl.String)
    return frame.select(
        pl.col("first").alias("date"),
        "heading",
        publisher.alias("publisher"),
        pl.col("heading").replace_strict(cut_offs, return_dtype=pl.String).alias("cut_off_date"),
        pl.when(publisher == "GOV.UK").then(pl.lit(note, pl.String)).alias("dating_note"),
        pl.col("value").alias("cumulative_deaths"),
        "_row",
        "_sheet",
    )


def _publisher(heading: str) -> str | None:
    """Who counted what stands under this heading."""
    return next((name for mark, name in RELAYED_FROM.items() if mark in heading), None)


def _cut_off(heading: str, last: date) -> str | None:
    """The day by which deaths had to be known, in ISO form: the first such day from `last` on."""
    found = CUT_OFF.search(heading)
    if not found:
        return None
    for year in (last.year, last.year + 1):
        named = published_on(f"{found.group(1)} {found.group(2)} {year}")
        if named and named.moment.date() >= last:
            return named.moment.date().isoformat()
    return None


def _daily(table: str) -> Callable[[Sheet], Part]:
    """A reader of sheets with one row a day and one column an area."""

    def reader(sheet: Sheet) -> Part:
        header = _row_starting(sheet, "Date")
        return _part(table, sheet, header, _dated(sheet, header), 1, _with_days)

    return reader


def _with_days(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select(
        pl.col("first").alias("date_text"),
        pl.col("first").str.strip_chars().str.replace(DAY_FIRST.pattern, "$3-$2-$1").alias("date"),
        pl.col("heading").alias("area_name"),
        pl.col("value").alias("deaths"),
        "_row",
        "_sheet",
    )


def _day(text: str, where: str) -> date:
    found = published_on(text)
    if found is None:
        raise Refused(f"{where} has {text!r} where a date should stand: check the workbook")
    return found.moment.date()


def _row_starting(sheet: Sheet, text: str) -> int:
    for at, row in enumerate(sheet.rows):
        if len(row) > 1 and row[0].strip() == text:
            return at
    raise Refused(f"sheet {sheet.name} has no row that starts with {text}: check its layout")


def _dated(sheet: Sheet, header: int) -> list[int]:
    """Rows below the headings that hold any value; notes stand in the first column alone."""
    below = range(header + 1, len(sheet.rows))
    data = [at for at in below if any(cell.strip() for cell in sheet.rows[at][1:])]
    if not data:
        raise Refused(f"sheet {sheet.name} has headings and no rows: check the workbook")
    return data


def _note(sheet: Sheet, at: int) -> str:
    return "heading or note"


def _part(
    table: str,
    sheet: Sheet,
    header: int,
    data: list[int],
    first_value: int,
    shape: Callable[[pl.DataFrame], pl.DataFrame],
    reason: Callable[[Sheet, int], str] = _note,
) -> Part:
    """Unpivot the rows `data`, shape them for the table, and say why each other row is left out."""
    long = unpivot(
        sheet.rows,
        header=header,
        data=data,
        keys={"first": 0, "second": 1},
        first_value=first_value,
        sheet=sheet.name,
    )
    left_out: dict[str, list[int]] = {}
    for at in sorted(set(range(len(sheet.rows))) - set(data)):
        left_out.setdefault(reason(sheet, at), []).append(at + 1)
    skipped = [Skipped.of(rows, why, sheet.name) for why, rows in left_out.items()]
    cells = sheet.count_cells(data, range(first_value, len(sheet.rows[header])))
    return Part(table, shape(long.frame), cells, long.cells_skipped, skipped)


READERS: dict[str, Callable[[Sheet], Part]] = {
    r"^Weekly figures 20\d\d$": _weekly("weekly_figures", rf"{TOTALS}|{GSS}"),
    r"^Covid-19 - Weekly (figures 20\d\d|registrations)$": _weekly(
        "covid_weekly_registrations", rf"{TOTALS}|{GSS}"
    ),
    r"^UK - Covid-19 - Weekly reg": _weekly("covid_weekly_registrations", r"^England$"),
    r"^Covid-19 - England comparisons?$": _comparisons,
    r"^Covid-19 - Daily registrations$": _daily("daily_registrations"),
    r"^Covid-19 - Daily occurrences$": _daily("daily_occurrences"),
}
