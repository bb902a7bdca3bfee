"""Disclosure control of one release: what each cell shows, and the proof of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from store.disclosure.audit import Audited, Draft, audit
from store.disclosure.programme import second_opinion
from store.disclosure.relations import KEY, Relations
from store.disclosure.rules import Rule
from store.disclosure.seen import Seen
from store.disclosure.showing import WHY, Shown, bounds, first_shown, is_small, rounded, words
from store.disclosure.system import Positions
from store.errors import TrigpointError, WrongUse

SAMPLED = 5  # cells a release for the linear programme
HELD_BACK = (Shown.HIDDEN, Shown.MERGED, Shown.WITHHELD)


class CannotProtect(TrigpointError):  # noqa: N818
    """Earlier releases tell so much that nothing withheld now would keep a count hidden.

    `cells` are the counts that would be narrowed (`KEY`).
    """

    def __init__(self, message: str, cells: pl.DataFrame) -> None:
        super().__init__(message)
        self.cells = cells


@dataclass(frozen=True)
class Controlled:
    """What may be shown of a release.

    `cells`: `KEY`, revision, shown_as (a name of `Shown` in small letters), shown_value (whole
    number or null), shown (the words that stand in the cell), low, high (what it may be; high is
    null where nothing is said), why.
    `proof`: one row a cell that does not show its number: `KEY`, shown, why, protected_low and
    protected_high (what the rule keeps open), public_low and public_high (what everyone can
    derive), any_low and any_high (the narrowest that any audience can; high null: no limit).
    `seen`: what to hand to the next release.
    """

    cells: pl.DataFrame
    proof: pl.DataFrame
    seen: Seen


def control(
    cells: pl.DataFrame,
    rule: Rule,
    relations: Relations,
    seen_before: Seen | None = None,
    exact_neighbours: Mapping[str, Collection[str]] | None = None,
    sampled: int = SAMPLED,
) -> Controlled:
    """Control the cells of one rule: `KEY` and value, whole numbers from 0 on, each cell once.

    Time forms that the rule does not show are left out. `exact_neighbours` names, for each
    audience with an exact file of its own, the areas in it; so many cells are `sampled` for the
    linear programme where many are linked. Raises `WrongUse` for cells that are not so, and
    `CannotProtect` where no release of these cells would be safe.
    """
    _refuse_what_is_no_count(cells)
    released = cells.filter(pl.col("form").is_in(rule.time_forms))
    released = released.with_columns(pl.col("value").cast(pl.Float64))
    shown = first_shown(released["value"].to_numpy(), rule)
    released = released.with_columns(shown_as=pl.Series(shown, dtype=pl.Int64))
    before = seen_before or Seen()
    seen, release = before.with_cells(released.select(*KEY, "value", "shown_as"))
    if not rule.is_treated:
        return Controlled(as_shown(release, rule), proof(seen, release, rule), before)
    seen = seen.with_sums(relations.sums(release), release)
    draft = _draft(before, seen, release, rule)
    audited = _audited(draft, _entitled(seen, exact_neighbours or {}), sampled)
    _refuse_what_stays_unsafe(seen, audited)
    return _settled(seen, release, draft, audited)


def _audited(draft: Draft, audiences: Mapping[str, Positions], sampled: int) -> Audited:
    """Audit, ask the programme for a second opinion, and audit again where it widened anything."""
    while True:
        audited = audit(draft, audiences)
        second = second_opinion(draft, audiences, sampled)
        if not second.has_widened:
            audited.unsafe = np.union1d(audited.unsafe, second.unsafe)
            return audited


def _settled(seen: Seen, release: pl.DataFrame, draft: Draft, audited: Audited) -> Controlled:
    at = seen.numbers["variable"].to_numpy()
    seen = seen.with_shown(draft.shown[at])
    seen = seen.deriving(audited.public, (audited.low, audited.high))
    release = release.with_columns(
        shown_as=pl.Series(draft.shown[release["variable"].to_numpy()], dtype=pl.Int64)
    )
    rule = draft.rule
    return Controlled(as_shown(release, rule), proof(seen, release, rule), seen)


def _refuse_what_is_no_count(cells: pl.DataFrame) -> None:
    value = pl.col("value")
    wrong = cells.filter(value.is_null() | (value < 0) | (value != value.cast(pl.Int64)))
    if wrong.height:
        raise WrongUse(
            f"{wrong.height} cells hold no count (the first: {wrong.row(0)}); "
            "disclosure control takes whole numbers from 0 on, so leave out what is missing"
        )
    twice = cells.filter(cells.select(KEY).is_duplicated())
    if twice.height:
        raise WrongUse(f"{twice.height} cells stand twice (the first: {twice.row(0)})")


def _draft(before: Seen, seen: Seen, release: pl.DataFrame, rule: Rule) -> Draft:
    width, at = len(seen.low), seen.numbers["variable"].to_numpy()
    value, shown = np.zeros(width), np.full(width, Shown.WITHHELD, dtype=np.int64)
    is_number, is_new = np.zeros(width, dtype=bool), np.zeros(width, dtype=bool)
    value[at], shown[at] = seen.numbers["value"].to_numpy(), seen.numbers["shown_as"].to_numpy()
    is_number[at] = True
    is_new[release.filter("is_new")["variable"].to_numpy()] = True
    new_terms = seen.terms.filter(pl.col("row") >= before.rows)["variable"].to_numpy()
    return Draft(
        system=seen.system(),
        rule=rule,
        value=value,
        shown=shown,
        is_new=is_new,
        is_number=is_number,
        known_low=seen.low,
        known_high=seen.high,
        any_low=seen.any_low,
        any_high=seen.any_high,
        touched=np.unique(new_terms),
    )


def _entitled(seen: Seen, exact_neighbours: Mapping[str, Collection[str]]) -> dict[str, Positions]:
    """The variables that each audience sees exactly."""
    areas = pl.DataFrame(
        [(name, area) for name, inside in exact_neighbours.items() for area in inside],
        schema={"audience": pl.String, "area_id": pl.String},
        orient="row",
    )
    placed = areas.join(seen.numbers, on="area_id").sort("audience", "variable")
    found = placed.group_by("audience", maintain_order=True).agg("variable")
    return {name: np.array(variables) for name, variables in found.iter_rows()}


def _refuse_what_stays_unsafe(seen: Seen, audited: Audited) -> None:
    if len(audited.unsafe):
        unsafe = seen.numbers.filter(pl.col("variable").is_in(audited.unsafe)).select(KEY)
        raise CannotProtect(
            f"{unsafe.height} small counts would be narrowed whatever is withheld (the "
            f"first: {unsafe.row(0)}); leave their days out of this release",
            unsafe,
        )


def as_shown(release: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """What stands in each cell: `KEY`, revision, value and shown_as as `Controlled.cells` says."""
    value, shown = release["value"].to_numpy(), release["shown_as"].to_numpy()
    low, high = bounds(value, shown, rule)
    number = np.where(shown == Shown.ROUNDED, rounded(value, rule), value)
    number[shown > Shown.ROUNDED] = np.nan
    names = {int(state): state.name.lower() for state in Shown}
    reasons = {int(state): why for state, why in WHY.items()}
    return (
        release.select(*KEY, "revision", "shown_as")
        .with_columns(
            shown_value=_whole(number),
            low=_whole(low),
            high=_whole(high),
            why=pl.col("shown_as").replace_strict(reasons, return_dtype=pl.String),
        )
        .with_columns(shown=words(rule))
        .with_columns(pl.col("shown_as").replace_strict(names, return_dtype=pl.String))
        .select(*KEY, "revision", "shown_as", "shown_value", "shown", "low", "high", "why")
    )


def proof(seen: Seen, release: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """One row a cell of a release that does not show its number, as `Controlled.proof` says."""
    at = release["variable"].to_numpy()
    derived = {
        "public_low": seen.low,
        "public_high": seen.high,
        "any_low": seen.any_low,
        "any_high": seen.any_high,
    }
    found = (
        as_shown(release, rule)
        .select(*KEY, "shown_as", "shown", "why")
        .with_columns(
            protected_low=pl.lit(rule.hide_from, pl.Int64),
            protected_high=pl.lit(rule.hide_to, pl.Int64),
            is_guarded=pl.Series(is_small(release["value"].to_numpy(), rule))
            | (pl.col("shown_as") == "merged"),
            **{name: _whole(numbers[at]) for name, numbers in derived.items()},
        )
    )
    held_back = pl.col("shown_as").is_in([state.name.lower() for state in HELD_BACK])
    return found.filter(held_back).drop("shown_as")


def _whole(numbers: np.ndarray) -> pl.Series:
    """Whole numbers; what is not finite is null."""
    return pl.Series(np.where(np.isfinite(numbers), numbers, np.nan), nan_to_null=True).cast(
        pl.Int64
    )
