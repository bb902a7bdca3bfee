"""Which entries of the audit an address asks for: `person`, `exit`, `outcome`, `before`.

The days are `from` and `to`, as on every page.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dashboard.asked import Asked, unknown
from journal.reading import OUTCOMES, Wanted
from people.accounts import LONGEST_NAME

NAMES = ("person", "exit", "outcome", "before")
CALLED = {"before": "entry"}


@dataclass(frozen=True)
class Filters:
    """What is looked for beside the days; `before` is the entry from which on a page goes back."""

    person: str | None = None
    exit: str | None = None
    outcome: str | None = None
    before: int | None = None
    notes: tuple[str, ...] = ()

    def wanted(self, asked: Asked) -> Wanted:
        """The same with the days of the address."""
        outcome = next((name for name in OUTCOMES if name == self.outcome), None)
        return Wanted(self.person, self.exit, outcome, asked.start, asked.end)

    def address(self, asked: Asked, path: str, before: int | None = None) -> str:
        """An address that asks for the same, older than `before` where that is given."""
        days = {"from": asked.start, "to": asked.end}
        return asked.link(
            path,
            person=self.person,
            exit=self.exit,
            outcome=self.outcome,
            before=str(before) if before else None,
            **{name: day.isoformat() if day else None for name, day in days.items()},
        )


def split(query: Mapping[str, Any]) -> tuple[Filters, dict[str, Any]]:
    """The filters of a page's query, and the rest of it; nothing here raises."""
    given = {name: query[name] for name in NAMES if query.get(name)}
    right = {name: text for name, text in given.items() if _is_one(name, text)}
    notes = [
        unknown(CALLED.get(name, name), str(text))
        for name, text in given.items()
        if name not in right
    ]
    before = right.get("before")
    filters = Filters(
        right.get("person"),
        right.get("exit"),
        right.get("outcome"),
        int(before) if before else None,
        tuple(notes),
    )
    return filters, {name: value for name, value in query.items() if name not in NAMES}


def _is_one(name: str, text: Any) -> bool:
    """Whether a value can be what it is given for; a name that is given twice comes as a list."""
    if not isinstance(text, str) or len(text) > LONGEST_NAME or not text.isprintable():
        return False
    if name == "outcome":
        return text in OUTCOMES
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return name != "before" or is_number
