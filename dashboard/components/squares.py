"""What became of each day of a source, as squares with a letter and, for who hears them, words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from dash import html

from dashboard import words
from dashboard.components.attributes import aria

ARRIVED, LATE, REFUSED, HELD, WAITED, NOTHING = "A", "L", "F", "H", "W", "."
CLASSES = {
    ARRIVED: "arrived",
    LATE: "late",
    REFUSED: "failed",
    HELD: "held",
    WAITED: "waited",
    NOTHING: "idle",
}
MEANINGS = {
    ARRIVED: "a file published that day arrived",
    LATE: "late: due, and not there yet when a source published on a later day",
    REFUSED: "failed: the file was refused",
    HELD: "held: a breaker keeps the file out of the figures",
    WAITED: "waited for: due and nothing came that day, not counted as late (yet)",
    NOTHING: "nothing was due and nothing came",
}


class Square(NamedTuple):
    """The letter of a day, and the sentence behind it."""

    letter: str
    told: str


def square(found: Mapping[str, Any] | None) -> Square:
    """What became of a day; `found` is a row of `queries.sources.calendar`, None without one."""
    if found is None:
        return Square(NOTHING, "nothing due")
    due = f"due by {found['due_time']}"
    waited = f"{due}, nothing came" if found["is_over"] else f"{due} and not come yet"
    tests = (
        (found["held"], Square(HELD, f"{_files(found['held'])} held by a breaker")),
        (found["arrived"], Square(ARRIVED, f"{_files(found['arrived'])} arrived")),
        (found["refused"], Square(REFUSED, f"{_files(found['refused'])} refused")),
        (found["is_late"], Square(LATE, f"{due} and late")),
        (found["is_due"], Square(WAITED, waited)),
        (found["holiday_name"], Square(NOTHING, f"{found['holiday_name']}, nothing due")),
    )
    return next((one for is_so, one in tests if is_so), Square(NOTHING, "nothing due"))


def _files(count: int) -> str:
    return words.counted(count, "file", "files")


def drawn(one: Square, day: date) -> html.Span:
    """One square; what is seen is the letter, what is heard the day and the words."""
    said = f"{words.weekday(day)}: {one.told}"
    return html.Span(
        [
            html.Span(one.letter, **aria(hidden="true")),
            html.Span(said, className="unseen"),
        ],
        className=f"square {CLASSES[one.letter]}",
        title=said,
    )


def row(days: Iterable[date], found: Mapping[date, Mapping[str, Any]]) -> html.Ol:
    """The squares of some days in their order."""
    return html.Ol(
        [html.Li(drawn(square(found.get(day)), day)) for day in days], className="squares"
    )


def key() -> html.Ul:
    """What each letter means."""
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(letter, className=f"square {CLASSES[letter]}"),
                    html.Span(meaning),
                ]
            )
            for letter, meaning in MEANINGS.items()
        ],
        className="key squares-key",
    )
