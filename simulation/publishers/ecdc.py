"""ECDC's list of countries and days: what GOV.UK announced, dated by the day after.

A list is made in the morning, so a change of definition reaches it a day after GOV.UK's.
"""

from datetime import date, timedelta

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import (
    deaths_by_report,
    definition_on,
    shifted,
    uk_cases_running,
)
from simulation.publishers.abroad import COUNTRIES, Country
from simulation.publishers.published import PublishedFile, lines

CADENCE = Cadence(every=7, daily_for=14)

FIRST_DATE = date(2019, 12, 31)
HEADING = "dateRep,cases,deaths,countriesAndTerritories,geoId"


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one list of the day, `COVID-19-<day>.csv`, newest day first within a country."""
    days = days_until(arrivals, published)
    totals = {(land.ecdc_name, land.geo_id): _running(land, days) for land in COUNTRIES}
    totals["United_Kingdom", "UK"] = uk_running(arrivals, days, published)
    rows = [HEADING]
    for (name, geo_id), (cases, deaths) in sorted(totals.items()):
        for at in range(len(days) - 1, 0, -1):
            counts = f"{cases[at] - cases[at - 1]},{deaths[at] - deaths[at - 1]}"
            rows.append(f"{slashed(days[at])},{counts},{name},{geo_id}")
    return [PublishedFile(f"COVID-19-{published.isoformat()}.csv", lines(rows))]


def _running(land: Country, days: list[date]) -> tuple[list[int], list[int]]:
    return [land.cases(day) for day in days], [land.deaths(day) for day in days]


def days_until(arrivals: Arrivals, published: date) -> list[date]:
    """Every day from the day before the list begins to that of publication."""
    first = min(FIRST_DATE, arrivals.truth.first_day) - timedelta(1)
    return [first + timedelta(day) for day in range((published - first).days + 1)]


def uk_running(
    arrivals: Arrivals, days: list[date], published: date
) -> tuple[list[int], list[int]]:
    """The UK's running totals of cases and of deaths on `days`, dated the day after GOV.UK."""
    truth = arrivals.truth
    cases = shifted(uk_cases_running(arrivals), 1)
    definition = definition_on(published - timedelta(1))
    announced = deaths_by_report(arrivals, definition).sum(axis=1)
    deaths = shifted(announced, 1).cumsum()
    at = [truth.index(day) for day in days]
    return (
        [int(cases[row]) if row >= 0 else 0 for row in at],
        [int(deaths[row]) if row >= 0 else 0 for row in at],
    )


def slashed(day: date) -> str:
    """Month first, without leading zeros, as a spreadsheet saved it."""
    return f"{day.month}/{day.day}/{day.year}"
