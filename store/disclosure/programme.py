"""The audit's second opinion: a linear programme asks HiGHS for the narrowest interval of counts.

It weighs all sums at once where the audit takes one at a time, at some hundredth of a second to
seconds an answer. So it looks at all that an audience sees where few numbers are linked, and
elsewhere at a sample. Where it narrows a count, its marginals name the numbers that did.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.optimize import OptimizeResult, linprog  # type: ignore[attr-defined]

from store.disclosure.audit import Draft, own
from store.disclosure.showing import Shown
from store.disclosure.system import Flags, Numbers, Positions

WORTH_NOTHING = 1e-7
NO_LIMIT = 3  # HiGHS: the objective can grow for ever
FEW = 100  # linked numbers, of which every one is asked about for each audience
SYSTEMS = 50  # so many of such questions a release
EVERYONE = np.zeros(0, dtype=np.int64)
One = TypeVar("One")


@dataclass(frozen=True)
class Question:
    """How narrow are these variables, all linked, for who sees `exact` exactly?"""

    exact: Positions
    variables: Positions


@dataclass(frozen=True)
class Opinion:
    """`has_widened`: something is shown less now; `unsafe`: counts that stay too narrow."""

    has_widened: bool
    unsafe: Positions


def second_opinion(draft: Draft, audiences: Mapping[str, Positions], sampled: int) -> Opinion:
    """Ask what everyone and the audiences (exact variables by name) can tell, and show less.

    `sampled` counts for each of the two are asked about where many numbers are linked.
    """
    has_widened, unsafe = False, set[int]()
    for question in _questions(draft, list(audiences.values()), sampled):
        for variable, because in _narrowed(draft, question):
            if _show_less(draft, because):
                has_widened = True
            elif draft.value[variable] > 0:
                unsafe.add(variable)
    return Opinion(has_widened, np.array(sorted(unsafe), dtype=np.int64))


def _questions(draft: Draft, audiences: list[Positions], sampled: int) -> list[Question]:
    system, label = draft.system, draft.system.linked
    asked = np.flatnonzero(draft.must_hide & draft.is_linked & system.is_summed)
    is_few = (np.bincount(label) <= FEW)[label[asked]]
    among_few, among_many = asked[is_few], asked[~is_few]
    groups = [among_few[label[among_few] == one] for one in np.unique(label[among_few])]
    whole = [Question(exact, group) for exact in (EVERYONE, *audiences) for group in groups]
    public = [Question(EVERYONE, np.array([one])) for one in _some(among_many.tolist(), sampled)]
    chosen = _some(audiences if len(among_many) else [], sampled)
    beside = [Question(exact, _beside(draft, exact, among_many)) for exact in chosen]
    return [*public, *beside, *_some(whole, SYSTEMS)]


def _some(these: Sequence[One], count: int) -> list[One]:
    """So many of these, spread evenly over them."""
    spread = np.linspace(0, len(these) - 1, min(count, len(these)))
    return [these[int(place)] for place in spread]


def _beside(draft: Draft, exact: Positions, asked: Positions) -> Positions:
    """One of the variables asked about that shares a sum with what an audience sees exactly."""
    system = draft.system
    beside = np.intersect1d(system.variables_of(system.rows_of(exact)), asked)
    others = np.setdiff1d(beside, exact)
    return others[[len(others) // 2]] if len(others) else others


def _narrowed(draft: Draft, question: Question) -> Iterator[tuple[int, Positions]]:
    """The variables that are narrower than the rule leaves them, and the numbers that make it so.

    Every answer is a possible world: two that differ enough in a variable clear it.
    """
    left_open = draft.rule.hide_to - draft.rule.hide_from - WORTH_NOTHING
    is_own = own(draft, question.exact)
    least, most = np.full(len(draft.value), np.inf), np.full(len(draft.value), -np.inf)
    for variable in question.variables[~is_own[question.variables]]:
        if most[variable] - least[variable] >= left_open:
            continue
        ends = _ends(draft, question.exact, int(variable))
        for places, values in ends.worlds:
            least[places] = np.minimum(least[places], values)
            most[places] = np.maximum(most[places], values)
        if ends.high - ends.low < left_open:
            yield int(variable), ends.because[~is_own[ends.because] & (ends.because != variable)]


@dataclass(frozen=True)
class Ends:
    """The lowest and highest value of a variable, and which variables' bounds make it so.

    `worlds`: variables and values of theirs that are possible together.
    """

    low: float
    high: float
    because: Positions
    worlds: list[tuple[Positions, Numbers]]


def _ends(draft: Draft, exact: Positions, variable: int) -> Ends:
    """Over everything that an audience saw."""
    label = draft.system.linked
    places = np.flatnonzero(label == label[variable])
    rows = draft.system.rows_of(places)
    matrix = draft.system.matrix[rows][:, places]
    low, high = draft.shown_bounds()
    low[exact] = high[exact] = draft.value[exact]
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
    highest = np.inf if ends[1].status == NO_LIMIT else -ends[1].fun
    return Ends(
        low=float(ends[0].fun),
        high=float(highest),
        because=places[_priced(ends[0], len(places)) | _priced(ends[1], len(places))],
        worlds=[(places, end.x) for end in ends if end.status != NO_LIMIT],
    )


def _priced(end: OptimizeResult, width: int) -> Flags:
    """Which bounds the optimum leans on; none where there is no limit."""
    if end.status == NO_LIMIT:
        return np.zeros(width, dtype=bool)
    prices = np.abs(end.lower.marginals) + np.abs(end.upper.marginals)
    return np.asarray(prices > WORTH_NOTHING)


def _show_less(draft: Draft, because: Positions) -> bool:
    """Widen those of these numbers that this release shows; False when there are none."""
    at = because[draft.is_new[because]]
    can_merge = np.isin(draft.shown[at], (Shown.ZERO, Shown.HIDDEN))
    draft.shown[at[can_merge]] = Shown.MERGED
    withheld = at[~can_merge & (draft.shown[at] < Shown.WITHHELD)]
    draft.shown[withheld] = Shown.WITHHELD
    return bool(can_merge.any() or len(withheld))
