"""Numbers, dates and states in the words of the page: short, plain, exact."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from store.agreements import WITHHELD_WORDS
from store.disclosure.told import AS_PUBLISHED, CONTROLLED, EXACT, OWN_AREA
from store.passport import BASES, HIDDEN

MINUS = "\u2212"
MOST_DECIMALS = 6
AREA_TYPES = {
    "country": "Country",
    "nation": "Nation",
    "region": "Region",
    "nhs_region": "NHS region",
    "country_group": "Group of countries",
    "unitary": "Unitary authority",
    "metropolitan_county": "Metropolitan county",
    "independent_provider": "Independent provider",
    "utla": "Upper-tier authority",
    "ltla": "Lower-tier authority",
    "trust": "NHS trust",
    "hospital": "Hospital",
    "icb": "Integrated care board",
    "care_home": "Care home",
}
MISSING = {
    "suppressed_by_publisher": "hidden by the publisher to protect privacy",
    "suppressed": "hidden to protect privacy",
    "suppressed_by_us": "hidden to protect privacy",
    "not_reported": "not reported",
    "not_yet_reported": "not reported yet",
    "not_collected": "not collected here",
    "not_applicable": "does not apply here",
    "withdrawn": "withdrawn by the publisher",
    "awaiting_decision": "its sources disagree and nobody has signed a figure yet",
    "removed_by_opt_out": "removed by an opt-out",
    **{said: said for said in WITHHELD_WORDS},
}
KINDS = {
    "new": "first value",
    "late_return": "late return",
    "backfill": "filled in as expected",
    "correction": "correction",
    "de_duplication": "duplicates removed",
    "redefinition": "new definition",
    "reallocation": "moved between areas",
    "coverage": "coverage changed",
    "source_switch": "another source is used",
    "withdrawal": "withdrawn",
    "suppression": "hidden",
    "opt_out": "opt-out applied",
}


# What a file says where a page has a mark.
FLAGS = {
    "p": "provisional",
    "r": "revised",
    "c": "hidden",
    "x": "not available",
    "z": "not applicable",
    "": "",
}
SIGNIFICANT, FEWEST_DECIMALS, MOST_ZEROS = 8, 2, 20
WRONG = {
    "too_high": "The number is too high",
    "too_low": "The number is too low",
    "missing": "A number is missing",
    "counted_twice": "Somebody is counted twice",
    "other_place": "It belongs to another place",
    "other_day": "It belongs to another day",
    "other_definition": "It counts something else than it says",
    "something_else": "Something else is wrong",
}
PROBLEMS = {
    "reported": "Reported",
    "taken_up": "Being looked into",
    "accepted": "Accepted",
    "rejected": "Rejected",
    "corrected": "Corrected",
    "ended": "Correction ended",
}
ENDED = {
    "repaired": "the publisher says something else now",
    "expired": "its day came",
    "replaced": "another correction took its place",
    "overtaken": "a source that is preferred to its publisher says something new",
    "agreement_ended": "the agreement by which corrections are held has ended",
}


def number(value: float | None, decimals: int | None = 0) -> str:
    """`12,345` or `6.2`; the words `not available` where there is no value."""
    if value is None:
        return "not available"
    return f"{value:,.{decimals or 0}f}".replace("-", MINUS)


def reckoned(value: float) -> str:
    """A number that is no figure: eight digits from the first that is not 0, and all whole ones.

    `0.00000012`, `1,234.5678`; the grid of the workspace says it alike (`assets/workspace.js`).
    """
    size = abs(value)
    decimals = max(FEWEST_DECIMALS, SIGNIFICANT - 1 - math.floor(math.log10(size))) if size else 0
    if decimals > MOST_ZEROS:
        told = repr(float(f"{size:.{SIGNIFICANT}g}"))
    else:
        told = f"{size:,.{decimals}f}"
        told = told.rstrip("0").rstrip(".") if "." in told else told
    return f"{MINUS}{told}" if value < 0 else told


def signed(value: float, decimals: int | None = 0) -> str:
    """`+1,204`, `-612` or `0`, with a true minus sign."""
    text = number(abs(value), decimals)
    if float(text.replace(",", "")) == 0:
        return text
    return f"+{text}" if value > 0 else f"{MINUS}{text}"


def share(value: float, beside: float | None = None, *, in_column: bool = False) -> str:
    """`95%`, or `96.4%` where it is no whole number of per cent; `95.0%` in a column of them.

    A share that is not that `beside` it has as many decimals as it takes to read otherwise.
    """
    other = value if beside is None else beside
    told = (number(100 * value, decimals) for decimals in range(1, MOST_DECIMALS + 1))
    others = (number(100 * other, decimals) for decimals in range(1, MOST_DECIMALS + 1))
    apart = (text for text, same in zip(told, others, strict=True) if text != same)
    text = next(apart, number(100 * value, 1))
    return f"{text if in_column else text.removesuffix('.0')}%"


def day(value: date) -> str:
    """`5 August 2020`."""
    return f"{value.day} {value:%B %Y}"


def weekday(value: date) -> str:
    """`Wednesday 5 August 2020`."""
    return f"{value:%A} {day(value)}"


def moment(value: datetime | None) -> str:
    """`16:00 on 5 August 2020`; the date alone where only a date was stated (00:00)."""
    if value is None:
        return "at a time not recorded"
    if value.time() == time(0):
        return day(value)
    return f"{value:%H:%M} on {day(value)}"


def period(value: date, grain: str) -> str:
    """The day, or the week by its last day, that a figure is about."""
    if grain == "week":
        return f"week to {day(value)}"
    return weekday(value) if grain == "day" else day(value)


def joined(parts: Iterable[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    *head, last = list(parts) or [""]
    return f"{', '.join(head)} and {last}" if head else last


def counted(count: int, one: str, many: str) -> str:
    """`1 source`, `3 sources`, `no sources`."""
    return f"{count:,} {one if count == 1 else many}" if count else f"no {many}"


def inside(name: str) -> str:
    """A measure's name as it reads within a sentence."""
    return name if name[:2].isupper() else name[:1].lower() + name[1:]


