"""A synthetic England whose truth is known: who was infected, tested positive and died, and where.

Everything else in this package is a view of this truth through a publisher's eyes. The truth of a
shorter simulation is the beginning of that of a longer one with the same seed.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import polars as pl

from simulation.beds import Beds, beds
from simulation.delays import SPECIMENS_TAKEN, gamma_like, weekday_factor
from simulation.epidemic import BURN_IN, delayed, infections
from simulation.places import ENGLAND, UNITED_KINGDOM, Counts, Places, grouped, read_places
from simulation.streams import stream

FIRST_DAY = date(2020, 3, 2)
ASCERTAINED = 0.055
ADMITTED = 0.03
DIES = 0.0105
TO_SPECIMEN = gamma_like(mean=7.0, spread=3.0, length=25)
TO_ADMISSION = gamma_like(mean=11.0, spread=4.5, length=32)
TO_DEATH = gamma_like(mean=18.5, spread=7.0, length=45)
# Of the deaths with COVID-19 on the certificate, by where they are counted:
DIES_IN_HOSPITAL_TESTED = 0.62
DIES_ELSEWHERE_TESTED = 0.55  # of the rest
DIES_IN_HOSPITAL_UNTESTED = 0.15  # of those not tested
# Of the deaths at any time after a positive test, the share within so many days of it:
WITHIN_60_DAYS, WITHIN_28_DAYS = 0.96, 0.908  # the second of the first
DEFINITIONS = ("hospital", "any_time", "60d", "28d")


@dataclass(frozen=True)
class Truth:
    """Arrays are [day, area] in the order of `places.areas`, `trust_deaths` [day, trust].

    `cases` are people by day of specimen, `admissions` by day of admission; deaths are by day of
    death: `deaths` all with COVID-19 on the certificate, of them `hospital`, `any_time`,
    `within_60`, `within_28` after a positive test and `hospital_untested` without one.
    `trust_deaths` sums to `hospital` of England. `beds` are those of the trusts with hospitals.
    """

    seed: int
    first_day: date
    places: Places
    infections: Counts
    cases: Counts
    admissions: Counts
    deaths: Counts
    hospital: Counts
    any_time: Counts
    within_60: Counts
    within_28: Counts
    hospital_untested: Counts
    trust_deaths: Counts
    beds: Beds

    @property
    def days(self) -> int:
        """How many days are simulated."""
        return len(self.cases)

    @cached_property
    def dates(self) -> list[date]:
        """The simulated days, in order."""
        return [self.first_day + timedelta(day) for day in range(self.days)]

    @property
    def last_day(self) -> date:
        """The last simulated day; nothing is published after it."""
        return self.dates[-1]

    def index(self, day: date) -> int:
        """The row of a day; negative before the first."""
        return (day - self.first_day).days

    def by_definition(self, definition: str) -> Counts:
        """Deaths by day of death under one of `DEFINITIONS`, [day, area]."""
        return {
            "hospital": self.hospital,
            "any_time": self.any_time,
            "60d": self.within_60,
            "28d": self.within_28,
        }[definition]

    def cells(self) -> pl.DataFrame:
        """The truth as metric_id, area_id, stratum_id, event_date, value (people), zeros included.

        Infections go under the name `infections`, which no publisher can know.
        """
        residents = {
            "infections": self.infections,
            "cases_by_specimen_date": self.cases,
            "deaths_certificate_by_death_date": self.deaths,
            "deaths_any_time_by_death_date": self.any_time,
            "deaths_60d_by_death_date": self.within_60,
            "deaths_28d_by_death_date": self.within_28,
        }
        frames = [
            self._long(metric, *area)
            for metric, counts in residents.items()
            for area in every_level(self.places, counts)
        ]
        hospital = [self._long("deaths_hospital_by_death_date", *a) for a in self._in_hospital()]
        admitted = [
            self._long("admissions_by_residence", *area)
            for area in by_residence(self.places, self.admissions)
        ]
        admitted += [
            self._long("admissions_covid", *area)
            for area in by_nhs_region(self.places, self.admissions)
        ]
        in_beds = [
            self._long(metric, *area)
            for metric, counts in self.beds.by_metric().items()
            for area in _by_hospital(self.places, counts)
        ]
        return pl.concat([*frames, *hospital, *admitted, *in_beds])

    def _in_hospital(self) -> list[tuple[list[str], Counts]]:
        trusts = self.places.trusts
        return [
            (trusts["area_id"].to_list(), self.trust_deaths),
            grouped(self.trust_deaths, trusts["nhs_region_id"]),
            self.places.summed(self.hospital, "nation_id"),
            ([UNITED_KINGDOM], self.hospital.sum(axis=1, keepdims=True)),
        ]

    def _long(self, metric: str, ids: list[str], counts: Counts) -> pl.DataFrame:
        return pl.DataFrame(
            {
                "metric_id": pl.repeat(metric, counts.size, eager=True),
                "area_id": np.tile(np.array(ids, dtype=object), self.days),
                "stratum_id": pl.repeat("all", counts.size, eager=True),
                "event_date": np.repeat(np.array(self.dates, dtype="datetime64[D]"), len(ids)),
                "value": counts.ravel(),
            },
            schema_overrides={"area_id": pl.String},
        )


def every_level(places: Places, counts: Counts) -> list[tuple[list[str], Counts]]:
    """An array by area at every level of residence: authorities, upper tier, regions, nations, UK.

    An authority that is both tiers stands once.
    """
    lower = places.areas["nation_id"] == ENGLAND
    ids, upper = places.summed(counts, "upper_id")
    counties = [at for at, area in enumerate(ids) if area.startswith("E10")]
    return [
        (places.areas.filter(lower)["area_id"].to_list(), counts[:, lower.to_numpy()]),
        ([ids[at] for at in counties], upper[:, counties]),
        places.summed(counts, "region_id"),
        places.summed(counts, "nation_id"),
        ([UNITED_KINGDOM], counts.sum(axis=1, keepdims=True)),
    ]


def by_residence(places: Places, counts: Counts) -> list[tuple[list[str], Counts]]:
    """An array by area at the levels of England's extract: authorities, counties, NHS regions.

    Then England itself; an authority that is both tiers stands once.
    """
    lower, upper, *_ = every_level(places, counts)
    return [lower, upper, *by_nhs_region(places, counts)]


def by_nhs_region(places: Places, counts: Counts) -> list[tuple[list[str], Counts]]:
    """An array by area in England's NHS regions, then in England itself."""
    nations, by_nation = places.summed(counts, "nation_id")
    at = nations.index(ENGLAND)
    return [places.summed(counts, "nhs_region_id"), ([ENGLAND], by_nation[:, at : at + 1])]


