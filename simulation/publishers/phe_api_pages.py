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
from simulation.places import ENGLAND, Counts
from simulation.publishers.published import PublishedFile

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
    """One record a place and day, England first and the newest day first."""
    truth = arrivals.truth
    last = arrivals.index(published)
    known = arrivals.admissions.known(last)[: last + 1]
    regions, counts = truth.places.summed(known, "nhs_region_id")
    by_age = _by_age(counts)
    by_place = {ENGLAND: by_age.sum(axis=1)}
    by_place |= {region: by_age[:, at] for at, region in enumerate(regions)}
    for code, admitted in by_place.items():
        place = {
            "areaName": truth.places.names[code],
            "areaType": "nation" if code == ENGLAND else "nhsRegion",
        }
        days = list(zip(truth.dates[: last + 1], _admitted(admitted), strict=True))
        yield from ({**of_day, "date": str(day), **place} for day, of_day in reversed(days))


def _by_age(counts: Counts) -> Counts:
    """[day, place] as [day, place, age] by fixed shares: whole people, and nobody is lost."""
    upto = np.cumsum([0.0, *(share for share, _ in AGES.values())])
    return np.asarray(np.diff(np.rint(counts[..., None] * upto), axis=-1), dtype=np.int64)


def _admitted(by_age: Counts) -> Iterator[dict[str, Any]]:
    """What is said of each day; everybody's age is known, so the ages add up to the total."""
    for today, so_far in zip(by_age, by_age.cumsum(axis=0), strict=True):
        ages = [
            {"age": age, "value": value, "rate": round(value * 1e5 / people, 1)}
            for (age, (_, people)), value in zip(AGES.items(), so_far.tolist(), strict=True)
        ]
        totals = {"newAdmissions": int(today.sum()), "cumAdmissions": int(so_far.sum())}
        yield {**totals, "cumAdmissionsByAge": ages}
