"""NHS England's situation report of the winter: beds open and occupied by trust, columns by day.

The sheets of the real workbook with beds of adults, in its layout: a title block, hidden names of
variables, the day above the first of its columns, England, an empty row, the trusts by region, and
notes. Closures of A&E have their title only; the other sheets are left out. The real workbook has
all days of the winter, this one the last eight.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from simulation.arrivals import Arrivals
from simulation.beds import Beds
from simulation.cadence import Cadence
from simulation.places import Counts, Places
from simulation.publishers.published import PublishedFile
from simulation.workbooks import Cell, Rows, workbook

CADENCE = Cadence(every=7, daily_for=7)

# A week and the day before, which the workbook of a week ago ended with.
COVERS_DAYS = 8
REGION_NAMES = {
    "E40000003": "London Commissioning Region",
    "E40000007": "East Of England Commissioning Region",
    "E40000008": "Midlands  Commissioning Region",
    "E40000009": "North East and Yorkshire Commissioning Region",
    "E40000010": "North West Of England Commissioning Region",
    "E40000005": "South East of England Commissioning Region",
    "E40000006": "South West of England Commissioning Region",
}
LEFT: tuple[Cell, ...] = (None, "NHS England Region", None, "Code", "Name")


@dataclass(frozen=True)
class Subject:
    """What one sheet counts: columns of a day by name, their hidden names, and the notes below.

    A rate of occupancy is the last column; the two counts that it is made of stand before it.
    """

    title: str
    columns: Sequence[str]
    variables: Sequence[str]
    notes: Sequence[str]


GENERAL_ACUTE = Subject(
    "General and Acute Beds",
    ("Core Beds Open", "Escalation Beds Open", "Total Beds Open", "Total beds occ'd"),
    ("ganda_core_beds", "ganda_escalation_beds", "ganda_beds_total", "ganda_beds_occupied"),
    ("1. Total G&A beds available", "2. Of total G&A beds available, number occupied"),
)
CRITICAL_CARE = Subject(
    "Adult Critical Care",
    ("CC Adult Open", "CC Adult Occ"),
    ("CritCare_ITUBeds_Avail", "CritCare_ITUBeds_Occ"),
    (
        "1. Adult critical care beds available",
        "2. Adult critical care beds occupied",
        "3. Weekend & bank holiday figures reflect the position on the last day of the stated "
        "period",
    ),
)


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The one workbook of the day, `winter_sitrep_daily_ts_<day>.xlsx`."""
    name = f"winter_sitrep_daily_ts_{published.isoformat()}.xlsx"
    content = workbook(_sheets(arrivals, published), "NHS England", published)
    return [PublishedFile(name, content)]


def _sheets(arrivals: Arrivals, published: date) -> dict[str, Rows]:
    truth, last = arrivals.truth, arrivals.index(published)
    covered = slice(max(0, last + 1 - COVERS_DAYS), last + 1)
    days = truth.dates[covered]
    beds = _in_order(truth.beds, truth.places)
    general = (beds.core, beds.escalation, beds.open, beds.occupied)
    critical = (beds.critical_open, beds.critical_occupied)
    places = _listed(truth.places)
    return {
        "A&E Closures": _titles("A&E Closures", days, published),
        "G&A beds": _sheet(GENERAL_ACUTE, [c[covered] for c in general], places, days, published),
        "Adult critical care": _sheet(
            CRITICAL_CARE, [c[covered] for c in critical], places, days, published
        ),
    }


def _order(places: Places) -> pl.DataFrame:
    """The hospitals by region and name, as they are listed, with their column in the truth."""
    regions = list(REGION_NAMES)
    hospitals = places.hospitals.with_row_index("column")
    region = pl.col("nhs_region_id").replace_strict({name: at for at, name in enumerate(regions)})
    return hospitals.sort(region, "area_name")


def _in_order(beds: Beds, places: Places) -> Beds:
    """The same beds with the hospitals in the order in which they are listed."""
    columns = _order(places)["column"].to_numpy()
    return Beds(**{name: counts[:, columns] for name, counts in vars(beds).items()})


def _listed(places: Places) -> list[tuple[Cell, ...]]:
    """What stands to the left of each row: England, and the hospitals."""
    hospitals = _order(places).select("nhs_region_id", "area_id", "area_name").iter_rows()
    rows = [(None, REGION_NAMES[region], None, code, name) for region, code, name in hospitals]
    return [(None, "-", None, "-", "ENGLAND"), *rows]


def _sheet(
    subject: Subject,
    counts: Sequence[Counts],
    places: Sequence[tuple[Cell, ...]],
    days: Sequence[date],
    published: date,
) -> Rows:
    """Titles, three rows of headings, England, an empty row, its trusts, and the notes."""
    width = len(subject.columns) + 1
    hidden: list[Cell] = [*subject.variables, None] * len(days)
    dates: list[Cell] = [day for day in days for _ in range(width)]
    above: list[Cell] = [day if at == 0 else None for day in days for at in range(width)]
    headings: list[Cell] = [*subject.columns, "Occupancy rate"] * len(days)
    england, *trusts = (
        [*left, *cells] for left, cells in zip(places, _values(counts), strict=True)
    )
    return [
        *_titles(subject.title, days, published)[:-2],
        [*[None] * len(LEFT), *hidden],
        [None, "Provider Level Data", None, None, None, *dates],
        [*[None] * len(LEFT), *above],
        [*LEFT, *headings],
        england,
        [],
        *trusts,
        *([], [None, "Notes:"], *([None, note] for note in subject.notes)),
    ]


def _values(counts: Sequence[Counts]) -> Iterable[list[Cell]]:
    """The cells of England and of each hospital: the counts of a day and the rate, day after day.

    The rate is a dash where no bed is open.
    """
    whole = [np.column_stack([part.sum(axis=1), part]) for part in counts]
    of_open, occupied = whole[-2], whole[-1]
    for place in range(whole[0].shape[1]):
        columns = [part[:, place].tolist() for part in whole]
        rates = zip(of_open[:, place].tolist(), occupied[:, place].tolist(), strict=True)
        rate = [taken / beds if beds else "-" for beds, taken in rates]
        yield [cell for day in zip(*columns, rate, strict=True) for cell in day]


def _titles(title: str, days: Sequence[date], published: date) -> list[list[Cell]]:
    period = f"{_written(days[0])} - {_written(days[-1])}"
    return [
        [],
        [None, "Title:", f"Daily Hospital Situation Report - {title}"],
        [
            *(None, "Summary:"),
            "Daily SITREPs highlight winter pressures on the service around the country",
        ],
        [],
        [None, "Period:", period],
        [None, "Source:", "NHS Improvement Data Collection"],
        [None, "Basis:", "Provider"],
        [None, "Published:", published],
        [None, "Revised:", "-"],
        [None, "Status:", "Published"],
        [None, "Contact:", "england.dailysitrep@nhs.net"],
        [],
        [None, "Provider Level Data"],
    ]


def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
