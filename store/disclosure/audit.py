"""What each audience can derive from all it sees, and what must be shown less of.

A cell is safe while an audience is left with at least as many possible counts as the rule hides:
all of 1 to 7 where that is shown, and seven or more where nothing is shown. Where one is not, the
rows that narrow it are looked at: zeros and small counts in them are merged first, then a whole is
withheld, then a part; where a row has nothing left to give, the rows that narrow its terms are
looked at in turn. Showing less never narrows anything, for anyone: so an audience that was clean
stays clean, and the search ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from store.disclosure.rules import Rule
from store.disclosure.showing import Shown, bounds, is_small
from store.disclosure.system import Bounds, Flags, Implied, Numbers, Positions, System


@dataclass
class Draft:
    """A release being controlled: arrays over the variables of the system.

    `value` is the truth (0 for what is missing), `shown` a `Shown` that this module changes,
    `is_new` says which may be changed, `known_low` and `known_high` are what the public derived
    before this release, `any_low` and `any_high` the narrowest that any audience did.
    """

    system: System
    rule: Rule
    value: Numbers
    shown: Positions
    is_new: Flags
    is_number: Flags
    known_low: Numbers
    known_high: Numbers
    any_low: Numbers
    any_high: Numbers
    touched: Positions

    @cached_property
    def is_linked(self) -> Flags:
        """Whether sums link a variable with any number of this release."""
        label = self.system.linked
        return np.isin(label, np.unique(label[self.is_new]))

    @property
    def must_hide(self) -> Flags:
        """Which variables must stay as wide as the rule: small counts, and zeros that look so.

        Were merged zeros left out, a narrow one would be known to be zero.
        """
        alike = self.is_number & (self.shown == Shown.MERGED)
        return np.asarray((self.is_number & is_small(self.value, self.rule)) | alike)

    def shown_bounds(self) -> Bounds:
        """What each variable may be by its own showing alone."""
        return bounds(self.value, self.shown, self.rule)

    def public(self) -> Bounds:
        """What everyone can derive."""
        low, high = self.shown_bounds()
        low, high = np.maximum(low, self.known_low), np.minimum(high, self.known_high)
        return self.system.narrow(low, high, self.touched)


@dataclass(frozen=True)
class Knowledge:
    """What one audience derives: bounds on every variable; `exact` are those it is entitled to."""

    low: Numbers
    high: Numbers
    exact: Flags

    def narrowed(self, draft: Draft) -> Flags:
        """Which variables that must be hidden are known better than the rule allows."""
        is_narrow = self.high - self.low < draft.rule.hide_to - draft.rule.hide_from
        return draft.must_hide & draft.is_linked & ~self.exact & is_narrow


@dataclass
class Audited:
    """What came of an audit: for each variable the narrowest bounds that any audience has.

    `unsafe` are small counts that remain too narrow whatever is withheld.
    """

    low: Numbers
    high: Numbers
    public: Bounds
    unsafe: Positions
    rounds: int = 0

    def take_in(self, knowledge: Knowledge) -> None:
        """Remember where an audience knows more than any before, but for what it is entitled to."""
        known = (knowledge.low, knowledge.high)
        self.low, self.high = _narrower((self.low, self.high), known, ~knowledge.exact)

    def take_unsafe(self, draft: Draft, narrowed: Iterable[Positions]) -> None:
        """Remember which small counts stay narrow; a zero may be known to be one."""
        together = np.unique(np.concatenate(list(narrowed)))
        self.unsafe = together[is_small(draft.value[together], draft.rule)]


def audit(draft: Draft, audiences: Mapping[str, Positions]) -> Audited:
    """Show less in `draft` until no audience derives too much.

    `audiences` names the variables that each is entitled to see exactly; the public, which sees
    none, is always one of them.
    """
    found = _clean(draft, {"everyone": np.zeros(0, dtype=np.int64)})
    return _merged(found, _clean(draft, audiences), draft)


def _clean(draft: Draft, audiences: Mapping[str, Positions]) -> Audited:
    """Go round all audiences that are not clean yet, with what the last round left shown."""
    found = Audited(draft.any_low, draft.any_high, draft.public(), np.zeros(0, dtype=np.int64))
    waiting = {name: exact[draft.is_linked[exact]] for name, exact in audiences.items()}
    while waiting:
        leaking, has_changed = {}, False
        for name, exact in waiting.items():
            knowledge = known(draft, found.public, exact)
            narrowed = np.flatnonzero(knowledge.narrowed(draft))
            if len(narrowed):
                leaking[name] = narrowed
                has_changed |= show_less(draft, knowledge, narrowed)
            else:
                found.take_in(knowledge)
        found.rounds += 1
        if leaking and not has_changed:
            found.take_unsafe(draft, leaking.values())
            break
        found.public = draft.public() if has_changed else found.public
        waiting = {name: waiting[name] for name in leaking}
    return found


def _merged(first: Audited, second: Audited, draft: Draft) -> Audited:
    low, high = _narrower((first.low, first.high), (second.low, second.high))
    return Audited(
        low=low,
        high=high,
        public=draft.public(),
        unsafe=np.union1d(first.unsafe, second.unsafe),
        rounds=first.rounds + second.rounds,
    )


def _narrower(these: Bounds, those: Bounds, among: Flags | bool = True) -> Bounds:
    """For each variable the narrower interval: what one audience knows, not two put together."""
    is_narrower = (those[1] - those[0] < these[1] - these[0]) & among
    return np.where(is_narrower, those[0], these[0]), np.where(is_narrower, those[1], these[1])


def known(draft: Draft, public: Bounds, exact: Positions) -> Knowledge:
    """What follows for who sees some variables exactly beside what everyone derives."""
    low, high = public[0].copy(), public[1].copy()
    low[exact] = high[exact] = draft.value[exact]
    return Knowledge(*draft.system.narrow(low, high, exact), own(draft, exact))


def own(draft: Draft, exact: Positions) -> Flags:
    """What an audience is entitled to see, and wholes that count nobody beside.

    A county whose only death is the reader's own tells them of nobody else.
    """
    own = (draft.value > 0) & (_added_up(draft, exact) >= draft.value)
    own[exact] = True
    return own


def _added_up(draft: Draft, exact: Positions) -> Numbers:
    """How many people an audience's own counts make of each whole at least.

    From parts to wholes alone: that a whole did not change while a part did is what was released,
    and what follows from it of the other parts is nobody's own.
    """
    at_least = np.zeros(len(draft.value))
    at_least[exact] = draft.value[exact]
    changed = exact
    while len(changed):
        said = draft.system.sums(draft.system.rows_of(changed), at_least)
        more = said.least > at_least[said.wholes]
        np.maximum.at(at_least, said.wholes[more], said.least[more])
        changed = np.unique(said.wholes[more])
    return at_least


def show_less(draft: Draft, knowledge: Knowledge, narrowed: Positions) -> bool:
    """Widen what narrows these variables; False when nothing of this release does."""
    blamed = np.zeros(len(draft.value), dtype=bool)
    blamed[narrowed] = True
    while True:
        reason = _reasons(draft, knowledge, blamed)
        if _merge(draft, knowledge, reason) or _withhold(draft, reason):
            return True
        wider = blamed.copy()
        wider[reason.said.variables] = True
        if (wider == blamed).all():
            return _withhold_themselves(draft, knowledge, narrowed)
        blamed = wider


def _withhold_themselves(draft: Draft, knowledge: Knowledge, narrowed: Positions) -> bool:
    """Withhold what is narrow within what it shows, so that it may be more than that."""
    can = draft.is_new & ~knowledge.exact & (draft.shown != Shown.WITHHELD)
    return _show(draft, narrowed[can[narrowed]], Shown.WITHHELD)


@dataclass(frozen=True)
class Reasons:
    """Rows that narrow what is blamed: arrays over their entries.

    `lifts` and `presses`: the lowest, or the highest, count of this term is what narrows another.
    `is_free`: this release may show less of it.
    """

    said: Implied
    lifts: Flags
    presses: Flags
    is_free: Flags

    def by_row(self, flags: Flags) -> Flags:
        """Whether any entry of its row is flagged, for each entry."""
        if not len(flags):
            return flags
        return np.asarray(np.logical_or.reduceat(flags, self.said.starts))[self.said.row]


def _reasons(draft: Draft, knowledge: Knowledge, blamed: Flags) -> Reasons:
    said = draft.system.implied(
        draft.system.rows_of(np.flatnonzero(blamed)), knowledge.low, knowledge.high
    )
    at, is_part = said.variables, said.coefficients > 0
    from_below, from_above = _tight(draft, knowledge, said, blamed)
    # A row is a sum that must be 0: its least sum narrows parts from above and wholes from below.
    by_least, by_most = (
        _any(said, np.where(is_part, from_above, from_below)),
        _any(said, np.where(is_part, from_below, from_above)),
    )
    alone = (from_below | from_above) & (_count(said, from_below | from_above) == 1)
    return Reasons(
        said=said,
        lifts=np.where(is_part, by_least, by_most) & ~alone,
        presses=np.where(is_part, by_most, by_least) & ~alone,
        is_free=draft.is_new[at] & ~knowledge.exact[at],
    )


def _tight(draft: Draft, knowledge: Knowledge, said: Implied, blamed: Flags) -> tuple[Flags, Flags]:
    """Which entries are blamed and as narrow as they are because of their row: below, above."""
    at = said.variables
    least, most = draft.shown_bounds()
    least = np.where(draft.shown == Shown.MERGED, draft.rule.hide_from, least)
    asked = (blamed & ~knowledge.exact)[at]
    low, high = knowledge.low[at], knowledge.high[at]
    from_below = asked & (said.low >= low) & (low > least[at])
    from_above = asked & (said.high <= high) & (high < most[at])
    return from_below, from_above


def _any(said: Implied, flags: Flags) -> Flags:
    return _count(said, flags) > 0


def _count(said: Implied, flags: Flags) -> Positions:
    """How many entries of its row are flagged, for each entry."""
    if not len(flags):
        return flags.astype(np.int64)
    return np.asarray(np.add.reduceat(flags.astype(np.int64), said.starts))[said.row]


def _merge(draft: Draft, knowledge: Knowledge, reason: Reasons) -> bool:
    """Show zeros and small counts alike where that widens something."""
    at = reason.said.variables
    shown = draft.shown[at]
    zero = (shown == Shown.ZERO) & reason.presses & (draft.known_high[at] > 0)
    small = (shown == Shown.HIDDEN) & reason.lifts
    return _show(draft, at[reason.is_free & (zero | small)], Shown.MERGED)


def _withhold(draft: Draft, reason: Reasons) -> bool:
    """Withhold a whole, or else the smallest part, of each row that has nothing to merge."""
    said, at = reason.said, reason.said.variables
    low, high = draft.shown_bounds()
    tells = (reason.lifts & (low[at] > 0)) | (reason.presses & np.isfinite(high[at]))
    can = reason.is_free & tells & (draft.shown[at] != Shown.WITHHELD)
    wholes = can & (said.coefficients < 0)
    parts = can & ~_any(said, wholes)
    smallest = _smallest(said, parts, draft.value[at])
    return _show(draft, at[wholes | smallest], Shown.WITHHELD)


def _smallest(said: Implied, flags: Flags, values: Numbers) -> Flags:
    """Of the flagged entries of each row, the one of the smallest value."""
    if not flags.any():
        return flags
    worth = np.where(flags, values, np.inf)
    least = np.minimum.reduceat(worth, said.starts)[said.row]
    return np.asarray(flags & (worth == least))


def _show(draft: Draft, variables: Positions, shown: Shown) -> bool:
    draft.shown[variables] = np.maximum(draft.shown[variables], shown)
    return bool(len(variables))
