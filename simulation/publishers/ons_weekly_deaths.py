"""ONS's weekly workbook: deaths registered up to a Friday, published on the Tuesday 11 days after.

The sheets of the real workbook of the week: COVID-19 registrations from week 12, the cumulative
comparisons for England from week 13 to 35 (with GOV.UK's columns dated one day early, as footnote
5 says until week 32), the United Kingdom from week 16, daily sheets from week 35. All of it is
written as XLSX (the real one was XLS until week 11). Sheets of text, occurrences, places of death
and the comparisons of other countries are left out.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import (
    deaths_by_death,
    deaths_by_report,
    deaths_by_trust,
    definition_on,
    nation,
    registered,
    shifted,
    with_non_residents,
)
from simulation.places import ENGLAND, NATIONS, Counts
from simulation.publishers.ons_sheets import (
    AGES_EARLY,
    AGES_LATE,
    COMPARISON_NOTES,
    REGISTERED_NOTES,
    RELAYED_NOTE,
    UPDATED_NOTE,
    WEEKLY_NOTES,
)
from simulation.publishers.published import PublishedFile
from simulation.streams import stream
from simulation.workbooks import Cell, Rows, in_parts, workbook

CADENCE = Cadence(weekday=1)

PUBLISHED_AFTER = timedelta(11)
WALES = "W92000004"
REGIONS = tuple(f"E1200000{number}" for number in range(1, 10))
REGION_NAMES = {"E12000006": "East"}
BASE_DEATHS_A_YEAR = 0.0097
WINTER_MORE = 0.12
COVID_FROM, COMPARED_FROM, RENAMED_FROM, WITHIN_FROM, DAILY_FROM = 12, 13, 16, 33, 35
COMPARED_UNTIL = 35
FIRST_COMPARED = date(2020, 3, 5)
RESPIRATORY = "Deaths where the underlying cause was respiratory disease (ICD-10 J00-J99)"
MENTIONED = "Deaths where COVID-19 was mentioned on the death certificate (ICD-10 U07.1 and U07.2)"
BY_REGISTRATION = "ONS deaths by date of registration \N{EN DASH} registered by"
BY_DEATH = "ONS deaths by actual date of death \N{EN DASH} registered by"


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The workbook of the week that ended 11 days before; none if it ended before the first day."""
    friday = published - PUBLISHED_AFTER
    if friday < arrivals.truth.first_day:
        return []
    year, week, _ = friday.isocalendar()
    content = workbook(_sheets(arrivals, friday), "Office for National Statistics", published)
    return [PublishedFile(f"publishedweek{week:02}{year}.xlsx", content)]


def _sheets(arrivals: Arrivals, friday: date) -> dict[str, Rows]:
    year, week, _ = friday.isocalendar()
    since = week if year == 2020 else 54  # later years keep the last layout
    sheets: dict[str, Rows] = {"Contents": _contents(year)}
    sheets[f"Weekly figures {year}"] = _weekly_sheet(arrivals, friday)
    if since >= COVID_FROM:
        renamed = "registrations" if since >= RENAMED_FROM else f"figures {year}"
        sheets[f"Covid-19 - Weekly {renamed}"] = _covid_sheet(arrivals, friday)
    if since >= RENAMED_FROM:
        sheets["UK - Covid-19 - Weekly reg"] = _uk_sheet(arrivals, friday)
    if since >= DAILY_FROM:
        sheets["Covid-19 - Daily registrations"] = _daily_sheet(arrivals, friday, "registrations")
        sheets["Covid-19 - Daily occurrences"] = _daily_sheet(arrivals, friday, "occurrences")
    if COMPARED_FROM <= since <= COMPARED_UNTIL:
        sheets["Covid-19 - England comparisons"] = _comparisons(arrivals, friday)
    return sheets


def weeks_of(year: int) -> list[date]:
    """The Fridays of a year's weeks, 52 or 53 of them."""
    count = date(year, 12, 28).isocalendar().week
    first = date.fromisocalendar(year, 1, 5)
    return [first + timedelta(weeks=week) for week in range(count)]


