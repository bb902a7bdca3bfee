"""Three publishers of one simulated England, who disagree in known ways and make no mistakes yet.

Each counts the same people for itself. What it knows, when it speaks and what it counts besides:

| publisher | rank | speaks | knows | counts besides |
|---|---|---|---|---|
| register | 1 | 16:00 | up to the day before | 0.6% twice, taken out again after 7 days |
| laboratories | 2 | 12:00 | up to two days before | 1.2% that nobody else confirms |
| returns | 3 | 09:00 | up to the day before | 4% repeats, never taken out |

A file states every authority, region and England for the last 14 days; every fourth week, and on
the day of an announced change, it states the whole history. On one day of the run the definition is
widened by a quarter for all days, with an event on record; the laboratories follow a day later.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

import numpy as np
import numpy.typing as npt
import polars as pl

from simulation.arrivals import DUPLICATES, REPEATED_POSITIVES, Spread
from simulation.delays import (
    HOSPITAL,
    HOSPITALS_NOTIFY,
    LABORATORIES_REPORT,
    LABORATORY,
    by_weekday,
    shared_out,
)
from simulation.disagreements import DUPLICATE_REMOVED_AFTER
from simulation.england import Truth
from simulation.places import ENGLAND, Counts, grouped
from simulation.streams import stream

WINDOW_DAYS = 14
WHOLE_HISTORY_EVERY = 28
WIDENED_BY = 0.25
UNCONFIRMED = 0.012
Values = npt.NDArray[np.float64]  # [day, area]; not a number where a file has no row


@dataclass(frozen=True)
class Edition:
    """What one file states: `values` [day, area] from the day with index `first` on."""

    publisher: str
    published: int
    first: int
    values: Values

    @property
    def last(self) -> int:
        """The index of the last day that it covers."""
        return self.first + len(self.values) - 1


@dataclass(frozen=True)
class Publisher:
    """A publisher by rank, the hour at which it speaks, and how many days behind it knows."""

    name: str
    rank: int
    hour: int
    days_behind: int
    absence: str
    follows_after: int = 0  # days until it takes over an announced change


PUBLISHERS = (
    Publisher("register", 1, 16, 1, "withdrawn"),
    Publisher("laboratories", 2, 12, 2, "withdrawn", follows_after=1),
    Publisher("returns", 3, 9, 1, "not_reported"),
)


@dataclass(frozen=True)
class Metric:
    """A metric of the store, which array of the truth is behind it, and how its people arrive."""

    metric_id: str
    array: str
    delay: npt.NDArray[np.float64]
    weekdays: Sequence[float]


METRICS = (
    Metric("cases_by_specimen_date", "cases", LABORATORY, LABORATORIES_REPORT),
    Metric("deaths_28d_by_death_date", "within_28", HOSPITAL, HOSPITALS_NOTIFY),
)


@dataclass(frozen=True)
class Published:
    """One metric of one England: who arrived when, and what each publisher makes of it.

    `area_ids` are the authorities, then the regions, then England, as in every array of values.
    """

    metric: Metric
    truth: Truth
    widened_on: int
    _spreads: dict[str, Spread] = field(default_factory=dict)

    @cached_property
    def authorities(self) -> pl.DataFrame:
        """The authorities of England: area_id, region_id."""
        return self.truth.places.areas.filter(nation_id=ENGLAND).select("area_id", "region_id")

    @cached_property
    def region_ids(self) -> list[str]:
        """The regions, in the order of the columns."""
        return sorted(set(self.authorities["region_id"]))

    @property
    def area_ids(self) -> list[str]:
        """Every area, in the order of the columns."""
        return [*self.authorities["area_id"], *self.region_ids, ENGLAND]

    def known_by(self, evening: int) -> Values:
        """The truth: who counts and had arrived by the end of the day before, [day, area]."""
        return with_wholes(self._counted(evening - 1, evening >= self.widened_on), self)

    def edition(self, publisher: Publisher, day: int) -> Edition:
        """The file of a publisher on a day, without a mistake."""
        follows = self.widened_on + publisher.follows_after
        last = day - publisher.days_behind
        known = self._counted(last, day >= follows) + self._besides(publisher, last)
        whole = day % WHOLE_HISTORY_EVERY == 0 or day == follows
        first = 0 if whole else max(0, last + 1 - WINDOW_DAYS)
        values = with_wholes(known, self)[first : last + 1]
        return Edition(publisher.name, day, first, values)

    def published_at(self, publisher: Publisher, day: int) -> datetime:
        """When the file of a day comes out."""
        return datetime.combine(self.truth.dates[day], time(publisher.hour))

    def _counted(self, last: int, is_widened: bool) -> Counts:
        known = self._spread("people").known(last)
        return known + self._spread("widened").known(last) if is_widened else known

    def _besides(self, publisher: Publisher, last: int) -> Counts:
        if publisher.name == "register":
            removed = self._spread("duplicates").known(last - DUPLICATE_REMOVED_AFTER)
            return np.asarray(self._spread("duplicates").known(last) - removed)
        return self._spread(
            {"laboratories": "unconfirmed", "returns": "repeats"}[publisher.name]
        ).known(last)

    def _spread(self, name: str) -> Spread:
        if name not in self._spreads:
            self._spreads[name] = self._drawn(name)
        return self._spreads[name]

    def _drawn(self, name: str) -> Spread:
        rng = stream(self.truth.seed, f"{self.metric.metric_id} {name}")
        if name == "people":
            england = (self.truth.places.areas["nation_id"] == ENGLAND).to_numpy()
            counts = getattr(self.truth, self.metric.array)[:, england]
            delays = by_weekday(
                self.metric.delay, self.truth.first_day, self.truth.days, self.metric.weekdays
            )
            return Spread(shared_out(counts, delays, rng))
        share = {
            "widened": WIDENED_BY,
            "duplicates": DUPLICATES,
            "unconfirmed": UNCONFIRMED,
            "repeats": REPEATED_POSITIVES,
        }[name]
        return Spread(rng.binomial(self._spread("people").counts, share))


def with_wholes(authorities: Counts, published: Published) -> Values:
    """Counts of authorities with their sums by region and for England beside them."""
    _, regions = grouped(authorities, published.authorities["region_id"])
    england = authorities.sum(axis=1, keepdims=True)
    return np.concatenate([authorities, regions, england], axis=1).astype(np.float64)


def dates_of(published: Published, first: int, count: int) -> list[date]:
    """Days by their index, in order."""
    return [published.truth.first_day + timedelta(first + day) for day in range(count)]
