"""One person's collection of running totals by country, whose clocks changed without a word.

As the real one: cases and deaths of the UK, and England's deaths, are what GOV.UK announced;
Scotland's and Northern Ireland's deaths are dated by their own announcement, a day before; from 27
April 2020 England's cases are by specimen date, from 3 May those of Wales and Northern Ireland are
and their deaths by date of death. England's deaths of some days were left out.
"""

from datetime import date

import numpy as np

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import (
    cases_by_specimen,
    deaths_by_death,
    deaths_by_report,
    definition_on,
    is_left_out,
    nation,
    nations_cases_by_report,
    uk_cases_running,
)
from simulation.places import ENGLAND, Counts
from simulation.publishers.published import PublishedFile, lines

CADENCE = Cadence()

ENGLAND_BY_SPECIMEN_FROM, OTHERS_BY_EVENT_FROM = date(2020, 4, 27), date(2020, 5, 3)
COUNTRIES = {
    "England": ENGLAND,
    "Northern Ireland": "N92000002",
    "Scotland": "S92000003",
    "Wales": "W92000004",
}
TESTS_A_CASE, TESTS_A_DAY = 4, 1500


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one file of the day, `covid-19-indicators-uk_<day>.csv`, oldest day first."""
    series = {
        **{(name, "ConfirmedCases"): totals for name, totals in cases(arrivals, published).items()},
        **{(name, "Deaths"): totals for name, totals in deaths(arrivals, published).items()},
        **{(name, "Tests"): totals for name, totals in tests(arrivals).items()},
    }
    rows = ["Date,Country,Indicator,Value"]
    for at, day in enumerate(arrivals.truth.dates):
        if at > 0 and day <= published:
            rows += [
                f"{day.isoformat()},{country},{indicator},{totals[at]}"
                for (country, indicator), totals in sorted(series.items())
                if not _is_missing(arrivals, country, indicator, day, published)
            ]
    return [PublishedFile(f"covid-19-indicators-uk_{published.isoformat()}.csv", lines(rows))]


def cases(arrivals: Arrivals, published: date) -> dict[str, Counts]:
    """Running totals of cases by country, [day] each, on the clock of the day of publication."""
    reported = nations_cases_by_report(arrivals)
    places = arrivals.truth.places
    taken = places.summed(cases_by_specimen(arrivals, published), "nation_id")[1]
    chosen = {
        name: nation(taken if _by_event(name, "ConfirmedCases", published) else reported, area_id)
        for name, area_id in COUNTRIES.items()
    }
    totals = {name: counts.cumsum() for name, counts in chosen.items()}
    return {**totals, "UK": uk_cases_running(arrivals)}


def deaths(arrivals: Arrivals, published: date) -> dict[str, Counts]:
    """Running totals of deaths by country, [day] each, under the definition of the day."""
    definition = definition_on(published)
    reported = deaths_by_report(arrivals, definition)
    own_day = arrivals.nation_deaths[definition].by_arrival
    by_death = deaths_by_death(arrivals, definition, published)
    chosen = {"UK": reported.sum(axis=1)}
    for name, area_id in COUNTRIES.items():
        announced = own_day if name in ("Scotland", "Northern Ireland") else reported
        is_event = _by_event(name, "Deaths", published)
        chosen[name] = nation(by_death if is_event else announced, area_id)
    return {name: counts.cumsum() for name, counts in chosen.items()}


def tests(arrivals: Arrivals) -> dict[str, Counts]:
    """Running totals of tests: a fixed number a case and a day; England's were not collected."""
    days = np.arange(arrivals.truth.days)
    reported = nations_cases_by_report(arrivals)
    found = {
        name: nation(reported, area_id).cumsum() * TESTS_A_CASE + days * TESTS_A_DAY // 10
        for name, area_id in COUNTRIES.items()
        if name != "England"
    }
    return {**found, "UK": reported.sum(axis=1).cumsum() * TESTS_A_CASE + days * TESTS_A_DAY}


def _by_event(country: str, indicator: str, published: date) -> bool:
    """Whether a series is by specimen date or date of death in the file of this day."""
    if country == "England":
        return indicator == "ConfirmedCases" and published >= ENGLAND_BY_SPECIMEN_FROM
    return country in ("Wales", "Northern Ireland") and published >= OTHERS_BY_EVENT_FROM


def _is_missing(
    arrivals: Arrivals, country: str, indicator: str, day: date, published: date
) -> bool:
    """A day left out by hand, or the day of publication itself in a series by event."""
    if (country, indicator) == ("England", "Deaths") and is_left_out(day):
        return True
    return day == published and _by_event(country, indicator, published)