def by_week(arrivals: Arrivals, friday: date) -> tuple[list[str], Counts]:
    """COVID-19 registrations in each week of the year up to `friday`, [week, region or nation].

    Regions first, then Northern Ireland, Scotland and Wales.
    """
    truth = arrivals.truth
    daily = arrivals.registrations.by_arrival
    regions, by_region = truth.places.summed(daily, "region_id")
    nations, by_nation = truth.places.summed(daily, "nation_id")
    others = [at for at, code in enumerate(nations) if code != ENGLAND]
    counts = np.concatenate([by_region, by_nation[:, others]], axis=1)
    weeks = [_in_week(counts, truth.index(ended)) for ended in _so_far(friday)]
    return [*regions, *(nations[at] for at in others)], np.stack(weeks)


def all_causes_without(arrivals: Arrivals, friday: date) -> Counts:
    """Registered deaths without COVID-19 in each week so far, [week, region or Wales]."""
    truth, year = arrivals.truth, friday.isocalendar().year
    people = np.array([truth.places.populations[code] for code in (*REGIONS, WALES)])
    weeks = np.arange(len(weeks_of(year)))
    season = 1 + WINTER_MORE * np.cos(2 * np.pi * weeks / 52)
    expected = people * BASE_DEATHS_A_YEAR / 52 * season[:, None]
    drawn = stream(truth.seed, f"other deaths of {year}").poisson(expected)
    return np.asarray(drawn[: len(_so_far(friday))], dtype=np.int64)


def _so_far(friday: date) -> list[date]:
    return [ended for ended in weeks_of(friday.isocalendar().year) if ended <= friday]


def _in_week(daily: Counts, last: int) -> Counts:
    return np.asarray(daily[max(0, last - 6) : max(0, last + 1)].sum(axis=0), dtype=np.int64)


