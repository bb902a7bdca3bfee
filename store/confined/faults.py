"""What the engine says of a question that it cannot answer, in plain words and with the line."""

import json
import re
from typing import Any

import duckdb

from store.confined.grammar import NotAQuestion, in_words, line_of

TOO_MUCH_MEMORY = (
    "The answer needs more memory than one question may use; ask for fewer rows or columns, or "
    "add up earlier."
)

# These speak of the text of a question; every other fault may quote a value that it met.
OF_THE_TEXT = {"binder", "catalog", "parser", "syntax"}
BY_KIND = {
    "conversion": "a value cannot be converted to the type that is asked for; try_cast leaves it "
    "empty instead.",
    "out of range": "a number is too large for its type; cast it to a larger type before.",
    "invalid input": "a function was given a value that it does not take.",
}
MORE_THAN_ONE = "More than one row returned by a subquery used as an expression"


def refusal(fault: BaseException, sql: str, offset: int = 0) -> NotAQuestion:
    """The refusal that stands for a fault; `offset` is how many bytes were put before `sql`."""
    if isinstance(fault, MemoryError | duckdb.OutOfMemoryException):
        return NotAQuestion("memory", TOO_MUCH_MEMORY)
    told = _told(fault)
    kind = str(told.get("exception_type", "engine")).lower()
    if kind == "out of memory":
        return NotAQuestion("memory", TOO_MUCH_MEMORY)
    said = _in_words(told) if kind in OF_THE_TEXT else _without_values(told, kind)
    place = told.get("position")
    if place is None:
        return NotAQuestion(kind, said[:1].upper() + said[1:])
    line = line_of(sql.encode(), max(0, int(place) - offset))
    return NotAQuestion(kind, f"Line {line}: {said}", line)


def _told(fault: BaseException) -> dict[str, Any]:
    """The engine's own record of a fault; it follows the kind of fault in its text."""
    text = str(fault)
    start = text.find("{")
    try:
        found = json.loads(text[start:]) if start >= 0 else None
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    plain = re.match(r"(?:(?P<kind>[A-Z][A-Za-z ]+) Error: )?(?P<said>.*)", text.strip(), re.DOTALL)
    kind, said = (plain["kind"], plain["said"]) if plain else (None, "")
    return {
        "exception_type": kind or "engine",
        "exception_message": said or "The engine could not answer.",
    }


def _in_words(told: dict[str, Any]) -> str:
    message = str(told.get("exception_message", ""))
    name, near = told.get("name"), _candidates(told)
    if told.get("error_subtype") == "COLUMN_NOT_FOUND" and name:
        return f"there is no column “{name}”{near}."
    if told.get("error_subtype") == "MISSING_ENTRY" and name:
        kind = str(told.get("type", "name")).lower()
        return f"there is no {kind.removeprefix('scalar ')} “{name}”."
    first = in_words(message) if message else "the engine could not answer."
    return first if first.endswith((".", "!", "?")) else f"{first}."


def _without_values(told: dict[str, Any], kind: str) -> str:
    """The class of a fault that came up on the way: its own sentence is as good as an answer."""
    if str(told.get("exception_message", "")).startswith(MORE_THAN_ONE):
        return "a question in brackets gave more than one row where one value is wanted."
    return BY_KIND.get(kind, f"the engine could not answer ({kind}).")


def _candidates(told: dict[str, Any]) -> str:
    """Up to three names that come near."""
    listed = re.split(r",\s*", str(told.get("candidates", "")))
    named = [f"“{name.strip(chr(34))}”" for name in listed if name][:3]
    return f"; near it are {', '.join(named)}" if named else ""
