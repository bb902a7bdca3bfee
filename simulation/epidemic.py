"""Infections: a renewal process in every area, joined by travel, with noise like that of people.

Each area's new infections follow from those of the last two weeks there and, to a smaller part,
elsewhere (near and large places more). The reproduction number follows measures that come into
force later the further a region lies from London, where most infections are brought in: so waves
travel. Small areas are noisier than large ones.
"""

from datetime import date

import numpy as np

from simulation.delays import gamma_like
from simulation.places import Counts, Places, Shares
from simulation.streams import stream

BURN_IN = 42
# (day since the first day, reproduction number); in between it changes evenly.
MEASURES = (
    *((-BURN_IN, 2.7), (8, 2.6), (21, 0.8), (60, 0.84), (85, 0.95), (120, 1.0), (150, 1.2)),
    *((200, 1.3), (240, 1.3), (250, 0.9), (272, 0.95), (280, 1.3), (304, 1.35), (316, 0.8)),
    *((390, 0.85), (450, 1.1)),
)
GENERATION = gamma_like(mean=5.5, spread=2.2, length=14)
SPREADS_NORTH_KM_A_DAY = 50.0
STAYS_LOCAL, NEARBY = 0.86, 0.12
BROUGHT_IN_A_DAY = 9.0
LONDON = (51.5, -0.12)
NOISE_PEOPLE = 4000.0


def infections(places: Places, first_day: date, days: int, seed: int) -> Counts:
    """New infections, [day, area], beginning `BURN_IN` days before `first_day`."""
    rng = stream(seed, "infections")
    number = _reproduction(places, days)
    travel = _travel(places)
    people = places.areas["population"].to_numpy().astype(np.float64)
    brought = _brought_in(places, stream(seed, "brought in"))
    found = np.zeros((BURN_IN + days, len(people)), dtype=np.int64)
    for day in range(len(found)):
        recent = found[max(0, day - len(GENERATION)) : day][::-1]
        pressure = (GENERATION[: len(recent), None] * recent).sum(axis=0) @ travel
        susceptible = 1 - found[:day].sum(axis=0) / people
        expected = number[day] * susceptible.clip(0) * pressure + brought
        found[day] = rng.poisson(expected * rng.gamma(people / NOISE_PEOPLE, NOISE_PEOPLE / people))
    return found


def delayed(counts: Counts, delay: Shares) -> Shares:
    """Spread each day's counts over later days by `delay`: [day, area], expected numbers."""
    spread = np.zeros(counts.shape)
    for lag, share in enumerate(delay[: len(counts)]):
        spread[lag:] += share * counts[: len(counts) - lag]
    return spread


def _reproduction(places: Places, days: int) -> Shares:
    """[day, area], each area some days behind London."""
    since = np.arange(-BURN_IN, days)[:, None] - _behind_london(places)
    at, value = zip(*MEASURES, strict=True)
    return np.asarray(np.interp(since, at, value), dtype=np.float64)


def _behind_london(places: Places) -> Shares:
    latitude, longitude = _coordinates(places)
    return _kilometres(latitude, longitude, *LONDON) / SPREADS_NORTH_KM_A_DAY


def _coordinates(places: Places) -> tuple[Shares, Shares]:
    return places.areas["latitude"].to_numpy(), places.areas["longitude"].to_numpy()


def _kilometres(latitude: Shares, longitude: Shares, to_north: object, to_east: object) -> Shares:
    """Distance on a plane that is true at 53 degrees north; good enough for one country."""
    north = (latitude - np.asarray(to_north)) * 111.2
    east = (longitude - np.asarray(to_east)) * 111.2 * np.cos(np.radians(53.0))
    return np.asarray(np.hypot(north, east), dtype=np.float64)


def _travel(places: Places) -> Shares:
    """[from, to]: where the infections caused by one area's people happen; rows sum to 1."""
    latitude, longitude = _coordinates(places)
    people = places.areas["population"].to_numpy()
    apart = _kilometres(latitude[:, None], longitude[:, None], latitude, longitude)
    near = people / (apart + 15.0) ** 2
    far = np.broadcast_to(people.astype(np.float64), near.shape)
    elsewhere = 1 - STAYS_LOCAL - NEARBY
    rows = STAYS_LOCAL * np.eye(len(people))
    rows += NEARBY * near / near.sum(axis=1, keepdims=True)
    rows += elsewhere * far / far.sum(axis=1, keepdims=True)
    return rows


def _brought_in(places: Places, rng: np.random.Generator) -> Shares:
    """Infections brought in a day, [area]: by people, and four times as many in and near London."""
    people = places.areas["population"].to_numpy()
    pull = people * (1 + 3 * np.exp(-_behind_london(places)))
    drawn = pull * rng.gamma(6.0, 1 / 6.0, len(people))
    return np.asarray(BROUGHT_IN_A_DAY * drawn / drawn.sum(), dtype=np.float64)
