"""Files as their publishers wrote them, from the numbers that a replay gives."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from simulation.publishers.phe_cases_vintages import (
    COMPARED,
    CUMULATIVE,
    DAILY,
    KEYS,
    SHORT_TYPES,
)
from simulation.publishers.published import PublishedFile, lines, quoted
from simulation.workbooks import Cell, in_parts, workbook


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
    columns = [*KEYS, DAILY, *(COMPARED if previously is not None else [CUMULATIVE])]
    rows = [
        row
        for place, daily in cases.items()
        for row in _specimen_rows(place, daily, previously.get(place) if previously else None)
    ]
    written = [",".join(row if previously is not None else (*row[:5], row[7])) for row in rows]
    name = f"coronavirus-cases_{published}.csv"
    return PublishedFile(name, lines([",".join(columns), *written]))


def _specimen_rows(place: Place, daily: Daily, before: Daily | None) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    total = total_before = 0
    for day in sorted(daily):
        total += daily[day]
        compared = ("", "", str(total), "", "")
        if before is not None:
            total_before += before[day]
            compared = (
                str(before[day]),
                str(daily[day] - before[day]),
                str(total),
                str(total_before),
                str(total - total_before),
            )
        keys = (quoted(place.name), place.code, SHORT_TYPES[place.level], str(day))
        rows.append((*keys, str(daily[day]), *compared))
    return rows[::-1]


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
    """GOV.UK's file of deaths by day of announcement, newest day first; totals are running ones."""
    names = ("Area name", "Area code", "Area type", "Reporting date")
    heading = (*names, "Daily change in deaths", "Cumulative deaths")
    rows = []
    for place, deaths in daily.items():
        total, kind = 0, "UK" if place == UNITED_KINGDOM else "Nation"
        for day in sorted(deaths):
            total += deaths[day]
            rows.append(f'"{place.name}","{place.code}","{kind}","{day}",{deaths[day]},{total}')
    return PublishedFile(
        f"coronavirus-deaths-{published}.csv",
        "\n".join([",".join(f'"{name}"' for name in heading), *rows[::-1]]).encode(),
    )
