"""What a page of the workspace sends to be asked: SQL, the values of its `$name`s, the moment."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from dashboard import asked
from dashboard.asked import Asked
from journal.queries import LONGEST_SQL, Text, Value
from store.errors import WrongUse
from store.sandbox import NAME, Question

RUN_ID = re.compile(r"[0-9a-f]{32}")
WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})")
BROKEN = re.compile(r"-?\d{1,300}\.\d{1,300}")
QUOTED = re.compile(r"'(.*)'", re.DOTALL)
LONGEST_VALUE, MOST_VALUES = 2000, 50
TRUTH = {"true": True, "false": False}


@dataclass(frozen=True)
class Wanted:
    """One question of the page: `run_id` is how the page names this run, to stop it.

    `opened` is the kept query that the page shows, where the text may be exactly that one's.
    """

    run_id: str
    text: Text
    asked: Asked
    opened: str | None = None
    is_plan: bool = False

    def question(self, release_id: str | None = None) -> Question:
        """The same for the confined engine, of a kept release where one is named."""
        release = release_id or self.asked.release
        return Question(self.text.sql, self.text.parameters, self.text.as_of, release)


def read(sent: Any) -> Wanted:
    """What the browser sent. Raises `WrongUse` in words for what no page of ours sends."""
    given = sent if isinstance(sent, dict) else {}
    sql, run_id = given.get("sql"), given.get("run")
    if not isinstance(sql, str) or not isinstance(run_id, str) or not RUN_ID.fullmatch(run_id):
        raise WrongUse("this is no query of the workspace; load the page again")
    if not sql.strip():
        raise WrongUse("there is nothing to run; write a query first")
    if len(sql) > LONGEST_SQL:
        raise WrongUse(f"a query has at most {LONGEST_SQL:,} characters")
    names = ("as_of", "release", "replay", "query")
    request = asked.read({name: given.get(name) for name in names})
    if request.notes:
        raise WrongUse(" ".join(request.notes))
    text = Text(sql, parameters(given.get("parameters")), request.as_of)
    return Wanted(run_id, text, request, request.query, given.get("plan") is True)


def parameters(sent: Any) -> dict[str, Value]:
    """The values of `$name`s as they are typed. Raises `WrongUse` for what is no text."""
    given: Mapping[Any, Any] = sent if isinstance(sent, dict) else {}
    if len(given) > MOST_VALUES:
        raise WrongUse(f"a query takes at most {MOST_VALUES} values")
    for name, value in given.items():
        if not isinstance(value, str) or len(value) > LONGEST_VALUE or not re.fullmatch(NAME, name):
            raise WrongUse(f"${str(name)[:40]} has no value that can be read")
        if not value.strip():
            raise WrongUse(f"${name} has no value; write one, or '' for an empty text")
    return {name: typed(value) for name, value in given.items()}


def typed(text: str) -> Value:
    """A number, a date, a time, true or false where the text is written as one; in quotes, text."""
    text = text.strip()
    quoted = QUOTED.fullmatch(text)
    if quoted:
        return quoted[1]
    if text.lower() in TRUTH:
        return TRUTH[text.lower()]
    if WHOLE.fullmatch(text):
        return int(text)
    return float(text) if BROKEN.fullmatch(text) else _moment(text)


def written(value: Value) -> str:
    """A value as somebody would type it, so that it reads the same again."""
    if isinstance(value, str):
        return value if typed(value) == value else f"'{value}'"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        told = f"{Decimal(repr(value)):f}"  # 1e-07 would read as a text
        return told if "." in told else f"{told}.0"
    return value.isoformat() if isinstance(value, date) else str(value)


def _moment(text: str) -> Value:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text) if "-" in text else text
        except ValueError:
            continue
    return text
