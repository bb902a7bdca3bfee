"""Beds of the trusts that run hospitals: who lies in them follows from who came and who has left.

People with COVID-19 are admitted to a hospital of the NHS region in which they live and stay for a
while, a part of them in critical care. Beside them lie people with other illnesses, fewer of them
the more have COVID-19, because planned care is put off. A trust opens further beds when nearly all
are taken. Beds are counted at 08:00, before the admissions of the day.
"""

from dataclasses import dataclass
from datetime import date

import numpy as np

from simulation.delays import by_weekday, gamma_like, shared_out, weekday_factor
from simulation.places import Counts, Places, Shares
from simulation.streams import stream

GENERAL_ACUTE, CRITICAL_CARE = 95_000, 3_700
ESCALATION = 0.03  # of the core beds, open on any day
TO_CRITICAL_CARE = 0.12
WARD_STAY = gamma_like(mean=7.5, spread=5.0, length=35)
CRITICAL_STAY = gamma_like(mean=10.0, spread=6.0, length=45)
# A bed of critical care needs a whole trust around it: specialist hospitals have none.
HAS_CRITICAL_CARE = 0.5
# Of the core beds, taken by other illnesses while nobody has COVID-19: mean and spread of trusts.
USUALLY_TAKEN, TRUSTS_DIFFER, CRITICAL_TAKEN = 0.935, 0.03, 0.8
# How many of those who would come for other reasons stay away, for each person with COVID-19.
PUT_OFF, PUT_OFF_CRITICAL = 0.9, 0.5
NEVER_PUT_OFF = 0.2
# Further beds are opened so that no more than this share is taken.
MOST_TAKEN, MOST_CRITICAL_TAKEN = 0.97, 0.93
# Relative chance, Monday to Sunday, of leaving hospital, and how full wards are.
DISCHARGED = (1.0, 1.05, 1.1, 1.1, 1.25, 0.8, 0.6)
WARDS_ARE_FULL = (0.995, 1.005, 1.01, 1.01, 1.0, 0.98, 0.975)


@dataclass(frozen=True)
class Beds:
    """Beds at 08:00, arrays [day, hospital] in the order of `places.hospitals`.

    General and acute beds are `core` and `escalation` beds that are open, `occupied` those of both
    with a patient in them; critical care beds are not among them.
    """

    core: Counts
    escalation: Counts
    occupied: Counts
    critical_open: Counts
    critical_occupied: Counts

    @property
    def open(self) -> Counts:
        """All general and acute beds that are open."""
        return self.core + self.escalation

    def by_metric(self) -> dict[str, Counts]:
        """The four counts by the metric that they are the truth of."""
        return {
            "beds_open_general_acute": self.open,
            "beds_occupied_general_acute": self.occupied,
            "beds_open_critical_care_adult": self.critical_open,
            "beds_occupied_critical_care_adult": self.critical_occupied,
        }


def beds(admissions: Counts, places: Places, first_day: date, seed: int) -> Beds:
    """The beds of every hospital, from admissions by day and area of residence."""
    size = _sizes(places, seed)
    has_critical = (places.hospitals["pull"] > HAS_CRITICAL_CARE).to_numpy()
    admitted = _by_hospital(admissions, places, size, seed)
    to_critical = np.where(has_critical, TO_CRITICAL_CARE, 0.0)
    critical = stream(seed, "to critical care").binomial(admitted, to_critical)
    ward = _lying(admitted - critical, WARD_STAY, first_day, stream(seed, "ward stays"))
    intensive = _lying(critical, CRITICAL_STAY, first_day, stream(seed, "critical stays"))
    core, escalation, occupied = _wards(ward, size, first_day, seed)
    critical_open, critical_occupied = _units(intensive, size * has_critical, seed)
    return Beds(core, escalation, occupied, critical_open, critical_occupied)


def _sizes(places: Places, seed: int) -> Shares:
    """Each hospital's share in the beds of England; specialist ones have a fifth of the others'."""
    relative = np.where(places.hospitals["pull"] > HAS_CRITICAL_CARE, 1.0, 0.2)
    drawn = relative * stream(seed, "sizes of hospitals").gamma(8.0, 1 / 8.0, len(relative))
    return np.asarray(drawn / drawn.sum(), dtype=np.float64)


def _by_hospital(admissions: Counts, places: Places, size: Shares, seed: int) -> Counts:
    """Each NHS region's admissions, given to its hospitals by their size: [day, hospital]."""
    regions, counts = places.summed(admissions, "nhs_region_id")
    found = np.zeros((len(admissions), len(size)), dtype=np.int64)
    for at, region in enumerate(regions):
        columns = np.flatnonzero((places.hospitals["nhs_region_id"] == region).to_numpy())
        pull = size[columns] * places.hospitals["pull"].to_numpy()[columns]
        rng = stream(seed, f"admitted in {region}")
        found[:, columns] = rng.multinomial(counts[:, at], pull / pull.sum())
    return found


def _lying(admitted: Counts, stay: Shares, first_day: date, rng: np.random.Generator) -> Counts:
    """Who lies in hospital at 08:00: admitted on the days before and not yet discharged."""
    days = len(admitted)
    stays = shared_out(admitted, by_weekday(stay, first_day, days, DISCHARGED), rng)
    left = np.zeros_like(admitted)
    for lag in range(min(stays.shape[1], days)):
        left[lag:] += stays[: days - lag, lag]
    at_midnight = (admitted - left).cumsum(axis=0)
    return np.concatenate([np.zeros_like(admitted[:1]), at_midnight[:-1]])


def _wards(
    covid: Counts, size: Shares, first_day: date, seed: int
) -> tuple[Counts, Counts, Counts]:
    """Core and escalation beds open, and beds occupied."""
    core = np.maximum(np.rint(GENERAL_ACUTE * size).astype(np.int64), 1)
    usual = stream(seed, "usually taken").normal(USUALLY_TAKEN, TRUSTS_DIFFER, len(size))
    full = weekday_factor(first_day, len(covid), WARDS_ARE_FULL)[:, None]
    taken = (usual.clip(0.8, 0.98) * full).clip(0, 0.99)
    others = stream(seed, "other illnesses").binomial(core, taken)
    occupied = covid + _after_putting_off(others, covid, PUT_OFF, core)
    opened = np.ceil(occupied / MOST_TAKEN).astype(np.int64) - core
    escalation = np.maximum(opened, np.rint(ESCALATION * core).astype(np.int64))
    return np.broadcast_to(core, covid.shape), escalation, occupied


def _units(covid: Counts, size: Shares, seed: int) -> tuple[Counts, Counts]:
    """Critical care beds open and occupied; a hospital of size 0 has none."""
    core = np.rint(CRITICAL_CARE * size / size.sum()).astype(np.int64)
    others = stream(seed, "critically ill").binomial(core, CRITICAL_TAKEN, covid.shape)
    occupied = covid + _after_putting_off(others, covid, PUT_OFF_CRITICAL, core)
    return np.maximum(core, np.ceil(occupied / MOST_CRITICAL_TAKEN).astype(np.int64)), occupied


def _after_putting_off(others: Counts, covid: Counts, share: float, core: Counts) -> Counts:
    """People with other illnesses once planned care is put off; emergencies still come."""
    still_come = np.minimum(others, np.rint(NEVER_PUT_OFF * core).astype(np.int64))
    stay_away = np.rint(share * covid).astype(np.int64)
    return np.asarray(np.maximum(others - stay_away, still_come), dtype=np.int64)
