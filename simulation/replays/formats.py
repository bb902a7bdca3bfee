"""Files as their publishers wrote them, from the numbers that a replay gives."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

from simulation.publishers.phe_cases_vintages import (
    COMPARED,
    CUMULATIVE,
    DAILY,
    KEYS,
    SHORT_TYPES,
)
from simulation.publishers.published import PublishedFile, lines, quoted
from simulation.workbooks import Cell, Rows, in_parts, workbook


@dataclass(frozen=True)
class Place:
    """An area as publishers name it; `level` is nation, region, upper or lower."""

    code: str
    name: str
    level: str = "nation"


ENGLAND = Place("E92000001", "England")
UNITED_KINGDOM = Place("K02000001", "United Kingdom")
Daily = Mapping[date, int]


def spread(total: int, first: date, last: date) -> dict[date, int]:
    """A total over days, most in the middle; how it really lay is not what the replay is about."""
    days = days_between(first, last)
    middle = (len(days) - 1) / 2
    weights = [middle + 1 - abs(at - middle) for at in range(len(days))]
    parts = in_parts(total, [weight / sum(weights) for weight in weights])
    return dict(zip(days, parts, strict=True))


def days_between(first: date, last: date) -> list[date]:
    """Every day from the first to the last, both included."""
    return [first + timedelta(at) for at in range((last - first).days + 1)]


def specimen_cases(
    published: date,
    cases: Mapping[Place, Daily],
    previously: Mapping[Place, Daily] | None = None,
) -> PublishedFile:
    """PHE's file of a day, newest first; `previously` fills its columns of the day before."""
    if previously is None:
        totals = {place: _running(daily) for place, daily in cases.items()}
        return specimen_cases_and_totals(published, cases, totals)
    rows = [
        row
        for place, daily in cases.items()
        for row in _compared_rows(place, daily, previously[place])
    ]
    return _specimen_file(published, [DAILY, *COMPARED], rows)


def specimen_cases_and_totals(
    published: date, cases: Mapping[Place, Daily], totals: Mapping[Place, Daily]
) -> PublishedFile:
    """PHE's file of a day with running totals that need not be the sums of the days."""
    rows = [
        _specimen_row(place, day, daily[day], totals[place][day])
        for place, daily in cases.items()
        for day in sorted(daily, reverse=True)
    ]
    return _specimen_file(published, [DAILY, CUMULATIVE], rows)


def _specimen_file(published: date, columns: list[str], rows: list[str]) -> PublishedFile:
    name = f"coronavirus-cases_{published}.csv"
    return PublishedFile(name, lines([",".join([*KEYS, *columns]), *rows]))


def _specimen_row(place: Place, day: date, *counts: int) -> str:
    written = ",".join(str(count) for count in counts)
    return f"{quoted(place.name)},{place.code},{SHORT_TYPES[place.level]},{day},{written}"


def _compared_rows(place: Place, daily: Daily, before: Daily) -> list[str]:
    totals, totals_before = _running(daily), _running(before)
    return [
        _specimen_row(
            place,
            day,
            daily[day],
            before[day],
            daily[day] - before[day],
            totals[day],
            totals_before[day],
            totals[day] - totals_before[day],
        )
        for day in sorted(daily, reverse=True)
    ]


def _running(daily: Daily) -> dict[date, int]:
    days = sorted(daily)
    return dict(zip(days, accumulate(daily[day] for day in days), strict=True))


def collated_totals(published: date, totals: Mapping[date, int]) -> PublishedFile:
    """Tom White's file of a day, here with the United Kingdom's running total of cases alone."""
    rows = [f"{day},UK,ConfirmedCases,{total}" for day, total in sorted(totals.items())]
    name = f"covid-19-indicators-uk_{published}.csv"
    return PublishedFile(name, lines(["Date,Country,Indicator,Value", *rows]))


def plain_return(name: str, rows: Iterable[tuple[Place, date, str, int]]) -> PublishedFile:
    """A local body's return: area, date, metric and value; the date of sending is in its name."""
    written = [
        f"{place.code},{quoted(place.name)},{day},{metric},{value}"
        for place, day, metric, value in rows
    ]
    return PublishedFile(name, lines(["Area code,Area name,Date,Metric,Value", *written]))


