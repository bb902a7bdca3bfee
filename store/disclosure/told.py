"""What a reader is told of the disclosure control of a figure: no more than they see of it."""

from collections.abc import Mapping
from typing import Any

from store.disclosure.rules import Rule, read_rules
from store.disclosure.showing import HIDDEN_BY_US, WHY, Shown

AS_PUBLISHED, EXACT, CONTROLLED = "as published", "exact", "controlled"
OWN_AREA = "this reader's own area"


def told(figure: Mapping[str, Any], *, is_exact: bool) -> dict[str, Any]:
    """Class, rule in words, view and why; `figure` as the reader sees it, with disclosure_class.

    `view` is `as published`, `exact` or `controlled`; `why` is empty where the cell has no value
    for reasons of its own.
    """
    name = figure["disclosure_class"]
    rule = read_rules().get(name)
    if rule is None or not rule.is_treated:
        view, why = AS_PUBLISHED, WHY[Shown.AS_IS]
    elif is_exact:
        view, why = EXACT, OWN_AREA
    else:
        state = _state(figure, rule)
        view, why = CONTROLLED, "" if state is None else WHY[state]
    return {"disclosure_class": name, "rule": rule.says if rule else None, "view": view, "why": why}


def _state(figure: Mapping[str, Any], rule: Rule) -> Shown | None:
    """In which way a controlled figure is shown, by what stands in it."""
    if figure["value"] is not None:
        return Shown.ZERO if figure["value"] == 0 else Shown.ROUNDED
    if figure["missing_reason"] != HIDDEN_BY_US:
        return None
    if figure["lower"] is None:
        return Shown.WITHHELD
    return Shown.HIDDEN if figure["lower"] == rule.hide_from else Shown.MERGED
