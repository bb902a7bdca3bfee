"""Sentences written from the data: plain enough to be read out, claiming no more than it holds.

Two values are set side by side and their difference is named. Whether a difference is out of the
ordinary is not judged here, and no word suggests it; that is what `spoken.py` is for.
"""

from collections import Counter
from typing import Any

from dashboard import words
from store.agreements import WITHHELD_WORDS
from store.passport import HIDDEN

ADDS_UP_OVER_DAYS = {"cases", "deaths", "admissions", "tests"}


def fewer(total: float, before: float) -> str:
    """`612 more`, `12 fewer`, `the same number`."""
    if total == before:
        return "the same number"
    return f"{words.number(abs(total - before))} {'more' if total > before else 'fewer'}"


def against(total: float, before: float) -> str:
    """`612 more than`, `12 fewer than`, `as many as`."""
    return "as many as" if total == before else f"{fewer(total, before)} than"


def change(row: dict[str, Any]) -> tuple[str, str, str]:
    """A headline's change as arrow, words and whether it is worse, better or neither.

    `row` has value, value_before, event_date, grain, direction and decimals; the value before is
    that of the same weekday, or week, a week earlier.
    """
    value, before, grain = row["value"], row["value_before"], row["grain"]
    than = "the week before" if grain == "week" else f"the {row['event_date']:%A} before"
    if grain not in {"day", "week"} or value is None or before is None:
        return "", f"No value for {than} to compare with", "neither"
    difference = value - before
    if difference == 0:
        return "=", f"Same as {than}", "neither"
    told = f"{words.signed(difference, row['decimals'])} since {than}"
    arrow = "\u25b2" if difference > 0 else "\u25bc"
    return arrow, told, _judged(difference, row["direction"])


def _judged(difference: float, direction: str | None) -> str:
    if direction not in {"up_is_worse", "up_is_better"}:
        return "neither"
    return "worse" if (difference > 0) == (direction == "up_is_worse") else "better"


def disputes(disputed: int, explained: int, area_name: str) -> str:
    """How many figures of an area sources do not agree on."""
    place = words.place(area_name)
    if not disputed and not explained:
        return f"No two sources of one definition differ on any figure of {place}."
    parts = []
    if disputed:
        parts.append(f"{words.counted(disputed, 'figure', 'figures')} without an explanation")
    if explained:
        parts.append(f"{words.counted(explained, 'figure', 'figures')} for a recorded reason")
    return f"Sources of one definition differ in {place} on {words.joined(parts)}."


def sources(states: list[str]) -> str:
    """How many sources are current, late, refused or held, of those that bring files."""
    if not states:
        return "There is no source."
    others = _bring_nothing(states)
    count = len(states) - states.count("nothing") - states.count("ended")
    if not count:
        return f"None of {words.counted(len(states), 'source', 'sources')} is up to date: {others}."
    told = f"{states.count('current')} of {words.counted(count, 'source', 'sources')}"
    sentence = f"{told} {'is' if count == 1 else 'are'} up to date with the newest file"
    more = _in_trouble(states)
    about_others = f" Of all {len(states)} sources, {others}." if others else ""
    return (f"{sentence}; {words.joined(more)}." if more else f"{sentence}.") + about_others


def _in_trouble(states: list[str]) -> list[str]:
    late, refused, held = (states.count(name) for name in ("late", "refused", "held"))
    more = []
    if late:
        more.append(f"{late} {'is' if late == 1 else 'are'} late")
    if refused:
        more.append(f"the newest file of {refused} was refused")
    if held:
        more.append(f"a file of {held} is held")
    return more


def _bring_nothing(states: list[str]) -> str:
    ended, nothing = (states.count(name) for name in ("ended", "nothing"))
    told = []
    if ended:
        told.append(f"{ended} {'has' if ended == 1 else 'have'} ended")
    if nothing:
        told.append(f"{nothing} {'has' if nothing == 1 else 'have'} brought no file")
    return words.joined(told)


def trend(rows: list[dict[str, Any]], name: str, area_name: str, decimals: int | None) -> str:
    """A chart in one sentence, with its last value, for those who do not see it."""
    held = [row for row in rows if row["value"] is not None]
    if not held:
        return f"{name}, {area_name}: there is no value to draw."
    low, high = (pick(held, key=lambda row: row["value"]) for pick in (min, max))
    last = held[-1]
    filling = sum(bool(row["is_provisional"]) for row in rows)
    text = (
        f"{name}, {area_name}, {words.day(rows[0]['event_date'])} to "
        f"{words.day(rows[-1]['event_date'])}: "
        f"highest {words.number(high['value'], decimals)} on {words.day(high['event_date'])}, "
        f"lowest {words.number(low['value'], decimals)} on {words.day(low['event_date'])}, "
        f"last {words.number(last['value'], decimals)} on {words.day(last['event_date'])}."
    )
    if filling:
        dates = words.counted(filling, "date is", "dates are")
        text += (
            f" The last {dates} incomplete and will rise."
            if filling > 1
            else (" The last date is incomplete.")
        )
    return text + _hidden(rows)


def ranges_held(ranges: int, held: float | None) -> str:
    """How often the final value came to lie where it was expected, of days of the past."""
    if not ranges or held is None:
        return "No such range of the past can be checked yet."
    past = words.counted(ranges, "past range", "past ranges")
    return f"Of {past} at the same ages, {held:.0%} held the final value."


def _hidden(rows: list[dict[str, Any]]) -> str:
    found = Counter(row["missing_reason"] for row in rows)
    count = sum(found[reason] for reason in HIDDEN - {*WITHHELD_WORDS})
    told = f" {words.counted(count, 'date is', 'dates are')} hidden to protect privacy."
    return (told if count else "") + "".join(
        f" {words.counted(found[said], 'date is', 'dates are')} {said}."
        for said in WITHHELD_WORDS
        if found[said]
    )
