"""How often each publisher's file is written: often at the end, where readers look, less before."""

from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Cadence:
    """Every day for the last `daily_for` days, before that every `every` days, counted backwards.

    With a `weekday` (Monday is 0) only on that day of the week, with `is_once` only on the first
    such day. Nothing is published before `since` or after `until`.
    """

    every: int = 1
    daily_for: int = 0
    weekday: int | None = None
    since: date | None = None
    until: date | None = None
    is_once: bool = False

    def dates(self, first_day: date, last_day: date) -> list[date]:
        """The days of publication, oldest first; the first day itself has nothing to publish."""
        first = max(first_day + timedelta(1), self.since or first_day)
        last = min(last_day, self.until or last_day)
        kept = [ago for ago in range((last - first).days + 1) if self._is_due(ago)]
        days = [last - timedelta(ago) for ago in reversed(kept)]
        due = [day for day in days if self.weekday in (None, day.weekday())]
        return due[:1] if self.is_once else due

    def _is_due(self, ago: int) -> bool:
        return ago < self.daily_for or (ago - max(self.daily_for - 1, 0)) % self.every == 0

    def __str__(self) -> str:
        """In words, as the manifest keeps it."""
        if self.is_once:
            return "once, on the first day"
        words = f"daily in the last {self.daily_for} days, every {self.every} days before"
        if self.daily_for == 0:
            words = "daily" if self.every == 1 else f"every {self.every} days"
        if self.weekday is not None:
            words += f" on weekday {self.weekday}"
        since = f" from {self.since}" if self.since else ""
        return f"{words}{since}{f' until {self.until}' if self.until else ''}"
