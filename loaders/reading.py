"""What a source's `read` hands back: tables of text, what was passed over, and when it was said."""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import polars as pl

from store.errors import TrigpointError

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"),
            ("february", "feb"),
            ("march", "mar"),
            ("april", "apr"),
            ("may",),
            ("june", "jun"),
            ("july", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("october", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
WRITTEN_DATE = re.compile(r"(\d{1,2})\s*(?:st|nd|rd|th)?\s+(?:of\s+)?([A-Za-z]+)\.?,?\s+(\d{4})")
ISO_DATE = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
ISO_MONTH = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?![\d-])")


class Refused(TrigpointError):  # noqa: N818
    """The file breaks a promise of its source; it stays on disk and nothing of it is used."""


@dataclass(frozen=True)
class Published:
    """A moment of publication in UTC, and how precisely it was stated."""

    moment: datetime
    precision: Literal["second", "day", "month"] = "day"


@dataclass(frozen=True)
class Skipped:
    """Rows (numbered from 1 in their sheet) that are not data, with the reason in a few words."""

    rows: frozenset[int]
    reason: str
    sheet: str = ""

    @classmethod
    def of(cls, rows: Iterable[int], reason: str, sheet: str = "") -> "Skipped":
        """The same from any iterable of row numbers."""
        return cls(frozenset(rows), reason, sheet)


@dataclass
class Reading:
    """The tables of one file, every value still the published text.

    Each table has the columns of its schema as text, `_row` (Int64, from 1) and, for workbooks,
    `_sheet`. `cells` is the independent count of value cells where a wide sheet became long rows;
    `cells_skipped` are those of them that no long row holds.
    """

    tables: dict[str, pl.DataFrame]
    skipped: list[Skipped] = field(default_factory=list)
    published_at: Published | None = None
    cells: int | None = None
    cells_skipped: int = 0


def published_in_month(year: int, month: int) -> Published:
    """A publication of which only the month is known stands at that month's last day.

    On the first it would be shown, and outrank others, before anybody could have read it.
    """
    return Published(datetime(year, month, monthrange(year, month)[1]), "month")


def more_precise(said: Published | None, given: Published | None) -> Published | None:
    """What the file says of its publication, or the day that is given within the month it says."""
    if said is None or (
        said.precision == "month" and given and _month(given.moment) == _month(said.moment)
    ):
        return given
    return said


def _month(moment: datetime) -> tuple[int, int]:
    return moment.year, moment.month


def published_on(text: str) -> Published | None:
    """The first date in a text such as `03 August 2020`, `3rd May 2020` or `2020-08-03`, if any."""
    for year, month, day in _candidates(text):
        try:
            return Published(datetime(year, month, day))
        except ValueError:
            continue
    return None


def published_in_name(name: str) -> Published | None:
    """The ISO date (or, less precisely, the ISO month) that a file's name carries, if any."""
    found = [match for match in ISO_DATE.finditer(name) if _is_date(*match.groups())]
    if found:
        return Published(datetime(*(int(part) for part in found[-1].groups())))  # type: ignore[arg-type]
    month = ISO_MONTH.search(name)
    if month and 1 <= int(month.group(2)) <= 12:
        return published_in_month(int(month.group(1)), int(month.group(2)))
    return None


def _candidates(text: str) -> Iterable[tuple[int, int, int]]:
    for year, month, day in ISO_DATE.findall(text):
        yield int(year), int(month), int(day)
    for day, month, year in WRITTEN_DATE.findall(text):
        if month.lower() in MONTHS:
            yield int(year), MONTHS[month.lower()], int(day)


def _is_date(year: str, month: str, day: str) -> bool:
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True