def place(name: str) -> str:
    """An area's name as it reads within a sentence: `the North East`, `London`."""
    compass = ("North ", "South ", "East ", "West ", "United Kingdom")
    return f"the {name}" if name.startswith(compass) and _is_wide(name) else name


def _is_wide(name: str) -> bool:
    return name in {
        "North East",
        "North West",
        "East Midlands",
        "West Midlands",
        "East of England",
        "South East",
        "South West",
        "United Kingdom",
    }


def area_type(kind: str | None) -> str:
    """An area's kind in words."""
    return AREA_TYPES.get(kind or "", (kind or "Area").replace("_", " ").capitalize())


def kind(name: str) -> str:
    """Why a figure changed, in words."""
    return KINDS.get(name, name.replace("_", " "))


def missing(reason: str | None) -> str:
    """Why there is no value, in words; never `NULL`."""
    return MISSING.get(reason or "", (reason or "not available").replace("_", " "))


def disclosure(told: Mapping[str, str | None], missing_reason: str | None) -> str:
    """What stands between the number and the reader, as a sentence.

    `told` has disclosure_class, view and why, as `store.disclosure.told` gives them.
    """
    why = f": {told['why']}" if told["why"] else ""
    if missing_reason in HIDDEN:
        return sentence(f"{missing(missing_reason)}{why if told['view'] == CONTROLLED else ''}")
    if told["view"] == AS_PUBLISHED:
        return "Already public, so it is shown as published; nothing is hidden."
    if told["view"] == EXACT:
        return f"Not public: the exact number, shown because it is of {OWN_AREA}."
    rule = (told["disclosure_class"] or "none").replace("_", " ")
    return f"Not public: shown under the rule \u201c{rule}\u201d{why}."


def basis(name: str | None) -> str:
    """How the moment of publication is known, to stand behind it; empty where nobody noted it."""
    return f", {BASES[name]}" if name in BASES else ""


def sentence(text: str) -> str:
    """A line with a capital letter and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def status(state: str | None, sources: int | None) -> str:
    """What the sources say of each other, in a few words for a badge."""
    told = counted(sources or 0, "source", "sources")
    return {
        "single": "One source",
        "agreed": f"{told} agree",
        "within_tolerance": f"{told} close",
        "explained": "Difference explained",
        "disputed": "Sources disagree",
        "withheld": "Comparison withheld",
    }.get(state or "", "No value")


def status_sentence(state: str | None, sources: int | None, gap: str) -> str:
    """The same as one sentence for the passport; `gap` is already in words."""
    told = counted(sources or 0, "source", "sources").capitalize()
    return {
        "single": "One source reports this figure; nothing contradicts it.",
        "agreed": f"{told} report this figure and give the same value.",
        "within_tolerance": f"{told} report it; they differ by {gap}, which the rule tolerates.",
        "explained": f"{told} report it; they differ by {gap}, and a recorded event says why.",
        "disputed": f"{told} report it; they differ by {gap}, and nothing on record explains it.",
        "withheld": "How the sources compare is withheld under an agreement.",
    }.get(state or "", "No source gives a value for this figure.")


def mark(
    value: float | None,
    missing_reason: str | None,
    is_provisional: bool | None,
    is_corrected: bool | None = False,
) -> str:
    """The mark beside a value in a table and in a file: `p`, `r`, `c`, `z`, `x` or nothing."""
    if value is None:
        if missing_reason in HIDDEN:
            return "c"
        return "z" if missing_reason in {"not_applicable", "not_collected"} else "x"
    if is_provisional:
        return "p"
    return "r" if is_corrected else ""


def mark_of(row: Mapping[str, Any]) -> str:
    """The mark of a figure; what a row does not say of it does not hold."""
    named = ("missing_reason", "is_provisional", "is_corrected")
    return mark(row["value"], *(row.get(name) for name in named))