def _weekly_sheet(arrivals: Arrivals, friday: date) -> Rows:
    codes, covid = by_week(arrivals, friday)
    residents = covid[:, [codes.index(code) for code in (*REGIONS, WALES)]]
    deaths = all_causes_without(arrivals, friday) + residents
    total = with_non_residents(deaths.sum(axis=1)).tolist()
    usual = all_causes_without(arrivals, friday).sum(axis=1).tolist()
    mentioned = with_non_residents(residents.sum(axis=1)).tolist()
    respiratory = [count * 12 // 100 for count in usual]
    return [
        *_titles("Weekly provisional figures on deaths registered7 in England and Wales"),
        *_week_headings(friday),
        ["Total deaths, all ages", None, *total],
        ["Total deaths: average of corresponding"],
        ["week over the previous 5 years 1 (England and Wales)", None, *usual],
        [],
        [None, "Deaths by cause 2,3,4,5"],
        [None, RESPIRATORY, *respiratory],
        [None, MENTIONED, *mentioned],
        *_ages(total, friday, "6"),
        [None, "Deaths by region of usual residence 7"],
        *_regions(arrivals, deaths),
        [],
        *_notes(friday, WEEKLY_NOTES),
    ]


def _covid_sheet(arrivals: Arrivals, friday: date) -> Rows:
    codes, covid = by_week(arrivals, friday)
    residents = covid[:, [codes.index(code) for code in (*REGIONS, WALES)]]
    total = with_non_residents(residents.sum(axis=1)).tolist()
    return [
        *_titles(
            "Weekly provisional figures on deaths registered5 where coronavirus (COVID-19)3 was "
            "mentioned on the death certificate in England and Wales"
        ),
        *_week_headings(friday),
        ["Deaths involving COVID-19, all ages1", None, *total],
        *_ages(total, friday, "4"),
        [None, "Deaths by region of usual residence 5"],
        *_regions(arrivals, residents),
        [],
        *_notes(friday, REGISTERED_NOTES),
    ]


def _uk_sheet(arrivals: Arrivals, friday: date) -> Rows:
    codes, covid = by_week(arrivals, friday)
    england = covid[:, : len(REGIONS)].sum(axis=1).tolist()
    nations = {code: covid[:, codes.index(code)].tolist() for code in NATIONS[1:]}
    return [
        *_titles("Weekly provisional figures on deaths registered in the UK"),
        *_week_headings(friday),
        ["UK deaths involving COVID-19, all ages", None, *covid.sum(axis=1).tolist()],
        [None, "England", *england],
        [None, "Wales", *nations[WALES]],
        [None, "Scotland", *nations["S92000003"]],
        [None, "Northern Ireland", *nations["N92000002"]],
        [],
        *_notes(friday, REGISTERED_NOTES),
    ]


def _comparisons(arrivals: Arrivals, friday: date) -> Rows:
    columns = compared(arrivals, friday)
    truth = arrivals.truth
    days = [day for day in truth.dates if FIRST_COMPARED <= day <= friday]
    rows: list[list[Cell]] = [
        [day, *(int(column[truth.index(day)]) for column in columns.values())] for day in days
    ]
    title = (
        "Number of deaths involving COVID-19, registered and occurring and those reported on "
        f"GOV.UK, and by NHS England up to {_written(friday)} {friday.year}, England"
    )
    return [
        *_titles(title),
        ["Date", *columns],
        *rows,
        [],
        ["Footnotes"],
        *([note] for note in COMPARISON_NOTES[:4]),
        [RELAYED_NOTE if friday.isocalendar().week < WITHIN_FROM else UPDATED_NOTE],
        *([note] for note in COMPARISON_NOTES[4:]),
    ]


def compared(arrivals: Arrivals, friday: date) -> dict[str, Counts]:
    """The columns of the comparisons by heading: cumulative deaths in England, [day].

    All that is relayed from GOV.UK stands a day before its own day; NHS England is as it was two
    days before the workbook came out.
    """
    published = friday + PUBLISHED_AFTER
    by_friday, later = registered(arrivals, friday), registered(arrivals, friday + timedelta(8))
    until, until_later = _written(friday), _written(friday + timedelta(8))
    as_published = published - timedelta(2)
    hospital, _ = deaths_by_trust(arrivals, as_published)
    columns = _relayed(arrivals, published)
    columns[f"NHS England by date of death - As published on {_written(as_published)}"] = (
        hospital.sum(axis=1)
    )
    columns[f"{BY_REGISTRATION} {until}"] = _english(arrivals, arrivals.registrations.by_arrival)
    columns[f"{BY_DEATH} {until}"] = _english(arrivals, by_friday)
    columns[f"{BY_DEATH} {until_later}"] = _english(arrivals, later)
    return {heading: counts.cumsum() for heading, counts in columns.items()}


def _relayed(arrivals: Arrivals, published: date) -> dict[str, Counts]:
    if (published - PUBLISHED_AFTER).isocalendar().week < WITHIN_FROM:
        announced = nation(deaths_by_report(arrivals, definition_on(published)))
        return {"Daily death counts released on GOV.UK ": shifted(announced, -1)}
    limits = {
        "any_time": "with no time restriction imposed released on GOV.UK ",
        "60d": "within 60 days of testing released on GOV.UK",
        "28d": "within 28 days of testing released on GOV.UK",
    }
    announced_on = {
        f"Deaths by date of notification {words}": shifted(
            nation(deaths_by_report(arrivals, definition)), -1
        )
        for definition, words in limits.items()
    }
    died_on = {
        f"Deaths by date of death {words.strip()}": shifted(
            nation(deaths_by_death(arrivals, definition, published)), -1
        )
        for definition, words in limits.items()
    }
    return announced_on | died_on


def _english(arrivals: Arrivals, counts: Counts) -> Counts:
    nations, by_nation = arrivals.truth.places.summed(counts, "nation_id")
    return np.asarray(by_nation[:, nations.index(ENGLAND)], dtype=np.int64)


def _daily_sheet(arrivals: Arrivals, friday: date, kind: str) -> Rows:
    """One row a day, one column a country or region; occurrences are those registered 8 days on."""
    truth = arrivals.truth
    counts = arrivals.registrations.by_arrival
    if kind == "occurrences":
        counts = registered(arrivals, friday + timedelta(8))
    columns = _countries(arrivals, counts)
    days = [day for day in truth.dates if day <= friday]
    rows: list[list[Cell]] = [
        [f"{day:%d/%m/%Y}", *(int(column[truth.index(day)]) for column in columns.values())]
        for day in days
    ]
    title = f"Daily provisional non-cumulative figures on death {kind} where coronavirus (COVID-19)"
    titles: list[list[Cell]] = [
        ["Contents"],
        [f"{title} was mentioned on the death certificate in the UK"],
        [],
    ]
    return [*titles, ["Date", *columns], *rows, [], *([note] for note in REGISTERED_NOTES)]


def _countries(arrivals: Arrivals, counts: Counts) -> dict[str, Counts]:
    places = arrivals.truth.places
    nations, by_nation = places.summed(counts, "nation_id")
    regions, by_region = places.summed(counts, "region_id")
    of = {code: by_nation[:, at] for at, code in enumerate(nations)}
    columns = {
        "UK": counts.sum(axis=1),
        "England and Wales": with_non_residents(of[ENGLAND] + of[WALES]),
        "England": of[ENGLAND],
        "Scotland": of["S92000003"],
        "Wales": of[WALES],
        "Northern Ireland": of["N92000002"],
    }
    return columns | {places.names[code]: by_region[:, at] for at, code in enumerate(regions)}


def _titles(title: str) -> list[list[Cell]]:
    note = (
        "Note that up-to-date counts of the total numbers of deaths involving coronavirus "
        "(COVID-19) are published by Department of Health and Social Care (DHSC) on the .GOV.UK "
        "website. ONS figures differ from the DHSC counts as the latter include deaths which have "
        "not yet been registered."
    )
    return [["Contents"], [title], [], [note]]


def _week_headings(friday: date) -> list[list[Cell]]:
    weeks = weeks_of(friday.isocalendar().year)
    numbers = [week.isocalendar().week for week in weeks]
    return [["Week number", None, *numbers], ["Week ended", None, *weeks], [], []]


def _ages(total: Sequence[int], friday: date, footnote: str) -> list[list[Cell]]:
    """Three blocks of fixed shares by age: all persons, males and females; parts add up."""
    ages = AGES_EARLY if friday < date(2020, 4, 1) else AGES_LATE
    males = [count * 51 // 100 for count in total]
    females = [count - male for count, male in zip(total, males, strict=True)]
    by_sex = {
        name: [in_parts(count, list(ages.values())) for count in counts]
        for name, counts in {"Males": males, "Females": females}.items()
    }
    pairs = zip(by_sex["Males"], by_sex["Females"], strict=True)
    persons = [[a + b for a, b in zip(male, female, strict=True)] for male, female in pairs]
    rows: list[list[Cell]] = []
    for name, parts in {"Persons": persons, **by_sex}.items():
        rows += [[None, f"{name} {footnote}"], [None, "Deaths by age group"]]
        rows += [[None, age, *(part[at] for part in parts)] for at, age in enumerate(ages)]
    return rows


def _regions(arrivals: Arrivals, counts: Counts) -> list[list[Cell]]:
    names = arrivals.truth.places.names
    return [
        [code, REGION_NAMES.get(code, names[code]), *counts[:, at].tolist()]
        for at, code in enumerate((*REGIONS, WALES))
    ]


def _notes(friday: date, notes: Sequence[str]) -> list[list[Cell]]:
    """Footnotes; until week 13 of 2020 the last line says when the workbook came out."""
    last: list[Cell] = ["Source: Office for National Statistics"]
    if friday <= date(2020, 3, 27):
        released = friday + PUBLISHED_AFTER
        last += [None, None, "Released: ", f"{released.day} {released:%B %Y}"]
    written: list[list[Cell]] = [[note] for note in notes]
    return [["Footnotes"], *written, [], last]


def _written(day: date) -> str:
    return f"{day.day} {day:%B}"


def _contents(year: int) -> Rows:
    return [
        [],
        ["Contents", "Weekly provisional figures on deaths registered in\nEngland and Wales"],
        [],
        [f"Weekly figures for {year}", "Deaths (numbers): by age, sex and region, registrations"],
        ["COVID-19 - Weekly registrations", "Deaths involving coronavirus (COVID-19) (numbers)"],
    ]
