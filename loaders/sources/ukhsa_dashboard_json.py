"""Series of the UKHSA data dashboard as delivered to it: one JSON file a series, area and stratum.

Each file is one metric for one place, age, sex and stratum; its name and its keys say so and have
to agree. It replaces what was delivered before for the same. Two shapes: `time_series` (days, or
weeks dated by their Monday) and `data` (one headline for a period). Daily series span about a year.
Deliveries come weekly, on Thursdays.

- `embargo` is the moment of publication, in London time without a zone; where no row has one, the
  `refresh_date` stands for it. A file under an embargo that has not passed is refused until it has.
- `is_public` must be true in every row. Files called OFF-SENS are marked not public; they are
  passed over by name, and a file with such rows under any other name is refused whole.
- Values are whole or decimal numbers, or null where nothing was measured; epiweek is a number in
  some files and text in others.
- Cases by day are by specimen date and count a new episode 90 days after the last; deaths by day
  (ONS) are on the certificate, by date of death. Weekly deaths (ONSByWeek) do not say whether a
  week is of registration or of death, nor on which day it ends. Against the daily series, weeks of
  death from Saturday to Friday fit as well as chance allows, yet the week of the late August bank
  holiday dips as registrations do.

Absence is `withdrawn`: a delivery holds the whole span of its series, so a day inside it that is
gone has been taken back; days before the span are not spoken of.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import dataframely as dy
import polars as pl

from loaders.codes import GSS, GSS_FORM
from loaders.contract import CORRECTIONS, Source
from loaders.documents import Document
from loaders.reading import Published, Reading, Refused, published_on
from store.moments import now

# Counts by how their names end; rates, means, shares and whatever else is published may be broken.
IS_COUNT = pl.col("metric").str.contains(
    "(cases|ONS|admission|occupiedBeds|count|doses)By(Day|Week)$|Totals?$|7DayAdmissions$"
)


class TimeSeries(dy.Schema):
    metric = dy.String(primary_key=True)
    geography_type = dy.String(primary_key=True)
    geography = dy.String()
    geography_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    age = dy.String(primary_key=True)
    sex = dy.String(primary_key=True)
    stratum = dy.String(primary_key=True)
    metric_frequency = dy.String(nullable=True)
    date = dy.Date(primary_key=True)
    epiweek = dy.Int64(nullable=True, min=1, max=53)
    metric_value = dy.Float64(nullable=True, metadata=CORRECTIONS)

    @dy.rule()
    def people_are_counted_whole(cls) -> pl.Expr:
        return ~IS_COUNT | (cls.metric_value.col.floor() == cls.metric_value.col)

    @dy.rule()
    def only_a_change_is_below_0(cls) -> pl.Expr:
        return pl.col("metric").str.contains("Change") | (cls.metric_value.col >= 0)


class Headlines(dy.Schema):
    metric = dy.String(primary_key=True)
    geography_type = dy.String(primary_key=True)
    geography = dy.String()
    geography_code = dy.String(primary_key=True, regex=GSS, metadata=GSS_FORM)
    age = dy.String(primary_key=True)
    sex = dy.String(primary_key=True)
    stratum = dy.String(primary_key=True)
    period_start = dy.Date(primary_key=True)
    period_end = dy.Date(primary_key=True)
    metric_value = dy.Float64(nullable=True, metadata=CORRECTIONS)

    @dy.rule()
    def people_are_counted_whole(cls) -> pl.Expr:
        return ~IS_COUNT | (cls.metric_value.col.floor() == cls.metric_value.col)

    @dy.rule()
    def only_a_change_is_below_0(cls) -> pl.Expr:
        return pl.col("metric").str.contains("Change") | (cls.metric_value.col >= 0)


SOURCE = Source(
    name="ukhsa_dashboard_json",
    title="Series of the UKHSA data dashboard",
    publisher="UK Health Security Agency",
    licence="Open Government Licence v3.0",
    agreement="open_government",
    cadence="weekly",
    due="Thursday 17:30",
    absence="withdrawn",
    tables={"time_series": TimeSeries, "headlines": Headlines},
    suffixes=(".json",),
)

SAMPLE_NAME = "COVID-19_cases_casesByDay_CTRY_E92000001_all_all_default.json"
SAMPLE = """\
{"parent_theme":"infectious_disease","child_theme":"respiratory","topic":"COVID-19",
"metric_group":"cases","metric":"COVID-19_cases_casesByDay","geography_type":"Nation",
"geography":"England","geography_code":"E92000001","age":"all","sex":"all","stratum":"default",
"metric_frequency":"daily","time_series":[
{"epiweek":45,"date":"2023-11-07","metric_value":12,
"embargo":"2023-11-16 17:30:00","is_public":true},
{"epiweek":"45","date":"2023-11-08","metric_value":7.0,
"embargo":"2023-11-16 17:30:00","is_public":true}
],"refresh_date":"2023-11-09"}
"""

KEYS = ("metric", "geography_type", "geography", "geography_code", "age", "sex", "stratum")
SHAPES = {"time_series": "time_series", "data": "headlines"}
LONDON = "Europe/London"


def read(document: Document) -> Reading:
    """One row a day, week or period of the one series that the file holds."""
    delivered = document.json()
    rows, table = _rows(delivered, document.name)
    _require_public(delivered, rows, document.name)
    _require_own_name(delivered, document.name)
    document.counted[""] = set(range(1, len(rows) + 1))
    frame = _as_text(delivered, rows, SOURCE.tables[table])
    return Reading({table: frame}, published_at=_published(delivered, rows, document.name))


def _rows(delivered: Any, name: str) -> tuple[list[dict[str, Any]], str]:
    if not isinstance(delivered, dict):
        raise Refused(f"{name} is a list, where one series with its keys is promised")
    missing = [key for key in KEYS if key not in delivered]
    if missing:
        raise Refused(f"missing keys {missing} in {name}")
    for key, table in SHAPES.items():
        rows = delivered.get(key)
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows):
            return rows, table
    raise Refused(f"{name} has rows neither under time_series nor under data")


def _require_public(
    delivered: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], name: str
) -> None:
    hidden = sum(row.get("is_public") is not True for row in rows)
    if hidden or str(delivered["metric"]).startswith("OFF-SENS"):
        raise Refused(
            f"{name} holds {hidden} of {len(rows)} rows that are not marked public: "
            "only public series may be loaded"
        )


def _require_own_name(delivered: Mapping[str, Any], name: str) -> None:
    """Name and keys say the same, or one of the two is of another file."""
    place = "_".join(str(delivered[key]) for key in ("geography_code", "age", "sex", "stratum"))
    if not name.startswith(f"{delivered['metric']}_") or f"_{place}." not in name:
        raise Refused(
            f"{name} holds {delivered['metric']} for {place}, which its name does not say"
        )


def _as_text(
    delivered: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], schema: type[dy.Schema]
) -> pl.DataFrame:
    shared = {name: delivered.get(name) for name in (*KEYS, "metric_frequency")}
    columns = {
        name: [_text(shared[name] if name in shared else row.get(name)) for row in rows]
        for name in schema.column_names()
    }
    numbers = pl.Series("_row", range(1, len(rows) + 1), pl.Int64)
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)).with_columns(numbers)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _published(
    delivered: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], name: str
) -> Published | None:
    """Take the newest embargo of the file; without any, the day of the series' last refresh."""
    stamps = {str(row["embargo"]) for row in rows if row.get("embargo")}
    if not stamps:
        return published_on(str(delivered.get("refresh_date")))
    newest = max(_in_utc(stamp, name) for stamp in stamps)
    if newest > now():
        raise Refused(f"{name} is under embargo until {newest} UTC: load it again after that")
    return Published(newest, "second")


def _in_utc(stamp: str, name: str) -> datetime:
    try:
        local = datetime.fromisoformat(stamp)
    except ValueError:
        raise Refused(
            f"{name} has the embargo {stamp}, which is no time such as 2023-11-16 17:30:00"
        ) from None
    if local.tzinfo is not None:
        return local.astimezone(UTC).replace(tzinfo=None)
    in_london = pl.Series([local]).dt.replace_time_zone(LONDON, ambiguous="latest")
    moment: datetime = in_london.dt.convert_time_zone("UTC").dt.replace_time_zone(None)[0]
    return moment
