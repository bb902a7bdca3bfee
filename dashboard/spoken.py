"""One to three sentences on an area, to be read aloud: what is unusual, what is in doubt or late.

Something rose or fell here only where a rule of `queries/special_causes.py` says so; days that are
still filling in are never judged. Every clause holds the figure, or the page, that it speaks of.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard import words

MOST_CLAUSES = 3
# What cannot be judged is of small counts as often as it is new.
TOO_LITTLE = "too few people or too short a history"
PROBLEMS = ("/sources", "problems")
Row = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A figure within a sentence; `about` names its measure, area and date out of its place."""

    row: Row
    about: str


@dataclass(frozen=True)
class Way:
    """Words within a sentence that lead to the page on which it is told in full."""

    text: str
    path: str
    view: str | None = None


Part = str | Shown | Way
Sentence = list[Part]


@dataclass(frozen=True)
class Known:
    """What the sentences are made of, for one area.

    `heads` are the headline figures; `judged` those that can be judged, with the rule that each
    breaks; `disputes` where sources lie apart, `sources` the state of each source and `held`
    the files that a breaker keeps out.
    """

    area_name: str
    heads: Sequence[Row]
    judged: Sequence[Row]
    disputes: Sequence[Row]
    disputed: int
    sources: Sequence[Row]
    held: Sequence[Row]


def sentences(known: Known) -> list[Sentence]:
    """The sentences, in the order in which they are read; none where there is no headline."""
    if not known.heads:
        return []
    return [told for told in (_changes(known), _doubts(known), _arrivals(known)) if told]


def plain(sentence: Sentence) -> str:
    """A sentence as text."""
    return "".join(part if isinstance(part, str) else shown(part) for part in sentence)


def shown(part: Shown | Way) -> str:
    """What is read of a figure, or of a way to a page."""
    if isinstance(part, Way):
        return part.text
    return words.number(part.row["value"], part.row["decimals"])


def _changes(known: Known) -> Sentence:
    """What rose and fell beyond its ordinary variation, in the order of the headlines."""
    by_figure = {row["figure_id"]: row for row in known.judged}
    judged = [
        by_figure[head["figure_id"]] for head in known.heads if head["figure_id"] in by_figure
    ]
    causes = [row for row in judged if row["rule_id"]]
    place = words.place(known.area_name)
    if not judged:
        return [f"The headline figures of {place} have {TOO_LITTLE} to say what is unusual."]
    if not causes:
        return [f"{_nothing(len(judged), len(known.heads), place)}."]
    clauses = [_cause(row) for row in causes[:MOST_CLAUSES]]
    return [f"In {place}, ", *_listed(clauses), f"{_others(len(causes), len(judged))}."]


def _nothing(judged: int, heads: int, place: str) -> str:
    if judged == heads == 1:
        return f"The headline figure of {place} is within its ordinary variation"
    if judged == heads:
        return f"All {heads} headline figures of {place} are within their ordinary variation"
    lies = "is within its" if judged == 1 else "are within their"
    others = "the other has" if heads - judged == 1 else "the others have"
    return (
        f"Of {heads} headline figures of {place} {judged} can be judged and {lies} ordinary "
        f"variation; {others} {TOO_LITTLE}"
    )


def _others(causes: int, judged: int) -> str:
    """What is to be said of the figures that have no clause of their own."""
    more, ordinary = max(causes - MOST_CLAUSES, 0), judged - causes
    told = []
    if more:
        told.append(f"{more} more {'is' if more == 1 else 'are'} out of the ordinary")
    if ordinary:
        told.append(f"{ordinary} {'other is' if ordinary == 1 else 'others are'} as usual")
    return f"; {words.joined(told)}" if told else ""


def _cause(row: Row) -> Sentence:
    """What one figure did, as far as the rule that it breaks supports it."""
    before, after = RULES[row["rule_id"]](row)
    name = words.inside(row["metric_name"])
    return [f"{name} {before} ", Shown(row, _about(row)), f" {_on(row)}{after}"]


def _about(row: Row) -> str:
    when = words.period(row["event_date"], row["grain"])
    return f"{row['metric_name']}, {row['area_name']}, {when}"


def _on(row: Row) -> str:
    day = words.day(row["event_date"])
    return f"in the week to {day}" if row["grain"] == "week" else f"on {day}"


def _outside(row: Row) -> tuple[str, str]:
    low, high = (words.number(row[end], row["decimals"]) for end in ("low", "high"))
    side = "above" if row["is_high"] else "below"
    return _moved(row), f", {side} the usual {low if low == high else f'{low} to {high}'}"


def _no_longer_same(row: Row) -> tuple[str, str]:
    """Where all before was the same there is no usual range to name."""
    before = words.number(row["value_before"], row["decimals"])
    return _moved(row), f", after {before} throughout the {row['points']} {_units(row)} before"


