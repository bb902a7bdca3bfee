"""What a stand-up looks at first: figures and sources ranked by the one rule that is written down.

`exception_rules.csv` says in which order, and in which words it says why something is here.
"""

import csv
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from dashboard import words
from dashboard.limits import limits
from dashboard.queries import capacity, disagreements, sources
from dashboard.queries.special_causes import special_causes
from store.reader import Reader

RULES = Path(__file__).parent / "exception_rules.csv"
Row = dict[str, Any]


@cache
def rules() -> dict[str, Row]:
    """Each rule by its name: rank and the sentence that says why."""
    with RULES.open(newline="") as file:
        return {row["rule_id"]: row | {"rank": int(row["rank"])} for row in csv.DictReader(file)}


def ranked(reader: Reader, metric_ids: list[str], area_ids: list[str], place: str) -> list[Row]:
    """One row a figure or source that needs to be looked at, worst first, with `why` in words.

    By the rank of its rule, then by how far it lies from what is usual, from the other source or
    above its limit. Trusts are those around `place`. A row of a source has no `figure_id`.
    """
    found = [*_full(reader, place), *_disputed(reader, metric_ids, area_ids), *_sources(reader)]
    found += [
        row | {"severity": _unusual(row), "told": _variation(row)}
        for row in special_causes(reader, metric_ids, area_ids).to_dicts()
    ]
    found.sort(key=_order)
    return [row | {"why": _why(row)} for row in found]


def _order(row: Row) -> tuple[int, float, str]:
    name = row.get("figure_id") or row["source_id"]
    return rules()[row["rule_id"]]["rank"], -row["severity"], name


def _why(row: Row) -> str:
    return words.sentence(rules()[row["rule_id"]]["why"].format(**row["told"]))


def _full(reader: Reader, place: str) -> Iterator[Row]:
    """Trusts that were above a limit for as many days as it allows."""
    for limit in limits():
        for row in capacity.pressure(reader, limit, place).to_dicts():
            if row["days_above"] >= limit.days:
                told = {
                    "share": words.share(row["share"], limit.above),
                    "of": limit.of,
                    "limit": words.share(limit.above, row["share"]),
                    "days": capacity.days_in_words(row["days_above"]),
                }
                over = row["share"] - limit.above
                yield row | {"rule_id": "above_limit", "severity": over, "told": told}


def _disputed(reader: Reader, metric_ids: list[str], area_ids: list[str]) -> Iterator[Row]:
    for row in disagreements.newest(reader, metric_ids, area_ids).to_dicts():
        apart = abs(row["gap"] / (row["value"] or 1.0))
        yield row | {"rule_id": "disputed", "severity": apart, "told": {}}


def _sources(reader: Reader) -> Iterator[Row]:
    """Sources with a problem; what they feed stands on what came before."""
    for row in sources.states(reader).to_dicts():
        if row["state"] in sources.PROBLEMS:
            told = {
                "files": words.counted(row["held"], "file is", "files are"),
                "due": f"due {row['due']}, " if row["due"] else "",
                "newest": _newest(row),
                "stands": "figures stand on what came before"
                if row["published_at"]
                else "there is no figure of it yet",
            }
            rule = f"source_{row['state']}"
            yield row | {"rule_id": rule, "severity": float(row["held"]), "told": told}


def _newest(row: Row) -> str:
    moment = row["published_at"]
    return f"newest file of {words.moment(moment)}" if moment else "it has brought no file"


def _unusual(row: Row) -> float:
    """In distances to the limit; in parts of the mean where all before was the same."""
    distance = row["distance"]
    return float(abs((row["value"] - row["mean"]) / row["mean"] if distance is None else distance))


def _variation(row: Row) -> Row:
    """What the sentences of special causes are made of."""
    ends = {name: words.number(row[name], row["decimals"]) for name in ("low", "high")}
    return ends | {
        "value_before": words.number(row["value_before"], row["decimals"]),
        "points": row["points"],
        "units": "weeks" if row["grain"] == "week" else "days",
        "way": "higher" if row["rises"] else "lower",
        "mean": words.number(row["mean"], (row["decimals"] or 0) + 1),
    }
