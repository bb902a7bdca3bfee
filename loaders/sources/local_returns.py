"""The plain return that any local body can send when it has nothing better than a spreadsheet.

Sent whenever a body has something to report, one value a row, in the columns `area_code, area_name,
date, metric, value` (any order, any case and spacing) as CSV, TSV, XLSX, XLS, ODS, JSON, NDJSON or
Parquet, each also gzipped or zipped. A later return revises the values that it repeats; a value
that it does not repeat stands as it was: absence means not reported, never zero. A workbook holds
one sheet and its heading is the first row. The day of sending is in the file's name or is given; a
month is not enough, because a return counts from the moment at which it was sent. Weeks are dated
by the Friday that ends them and populations by 30 June.

Most bad files come this way, so nothing is guessed here: a date that can be read in two ways, a
total, a formula, a code that the register of areas does not hold or the name of another area puts
the row aside, and a file of which more than a fifth is put aside is refused as a whole.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import dataframely as dy
import polars as pl

from loaders import area_register
from loaders.agreed import names_in, plain
from loaders.codes import GSS
from loaders.contract import EARLIEST, MOST_PEOPLE, Source
from loaders.delimited import SetAside
from loaders.documents import Document
from loaders.reading import (
    MONTHS,
    Published,
    Reading,
    Refused,
    Skipped,
)
from loaders.spreadsheets import Sheet

COLUMNS = ("area_code", "area_name", "date", "metric", "value")
METRICS = (
    "cases_by_specimen_date",
    "cases_by_report_date",
    "deaths_hospital_by_death_date",
    "deaths_hospital_by_report_date",
    "deaths_any_time_by_report_date",
    "deaths_any_time_by_death_date",
    "deaths_60d_by_report_date",
    "deaths_60d_by_death_date",
    "deaths_28d_by_report_date",
    "deaths_28d_by_death_date",
    "deaths_certificate_by_registration_date",
    "deaths_certificate_by_registration_week",
    "deaths_certificate_by_death_date",
    "deaths_all_causes_by_registration_week",
    "population",
    "population_registered",
    "people_vaccinated_first_dose",
    "beds_open_general_acute",
    "beds_occupied_general_acute",
    "beds_open_critical_care_adult",
    "beds_occupied_critical_care_adult",
    "patients_in_hospital_with_covid",
    "patients_in_hospital_for_covid",
)
WEEKLY = (
    "deaths_certificate_by_registration_week",
    "deaths_all_causes_by_registration_week",
)
YEARLY = ("population",)
FRIDAY = 5
# Signs for hidden or absent values that staging knows; the negative ones of some publishers are
# left out, because a negative number in a return is a mistake.
MARKS = (
    *("*", "c", "[c]", "..", ".", ":", "-", "\u2013", "x", "[x]", "z", "[z]", "n/a", "na"),
    *("<3", "<5", "<6", "<7", "<8", "<10", "0 to 2", "0 to 7"),
    *("1 to 2", "1 to 4", "1 to 5", "1 to 7"),
)
# [0-9] and not \d, which takes the digits of every script.
WHOLE = r"([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.0+)?"
VALUE = f"(?i)^({WHOLE}|{'|'.join(re.escape(mark) for mark in MARKS)})$"
# Three letters or digits (a trust), or more with a digit among them (a site): never the word TOTAL.
ORGANISATION = r"[A-Z0-9]{3}|[A-Z]{1,3}[0-9][A-Z0-9]{1,4}|[0-9][A-Z0-9]{3,5}"
CODE = f"{GSS}|^({ORGANISATION})$"
ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[ T]00:00:00(?:\.0+)?)?")
WRITTEN = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th)? +([a-z]+)\.?,? +([0-9]{4})", re.IGNORECASE)
DATE = f"(?i)^({ISO.pattern}|{WRITTEN.pattern})$"
TOTAL = r"(?i)^(total|sum|all|subtotal)$|\b(grand |sub-?)?totals?\b"
CODE_OF_AREA, NAME_OF_AREA = pl.col("area_code"), pl.col("area_name")


class Returns(dy.Schema):
    area_code = dy.String(
        regex=CODE, metadata={"form": "a code such as E06000001 (a place) or RGT (an organisation)"}
    )
    area_name = dy.String()
    date = dy.String(
        regex=DATE, metadata={"form": "a date that reads one way: write 2020-04-03 or 3 April 2020"}
    )
    metric = dy.String(
        regex=f"^({'|'.join(METRICS)})$", metadata={"form": f"one of {', '.join(METRICS)}"}
    )
    value = dy.String(
        regex=VALUE, metadata={"form": "a whole number, 0 or more, or a sign such as * or <5"}
    )
    event_date = dy.Date(nullable=True, min=EARLIEST)
    published_on = dy.Date(nullable=True)

    @dy.rule()
    def a_date_is_a_day_of_the_calendar(cls) -> pl.Expr:
        return pl.col("event_date").is_not_null() | ~pl.col("date").str.contains(DATE)

    @dy.rule()
    def a_date_is_not_after_the_publication(cls) -> pl.Expr:
        return pl.col("event_date") <= pl.col("published_on")

    @dy.rule()
    def a_week_is_dated_by_the_friday_that_ends_it(cls) -> pl.Expr:
        is_friday = pl.col("event_date").dt.weekday() == FRIDAY
        return ~pl.col("metric").is_in(WEEKLY) | is_friday

    @dy.rule()
    def a_population_is_dated_30_june(cls) -> pl.Expr:
        is_mid_year = pl.col("event_date").dt.strftime("%m-%d") == "06-30"
        return ~pl.col("metric").is_in(YEARLY) | is_mid_year

    @dy.rule()
    def a_return_has_one_value_for_each_area_and_date_and_metric(cls) -> pl.Expr:
        same = pl.len().over("area_code", "event_date", "metric")
        return pl.col("event_date").is_null() | (same == 1)

    @dy.rule()
    def an_area_code_stands_in_the_register_of_areas(cls) -> pl.Expr:
        return area_register.is_known(CODE_OF_AREA) | ~CODE_OF_AREA.str.contains(CODE)

    @dy.rule()
    def a_name_is_not_that_of_another_area(cls) -> pl.Expr:
        is_another = area_register.is_name_of_another(CODE_OF_AREA, NAME_OF_AREA)
        return ~is_another | ~area_register.is_known(CODE_OF_AREA)

    @dy.rule()
    def one_area_code_has_one_name_that_is_new_to_the_register(cls) -> pl.Expr:
        is_new = ~area_register.is_name_of_any(NAME_OF_AREA)
        new_names = pl.when(is_new).then(area_register.plain(NAME_OF_AREA)).drop_nulls()
        return ~is_new | (new_names.n_unique().over("area_code") == 1)

    @dy.rule()
    def a_total_is_not_a_row_of_a_return(cls) -> pl.Expr:
        return ~pl.any_horizontal(pl.col("area_code", "area_name").str.contains(TOTAL))

    @dy.rule()
    def a_count_is_not_larger_than_the_population(cls) -> pl.Expr:
        value = pl.col("value")
        count = value.str.replace_all(",", "").cast(pl.Float64, strict=False)
        return ~value.str.contains(f"^{WHOLE}$") | (count <= MOST_PEOPLE)

    @dy.rule()
    def a_formula_is_not_a_value(cls) -> pl.Expr:
        return ~pl.any_horizontal(pl.col(COLUMNS).str.contains(r"^[=@]"))

    @dy.rule()
    def the_heading_stands_only_once(cls) -> pl.Expr:
        return pl.col("area_code").str.to_lowercase().str.replace_all(r"[\s_-]", "") != "areacode"


FORMATS = (".csv", ".tsv", ".xlsx", ".xls", ".ods", ".json", ".ndjson", ".jsonl", ".parquet")
SOURCE = Source(
    name="local_returns",
    title="Plain returns of local bodies",
    publisher="Local bodies",
    licence="Open Government Licence v3.0",
    agreement="local_returns",
    cadence="weekdays",
    due="every weekday 11:00",
    absence="not_reported",
    tables={"returns": Returns},
    suffixes=(*FORMATS, *(f"{suffix}.gz" for suffix in FORMATS), ".zip"),
    refuse_above=0.2,
)

SAMPLE_NAME = "leicester-return-2020-07-03.csv"
SAMPLE = """\
Area code,Area name,Date,Metric,Value
E06000016,Leicester,2020-06-29,cases_by_specimen_date,31
E06000016,Leicester,2020-06-30,cases_by_specimen_date,27
E06000016,Leicester,1 July 2020,cases_by_specimen_date,*
"""


def read(document: Document) -> Reading:
    """One row for each area, date and metric, as text; a date is also given in ISO form.

    Raises `Refused` for a file that is no such table or says only the month in which it was sent.
    """
    published = _day_of_sending(document)
    frame, skipped = _rows(document)
    known = _known_columns(frame, document.name)
    text = known.with_columns(pl.col(COLUMNS).str.strip_chars().replace("", None))
    dated = text.with_columns(
        pl.col("date").map_elements(_iso, return_dtype=pl.String).alias("event_date"),
        pl.lit(published and published.moment.date().isoformat(), pl.String).alias("published_on"),
    )
    return Reading({"returns": dated}, skipped, published)


def _rows(document: Document) -> tuple[pl.DataFrame, list[Skipped]]:
    match document.suffix:
        case ".csv" | ".parquet":
            return document.table(), []
        case ".tsv":
            return document.table(delimiter="\t"), []
        case ".xlsx" | ".xls" | ".ods":
            return _only_sheet(document)
        case ".json":
            return _records(document, _listed(document)), []
        case ".ndjson" | ".jsonl":
            return _records(document, _lined(document)), []
        case other:
            raise Refused(
                f"{document.name} holds a file of the kind {other or 'without a suffix'}: "
                f"send one of {', '.join(FORMATS)}"
            )


def _only_sheet(document: Document) -> tuple[pl.DataFrame, list[Skipped]]:
    sheets = [sheet for sheet in document.sheets().values() if document.counted[sheet.name]]
    if len(sheets) != 1:
        names = ", ".join(sheet.name for sheet in sheets) or "none"
        raise Refused(
            f"{document.name} must hold one sheet with rows and holds {len(sheets)} ({names}): "
            "send each by itself"
        )
    sheet = sheets[0]
    heading = min(document.counted[sheet.name]) - 1
    frame = _with_formulas(sheet, heading).with_columns(pl.lit(sheet.name).alias("_sheet"))
    if frame.is_empty():
        raise Refused(f"{document.name} has a heading and no rows: send it again")
    return frame, [Skipped.of([heading + 1], "heading", sheet.name)]


def _with_formulas(sheet: Sheet, heading: int) -> pl.DataFrame:
    """The rows below the heading; a computed cell begins with `=`, as it does for its writer."""
    rows = [list(row) for row in sheet.rows]
    for row, column in sheet.formulas:
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = f"={rows[row][column]}"
    return replace(sheet, rows=rows).frame(heading, heading + 1)


def _listed(document: Document) -> list[tuple[int, Any]]:
    records = document.json()
    if not isinstance(records, list):
        raise Refused(f"{document.name} is not a list of records: send [{{…}}, {{…}}] or NDJSON")
    return list(enumerate(records, start=1))


def _lined(document: Document) -> list[tuple[int, Any]]:
    lines = document.lines()
    parsed = []
    for number in sorted(document.counted[""]):
        try:
            parsed.append((number, json.loads(lines[number - 1])))
        except (ValueError, RecursionError):
            if number == len(lines):
                raise Refused(
                    f"{document.name} is cut off in line {number}: send it again"
                ) from None
            parsed.append((number, lines[number - 1]))
    document.require_agreed(names_in([record for _, record in parsed]))
    return parsed


def _records(document: Document, numbered: Sequence[tuple[int, Any]]) -> pl.DataFrame:
    """Objects as rows; anything else is set aside."""
    kept = [(number, record) for number, record in numbered if isinstance(record, Mapping)]
    for number, record in numbered:
        if not isinstance(record, Mapping):
            reason = "it is not a record of names and values"
            document.ragged.append(SetAside(number, str(record), reason))
    names = list(dict.fromkeys(name for _, record in kept for name in record))
    columns = {name: [_as_text(record.get(name)) for _, record in kept] for name in names}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(names, pl.String))
    return frame.with_columns(pl.Series("_row", [number for number, _ in kept], dtype=pl.Int64))


def _as_text(value: Any) -> str | None:
    if isinstance(value, str):
        # Half a character, as `\\ud800`, is none; it is set aside with the mark for that.
        return value.encode(errors="replace").decode()
    return None if value is None else json.dumps(value)


def _known_columns(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """The five columns under their own names; a column without name and values holds nothing."""
    place = [column for column in frame.columns if column in ("_row", "_sheet")]
    wanted = {plain(column): column for column in COLUMNS}
    published = [c for c in frame.columns if c not in place and not _is_blank(frame, c)]
    unknown = [column for column in published if plain(column) not in wanted]
    missing = [column for key, column in wanted.items() if key not in map(plain, published)]
    if unknown or missing:
        raise Refused(
            f"{name} must have the columns {', '.join(COLUMNS)}"
            + (f"; missing: {', '.join(missing)}" if missing else "")
            + (f"; not known: {', '.join(unknown)}" if unknown else "")
        )
    if len(published) > len(COLUMNS):
        raise Refused(f"{name} has a column twice ({', '.join(published)}): send each once")
    return frame.select(*place, *(pl.col(c).alias(wanted[plain(c)]) for c in published))


def _is_blank(frame: pl.DataFrame, column: str) -> bool:
    unnamed = re.fullmatch(r"column_\d+", column) is not None
    return unnamed and frame[column].null_count() == frame.height


def _iso(text: str) -> str | None:
    """The day in ISO form if the text reads one way and the calendar has that day."""
    iso, written = ISO.fullmatch(text), WRITTEN.fullmatch(text)
    try:
        if iso:
            return date(*(int(part) for part in iso.groups())).isoformat()
        if written and written.group(2).lower() in MONTHS:
            month = MONTHS[written.group(2).lower()]
            return date(int(written.group(3)), month, int(written.group(1))).isoformat()
    except ValueError:
        return None
    return None


def _day_of_sending(document: Document) -> Published | None:
    published = document.published_outside
    if published and published.precision == "month":
        raise Refused(
            f"{document.name} says only the month in which it was sent: put the day into its name, "
            "such as return-2020-07-03.csv, or give it with --published-at YYYY-MM-DD"
        )
    return published
