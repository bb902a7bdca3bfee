"""Publishers of the simulation: each module writes one source's files as its publisher did."""

from simulation.publishers import (
    ecdc,
    jhu,
    local_returns,
    nhse_announced_deaths,
    nhse_winter_sitrep,
    ons_population,
    ons_weekly_deaths,
    owid,
    phe_api_pages,
    phe_cases_vintages,
    phe_deaths_csv,
    phe_utla_daily_csv,
    sus_admissions,
    tomwhite_indicators_vintages,
)
from simulation.publishers.published import PublishedFile, Publisher

PUBLISHERS: dict[str, Publisher] = {
    "ecdc": ecdc,
    "jhu": jhu,
    "local_returns": local_returns,
    "nhse_announced_deaths": nhse_announced_deaths,
    "nhse_winter_sitrep": nhse_winter_sitrep,
    "ons_population": ons_population,
    "ons_weekly_deaths": ons_weekly_deaths,
    "owid": owid,
    "phe_api_pages": phe_api_pages,
    "phe_cases_vintages": phe_cases_vintages,
    "phe_deaths_csv": phe_deaths_csv,
    "phe_utla_daily_csv": phe_utla_daily_csv,
    "sus_admissions": sus_admissions,
    "tomwhite_indicators_vintages": tomwhite_indicators_vintages,
}

__all__ = ["PUBLISHERS", "PublishedFile", "Publisher"]
