"""The audit on small worlds drawn at random, beside the attacker; each rule on an example."""

from contextlib import suppress

import polars as pl
import pytest
from attacker import Attacker
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from released import as_given, attacked, day, keyed

from store.disclosure.controlled import CannotProtect, control
from store.disclosure.relations import KEY, Relations
from store.disclosure.rules import Rule, read_rules
from store.errors import WrongUse

RULE = read_rules()["nhs_subnational"]
LEVEL = {"whole_id": pl.String, "part_id": pl.String, "partition": pl.String}
COUNTRY = pl.DataFrame(
    [("C", "R1", "region"), ("C", "R2", "region")]
    + [("R1", f"A{n}", "authority") for n in range(3)]
    + [("R2", f"B{n}", "authority") for n in range(3)],
    schema=LEVEL,
    orient="row",
)
LEAVES = ("A0", "A1", "A2", "B0", "B1", "B2")
counts = st.one_of(st.integers(0, 3), st.integers(0, 12), st.integers(0, 60))
worlds = st.lists(st.tuples(*[counts] * 6), min_size=1, max_size=3)
NEIGHBOURS = {"A0": {"A0"}, "R1": {"R1", "A0", "A1", "A2"}, "B2": {"B2"}}


def country(leaves) -> pl.DataFrame:
    first, second = leaves[:3], leaves[3:]
    values = {**dict(zip(LEAVES, leaves, strict=True)), "R1": sum(first), "R2": sum(second)}
    values["C"] = sum(leaves)
    cells = pl.DataFrame({"area_id": list(values), "value": list(values.values())})
    return keyed(cells.with_columns(event_date=pl.lit(day(1))))


def shown_of(controlled, area):
    return controlled.cells.filter(pl.col("area_id") == area)["shown"].item()


def released_of(truths):
    """The releases that could be made, with the truth of each; no day left out is told of."""
    made, seen = [], None
    for truth in truths:
        with suppress(CannotProtect):
            one = control(truth, RULE, Relations(areas=COUNTRY), seen, NEIGHBOURS)
            made.append((one.cells, truth))
            seen = one.seen
    return zip(*made, strict=True) if made else ((), ())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(worlds)
@example([(0, 0, 0, 0, 0, 7), (0, 0, 0, 0, 1, 6)])
@example([(0, 0, 0, 0, 0, 0), (0, 0, 0, 1, 2, 51), (0, 0, 47, 0, 0, 7)])
@example([(0, 0, 0, 0, 0, 0), (0, 1, 12, 3, 2, 3), (0, 0, 13, 3, 5, 12)])
def test_no_audience_of_a_small_country_narrows_a_hidden_count(world):
    shown, truths = released_of([country(leaves) for leaves in world])
    for own in (set(), *NEIGHBOURS.values()):
        pairs = zip(shown, truths, strict=True)
        given_to_them = [as_given(cells, truth, own) for cells, truth in pairs]
        assert attacked(given_to_them, truths, COUNTRY) == {}


def test_what_follows_from_a_whole_that_did_not_change_is_nobodys_own():
    """B2 falls from 7 to 6 and its region stays: its own people would know of the one in B1."""
    first = control(country((0, 0, 0, 0, 0, 7)), RULE, Relations(areas=COUNTRY), None, NEIGHBOURS)
    second = country((0, 0, 0, 0, 1, 6))
    with pytest.raises(CannotProtect, match="'B1'"):
        control(second, RULE, Relations(areas=COUNTRY), first.seen, NEIGHBOURS)


@settings(max_examples=40, deadline=None)
@given(st.tuples(*[counts] * 6))
def test_the_audit_never_thinks_a_cell_safer_than_the_programme_does(leaves):
    one = control(country(leaves), RULE, Relations(areas=COUNTRY))
    attacker = Attacker({"C": [["R1", "R2"]], "R1": [LEAVES[:3]], "R2": [LEAVES[3:]]})
    attacker.reads(one.cells, {})
    truth = dict(country(leaves).select("area_id", "value").iter_rows())
    for row in one.proof.to_dicts():
        low, high = attacker.interval((tuple(row[name] for name in KEY), 0))
        assert low - 1e-6 <= truth[row["area_id"]] <= high + 1e-6
        assert row["public_low"] == pytest.approx(low, abs=1e-6)
        if row["public_high"] is not None:
            assert row["public_high"] == pytest.approx(high, abs=1e-6)


def test_small_counts_are_hidden_and_others_are_rounded_each_on_its_own():
    one = control(country((0, 12, 33, 41, 58, 8)), RULE, Relations(areas=COUNTRY))
    expected = {"A0": "0", "A1": "10", "A2": "35", "R1": "45", "B2": "10", "C": "150"}
    assert {area: shown_of(one, area) for area in expected} == expected
    assert one.proof.is_empty()


def test_the_whole_of_one_hidden_count_and_large_ones_does_not_give_it_away():
    one = control(country((3, 0, 0, 0, 0, 0)), RULE, Relations(areas=COUNTRY))
    assert shown_of(one, "A0") == "1 to 7"
    assert one.proof["why"].is_not_null().all()
    assert (one.proof["any_high"] - one.proof["any_low"] >= 6).all()


def test_eight_small_counts_under_a_small_total_are_shown_like_zeros():
    one = control(country((2, 1, 2, 1, 2, 1)), RULE, Relations(areas=COUNTRY))
    assert {"0 to 7", "withheld"} & set(one.cells["shown"])
    assert "2" not in set(one.cells["shown"])


def test_a_count_that_is_not_revised_stays_shown_as_it_was():
    first = control(country((2, 1, 2, 1, 2, 1)), RULE, Relations(areas=COUNTRY))
    again = control(country((2, 1, 2, 1, 2, 1)), RULE, Relations(areas=COUNTRY), first.seen)
    assert again.cells.equals(first.cells)
    assert again.seen.terms.equals(first.seen.terms)


def test_a_public_metric_is_left_as_it_is():
    published = read_rules()["published"]
    one = control(country((3, 1, 0, 9, 2, 4)), published, Relations(areas=COUNTRY))
    assert shown_of(one, "A0") == "3"
    assert one.proof.is_empty()


def test_only_the_time_forms_of_the_rule_are_shown():
    daily = country((30, 10, 20, 40, 50, 60))
    both = pl.concat([daily, daily.with_columns(form=pl.lit("cumulative"))])
    assert set(control(both, RULE, Relations()).cells["form"]) == {"daily"}


def test_what_is_no_count_is_refused():
    cells = country((1, 2, 3, 4, 5, 6)).with_columns(pl.col("value").cast(pl.Float64) / 2)
    with pytest.raises(WrongUse, match="whole numbers"):
        control(cells, RULE, Relations())


def test_a_rule_that_nobody_could_carry_out_is_refused():
    with pytest.raises(WrongUse, match="hides 7 to 1"):
        Rule("odd", "", "", True, hide_from=7, hide_to=1)
