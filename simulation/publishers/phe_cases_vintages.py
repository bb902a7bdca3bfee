"""PHE's cases by specimen date: the full history each time, under headers that kept changing.

The columns, the words for area types and the order of rows are those of the real file of the day.
Only two things differ. Districts are there from the first version on, so that every authority has
cases; the real file took the lower tier in in May 2020, together with a rate, and as here lists an
authority of both tiers twice from then on. And a version goes up to the day before in every layout.
As in the real file a day without cases has no row until August 2020, except the newest day, which
has one for every area listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import cases_by_specimen
from simulation.places import ENGLAND, Counts, Places, grouped
from simulation.publishers.published import PublishedFile

CADENCE = Cadence(every=7, daily_for=7)

KEYS = ["Area name", "Area code", "Area type", "Specimen date"]
DAILY, CUMULATIVE = "Daily lab-confirmed cases", "Cumulative lab-confirmed cases"
COMPARED = [
    "Previously reported daily cases",
    "Change in daily cases",
    CUMULATIVE,
    "Previously reported cumulative cases",
    "Change in cumulative cases",
]
RATE = "Cumulative lab-confirmed cases rate"
LONG_TYPES = {
    "lower": "Lower tier local authority",
    "upper": "Upper tier local authority",
    "region": "Region",
    "nation": "Nation",
}
SHORT_TYPES = {"lower": "ltla", "upper": "utla", "region": "region", "nation": "nation"}
MERGED_FROM = {"E06000053": date.min, "E09000001": date(2020, 7, 3)}
MERGED_NAMES = {
    "E06000052": "Cornwall and Isles of Scilly",
    "E09000012": "Hackney and City of London",
}


@dataclass(frozen=True)
class Layout:
    """One form of the file: its columns, the order of areas, and how numbers are written."""

    columns: Sequence[str]
    order: Sequence[tuple[str, str]]  # (level, what it is sorted by); a "-" before it: descending
    types: dict[str, str]
    by_area: bool = False  # all days of an area together, and every day since its first case
    districts_only: bool = False  # lower-tier rows only where no upper-tier row says the same
    decimals: bool = False  # daily counts written as 12.0
    blank_line_at_end: bool = False


NEWEST_FIRST = (("nation", "-id"), ("region", "-id"), ("upper", "-id"), ("lower", "-id"))
PLAIN = Layout(
    [*KEYS, DAILY, CUMULATIVE],
    (("lower", "-name"), ("upper", "-name"), ("region", "-name"), ("nation", "-name")),
    LONG_TYPES,
    districts_only=True,
    blank_line_at_end=True,
)
WITH_CHANGES = Layout([*KEYS, DAILY, *COMPARED], NEWEST_FIRST, LONG_TYPES, districts_only=True)
WITH_RATE = Layout([*KEYS, DAILY, *COMPARED, RATE], NEWEST_FIRST, LONG_TYPES)
WITH_DECIMALS = Layout([*KEYS, DAILY, *COMPARED, RATE], NEWEST_FIRST, LONG_TYPES, decimals=True)
SHORT = Layout(
    [*KEYS, DAILY, CUMULATIVE, RATE],
    (("lower", "name"), ("nation", "name"), ("region", "name"), ("upper", "name")),
    SHORT_TYPES,
    by_area=True,
)
LAYOUTS = {
    date(2020, 4, 27): WITH_CHANGES,
    date(2020, 5, 4): WITH_RATE,
    date(2020, 5, 5): WITH_CHANGES,
    date(2020, 6, 1): WITH_RATE,
    date(2020, 7, 1): WITH_DECIMALS,
    date(2020, 7, 3): WITH_RATE,
    date(2020, 8, 1): SHORT,
}


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one file of the day, `coronavirus-cases_<day>.csv`."""
    rows = as_rows(arrivals, published).write_csv()
    end = "\n" if layout_on(published).blank_line_at_end else ""
    name = f"coronavirus-cases_{published.isoformat()}.csv"
    return [PublishedFile(name, f"{rows}{end}".encode())]


def layout_on(published: date) -> Layout:
    """The layout in which the file of a day came out."""
    begun = [layout for since, layout in LAYOUTS.items() if since <= published]
    return begun[-1] if begun else PLAIN


def as_rows(arrivals: Arrivals, published: date) -> pl.DataFrame:
    """The rows of the file, in its order, with the columns of its layout."""
    layout, places = layout_on(published), arrivals.truth.places
    areas = published_areas(places, published, layout)
    daily = _listed(cases_by_specimen(arrivals, published), places, published, areas)
    before = _listed(
        cases_by_specimen(arrivals, published - timedelta(1)), places, published, areas
    )
    frame = _long(arrivals.truth.dates, areas, daily, before)
    newest = published - timedelta(1)
    kept = frame.filter(_is_listed(layout, newest))
    ordered = kept.sort("place", "specimen_date", descending=[False, True])
    if not layout.by_area:
        ordered = kept.sort("specimen_date", "place", descending=[True, False])
    return ordered.select(_columns(layout))


