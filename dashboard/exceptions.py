"""What a stand-up looks at first: figures ranked by the one rule that is written down.

`exception_rules.csv` says in which order, and in which words it says why a figure is here.
"""

import csv
from functools import cache
from pathlib import Path
from typing import Any

from dashboard import words
from dashboard.queries import disagreements
from dashboard.queries.special_causes import special_causes
from store.reader import Reader

RULES = Path(__file__).parent / "exception_rules.csv"
Row = dict[str, Any]


@cache
def rules() -> dict[str, Row]:
    """Each rule by its name: rank and the sentence that says why."""
    with RULES.open(newline="") as file:
        return {row["rule_id"]: row | {"rank": int(row["rank"])} for row in csv.DictReader(file)}


def ranked(reader: Reader, metric_ids: list[str], area_ids: list[str]) -> list[Row]:
    """One row a figure that needs to be looked at, worst first, with `why` in words.

    By the rank of its rule, then by how far it lies from what is usual or from the other source.
    """
    found = [
        row | {"severity": abs(row["distance"] or 0.0)}
        for row in special_causes(reader, metric_ids, area_ids).to_dicts()
    ]
    found += [
        row | {"rule_id": "disputed", "severity": abs(row["gap"] / (row["value"] or 1.0))}
        for row in disagreements.newest(reader, metric_ids, area_ids).to_dicts()
    ]
    found.sort(key=_order)
    return [row | {"why": _why(row)} for row in found]


def _order(row: Row) -> tuple[int, float, str]:
    return rules()[row["rule_id"]]["rank"], -row["severity"], row["figure_id"]


def _why(row: Row) -> str:
    way = "higher" if row.get("rises") else "lower"
    unit = "weeks" if row["grain"] == "week" else "days"
    numbers = {name: words.number(row.get(name), row["decimals"]) for name in ("low", "high")}
    mean = words.number(row.get("mean"), (row["decimals"] or 0) + 1)
    why = rules()[row["rule_id"]]["why"]
    told = why.format(points=row.get("points"), units=unit, way=way, mean=mean, **numbers)
    return words.sentence(told)
