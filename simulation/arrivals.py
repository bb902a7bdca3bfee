"""When each person who counts reached whoever counts: the truth, spread over the days after.

An arrival on one day is published on the next: publishers close their books at the end of the day
before. So a file published on day P knows what arrived by P - 1, about days up to P - 1.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from simulation.delays import (
    ADMISSION,
    ELSEWHERE,
    HOSPITAL,
    HOSPITALS_NOTIFY,
    LABORATORIES_REPORT,
    LABORATORY,
    OFFICES_REGISTER,
    REGISTRATION,
    by_weekday,
    shared_out,
)
from simulation.england import Truth
from simulation.places import ENGLAND, NATIONS, Counts, Shares
from simulation.streams import stream

DUPLICATES = 0.006
AWAITING_VERIFICATION = 0.004
LATE_TRUST_DAYS = 5
REPEATED_POSITIVES = 0.04


@dataclass(frozen=True)
class Spread:
    """People by the day they count for, the days until they arrive, and a place: [day, lag, x]."""

    counts: Counts

    @cached_property
    def _running(self) -> Counts:
        return np.asarray(self.counts.cumsum(axis=1), dtype=np.int64)

    def known(self, last: int) -> Counts:
        """What had arrived by the end of day `last` (an index), by day counted for: [day, x]."""
        days, lags, _ = self.counts.shape
        lag = last - np.arange(days)
        found = self._running[np.arange(days), lag.clip(0, lags - 1)]
        return np.where(lag[:, None] >= 0, found, 0)

    @cached_property
    def by_arrival(self) -> Counts:
        """[day of arrival, x]; arrivals after the last simulated day are left out."""
        days, lags, width = self.counts.shape
        found = np.zeros((days, width), dtype=np.int64)
        for lag in range(min(lags, days)):
            found[lag:] += self.counts[: days - lag, lag]
        return found


@dataclass(frozen=True)
class Arrivals:
    """The truth and, for each count, when its people arrived.

    Cases, their duplicates, admissions and registrations are by area, hospital deaths and those
    awaiting verification by trust, GOV.UK's deaths by definition and by nation (in the order of
    `NATIONS`).
    """

    truth: Truth
    cases: Spread
    duplicates: Spread
    repeats: Counts
    admissions: Spread
    trust_deaths: Spread
    awaiting: Spread
    registrations: Spread
    nation_deaths: dict[str, Spread]

    def index(self, published: date) -> int:
        """The last day whose arrivals a file published on this day knows, as an index."""
        return self.truth.index(published - timedelta(1))


def arrive(truth: Truth) -> Arrivals:
    """Draw for every person when they arrived; the same truth gives the same arrivals."""
    seed = truth.seed
    cases = _spread(truth, truth.cases, LABORATORY, LABORATORIES_REPORT, "laboratory")
    trusts = _with_late_trust(
        truth, _spread(truth, truth.trust_deaths, HOSPITAL, HOSPITALS_NOTIFY, "notified")
    )
    return Arrivals(
        truth=truth,
        cases=Spread(cases),
        duplicates=Spread(stream(seed, "duplicates").binomial(cases, DUPLICATES)),
        repeats=stream(seed, "repeats").binomial(truth.cases, REPEATED_POSITIVES),
        admissions=Spread(
            _spread(truth, truth.admissions, ADMISSION, HOSPITALS_NOTIFY, "admitted")
        ),
        trust_deaths=Spread(trusts),
        awaiting=Spread(stream(seed, "awaiting").binomial(trusts, AWAITING_VERIFICATION)),
        registrations=Spread(
            _spread(truth, truth.deaths, REGISTRATION, OFFICES_REGISTER, "registered")
        ),
        nation_deaths=_by_nation(truth, trusts),
    )


def _spread(
    truth: Truth, counts: Counts, delay: Shares, weekdays: tuple[float, ...], name: str
) -> Counts:
    shares = by_weekday(delay, truth.first_day, truth.days, weekdays)
    return shared_out(counts, shares, stream(truth.seed, name))


def _with_late_trust(truth: Truth, notified: Counts) -> Counts:
    """The late trust's returns arrive `LATE_TRUST_DAYS` later; every array gets room for that."""
    padded = np.pad(notified, ((0, 0), (0, LATE_TRUST_DAYS), (0, 0)))
    late = truth.places.late_trust
    padded[:, :, late] = np.roll(padded[:, :, late], LATE_TRUST_DAYS, axis=1)
    return padded


def _by_nation(truth: Truth, trusts: Counts) -> dict[str, Spread]:
    """GOV.UK's deaths: England's hospital deaths arrive as its trusts send them, the rest likewise.

    Deaths within 60 and 28 days are drawn from those at any time, so none arrives before it.
    """
    hospital = _nations_of(truth, truth.hospital, trusts)
    outside = truth.places.summed(truth.any_time - truth.hospital, "nation_id")[1]
    elsewhere = _spread(truth, outside, ELSEWHERE, HOSPITALS_NOTIFY, "elsewhere notified")
    any_time = np.pad(hospital, ((0, 0), (0, elsewhere.shape[1] - hospital.shape[1]), (0, 0)))
    any_time = any_time + elsewhere
    within_60 = _within(truth, any_time, truth.within_60, "60d")
    within_28 = _within(truth, within_60, truth.within_28, "28d")
    spreads = {"hospital": hospital, "any_time": any_time, "60d": within_60, "28d": within_28}
    return {definition: Spread(counts) for definition, counts in spreads.items()}


def _nations_of(truth: Truth, hospital: Counts, trusts: Counts) -> Counts:
    nations, counts = truth.places.summed(hospital, "nation_id")
    others = [at for at, nation in enumerate(nations) if nation != ENGLAND]
    notified = _spread(truth, counts[:, others], HOSPITAL, HOSPITALS_NOTIFY, "nations notified")
    room = trusts.shape[1] - notified.shape[1]
    notified = np.pad(notified, ((0, 0), (0, room), (0, 0)))
    found = np.zeros((*trusts.shape[:2], len(NATIONS)), dtype=np.int64)
    found[:, :, nations.index(ENGLAND)] = trusts.sum(axis=2)
    found[:, :, others] = notified
    return found


def _within(truth: Truth, arrived: Counts, kept: Counts, name: str) -> Counts:
    """Choose which of the arrived are the `kept` ones of each day of death and nation."""
    _, number = truth.places.summed(kept, "nation_id")
    people = np.ascontiguousarray(np.swapaxes(arrived, 1, 2))
    rng = stream(truth.seed, f"arrival of {name}")
    chosen = np.zeros_like(people)
    for day in range(truth.days):
        for nation in range(len(NATIONS)):
            chosen[day, nation] = rng.multivariate_hypergeometric(
                people[day, nation], number[day, nation]
            )
    return np.swapaxes(chosen, 1, 2)