def _by_hospital(places: Places, counts: Counts) -> list[tuple[list[str], Counts]]:
    """An array by hospital at each trust, NHS region and in England."""
    hospitals = places.hospitals
    return [
        (hospitals["area_id"].to_list(), counts),
        grouped(counts, hospitals["nhs_region_id"]),
        ([ENGLAND], counts.sum(axis=1, keepdims=True)),
    ]


def simulate(days: int, seed: int, first_day: date = FIRST_DAY) -> Truth:
    """Simulate `days` days from `first_day` on; the same seed gives the same truth.

    Raises `ValueError` when `days` is less than 1.
    """
    if days < 1:
        raise ValueError(f"cannot simulate {days} days: ask for 1 or more")
    places = read_places()
    infected = infections(places, first_day, days, seed)
    taken = weekday_factor(first_day, days, SPECIMENS_TAKEN)[:, None]
    expected_cases = ASCERTAINED * delayed(infected, TO_SPECIMEN)[BURN_IN:] * taken
    expected_admissions = ADMITTED * delayed(infected, TO_ADMISSION)[BURN_IN:]
    expected_deaths = DIES * delayed(infected, TO_DEATH)[BURN_IN:]
    deaths = stream(seed, "deaths").poisson(expected_deaths)
    admissions = stream(seed, "admissions").poisson(expected_admissions)
    return Truth(
        seed=seed,
        first_day=first_day,
        places=places,
        infections=infected[BURN_IN:],
        cases=stream(seed, "cases").poisson(expected_cases),
        admissions=admissions,
        deaths=deaths,
        beds=beds(admissions, places, first_day, seed),
        **_where_counted(deaths, places, seed),
    )


def _where_counted(deaths: Counts, places: Places, seed: int) -> dict[str, Counts]:
    hospital = _part(deaths, DIES_IN_HOSPITAL_TESTED, seed, "hospital")
    elsewhere = _part(deaths - hospital, DIES_ELSEWHERE_TESTED, seed, "elsewhere")
    any_time = hospital + elsewhere
    within_60 = _part(any_time, WITHIN_60_DAYS, seed, "within 60 days")
    return {
        "hospital": hospital,
        "any_time": any_time,
        "within_60": within_60,
        "within_28": _part(within_60, WITHIN_28_DAYS, seed, "within 28 days"),
        "hospital_untested": _part(
            deaths - any_time, DIES_IN_HOSPITAL_UNTESTED, seed, "hospital untested"
        ),
        "trust_deaths": _by_trust(hospital, places, seed),
    }


def _part(counts: Counts, share: float, seed: int, name: str) -> Counts:
    return stream(seed, name).binomial(counts, share)


def _by_trust(hospital: Counts, places: Places, seed: int) -> Counts:
    """Each NHS region's deaths in hospital, given to its trusts by their pull: [day, trust]."""
    regions, counts = places.summed(hospital, "nhs_region_id")
    found = np.zeros((len(hospital), places.trusts.height), dtype=np.int64)
    for at, region in enumerate(regions):
        columns = np.flatnonzero((places.trusts["nhs_region_id"] == region).to_numpy())
        pull = places.trusts["pull"].to_numpy()[columns]
        pull = pull * stream(seed, f"pull of {region}").gamma(8.0, 1 / 8.0, len(columns))
        rng = stream(seed, f"trusts of {region}")
        found[:, columns] = rng.multinomial(counts[:, at], pull / pull.sum())
    return found
