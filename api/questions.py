"""Questions in SQL: read from a body, answered by the confined engine, told with their limits."""

import re
import uuid
from datetime import datetime
from typing import Any

import polars as pl
from flask import Response, request

from api import answers, formats
from api.answers import file_name
from api.document import QUESTION
from api.faults import Problem
from api.formats import FORMS
from api.gate import Call
from api.parameters import MOMENT, RELEASE, Wanted, past
from api.said import Said
from people.places import place
from store.moments import written
from store.sandbox import NAME, NAME_IN_WORDS, Answer, Question, ask

Value = str | int | float | bool | None
LONGEST = QUESTION["properties"]["sql"]["maxLength"]
NO_JSON = "Send the question as a JSON object, with the header Content-Type: application/json."


def answered(call: Call, wanted: Wanted) -> Response:
    """The answer to the question in the body, in the form that was chosen.

    Raises what `store.sandbox.ask` does, and a problem for a body that is no question, and where
    there is more than may be given: JSON says so among its rows, a file could not.
    """
    form, question = formats.chosen(wanted.format), _question(call.said)
    person = call.bearer.person.subject
    with place(person):
        found = ask(call.home, call.viewer, person, question, uuid.uuid4().hex)
    if found.is_cut and form != "json":
        raise Problem(413, found.too_large)
    call.tally.rows = found.table.num_rows
    answer = _told(found, form)
    answer.headers["X-Trigpoint-Cut"] = "true" if found.is_cut else "false"
    answer.headers["Cache-Control"] = "private, no-store"
    return answers.with_place(answer, found.release_id, found.as_of)


def _told(found: Answer, form: str) -> Response:
    table = pl.DataFrame(found.table)
    if form != "json":
        named = file_name("sql", found.release_id, found.as_of, FORMS[form].ending)
        return answers.rows_as(form, table, named)
    head = {
        "release_id": found.release_id,
        "as_of": written(found.as_of) if found.as_of else None,
        "is_cut": found.is_cut,
        "seconds": found.seconds,
    }
    return answers.rows_as_json(head, table)


def _question(body: Said) -> Question:
    """The body as a question. Raises a problem that says which part of it is wrong."""
    if not request.is_json:
        raise Problem(415, NO_JSON)
    if body is None:
        raise Problem(400, NO_JSON)
    unknown = {*body} - {*QUESTION["properties"]}
    if unknown:
        raise Problem(
            400, f"There is no “{min(unknown)[:40]}” in a question; there are {_parts()}."
        )
    return Question(
        _sql(body.get("sql")),
        _parameters(body.get("parameters", {})),
        _as_of(body.get("as_of")),
        _release(body.get("release")),
    )


def _sql(given: Any) -> str:
    if not isinstance(given, str) or not given:
        raise Problem(400, "“sql” has to be a text with one select statement.")
    if len(given) > LONGEST:
        raise Problem(422, f"“sql” has {len(given):,} characters; {LONGEST:,} are the most.")
    return _plain("sql", given)


def _parameters(given: Any) -> dict[str, Value]:
    if (
        not isinstance(given, dict)
        or len(given) > QUESTION["properties"]["parameters"]["maxProperties"]
    ):
        raise Problem(400, "“parameters” has to be an object with a value for each $name.")
    for name, value in given.items():
        if not re.fullmatch(NAME, name):
            raise Problem(400, f"“{name[:40]}” can name no parameter: {NAME_IN_WORDS}.")
        if not isinstance(value, Value):
            raise Problem(400, f"“{name}” has to be a text, a number, true, false or null.")
        if isinstance(value, str):
            _plain(name, value)
    return given


def _plain(name: str, text: str) -> str:
    """JSON also carries halves of characters, which nobody can write down."""
    if "\x00" in text or any("\ud800" <= one <= "\udfff" for one in text):
        raise Problem(400, f"“{name}” holds what is no character.")
    return text


def _as_of(given: Any) -> datetime | None:
    if given is None:
        return None
    try:
        if not isinstance(given, str) or not re.fullmatch(MOMENT, given):
            raise ValueError
        return past(given)
    except ValueError:
        raise Problem(400, "“as_of” has to be a day as 2020-07-01 or a time.") from None


def _release(given: Any) -> str | None:
    if given is None:
        return None
    if not isinstance(given, str) or not re.fullmatch(RELEASE, given):
        raise Problem(400, "“release” has to be the id of a release.")
    return given


def _parts() -> str:
    return ", ".join(QUESTION["properties"])
