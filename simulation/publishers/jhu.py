"""JHU's table of deaths: one column a date from 22 January 2020, one row a country or province.

The UK's running total of a day is what GOV.UK had announced by the day before, under the
definition in force on the day of publication; the whole history is restated with it. As in life
deaths within 28 days came in on 17 August 2020, five days after GOV.UK turned to them.
"""

from datetime import date, timedelta

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import WITHIN_28_FROM, deaths_by_report, definition_on, shifted
from simulation.publishers.abroad import COUNTRIES, UK_PROVINCES
from simulation.publishers.published import PublishedFile, lines, quoted

CADENCE = Cadence()

FIRST_COLUMN = date(2020, 1, 22)
HALF_OF_PROVINCES_ON = date(2020, 4, 20)
OWN_WITHIN_28_FROM = date(2020, 8, 17)


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one table of the day, `deaths_global_<day>.csv`."""
    first = min(FIRST_COLUMN, arrivals.truth.first_day)
    days = [first + timedelta(day) for day in range((published - first).days + 1)]
    heading = ["Province/State", "Country/Region", "Lat", "Long", *map(_written, days)]
    rows = sorted([*_abroad(days), *_kingdom(arrivals, days, published)], key=lambda row: row[1])
    content = lines(",".join(quoted(cell) for cell in row) for row in [heading, *rows])
    return [PublishedFile(f"deaths_global_{published.isoformat()}.csv", content)]


def uk_running(arrivals: Arrivals, published: date) -> list[int]:
    """The UK's running total of each simulated day, as in the table published on a day."""
    definition = definition_on(min(published, WITHIN_28_FROM - timedelta(1)))
    if published >= OWN_WITHIN_28_FROM:
        definition = definition_on(published)
    announced = deaths_by_report(arrivals, definition).sum(axis=1)
    return [int(total) for total in shifted(announced, 1).cumsum()]


def _abroad(days: list[date]) -> list[list[str]]:
    return [
        ["", land.jhu_name, land.latitude, land.longitude] + [str(land.deaths(day)) for day in days]
        for land in COUNTRIES
    ]


def _kingdom(arrivals: Arrivals, days: list[date], published: date) -> list[list[str]]:
    """The UK's own row and those of its territories."""
    running, truth = uk_running(arrivals, published), arrivals.truth
    totals = [running[truth.index(day)] if day >= truth.first_day else 0 for day in days]
    territories = [
        [name, "United Kingdom", latitude, longitude]
        + [str(deaths if day > HALF_OF_PROVINCES_ON else deaths // 2) for day in days]
        for name, (latitude, longitude, deaths) in UK_PROVINCES.items()
    ]
    return [*territories, ["", "United Kingdom", "55.3781", "-3.436", *map(str, totals)]]


def _written(day: date) -> str:
    return f"{day.month}/{day.day}/{day:%y}"
