"""The audit's second opinion: a linear programme asks HiGHS for the narrowest interval of a sample.

It weighs all sums at once where the audit takes one at a time, at some hundredth of a second to
seconds a cell. Where it narrows a cell, its marginals name the numbers that did.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import OptimizeResult, linprog  # type: ignore[attr-defined]

from store.disclosure.audit import Draft
from store.disclosure.showing import Shown
from store.disclosure.system import Flags, Positions

WORTH_NOTHING = 1e-7
NO_LIMIT = 3  # HiGHS: the objective can grow for ever


@dataclass(frozen=True)
class Narrowest:
    """What the programme says of one variable, and which variables' bounds make it so."""

    low: float
    high: float
    because: Positions


def sample(draft: Draft, count: int) -> Positions:
    """So many of the linked variables that must be hidden, spread evenly over them."""
    candidates = np.flatnonzero(draft.must_hide & draft.is_linked)
    spread = np.linspace(0, len(candidates) - 1, min(count, len(candidates)))
    return np.asarray(candidates[spread.astype(np.int64)], dtype=np.int64)


def narrowest(draft: Draft, variable: int) -> Narrowest:
    """The lowest and highest value of a variable over everything that the public saw."""
    label = draft.system.linked
    places = np.flatnonzero(label == label[variable])
    rows = draft.system.rows_of(places)
    matrix = draft.system.matrix[rows][:, places]
    low, high = draft.shown_bounds()
    objective = (places == variable).astype(np.float64)
    ends = [
        linprog(
            sign * objective,
            A_eq=matrix,
            b_eq=np.zeros(len(rows)),
            bounds=np.column_stack([low[places], high[places]]),
            method="highs",
        )
        for sign in (1, -1)
    ]
    because = places[_priced(ends[0], len(places)) | _priced(ends[1], len(places))]
    highest = np.inf if ends[1].status == NO_LIMIT else -ends[1].fun
    return Narrowest(float(ends[0].fun), float(highest), because)


def show_less_of(draft: Draft, found: Narrowest, variable: int) -> bool:
    """Widen the numbers of this release that narrow a variable; False when there are none."""
    at = found.because[draft.is_new[found.because] & (found.because != variable)]
    can_merge = np.isin(draft.shown[at], (Shown.ZERO, Shown.HIDDEN))
    draft.shown[at[can_merge]] = Shown.MERGED
    withheld = at[~can_merge & (draft.shown[at] < Shown.WITHHELD)]
    draft.shown[withheld] = Shown.WITHHELD
    return bool(can_merge.any() or len(withheld))


def _priced(end: OptimizeResult, width: int) -> Flags:
    """Which bounds the optimum leans on; none where there is no limit."""
    if end.status == NO_LIMIT:
        return np.zeros(width, dtype=bool)
    prices = np.abs(end.lower.marginals) + np.abs(end.upper.marginals)
    return np.asarray(prices > WORTH_NOTHING)
