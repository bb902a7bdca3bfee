"""NHS England's workbook of deaths in hospital: one column a date of death, one row a trust.

Both layouts of the real workbook: sheets named "COVID19 total deaths by …" until 19 May 2020, then
a contents page and "Tab1" to "Tab4". A title block, the regions, the trusts that have had a death,
and columns without a date. Sheets of charts, ethnicity, gender and conditions are left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.disagreements import deaths_by_trust
from simulation.places import Counts, grouped
from simulation.publishers.published import PublishedFile
from simulation.workbooks import Cell, Rows, in_parts, workbook

CADENCE = Cadence(every=7, daily_for=7)

TABBED_FROM, UNTESTED_FROM = date(2020, 5, 20), date(2020, 4, 28)
WRITTEN_DATE_FROM, STRAY_ZERO_FROM = date(2020, 5, 1), date(2020, 5, 31)
UNTESTED_ARRIVE_AFTER: Final = 3
REGION_NAMES = {
    "E40000007": "East Of England",
    "E40000003": "London",
    "E40000008": "Midlands",
    "E40000009": "North East And Yorkshire",
    "E40000010": "North West",
    "E40000005": "South East",
    "E40000006": "South West",
}
AGES = {"0 - 19 yrs": 0.0007, "20 - 39": 0.0073, "40 - 59": 0.079, "60 - 79": 0.387, "80+": 0.526}
MIGHT_CHANGE = "Data likely to change, please refer to data notes"
SUMMARY = (
    "Deaths of patients who have died in hospitals in England and {tested}. All deaths are "
    "recorded against the date of death rather than the day the deaths were announced."
)
TESTED = "had tested positive for Covid-19 at time of death"
UNTESTED = (
    "for whom a positive test result for COVID-19 was not received but COVID-19 is mentioned on "
    "their death certificate"
)
NOTE = (
    "Note: interpretation of the figures should take into account the fact that totals by date of "
    "death, particularly for recent prior days, are likely to be updated in future releases. For "
    "example as deaths are confirmed as testing positive for Covid-19, as more post-mortem tests "
    "are processed and data from them are validated. Any changes are made clear in the daily files."
)
CONTENTS = (
    "Fig 1: All deaths by date of death",
    "Table 1: COVID-19 deaths by region and date of death",
    "Table 2: COVID-19 deaths by region and date of death and where a positive test result for "
    "COVID-19 was not received but COVID-19 is mentioned on their death certificate",
    "Table 3: COVID-19 deaths by age band and date of death",
    "Table 4: COVID-19 deaths by trust",
)


@dataclass(frozen=True)
class Line:
    """One row of numbers: what stands to its left, the dated deaths, and those awaiting a date."""

    left: Sequence[Cell]
    dated: Sequence[int]
    awaiting: int


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one workbook of the day, `COVID-19-total-announced-deaths_<day>.xlsx`."""
    name = f"COVID-19-total-announced-deaths_{published.isoformat()}.xlsx"
    content = workbook(_sheets(arrivals, published), "NHS England", published)
    return [PublishedFile(name, content)]


def _sheets(arrivals: Arrivals, published: date) -> dict[str, Rows]:
    by_trust = _trust_sheet(arrivals, published)
    by_region = _region_sheet(arrivals, published)
    by_age = _age_sheet(arrivals, published)
    if published < TABBED_FROM:
        sheets = {"COVID19 total deaths by trust": by_trust}
        sheets["COVID19 total deaths by region"] = by_region
        if published >= UNTESTED_FROM:
            sheets["Deaths by region - no pos test"] = _untested_sheet(arrivals, published)
        return sheets | {"COVID19 total deaths by age": by_age}
    return {
        "Contents": _contents(published),
        "Fig1 All deaths": _titles("COVID-19 deaths by date of death", TESTED, published),
        "Tab1 Deaths by region": by_region,
        "Tab2 Deaths - no pos test": _untested_sheet(arrivals, published),
        "Tab3 Deaths by age": by_age,
        "Tab4 Deaths by trust": by_trust,
    }


def _trust_sheet(arrivals: Arrivals, published: date) -> Rows:
    """England, then the trusts with a death so far, by region and name."""
    dated, awaiting = _until(arrivals, published)
    trusts = arrivals.truth.places.trusts.with_row_index("column").with_columns(
        region=arrivals.truth.places.trusts["nhs_region_id"].replace_strict(REGION_NAMES)
    )
    listed = np.flatnonzero(dated.sum(axis=0) + awaiting)
    rows = [
        Line(("", region, None, code, name.upper()), dated[:, at].tolist(), int(awaiting[at]))
        for at, region, code, name in trusts.sort("region", "area_name")
        .select("column", "region", "area_id", "area_name")
        .iter_rows()
        if at in listed
    ]
    total = Line(("", "-", None, "-", "ENGLAND"), *_summed(dated, awaiting))
    heading = ("", "NHS England Region", None, "Code", "Name")
    return _sheet(arrivals, published, "Trust level data", heading, [total, *rows])


