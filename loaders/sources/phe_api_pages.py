"""Pages of the coronavirus dashboard of Public Health England, as its data service answered.

Published every day at about 16:00 from April 2020 on. A page is an answer to one question: all days
since the first of some measures for the areas of one kind, revised each time. Its name says what
was asked:

- `admissions_…`, `sex_…` and any other JSON: the answer in an envelope with the moment of the last
  update. A measure is a number, or a list with one number and rate an age band. The first pages
  have neither a code nor a kind of area, so places go by name: those of nations, and of NHS regions
  where `areaType` says so (London of the NHS is not the region of that name).
- `utla_cases_…` and any other CSV: the same as a table, with codes. Several answers stand one below
  the other, each with its heading. Deaths are blank in every row that is held: nothing was said.
- `all_…`: the older download of cases by specimen date. It still answered with its state of 26
  April 2021 long after. The one that is held lacks days of some areas, which it would take back if
  it were let go.
- `coronavirus-covid-19-number-of-cases-in-uk-…`: the whole dashboard of April 2020, nested by area;
  totals stand beside the days and carry no date.
- `msoas_…`: cases by small area, one column a week; 0 to 2 are printed as -99.

Measures keep their published names. Cases are counted in the area of residence, Hackney with the
City of London and Cornwall with the Isles of Scilly. Ages do not add up to everybody: people of
unknown age are in no band.

Absence is `withdrawn`: a page has every day of an area that it lists, so a day between its first
and last that is gone was taken back. An area that is not listed was not asked for.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM, ODS
from loaders.contract import CORRECTIONS, COUNT, Source
from loaders.delimited import SetAside
from loaders.documents import Document
from loaders.reading import Published, Reading, Refused, Skipped
from loaders.row_numbers import Run
from loaders.selection import require_columns

# Places of these kinds are known by their names alone.
NAMED_KINDS = ("overview", "nation", "nhsRegion")
NATIONS = ("United Kingdom", "England", "Scotland", "Wales", "Northern Ireland")
CODE = f"^$|{GSS}|{ODS}"
BLANK = {"blank": True}
IS_RATE = pl.col("metric").str.contains("(?i)rate|average|mean|percent")
# What is announced on a day can take back more than it adds; a day of specimens or deaths cannot.
TAKES_BACK = pl.col("metric").str.contains("^new.*ByPublishDate|Change")


class Counts(dy.Schema):
    """One row a published number of a day; `age` is empty where it is of all ages."""

    area_type = dy.String(primary_key=True, metadata=BLANK)
    area_code = dy.String(
        primary_key=True, regex=CODE, metadata=BLANK | {"form": "a code such as E06000001 or RGT"}
    )
    area_name = dy.String(primary_key=True)
    date = dy.Date(primary_key=True)
    metric = dy.String(primary_key=True)
    age = dy.String(primary_key=True, metadata=BLANK)
    value = dy.Float64(metadata=CORRECTIONS)
    rate = dy.Float64(nullable=True, min=0)

    @dy.rule()
    def a_place_without_a_code_is_a_nation_or_an_nhs_region(cls) -> pl.Expr:
        unsaid = (pl.col("area_type") == "") & pl.col("area_name").is_in(NATIONS)
        return (pl.col("area_code") != "") | pl.col("area_type").is_in(NAMED_KINDS) | unsaid

    @dy.rule()
    def people_are_counted_whole(cls) -> pl.Expr:
        return IS_RATE | (cls.value.col.floor() == cls.value.col)

    @dy.rule()
    def only_what_is_announced_by_day_takes_back(cls) -> pl.Expr:
        return TAKES_BACK | (cls.value.col >= 0)


class Totals(dy.Schema):
    """One row a number that carries no date: it is of the day of the page."""

    area_type = dy.String(primary_key=True)
    area_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    area_name = dy.String(primary_key=True)
    metric = dy.String(primary_key=True)
    value = dy.Float64(min=0)

    @dy.rule()
    def people_are_counted_whole(cls) -> pl.Expr:
        return IS_RATE | (cls.value.col.floor() == cls.value.col)


class MsoaWeeks(dy.Schema):
    """One row a small area (MSOA) and week; `heading` is the published name of the week."""

    region_code = dy.String(regex=GSS, metadata=GSS_FORM)
    region_name = dy.String()
    upper_tier_code = dy.String(regex=GSS, metadata=GSS_FORM)
    upper_tier_name = dy.String()
    lower_tier_code = dy.String(regex=GSS, metadata=GSS_FORM)
    lower_tier_name = dy.String()
    msoa_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    msoa_name = dy.String()
    heading = dy.String(primary_key=True)
    cases = dy.String(
        regex=r"^(\d+|-99)$", metadata=COUNT | CORRECTIONS | {"form": "a count, or -99 for 0 to 2"}
    )


SOURCE = Source(
    name="phe_api_pages",
    title="Pages of the coronavirus dashboard, as its data service answered",
    publisher="Public Health England",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="daily",
    due="every day 16:00",
    absence="withdrawn",
    tables={"counts": Counts, "totals": Totals, "msoa_weeks": MsoaWeeks},
    suffixes=(".csv", ".csv.gz", ".json"),
)

SAMPLE_NAME = "utla_cases_2020-09-12.csv"
SAMPLE = """\
date,areaName,areaCode,newCasesBySpecimenDate,newDeaths28DaysByDeathDate
2020-09-10,Leicester,E06000016,21,1
2020-09-09,Leicester,E06000016,34,
date,areaName,areaCode,newCasesBySpecimenDate,newDeaths28DaysByDeathDate
2020-09-10,Hackney and City of London,E09000012,9,
2020-09-09,Hackney and City of London,E09000012,12,0
"""

ENVELOPE = ("data", "lastUpdate", "length")
PLACE = {"areaType": "area_type", "areaCode": "area_code", "areaName": "area_name", "date": "date"}
# What was asked for, by how a page's name begins: an answer without it is another page.
ASKED = {
    "admissions_": ("cumAdmissionsByAge",),
    "sex_": ("maleCases", "femaleCases"),
    "utla_cases_": ("newCasesBySpecimenDate", "newDeaths28DaysByDeathDate"),
}
OLDER_DOWNLOAD = {
    "Area name": "area_name",
    "Area code": "area_code",
    "Area type": "area_type",
    "Specimen date": "date",
    "Daily lab-confirmed cases": "daily_cases",
    "Cumulative lab-confirmed cases": "cumulative_cases",
    "Cumulative lab-confirmed cases rate": "cumulative_rate",
}
BLOCKS = ("overview", "countries", "regions", "utlas")
SMALL_AREAS = {
    "rgn19_cd": "region_code",
    "rgn19_nm": "region_name",
    "utla19_cd": "upper_tier_code",
    "utla19_nm": "upper_tier_name",
    "lad19_cd": "lower_tier_code",
    "lad19_nm": "lower_tier_name",
    "msoa11_cd": "msoa_code",
    "msoa11_hclnm": "msoa_name",
}
Row = dict[str, str | None]


def read(document: Document) -> Reading:
    """One row a published number; which shape the page has is in the beginning of its name."""
    if document.name.startswith("all_"):
        return _read_older_download(document)
    if document.name.startswith("msoas_"):
        return _read_small_areas(document)
    if document.name.startswith("coronavirus-covid-19-number-of-cases-in-uk"):
        return _read_dashboard(document)
    return _read_answer(document) if document.suffix == ".json" else _read_answers(document)


def _asked(name: str) -> tuple[str, ...]:
    return next((asked for start, asked in ASKED.items() if name.startswith(start)), ())


# A JSON answer


def _read_answer(document: Document) -> Reading:
    answer = document.json()
    records = _records(answer, document.name)
    document.counted[""] = Run(range(1, len(records) + 1))
    numbered = [(n, r) for n, r in enumerate(records, start=1) if isinstance(r, Mapping)]
    document.ragged += [
        SetAside(number, json.dumps(record), "it is not a record of names and values")
        for number, record in enumerate(records, start=1)
        if not isinstance(record, Mapping)
    ]
    _require_asked(document, {name for _, record in numbered for name in record})
    rows = [{**cell, "_row": str(n)} for n, record in numbered for cell in _cells(record)]
    moment = _moment(answer["lastUpdate"], document.name)
    return _counted(document, _frame(rows, Counts), moment, [])


def _records(answer: Any, name: str) -> list[Any]:
    missing = [key for key in ENVELOPE if not isinstance(answer, dict) or key not in answer]
    if missing:
        raise Refused(f"missing keys {missing} in {name}")
    records = answer["data"]
    if not isinstance(records, list) or answer["length"] != len(records):
        held = len(records) if isinstance(records, list) else "no"
        raise Refused(
            f"{name} announces {answer['length']} records and holds {held}: fetch it again"
        )
    return records


def _require_asked(document: Document, names: set[str]) -> None:
    missing = [name for name in ("areaName", "date", *_asked(document.name)) if name not in names]
    if missing:
        raise Refused(f"missing columns {missing} in {document.name}")


def _cells(record: Mapping[str, Any]) -> Iterator[Row]:
    """Each number of a record with its place; a list has one an age, and null says nothing."""
    place: Row = {column: _text(record.get(name)) for name, column in PLACE.items()}
    for metric, value in record.items():
        if metric in PLACE:
            continue
        for part in value if isinstance(value, list) else [value]:
            if part is not None:
                yield place | {"metric": metric} | _by_age(part)


def _by_age(part: Any) -> Row:
    if not isinstance(part, Mapping):
        return {"age": "", "value": _text(part), "rate": None}
    return {name: _text(part.get(name)) for name in ("age", "value", "rate")}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


# Tables


def _read_answers(document: Document) -> Reading:
    published = document.table()
    needed = ("date", "areaName", "areaCode", *_asked(document.name))
    require_columns(published, needed, document.name)
    headings = _headings_of_further_answers(document, published)
    return _counted(document, _long(published.rename(PLACE, strict=False)), None, headings)


def _headings_of_further_answers(document: Document, published: pl.DataFrame) -> list[Skipped]:
    heading = ",".join(name for name in published.columns if name != "_row")
    again = [misfit.row for misfit in document.ragged if misfit.text == heading]
    document.ragged = [misfit for misfit in document.ragged if misfit.text != heading]
    return [Skipped.of(again, "the heading of a further answer")] if again else []


def _read_older_download(document: Document) -> Reading:
    published = document.table()
    require_columns(published, OLDER_DOWNLOAD, document.name)
    return _counted(document, _long(published.rename(OLDER_DOWNLOAD)), None, [])


def _long(published: pl.DataFrame) -> pl.DataFrame:
    """One row a number of a table with one column a measure; a blank says nothing."""
    index = [name for name in (*PLACE.values(), "_row") if name in published.columns]
    long = _unpivoted(published, index, "metric", "value")
    absent = [name for name in PLACE.values() if name not in index]
    return long.with_columns(
        *(pl.lit("").alias(name) for name in (*absent, "age")), rate=pl.lit(None, pl.String)
    )


def _unpivoted(published: pl.DataFrame, index: list[str], heading: str, value: str) -> pl.DataFrame:
    long = published.unpivot(index=index, variable_name=heading, value_name=value)
    return long.filter(pl.col(value).str.strip_chars() != "")


def _counted(
    document: Document, counts: pl.DataFrame, published: Published | None, skipped: list[Skipped]
) -> Reading:
    # A key holds a text: where no kind, code or age was given it is empty.
    known = counts.with_columns(pl.col("area_type", "area_code", "age").fill_null(""))
    return _reading(document, "counts", known, published, skipped)


def _reading(
    document: Document,
    table: str,
    rows: pl.DataFrame,
    published: Published | None,
    skipped: list[Skipped],
) -> Reading:
    """A page of one table, each of its rows one number."""
    if rows.is_empty():
        raise Refused(f"{document.name} holds no number: fetch it again")
    rest = document.skip_rest({table: rows}, "a row without a number", skipped)
    return Reading({table: rows}, [*skipped, *rest], published, rows.height)


def _read_small_areas(document: Document) -> Reading:
    published = document.table()
    require_columns(published, SMALL_AREAS, document.name)
    index = [*SMALL_AREAS.values(), "_row"]
    long = _unpivoted(published.rename(SMALL_AREAS), index, "heading", "cases")
    return _reading(document, "msoa_weeks", long, None, [])


# The dashboard of April 2020


def _read_dashboard(document: Document) -> Reading:
    page = document.json()
    rows = list(_dashboard_rows(page, document.name))
    if not rows:
        raise Refused(f"{document.name} holds no number: fetch it again")
    document.counted[""] = Run(range(1, len(rows) + 1))
    numbered = [row | {"_row": str(number)} for number, row in enumerate(rows, start=1)]
    dated = [row for row in numbered if "date" in row]
    totals = [row for row in numbered if "date" not in row]
    tables = {"counts": _frame(dated, Counts), "totals": _frame(totals, Totals)}
    moment = _moment(page.get("lastUpdatedAt"), document.name)
    return Reading(tables, published_at=moment)


def _dashboard_rows(page: Any, name: str) -> Iterator[Row]:
    """The numbers in the order of the page; a list has one a day, all others have no date."""
    missing = [block for block in BLOCKS if not isinstance(_part(page, block), Mapping)]
    if missing:
        raise Refused(f"missing keys {missing} in {name}")
    for block in BLOCKS:
        for code, measures in page[block].items():
            place: Row = {"area_type": block, "area_code": code}
            place["area_name"] = _text(_part(_part(measures, "name"), "value"))
            for metric, value in measures.items() if isinstance(measures, Mapping) else ():
                yield from _measure(place | {"metric": metric}, value)


def _measure(place: Row, value: Any) -> Iterator[Row]:
    if place["metric"] == "name":
        return
    if not isinstance(value, list):
        yield place | {"value": _text(_part(value, "value"))}
        return
    for part in value:
        day, number = _text(_part(part, "date")), _text(_part(part, "value"))
        yield place | {"age": "", "date": day, "value": number, "rate": None}


def _part(whole: Any, name: str) -> Any:
    return whole.get(name) if isinstance(whole, Mapping) else None


# Of all pages


def _frame(rows: list[Row], schema: type[dy.Schema]) -> pl.DataFrame:
    """Rows of text in the columns of their table; `_row` is the number of their record."""
    columns = dict.fromkeys((*schema.column_names(), "_row"), pl.String)
    return pl.DataFrame(rows, schema=columns).with_columns(pl.col("_row").cast(pl.Int64))


def _moment(stated: Any, name: str) -> Published | None:
    """The moment of the last update in UTC, which the page states with its zone."""
    if stated is None:
        return None
    try:
        moment = datetime.fromisoformat(str(stated))
        if moment.tzinfo is not None:
            return Published(moment.astimezone(UTC).replace(tzinfo=None), "second")
    except (ValueError, OverflowError):
        pass
    raise Refused(
        f"{name} was last updated at {str(stated)[:40]}, which is no time with its zone such as "
        "2020-09-11T15:09:39.000000Z: fetch it again"
    )
