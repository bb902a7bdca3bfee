"""Dates that a spreadsheet wrote anew: 8/19/2020 here, 19/8/2020 there, 8/19/20 in a heading."""

import polars as pl

from loaders.reading import Refused

SLASHED = r"^\s*(?<first>\d{1,2})/(?<second>\d{1,2})/(?<year>\d{4}|\d{2})\s*$"


def in_iso(dates: pl.Series, file: str) -> pl.Series:
    """Write the dates as 2020-08-19; anything that is no date with slashes stays as it is.

    7/8/2020 is two days, so the order is the one that all dates of the column allow. Raises
    `Refused` when they contradict each other or when none of them tells.
    """
    parts = dates.str.extract_groups(SLASHED).struct.unnest()
    if parts["year"].null_count() == dates.len():
        return dates
    is_day_first = _is_day_first(parts, file)
    day, month = ("first", "second") if is_day_first else ("second", "first")
    year = pl.col("year").str.pad_start(4, "0").str.replace("^00", "20")
    iso = parts.select(
        pl.concat_str(year, *(pl.col(part).str.zfill(2) for part in (month, day)), separator="-")
    )
    return iso.to_series().fill_null(dates).alias(dates.name)


def _is_day_first(parts: pl.DataFrame, file: str) -> bool:
    first, second = (parts[part].cast(pl.Int64).max() for part in ("first", "second"))
    day_first, month_first = _beyond_december(first), _beyond_december(second)
    if day_first and month_first:
        raise Refused(f"{file} writes some dates day first and others month first: save it again")
    if not day_first and not month_first:
        raise Refused(
            f"{file} has dates that can be read day first or month first: write them as YYYY-MM-DD"
        )
    return day_first


def _beyond_december(largest: object) -> bool:
    return isinstance(largest, int) and largest > 12
