"""How the sources come to disagree: each way is one function with a known size.

Nothing here is random: what is drawn was drawn with the truth and its arrivals, so a test can
compute what each source should say. The list in words is `WAYS`; the README prints it.
"""

from datetime import date

import numpy as np

from simulation.arrivals import (
    AWAITING_VERIFICATION,
    DUPLICATES,
    LATE_TRUST_DAYS,
    REPEATED_POSITIVES,
    Arrivals,
)
from simulation.places import ENGLAND, NATIONS, Counts

DUPLICATE_REMOVED_AFTER = 7
UNATTRIBUTED_PER_THOUSAND = 40
NON_RESIDENTS_PER_THOUSAND = 4
ANY_TIME_FROM, WITHIN_28_FROM = date(2020, 4, 29), date(2020, 8, 12)
NATION_AT = {nation: at for at, nation in enumerate(NATIONS)}

WAYS = {
    "reporting lag": "Recent days are incomplete everywhere: cases settle in about 2 weeks, "
    "hospital deaths in 3, registrations in 4; weekends are low. Known size: the delays.",
    "cut-off": "A file knows what had arrived by the end of the day before it came out.",
    "duplicates": f"{DUPLICATES:.1%} of cases are counted twice by PHE and taken out again "
    f"{DUPLICATE_REMOVED_AFTER} days after they arrived.",
    "late trust": "The largest trust of the Midlands sends its deaths "
    f"{LATE_TRUST_DAYS} days later than others.",
    "awaiting verification": f"{AWAITING_VERIFICATION:.1%} of hospital deaths have no date on the "
    "day after they arrived: they stand in a column of their own and in the total.",
    "definition": "GOV.UK counts hospital deaths until 28 April 2020, at any time after a test "
    "until 11 August, then within 28 days; the whole history is restated. ONS counts certificates.",
    "unattributed": f"The UK's cases by report date are {UNATTRIBUTED_PER_THOUSAND / 10:.0f}% more "
    "than those of its nations: tests that no nation claims.",
    "non-residents": f"England and Wales together have {NON_RESIDENTS_PER_THOUSAND / 10:.1f}% more "
    "registered deaths than the regions and Wales: people who lived elsewhere.",
    "dated a day early": "ONS dates GOV.UK's deaths one day early (footnote 5); the collector "
    "dates deaths of Scotland and Northern Ireland a day before GOV.UK counts them.",
    "dated the next day": "ECDC dates what GOV.UK announced by the day after; OWID repeats ECDC.",
    "a day behind": "JHU's running total of a day is GOV.UK's of the day before.",
    "days left out": "The collector left out England's deaths of every 17th day.",
    "other clock": "From 27 April 2020 the collector gives England's cases by specimen date, from "
    "3 May those of Wales and Northern Ireland, and their deaths by date of death.",
    "no lag, no de-duplication": "The local return knows its residents' cases on the day, and "
    f"counts {REPEATED_POSITIVES:.0%} repeated positives as well.",
    "merged places": "Isles of Scilly are published in Cornwall, and from 3 July 2020 the City of "
    "London in Hackney.",
}


def cases_by_specimen(arrivals: Arrivals, published: date) -> Counts:
    """PHE's cases by specimen date as published on a day, [day, area]: duplicates still in it."""
    last = arrivals.index(published)
    removed = arrivals.duplicates.known(last - DUPLICATE_REMOVED_AFTER)
    return arrivals.cases.known(last) + arrivals.duplicates.known(last) - removed


def cases_by_report(arrivals: Arrivals) -> Counts:
    """Cases by the day they were announced, [day, area]: net of duplicates taken out that day."""
    doubled = arrivals.duplicates.by_arrival
    arrived = arrivals.cases.by_arrival + doubled - shifted(doubled, DUPLICATE_REMOVED_AFTER)
    return shifted(arrived, 1)


def nations_cases_by_report(arrivals: Arrivals) -> Counts:
    """The same by nation, [day, nation]."""
    return arrivals.truth.places.summed(cases_by_report(arrivals), "nation_id")[1]


def uk_cases_running(arrivals: Arrivals) -> Counts:
    """The UK's running total by report date, [day], with those that no nation claims."""
    total = nations_cases_by_report(arrivals).sum(axis=1).cumsum()
    return np.asarray(total + total * UNATTRIBUTED_PER_THOUSAND // 1000, dtype=np.int64)


def deaths_by_trust(arrivals: Arrivals, published: date) -> tuple[Counts, Counts]:
    """NHS England's deaths as published on a day: dated [day, trust], awaiting a date [trust].

    A death without a date on the day after its arrival has one on the next.
    """
    last = arrivals.index(published)
    waiting = arrivals.awaiting.known(last) - arrivals.awaiting.known(last - 1)
    return arrivals.trust_deaths.known(last) - waiting, waiting.sum(axis=0)


def definition_on(published: date) -> str:
    """The definition of GOV.UK's deaths in force on a day of publication."""
    if published >= WITHIN_28_FROM:
        return "28d"
    return "any_time" if published >= ANY_TIME_FROM else "hospital"


def deaths_by_report(arrivals: Arrivals, definition: str) -> Counts:
    """GOV.UK's deaths by the day they were announced, [day, nation]."""
    return shifted(arrivals.nation_deaths[definition].by_arrival, 1)


def deaths_by_death(arrivals: Arrivals, definition: str, published: date) -> Counts:
    """GOV.UK's deaths by date of death as published on a day, [day, nation]."""
    return arrivals.nation_deaths[definition].known(arrivals.index(published))


def registered(arrivals: Arrivals, by: date) -> Counts:
    """Deaths on certificates registered by the end of a day, [day of death, area]."""
    return arrivals.registrations.known(arrivals.truth.index(by))


def with_non_residents(counts: Counts) -> Counts:
    """England and Wales together, from the sum of both."""
    return counts + counts * NON_RESIDENTS_PER_THOUSAND // 1000


def is_left_out(day: date) -> bool:
    """Whether the collector left out England's deaths of this day."""
    return day.toordinal() % 17 == 3


def shifted(series: Counts, days: int) -> Counts:
    """Move a series along its first axis, later when `days` is positive; zeros enter."""
    found = np.zeros_like(series)
    kept = max(len(series) - abs(days), 0)
    if days >= 0:
        found[len(series) - kept :] = series[:kept]
    else:
        found[:kept] = series[len(series) - kept :]
    return found


def nation(counts: Counts, area_id: str = ENGLAND) -> Counts:
    """One nation's column of an array [day, nation]."""
    return np.asarray(counts[:, NATION_AT[area_id]], dtype=np.int64)
