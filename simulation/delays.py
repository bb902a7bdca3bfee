"""How long it takes until a person who counts is counted, and how weekends change it.

Each distribution is the share of people counted 0, 1, 2, … days after the day they count for,
before the day of the week is taken into account.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from simulation.places import Counts, Shares


def tailed(head: Sequence[float], ratio: float, length: int) -> Shares:
    """Shares over `length` days that begin as `head`, then fall by `ratio` a day; they sum to 1."""
    tail = [head[-1] * ratio ** (day + 1) for day in range(length - len(head))]
    shares = np.array([*head, *tail])
    return np.asarray(shares / shares.sum(), dtype=np.float64)


def gamma_like(mean: float, spread: float, length: int) -> Shares:
    """A gamma density of this mean and standard deviation, in days, cut at `length`; sums to 1."""
    shape, scale = (mean / spread) ** 2, spread**2 / mean
    day = np.arange(length) + 0.5
    density = np.exp((shape - 1) * np.log(day) - day / scale)
    return np.asarray(density / density.sum(), dtype=np.float64)


# A specimen reaches the laboratory's file: a few the same day, most within three days.
LABORATORY = tailed((0.03, 0.22, 0.26, 0.17, 0.10, 0.07), 0.72, 14)
# A hospital notifies a death: the last of them after three weeks.
HOSPITAL = tailed((0.06, 0.20, 0.20, 0.13, 0.09, 0.07), 0.84, 22)
# An admission reaches the national extract: most within two days, the last after nine.
ADMISSION = tailed((0.05, 0.45, 0.24, 0.11), 0.6, 10)
# A death elsewhere after a positive test becomes known, slower than in hospital.
ELSEWHERE = tailed((0.01, 0.06, 0.11, 0.13, 0.12, 0.10), 0.86, 29)
# A death is registered: register offices rest at the weekend.
REGISTRATION = tailed((0.01, 0.09, 0.15, 0.16, 0.14, 0.11), 0.84, 29)

# Relative chance, Monday to Sunday, that something happens or is counted on that day.
SPECIMENS_TAKEN = (1.08, 1.06, 1.05, 1.05, 1.03, 0.88, 0.85)
LABORATORIES_REPORT = (0.9, 1.1, 1.1, 1.1, 1.1, 0.9, 0.75)
HOSPITALS_NOTIFY = (1.0, 1.25, 1.15, 1.1, 1.1, 0.75, 0.55)
OFFICES_REGISTER = (1.1, 1.1, 1.1, 1.1, 1.1, 0.08, 0.02)


def weekday_factor(first_day: date, days: int, factors: Sequence[float]) -> Shares:
    """The factor of each of `days` days from `first_day` on."""
    weekdays = [(first_day + timedelta(day)).weekday() for day in range(days)]
    return np.array([factors[weekday] for weekday in weekdays])


def by_weekday(base: Shares, first_day: date, days: int, factors: Sequence[float]) -> Shares:
    """The distribution for each day, [day, lag], when weekdays count differently; rows sum to 1."""
    lags = len(base)
    factor = weekday_factor(first_day, days + lags, factors)
    counted_on = np.arange(days)[:, None] + np.arange(lags)
    shares = base * factor[counted_on]
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), dtype=np.float64)


def shared_out(counts: Counts, shares: Shares, rng: np.random.Generator) -> Counts:
    """Give every person a lag: [day, x] becomes [day, lag, x], with the same sum over lags."""
    drawn = rng.multinomial(counts, shares[:, None, :])
    return np.ascontiguousarray(np.swapaxes(drawn, 1, 2), dtype=np.int64)
