"""Our World in Data: ECDC's numbers again, with running totals, rates and facts on countries."""

from datetime import date

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.publishers.abroad import COUNTRIES
from simulation.publishers.ecdc import days_until, slashed, uk_running
from simulation.publishers.published import PublishedFile, lines

CADENCE = Cadence(every=7, daily_for=14)

COLUMNS = (
    *("iso_code", "continent", "location", "date"),
    *("total_cases", "new_cases", "total_deaths", "new_deaths"),
    *("total_cases_per_million", "new_cases_per_million"),
    *("total_deaths_per_million", "new_deaths_per_million"),
    *("total_tests", "new_tests", "total_tests_per_thousand", "new_tests_per_thousand"),
    *("new_tests_smoothed", "new_tests_smoothed_per_thousand", "tests_units", "stringency_index"),
    *("population", "population_density", "median_age", "aged_65_older", "aged_70_older"),
    *("gdp_per_capita", "extreme_poverty", "cvd_death_rate", "diabetes_prevalence"),
    *("female_smokers", "male_smokers", "handwashing_facilities", "hospital_beds_per_thousand"),
    "life_expectancy",
)
UK_POPULATION = 67_886_004
LISTED = ("FRA", "IRL", "ITA")


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one table of the day, `owid-covid-data_<day>.csv`, four countries of it."""
    days = days_until(arrivals, published)
    rows = [",".join(COLUMNS)]
    for land in (land for land in COUNTRIES if land.iso_code in LISTED):
        totals = [land.cases(day) for day in days], [land.deaths(day) for day in days]
        keys = f"{land.iso_code},{land.continent},{land.jhu_name}"
        rows += _rows(keys, land.population, days, *totals)
    kingdom = uk_running(arrivals, days, published)
    rows += _rows("GBR,Europe,United Kingdom", UK_POPULATION, days, *kingdom)
    return [PublishedFile(f"owid-covid-data_{published.isoformat()}.csv", lines(rows))]


def _rows(
    keys: str, population: int, days: list[date], cases: list[int], deaths: list[int]
) -> list[str]:
    unknown = len(COLUMNS) - 13
    written = []
    for at in range(1, len(days)):
        counts = (cases[at], cases[at] - cases[at - 1], deaths[at], deaths[at] - deaths[at - 1])
        rates = (f"{count * 1e6 / population:.3f}" for count in counts)
        cells = [keys, slashed(days[at]), *map(str, counts), *rates]
        facts = [*[""] * 8, str(population), *[""] * (unknown - 8)]
        written.append(",".join([*cells, *facts]))
    return written
