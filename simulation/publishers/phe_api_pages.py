"""The dashboard's page of hospital admissions, as its data service answered: JSON in an envelope.

England and its NHS regions by name; admissions of a day, their running total, and that total by
age. The pages of cases and deaths are left out.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence
from simulation.england import by_nhs_region
from simulation.places import ENGLAND, Counts
from simulation.publishers.published import PublishedFile
from simulation.workbooks import in_parts

CADENCE = Cadence(every=7, daily_for=7)

# The share of each age among the admitted, and its people in England.
AGES = {
    "0_to_5": (0.006, 4_050_000),
    "6_to_17": (0.006, 7_850_000),
    "18_to_64": (0.33, 33_840_000),
    "65_to_84": (0.43, 8_815_000),
    "85+": (0.228, 1_365_000),
}


def files(arrivals: Arrivals, published: date) -> list[PublishedFile]:
    """The answer of the day, `admissions_<day>.json`."""
    records = list(_records(arrivals, published))
    answer = {
        "data": records,
        "lastUpdate": f"{published.isoformat()}T15:30:00.000000Z",
        "length": len(records),
        "totalPages": 1,
    }
    name = f"admissions_{published.isoformat()}.json"
    return [PublishedFile(name, json.dumps(answer).encode())]


def _records(arrivals: Arrivals, published: date) -> Iterator[dict[str, Any]]:
    """One record a place and day, newest first."""
    truth = arrivals.truth
    last = arrivals.index(published)
    known = arrivals.admissions.known(last)[: last + 1]
    for codes, counts in reversed(by_nhs_region(truth.places, known)):
        for at, code in enumerate(codes):
            place = {
                "areaName": truth.places.names[code],
                "areaType": "nation" if code == ENGLAND else "nhsRegion",
            }
            days = list(zip(truth.dates[: last + 1], _admitted(counts[:, at]), strict=True))
            yield from ({**of_day, "date": str(day), **place} for day, of_day in reversed(days))


def _admitted(counts: Counts) -> Iterator[dict[str, Any]]:
    """What is said of each day; everybody's age is known, so the ages add up to the total."""
    shares = [share for share, _ in AGES.values()]
    by_age = np.zeros(len(AGES), dtype=np.int64)
    for today, total in zip(counts.tolist(), counts.cumsum().tolist(), strict=True):
        by_age += in_parts(today, shares)
        ages = [
            {"age": age, "value": value, "rate": round(value * 1e5 / people, 1)}
            for (age, (_, people)), value in zip(AGES.items(), by_age.tolist(), strict=True)
        ]
        yield {"newAdmissions": today, "cumAdmissions": total, "cumAdmissionsByAge": ages}