def _moved(row: Row) -> str:
    """Above the limits is not risen where the day before was higher still."""
    before, value, is_high = row["value_before"], row["value"], row["is_high"]
    if before is not None and (value > before if is_high else value < before):
        return "rose to" if is_high else "fell to"
    return f"stayed {'high' if is_high else 'low'} at"


def _near(row: Row) -> tuple[str, str]:
    """The newest is one of the two, so that it stands where the words say."""
    stood, end = ("high", "top") if row["is_high"] else ("low", "bottom")
    return (
        f"stood {stood} at",
        f", with two of the last three {_units(row)} near the {end} of what is usual",
    )


def _one_side(row: Row) -> tuple[str, str]:
    side = "above" if row["is_high"] else "below"
    mean = words.number(row["mean"], (row["decimals"] or 0) + 1)
    return f"stayed {side} the usual {mean} for seven {_units(row)} in a row, at", ""


def _one_way(row: Row) -> tuple[str, str]:
    return (
        f"{'rose' if row['is_high'] else 'fell'} without a break over seven {_units(row)}, to",
        "",
    )


RULES = {
    "outside_limits": _outside,
    "no_longer_same": _no_longer_same,
    "near_limit": _near,
    "seven_one_side": _one_side,
    "seven_one_way": _one_way,
}


def _units(row: Row) -> str:
    return "weeks" if row["grain"] == "week" else "days"


def _doubts(known: Known) -> Sentence:
    """What sources do not agree on, and what may not be shown."""
    clauses = [_disputed(known)] if known.disputed else []
    hidden = [row for row in known.heads if row["value"] is None]
    clauses += [_unseen(row) for row in hidden[:MOST_CLAUSES]]
    if not clauses:
        return []
    return _begun([*_listed(clauses), "."])


def _disputed(known: Known) -> Sentence:
    count = words.counted(known.disputed, "figure", "figures")
    told: Sentence = [f"sources disagree without an explanation on {count}"]
    apart = [row for row in known.disputes if row["status"] == "disputed"]
    if not apart:
        return told
    widest = max(apart, key=lambda row: abs(row["other_value"] - row["value"]))
    other = words.number(widest["other_value"], widest["decimals"])
    used = Shown(widest, _about(widest | {"area_name": known.area_name}))
    name = words.inside(widest["metric_name"])
    place = ", most of all on" if known.disputed > 1 else ":"
    return [*told, f"{place} {name} {_on(widest)}, with ", used, f" used and {other} set aside"]


def _unseen(row: Row) -> Sentence:
    """A headline without a value that may be shown, and why."""
    name, why = words.inside(row["metric_name"]), words.missing(row["missing_reason"])
    return [f"no value of {name} may be shown ({why})"]


def _arrivals(known: Known) -> Sentence:
    """Which sources are late or refused, and which files are held."""
    states = [row["state"] for row in known.sources]
    late, refused = states.count("late"), states.count("refused")
    bring = len(states) - states.count("nothing") - states.count("ended")
    if not bring:
        return []
    clauses = [
        *([_late(late, bring)] if late else []),
        *([_refused(refused)] if refused else []),
        *([_held(known.held)] if known.held else []),
    ]
    if not clauses:
        return ["No source is late and no file is held."]
    kept = ", so the last good figures stay" if refused or known.held else ""
    return _begun([*_listed(clauses), f"{kept}."])


def _late(late: int, bring: int) -> Sentence:
    verb = "is" if late == 1 else "are"
    sources = words.counted(bring, "source", "sources")
    return [Way(f"{late} of {sources} {verb} late", *PROBLEMS)]


def _refused(refused: int) -> Sentence:
    told = f"the newest file of {words.counted(refused, 'source', 'sources')} was refused"
    return [Way(told, *PROBLEMS)]


def _held(held: Sequence[Row]) -> Sentence:
    if len(held) > 1:
        return [Way(f"{len(held)} files are held", *PROBLEMS)]
    (file,) = held
    title = file["title"] or file["source_id"]
    return [Way(f"a file of \u201c{title}\u201d is held", f"/sources/{file['source_id']}")]


def _listed(clauses: Sequence[Sentence]) -> Sentence:
    """Clauses side by side: `a`, `a, and b`, `a; b; and c`."""
    *head, last = clauses
    if not head:
        return last
    between = "; " if len(head) > 1 else ", "
    listed: Sentence = []
    for clause in head:
        listed += [*clause, between]
    return [*listed[:-1], f"{between}and ", *last]


def _begun(sentence: Sentence) -> Sentence:
    """With a capital letter."""
    first, *others = sentence
    if isinstance(first, Way):
        return [replace(first, text=_capital(first.text)), *others]
    return [_capital(first) if isinstance(first, str) else first, *others]


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