def daily_indicators(published: date, counts: Mapping[date, Mapping[str, int]]) -> PublishedFile:
    """PHE's workbook of daily indicators: a row a day, a column a count such as NewUKCases."""
    columns = sorted({heading for row in counts.values() for heading in row})
    rows: list[list[Cell]] = [
        [day, *(counts[day].get(heading) for heading in columns)] for day in sorted(counts)
    ]
    content = workbook({"Sheet1": [["DateVal", *columns], *rows]}, "PHE", published)
    return PublishedFile(f"DailyIndicators-{published}.xlsx", content)


def announced_deaths(published: date, daily: Mapping[Place, Daily]) -> PublishedFile:
    """GOV.UK's file of deaths by day of announcement, newest day first."""
    names = ("Area name", "Area code", "Area type", "Reporting date")
    heading = (*names, "Daily change in deaths", "Cumulative deaths")
    rows = []
    for place, deaths in daily.items():
        totals, kind = _running(deaths), "UK" if place == UNITED_KINGDOM else "Nation"
        rows += [
            f'"{place.name}","{place.code}","{kind}","{day}",{deaths[day]},{totals[day]}'
            for day in sorted(deaths, reverse=True)
        ]
    return PublishedFile(
        f"coronavirus-deaths-{published}.csv",
        "\n".join([",".join(f'"{name}"' for name in heading), *rows]).encode(),
    )


def dashboard_series(metric: str, published: datetime, daily: Daily) -> PublishedFile:
    """A series of UKHSA's dashboard for England; `published` ends its embargo, London time."""
    kind = {"parent_theme": "infectious_disease", "child_theme": "respiratory", "topic": "COVID-19"}
    place = {"geography_type": "Nation", "geography": "England", "geography_code": "E92000001"}
    stratum = {"age": "all", "sex": "all", "stratum": "default", "metric_frequency": "daily"}
    series = [
        {
            "epiweek": day.isocalendar().week,
            "date": str(day),
            "metric_value": daily[day],
            "embargo": str(published),
            "is_public": True,
        }
        for day in sorted(daily)
    ]
    keys = {**kind, "metric_group": metric.split("_")[1], "metric": metric, **place, **stratum}
    content = {**keys, "time_series": series, "refresh_date": str(published.date())}
    return PublishedFile(
        f"{metric}_CTRY_E92000001_all_all_default.json", json.dumps(content).encode()
    )


def collators_totals(published: date, totals: Mapping[date, int]) -> PublishedFile:
    """Our World in Data's file of a day with the United Kingdom's running total of cases."""
    columns = "iso_code,continent,location,date,total_cases,new_cases"
    days = sorted(totals)
    rows = [
        f"GBR,Europe,United Kingdom,{day},{totals[day]},"
        f"{totals[day] - totals[before] if before else ''},,,,"
        for before, day in zip([None, *days], days, strict=False)
    ]
    heading = f"{columns},total_deaths,new_deaths,total_tests,new_tests"
    return PublishedFile(f"owid-covid-data_{published}.csv", lines([heading, *rows]))


def residents(published: date, year: int, people: Mapping[Place, int]) -> PublishedFile:
    """ONS's workbook of residents at the middle of a year."""
    rows: list[list[Cell]] = [
        [place.code, place.name, "Non-metropolitan District", count]
        for place, count in people.items()
    ]
    sheets: dict[str, Rows] = {
        "Cover sheet": [
            [f"Mid-Year Population Estimates, UK, mid-{year}"],
            [f"Date published: {published.day} {published:%B %Y}"],
        ],
        "MYE2 - Persons": [
            [f"MYE2: Persons by single year of age and sex for local authorities, mid-{year}"],
            ["Code", "Name", "Geography", "All ages"],
            *rows,
        ],
    }
    content = workbook(sheets, "Office for National Statistics", published)
    return PublishedFile(f"ukpopestimatesmid{year}.xlsx", content)


def weekly_deaths(
    friday: date, registered: int, headings: Sequence[str], compared: Mapping[date, Sequence[int]]
) -> PublishedFile:
    """ONS's weekly workbook: one week's registrations and the sheet that compares definitions."""
    week = friday.isocalendar().week
    rows: list[list[Cell]] = [[day, *compared[day]] for day in sorted(compared)]
    sheets: dict[str, Rows] = {
        f"Weekly figures {friday.year}": [
            ["Week number", None, week],
            ["Week ended", None, friday],
            ["Total deaths, all ages", None, registered],
        ],
        "Covid-19 - England comparisons": [
            ["Date", *headings],
            *rows,
        ],
    }
    content = workbook(sheets, "Office for National Statistics", friday)
    return PublishedFile(f"publishedweek{week}{friday.year}.xlsx", content)