def _region_sheet(arrivals: Arrivals, published: date) -> Rows:
    dated, awaiting = _until(arrivals, published)
    total = Line(("", "England", None), *_summed(dated, awaiting))
    heading = ("", "NHS England Region", None)
    rows = [total, *_by_region(arrivals, dated, awaiting)]
    return _sheet(arrivals, published, "Regional summary", heading, rows)


def _by_region(arrivals: Arrivals, dated: Counts, awaiting: Counts) -> list[Line]:
    regions = arrivals.truth.places.trusts["nhs_region_id"].replace_strict(REGION_NAMES)
    names, counts = grouped(dated, regions)
    waiting = grouped(awaiting, regions)[1]
    return [
        Line(("", name, None), counts[:, at].tolist(), int(waiting[at]))
        for at, name in enumerate(names)
    ]


def _age_sheet(arrivals: Arrivals, published: date) -> Rows:
    """England's deaths in fixed shares of age: the parts add up, they say nothing more."""
    days, awaiting = _summed(*_until(arrivals, published))
    parts = [in_parts(deaths, list(AGES.values())) for deaths in days]
    waiting = in_parts(awaiting, list(AGES.values()))
    rows = [
        Line(("", age, None), [part[at] for part in parts], waiting[at])
        for at, age in enumerate(AGES)
    ]
    heading = ("", "Age group", None)
    total = Line(("", "Total", None), days, awaiting)
    return _sheet(arrivals, published, "Breakdown by age group", heading, [total, *rows])


def _untested_sheet(arrivals: Arrivals, published: date) -> Rows:
    """Deaths in hospital without a positive test: another definition, nobody's metric here."""
    truth = arrivals.truth
    names, counts = truth.places.summed(truth.hospital_untested, "nhs_region_id")
    last = arrivals.index(published)
    known = counts[: last + 1].copy()
    known[max(0, last + 1 - UNTESTED_ARRIVE_AFTER) :] = 0
    rows = [
        Line(("", REGION_NAMES[code], None), known[:, at].tolist(), 0)
        for at, code in enumerate(names)
    ]
    total = Line(("", "England", None), known.sum(axis=1).tolist(), 0)
    heading = ("", "NHS England Region", None)
    ordered = [total, *sorted(rows, key=lambda row: str(row.left[1]))]
    return _sheet(arrivals, published, "Regional summary", heading, ordered, UNTESTED)


def _until(arrivals: Arrivals, published: date) -> tuple[Counts, Counts]:
    """Dated deaths up to the day before, [day, trust], and those awaiting a date, [trust]."""
    dated, awaiting = deaths_by_trust(arrivals, published)
    return dated[: arrivals.index(published) + 1], awaiting


def _summed(dated: Counts, awaiting: Counts) -> tuple[list[int], int]:
    return dated.sum(axis=1).tolist(), int(awaiting.sum())


def _sheet(
    arrivals: Arrivals,
    published: date,
    section: str,
    heading: Sequence[Cell],
    lines: Sequence[Line],
    tested: str = TESTED,
) -> Rows:
    """Title block, heading, England, an empty row, and the parts."""
    days = arrivals.truth.dates[: arrivals.index(published) + 1]
    first = days[0] - timedelta(1)
    dates: list[Cell] = [f"Up to {first:%d-%b-%y}", first, *days]
    head: list[Cell] = [*heading, *dates, None, "Awaiting verification", None, "Total"]
    might: list[Cell] = [None] * max(len(head) - 9, 0)
    stray: list[Cell] = [*[None] * (len(head) - 1), 0] if published >= STRAY_ZERO_FROM else []
    total, *parts = (_numbers(line) for line in lines)
    titles = _titles("COVID-19 daily deaths summary", tested, published, section)
    below: list[list[Cell]] = [[], [None, NOTE], [*might, MIGHT_CHANGE], head, total]
    return [*titles, *below, stray if section == "Regional summary" else [], *parts]


def _numbers(line: Line) -> list[Cell]:
    """Nobody died before the first day: the columns "Up to" and of the day before hold zeros."""
    total = sum(line.dated) + line.awaiting
    return [*line.left, 0, 0, *line.dated, None, line.awaiting, None, total]


def _titles(title: str, tested: str, published: date, section: str = "") -> list[list[Cell]]:
    day = published - timedelta(1)
    stated: Cell = published if published < WRITTEN_DATE_FROM else f"{published:%d %B %Y}"
    return [
        [],
        [None, "Title:", title],
        [None, "Summary:", SUMMARY.format(tested=tested)],
        [None, "Period:", f"All data up to 5pm {day:%d %B %Y}"],
        [None, "Source:", "COVID-19 Patient Notification System"],
        [None, "Basis:", "Provider"],
        [None, "Published:", stated],
        [None, "Revised:", "-"],
        [None, "Status:", "Published"],
        [None, "Contact:", "england.covid19dailydeaths@nhs.net"],
        [],
        [None, section or "Time series by date of death"],
    ]


def _contents(published: date) -> Rows:
    titles = _titles("COVID-19 total deaths by date of death", TESTED, published, "Contents")
    return [*titles, [], *([None, line] for line in CONTENTS)]