def published_areas(places: Places, published: date, layout: Layout) -> pl.DataFrame:
    """Every area that a file lists, in its order: level, id, name, type, population, place."""
    lower, upper = _codes(places, published)
    levels = {
        "lower": lower,
        "upper": upper,
        "region": places.areas["region_id"],
        "nation": places.areas["nation_id"].replace_strict({ENGLAND: ENGLAND}, default=None),
    }
    frames = [_level(places, published, level, levels[level], by) for level, by in layout.order]
    twice = (pl.col("level") == "lower") & pl.col("id").is_in(upper.implode())
    types = pl.col("level").replace_strict(layout.types)
    listed = pl.concat(frames).filter(~twice | pl.lit(not layout.districts_only))
    return listed.with_columns(type=types).with_row_index("place")


def _codes(places: Places, published: date) -> tuple[pl.Series, pl.Series]:
    """The codes under which lower and upper tier of each unit are published on a day."""
    merged = [code for code, since in MERGED_FROM.items() if since <= published]
    into = pl.when(pl.col("area_id").is_in(merged)).then("counted_with")
    codes = places.areas.select(
        lower=pl.when(pl.col("nation_id") == ENGLAND).then(pl.coalesce(into, "area_id")),
        upper=pl.coalesce(into, "upper_id"),
    )
    return codes["lower"], codes["upper"]


def _level(places: Places, published: date, level: str, codes: pl.Series, by: str) -> pl.DataFrame:
    ids = codes.drop_nulls().unique().sort().to_list()
    people = pl.DataFrame({"id": codes, "people": places.areas["population"]}).drop_nulls()
    summed = people.group_by("id").agg(pl.col("people").sum())
    frame = pl.DataFrame({"id": ids, "name": [_name(places, code, published) for code in ids]})
    return (
        frame.with_columns(level=pl.lit(level))
        .join(summed, on="id")
        .sort(by.lstrip("-"), descending=by.startswith("-"))
    )


def _name(places: Places, code: str, published: date) -> str:
    if code == "E09000012" and published < MERGED_FROM["E09000001"]:
        return places.names[code]
    return MERGED_NAMES.get(code, places.names[code])


def _listed(counts: Counts, places: Places, published: date, areas: pl.DataFrame) -> Counts:
    """Counts by unit as counts by published area, [day, area in the file's order]."""
    lower, upper = _codes(places, published)
    england = places.areas["nation_id"].replace_strict({ENGLAND: ENGLAND}, default=None)
    groups = {
        "lower": grouped(counts, lower),
        "upper": grouped(counts, upper),
        "region": places.summed(counts, "region_id"),
        "nation": grouped(counts, england),
    }
    at = {
        (level, code): (level, place)
        for level, (ids, _) in groups.items()
        for place, code in enumerate(ids)
    }
    order = [at[pair] for pair in areas.select("level", "id").iter_rows()]
    return np.stack([groups[level][1][:, place] for level, place in order], axis=1)


def _long(days: Sequence[date], areas: pl.DataFrame, daily: Counts, before: Counts) -> pl.DataFrame:
    """One row an area and day, with running totals, of this file and of the day before's."""
    width = areas.height
    each_day = np.repeat(np.array(days, dtype="datetime64[D]"), width)
    return pl.concat([areas] * len(days)).with_columns(
        specimen_date=pl.Series(each_day),
        daily=daily.ravel(),
        cumulative=daily.cumsum(axis=0).ravel(),
        previous_daily=before.ravel(),
        previous_cumulative=before.cumsum(axis=0).ravel(),
    )


def _is_listed(layout: Layout, newest: date) -> pl.Expr:
    begun = (pl.col("cumulative") > 0) & (pl.col("specimen_date") <= newest)
    if layout.by_area:
        return begun
    return begun & ((pl.col("daily") > 0) | (pl.col("specimen_date") == newest))


def _columns(layout: Layout) -> list[pl.Expr]:
    daily = pl.col("daily").cast(pl.Float64) if layout.decimals else pl.col("daily")
    england = pl.col("level") == "nation"
    rate = (pl.col("cumulative") * 100_000 / pl.col("people")).round(1)
    written = {
        "Area name": pl.col("name"),
        "Area code": pl.col("id"),
        "Area type": pl.col("type"),
        "Specimen date": pl.col("specimen_date"),
        DAILY: daily,
        CUMULATIVE: pl.col("cumulative"),
        COMPARED[0]: pl.when(england).then("previous_daily"),
        COMPARED[1]: pl.when(england).then(pl.col("daily") - pl.col("previous_daily")),
        COMPARED[3]: pl.when(england).then("previous_cumulative"),
        COMPARED[4]: pl.when(england).then(pl.col("cumulative") - pl.col("previous_cumulative")),
        RATE: rate.round(0).cast(pl.Int64) if layout.by_area else rate,
    }
    return [written[column].alias(column) for column in layout.columns]
