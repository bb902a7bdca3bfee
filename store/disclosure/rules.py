"""The named rules, as `rules.toml` beside this file says them."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.errors import WrongUse

RULES = Path(__file__).with_name("rules.toml")
FORMS = ("daily", "rolling", "cumulative")


@dataclass(frozen=True)
class Rule:
    """What may be shown of a count.

    Counts from `hide_from` to `hide_to` are hidden, 0 is shown, others are rounded to the nearest
    `round_to`, each on its own. Only `time_forms` are shown. A rule that is not `is_treated` shows
    everything as it is.
    """

    name: str
    says: str
    agreed_by: str
    is_treated: bool
    hide_from: int = 1
    hide_to: int = 7
    round_to: int = 5
    time_forms: tuple[str, ...] = FORMS

    def __post_init__(self) -> None:
        """Raise `WrongUse` for a rule that nobody could carry out."""
        if not 1 <= self.hide_from <= self.hide_to or self.round_to < 1:
            raise WrongUse(
                f"disclosure rule {self.name} hides {self.hide_from} to {self.hide_to} and rounds "
                f"to {self.round_to}; hide from 1 or more upwards"
            )
        if not self.time_forms or not set(self.time_forms) <= set(FORMS):
            raise WrongUse(f"disclosure rule {self.name} names time forms other than {FORMS}")

    @property
    def hidden_words(self) -> str:
        """What stands in place of a hidden count."""
        return f"{self.hide_from} to {self.hide_to}"

    @property
    def merged_words(self) -> str:
        """What stands in place of a count that may be hidden or 0."""
        return f"0 to {self.hide_to}"


def read_rules(path: Path = RULES) -> dict[str, Rule]:
    """Every rule by name. Raises `WrongUse` when one cannot be carried out."""
    return {name: _rule(name, told) for name, told in tomllib.loads(path.read_text()).items()}


def _rule(name: str, told: dict[str, Any]) -> Rule:
    forms = tuple(told.pop("time_forms", FORMS))
    try:
        return Rule(name=name, time_forms=forms, **told)
    except TypeError as error:
        raise WrongUse(f"disclosure rule {name} cannot be read: {error}") from error
