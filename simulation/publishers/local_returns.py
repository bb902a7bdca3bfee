"""The plain return of one authority, which counts its own residents' positives on the day.

It is quicker than the laboratories' file and counts people again who test positive again.
"""

from datetime import date

import numpy as np

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.places import Counts
from simulation.publishers.published import PublishedFile, lines

CADENCE = Cadence(every=7, daily_for=7)

AUTHORITY = "E06000016"
METRIC = "cases_by_specimen_date"
COVERS_DAYS = 28


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The authority's return of the day: its last four weeks up to the day before."""
    truth = arrivals.truth
    name = truth.places.names[AUTHORITY]
    last = arrivals.index(published)
    returned = counted(arrivals)
    rows = [
        f"{AUTHORITY},{name},{truth.dates[at].isoformat()},{METRIC},{returned[at]}"
        for at in range(max(0, last + 1 - COVERS_DAYS), last + 1)
    ]
    content = lines(["Area code,Area name,Date,Metric,Value", *rows])
    return [PublishedFile(f"{name.lower()}-return-{published.isoformat()}.csv", content)]


def counted(arrivals: Arrivals) -> Counts:
    """What the authority counts on each day, [day]: cases and repeated positives."""
    column = arrivals.truth.places.areas["area_id"].to_list().index(AUTHORITY)
    return np.asarray(arrivals.truth.cases[:, column] + arrivals.repeats[:, column])
