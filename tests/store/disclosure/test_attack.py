"""The attacker against what was released of the simulated England; and against planted leaks."""

import polars as pl
import pytest
from released import RELEASES, England, attacked, released

from store.disclosure import read_rules

DAYS = [24, 28]
FEW = 8  # releases are enough for a planted leak
RULE = read_rules()["nhs_subnational"]


@pytest.fixture(scope="module")
def england() -> England:
    return England.simulated()


@pytest.fixture(scope="module")
def truths(england):
    return [england.release(n, [d for d in DAYS if d <= 29 + n]) for n in range(RELEASES)]


@pytest.fixture(scope="module")
def controlled(england, truths):
    return released(truths, RULE, england.tree, england.neighbours)


def shown(controlled):
    return [one.cells for one in controlled]


def test_everyone_together_with_thirty_releases_finds_nothing(england, truths, controlled):
    assert attacked(shown(controlled), truths, england.tree, set()) == {}


def test_audiences_with_exact_files_find_nothing(england, truths, controlled):
    neighbours = england.neighbours
    for name in ("E07000041", "E10000008", "E12000009"):  # Exeter, its county, its region
        assert attacked(shown(controlled), truths, england.tree, neighbours[name]) == {}, name


@pytest.mark.long
def test_no_audience_at_all_finds_anything(england, truths, controlled):
    for name, own in england.neighbours.items():
        assert attacked(shown(controlled), truths, england.tree, own) == {}, name


def test_much_is_still_shown(controlled):
    last = controlled[-1].cells
    assert (last["shown_as"] == "withheld").mean() < 0.35
    assert (last["shown_as"] == "rounded").sum() > 20


def uncontrolled(controlled, truths, state):
    """The releases with one protection switched off: cells of a state as they first were."""
    found = []
    for one, truth in zip(controlled[:FEW], truths[:FEW], strict=True):
        cells = one.cells.join(truth, on=truth.columns[:-1])
        value = pl.col("value")
        plain = (
            pl.when(value == 0)
            .then(value.cast(pl.String))
            .when(value <= 7)
            .then(pl.lit("1 to 7"))
            .otherwise(((value / 5 + 0.5).floor() * 5).cast(pl.Int64).cast(pl.String))
        )
        found.append(
            cells.with_columns(
                shown=pl.when(pl.col("shown_as") == state).then(plain).otherwise("shown")
            )
        )
    return found


def test_it_finds_leaks_when_zeros_are_not_merged(england, truths, controlled):
    leaking = uncontrolled(controlled, truths, "merged")
    assert len(attacked(leaking, truths[:FEW], england.tree, set())) > 10


def test_it_finds_leaks_when_wholes_are_not_withheld(england, truths, controlled):
    leaking = uncontrolled(controlled, truths, "withheld")
    assert len(attacked(leaking, truths[:FEW], england.tree, set())) > 10


def test_it_finds_leaks_when_totals_are_not_rounded(england, truths, controlled):
    wholes = pl.col("area_id").is_in(england.tree["whole_id"].implode())
    exact = pl.concat_str(pl.lit("exactly "), "value")
    leaking = [
        one.cells.join(truth, on=truth.columns[:-1]).with_columns(
            shown=pl.when(wholes).then(exact).otherwise("shown")
        )
        for one, truth in zip(controlled[:FEW], truths[:FEW], strict=True)
    ]
    assert len(attacked(leaking, truths[:FEW], england.tree, set())) > 10
