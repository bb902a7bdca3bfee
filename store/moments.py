"""Moments as people write them: a time, or a day, which then means the end of that day (UTC)."""

import re
from datetime import UTC, date, datetime, time

from store.errors import WrongUse

# A day in each form of ISO 8601: by month, with or without hyphens, or by week.
DAY = re.compile(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d")


def parse_moment(text: str) -> datetime:
    """`2020-07-01` or `20200701` (its end), `2020-07-01T16:00` or with an offset; naive UTC.

    Raises `WrongUse` with the forms that are understood.
    """
    try:
        if DAY.fullmatch(text.strip()):
            return datetime.combine(date.fromisoformat(text.strip()), time.max)
        moment = datetime.fromisoformat(text.strip())
        # With an offset, the first and the last day of the calendar can lie outside of it in UTC.
        return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        raise WrongUse(
            f"{text!r} is not a moment; write a day as 2020-07-01 or a time as 2020-07-01T16:00"
        ) from None


def written(moment: datetime) -> str:
    """A moment as `parse_moment` reads it: a day for its end, else the time itself."""
    return moment.date().isoformat() if moment.time() == time.max else moment.isoformat()


def age(moment: datetime, at: datetime) -> str:
    """How long ago a moment was, in whole days of the calendar: `today`, `1 day ago`."""
    days = (at.date() - moment.date()).days
    if days < 1:
        return "today"
    return "1 day ago" if days == 1 else f"{days:,} days ago"


def now() -> datetime:
    """The present moment as naive UTC, the form in which the store keeps every time."""
    return datetime.now(UTC).replace(tzinfo=None)
