"""What an address of the API takes: each parameter's form, once for reading and for describing it.

Whatever has another form, is given twice or is not known here is refused by name.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from flask import request

from api.faults import Problem
from api.limits import limits
from people.tokens import FORM
from store.errors import WrongUse
from store.moments import now, parse_moment

CODE = r"^[A-Z0-9]{3,12}$"
NAME = r"^[a-z][a-z0-9_]{1,79}$"
STRATUM = r"^[A-Za-z0-9_-]{1,80}$"
FIGURE = r"^[A-Za-z0-9_.\-]{5,200}$"
RELEASE = r"^[0-9]{8}-[0-9]{6}-[0-9]{3}$"
CURSOR = r"^[A-Za-z0-9_-]{1,1000}$"
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
MOMENT = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"
)
# Names under which a token might be put into an address, where it would be written to logs.
TOKEN_NAMES = {"token", "access_token", "api_key", "apikey", "key", "authorization", "bearer"}
IN_ADDRESS = (
    "A token was put where others can read it: into the address, or into what is asked. End that "
    "token on your record, make another, and send it in the header Authorization alone."
)
NOT_YET = "That moment has not come yet."
PURPOSE = "X-Trigpoint-Purpose"
FORMATS = ("json", "csv", "arrow", "parquet")


@dataclass(frozen=True)
class Parameter:
    """One parameter of an address: `read` makes a value of its text or raises `ValueError`."""

    name: str
    meaning: str
    schema: Mapping[str, Any]
    read: Callable[[str], Any] = str
    is_many: bool = False

    def described(self) -> dict[str, Any]:
        """The parameter as OpenAPI."""
        schema = dict(self.schema)
        if self.is_many:
            schema = {"type": "array", "items": schema, "maxItems": limits().most_names}
        return {
            "name": self.name,
            "in": "query",
            "required": False,
            "description": self.meaning,
            "schema": schema,
        }


def _matching(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": pattern}


def _day(text: str) -> date:
    if not re.fullmatch(DAY, text):
        raise ValueError
    return date.fromisoformat(text)


def moment(text: str) -> datetime:
    """A moment as the API takes it. Raises `ValueError` for any other form."""
    if not re.fullmatch(MOMENT, text):
        raise ValueError
    try:
        return parse_moment(text)
    except WrongUse as fault:
        raise ValueError(str(fault)) from None


def past(text: str) -> datetime | None:
    """A moment to look from, as the pages take it: one that is still to come today means now.

    Raises `ValueError` for any other form and a problem for a later day.
    """
    found, present = moment(text), now()
    if found <= present:
        return found
    if found.date() > present.date():
        raise Problem(400, NOT_YET)
    return None


def _limit(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= limits().most_rows:
        raise ValueError
    return int(text)


METRIC = Parameter("metric", "The measure; more than one may be named.", _matching(NAME), str, True)
AREA = Parameter("area", "The area; more than one may be named.", _matching(CODE), str, True)
STRATUM_ID = Parameter(
    "stratum", "The group of people; all is everyone.", _matching(STRATUM), str, True
)
FROM = Parameter("from", "The first day.", _matching(DAY) | {"format": "date"}, _day)
TO = Parameter("to", "The last day.", _matching(DAY) | {"format": "date"}, _day)
AS_OF = Parameter(
    "as_of",
    "What was known then: a day means its end, a time without an offset is UTC.",
    _matching(MOMENT),
    past,
)
RELEASE_ID = Parameter(
    "release", "A release that is kept; else the current one.", _matching(RELEASE)
)
LIMIT = Parameter(
    "limit",
    "The most rows of a page.",
    {
        "type": "integer",
        "minimum": 1,
        "maximum": limits().most_rows,
        "default": limits().usual_rows,
    },
    _limit,
)
CURSOR_AT = Parameter(
    "cursor", "Where to go on, as the Link of the page before says.", _matching(CURSOR)
)
FORMAT = Parameter(
    "format",
    "The form of the answer, in place of the header Accept.",
    {"type": "string", "enum": list(FORMATS)},
)
PAGED = (LIMIT, CURSOR_AT, FORMAT)
MOMENTS = (AS_OF, RELEASE_ID)
# What each resource can be asked for.
TAKEN: dict[str, tuple[Parameter, ...]] = {
    "metrics": (*MOMENTS, *PAGED),
    "areas": (*MOMENTS, *PAGED),
    "figures": (METRIC, AREA, STRATUM_ID, FROM, TO, *MOMENTS, *PAGED),
    "claims": (METRIC, AREA, STRATUM_ID, FROM, TO, *MOMENTS, *PAGED),
    "releases": PAGED,
    "one": MOMENTS,
    "nothing": (),
    "sql": (FORMAT,),
}


@dataclass(frozen=True)
class Wanted:
    """What one request asks for, read and in the right form."""

    filters: Mapping[str, Any] = field(default_factory=dict)
    as_of: datetime | None = None
    release_id: str | None = None
    limit: int = 0
    cursor: str | None = None
    format: str | None = None


def require_no_token() -> None:
    """Raises a problem where a token stands in an address or a purpose; it is kept nowhere."""
    if any(name.lower() in TOKEN_NAMES for name in request.args):
        raise Problem(400, IN_ADDRESS)
    given = [text for pair in request.args.items(multi=True) for text in pair]
    require_no_token_in([request.path, *given, request.headers.get(PURPOSE, "")])


def require_no_token_in(told: Iterable[str]) -> None:
    """Raises a problem where a token stands in what is put on the audit."""
    if any(FORM.search(text) for text in told):
        raise Problem(400, IN_ADDRESS)


def read(taken: Sequence[Parameter]) -> Wanted:
    """What the address asks for. Raises a problem that names what is wrong with it."""
    known = {parameter.name: parameter for parameter in taken}
    for name in request.args:
        if name not in known:
            raise Problem(
                400, f"There is no parameter “{name[:40]}” here; there are {_listed(known)}."
            )
    values = {name: _values(known[name]) for name in request.args}
    return Wanted(
        {
            name: values[name]
            for name in ("metric", "area", "stratum", "from", "to")
            if name in values
        },
        values.get("as_of"),
        values.get("release"),
        values.get("limit", limits().usual_rows),
        values.get("cursor"),
        values.get("format"),
    )


def _values(parameter: Parameter) -> Any:
    given = request.args.getlist(parameter.name)
    if len(given) > (limits().most_names if parameter.is_many else 1):
        raise Problem(400, f"“{parameter.name}” is given {len(given)} times, which is too often.")
    found = [_value(parameter, text) for text in given]
    return found if parameter.is_many else found[0]


def _value(parameter: Parameter, text: str) -> Any:
    pattern, choices = parameter.schema.get("pattern"), parameter.schema.get("enum")
    try:
        if (pattern and not re.fullmatch(pattern, text)) or (choices and text not in choices):
            raise ValueError
        return parameter.read(text)
    except ValueError:
        raise Problem(
            400, f"“{parameter.name}” cannot be “{text[:60]}”. {parameter.meaning}"
        ) from None


def _listed(known: Mapping[str, Parameter]) -> str:
    return ", ".join(known) or "none"
