"""What is said beside a value: `marks.csv` holds the mark, the flag and the codes of SDMX.

A row is for values that are settled, provisional or corrected, or for one reason why there is no
value; its last row is for a reason that the table does not name.
"""

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

MEANINGS = {
    "c": "hidden to protect privacy, or withheld under an agreement",
    "p": "provisional: still filling in",
    "r": "revised: a correction stands in for the published value",
    "x": "not available",
    "z": "does not apply or is not collected here",
}
OF_VALUES = ("settled", "provisional", "corrected")
OTHERWISE = "anything else"


class Mark(NamedTuple):
    """What stands beside a value, or where there is none; `why` is for people."""

    when: str
    mark: str
    flag: str
    obs_status: str
    conf_status: str
    why: str


@cache
def marks() -> dict[str, Mark]:
    """Every row by the case it is for."""
    rows = csv.DictReader(files("store.exporting").joinpath("marks.csv").read_text().splitlines())
    return {row["when"]: Mark(**row) for row in rows}


def said(column: str) -> str:
    """A column of `marks.csv` as SQL over value, missing_reason, is_provisional, is_corrected."""
    told = {when: _text(getattr(one, column)) for when, one in marks().items()}
    reasons = " ".join(
        f"when '{when}' then {text}"
        for when, text in told.items()
        if when not in {*OF_VALUES, OTHERWISE}
    )
    return (
        f"case when figures.value is null then case figures.missing_reason {reasons} "
        f"else {told[OTHERWISE]} end "
        f"when figures.is_provisional then {told['provisional']} "
        f"when figures.is_corrected then {told['corrected']} else {told['settled']} end"
    )


def _text(said: str) -> str:
    return f"'{said}'" if said else "null"
