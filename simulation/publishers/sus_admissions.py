"""The national extract of hospital admissions by the patient's home, for bodies entitled to it.

Exact counts of the last four weeks, small ones and zeros included, at four levels. It is invented
in form as well as in numbers: the real one leaves the Secondary Uses Service under an agreement.
"""

from collections.abc import Iterator
from datetime import date

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.england import by_residence
from simulation.publishers.published import PublishedFile, lines, quoted

CADENCE = Cadence(every=7, daily_for=7)

HEADING = "Area level,Area code,Area name,Admission date,Admissions"
LEVELS = ("Lower tier", "Upper tier", "NHS region", "Nation")
COVERS_DAYS = 28


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The extract of the day: every area on each of the last four weeks' days."""
    name = f"sus-admissions-{published.isoformat()}.csv"
    return [PublishedFile(name, lines([HEADING, *_rows(arrivals, published)]))]


def _rows(arrivals: Arrivals, published: date) -> Iterator[str]:
    truth = arrivals.truth
    last = arrivals.index(published)
    known = arrivals.admissions.known(last)
    first = max(0, last + 1 - COVERS_DAYS)
    for level, (codes, counts) in zip(LEVELS, by_residence(truth.places, known), strict=True):
        for at, code in enumerate(codes):
            place = f"{level},{code},{quoted(truth.places.names[code])}"
            for day in range(first, last + 1):
                yield f"{place},{truth.dates[day].isoformat()},{counts[day, at]}"
