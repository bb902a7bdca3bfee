"""Breakdowns beside totals, and daily counts beside rolling and cumulative ones."""

from dataclasses import replace

import polars as pl
from attacker import KEY, Attacker
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from released import day, keyed

from store.disclosure.controlled import control
from store.disclosure.relations import Relations
from store.disclosure.rules import FORMS, read_rules

RULE = read_rules()["nhs_subnational"]
EVERY_FORM = replace(RULE, time_forms=FORMS)
LEVEL = ["whole_id", "part_id", "partition"]
AGES = pl.DataFrame(
    [("all", "young", "age"), ("all", "old", "age"), ("all", "f", "sex"), ("all", "m", "sex")],
    schema=LEVEL,
    orient="row",
)
PLACES = pl.DataFrame([("R", "A", "place"), ("R", "B", "place")], schema=LEVEL, orient="row")
few = st.one_of(st.integers(0, 2), st.integers(0, 9), st.integers(0, 40))


def narrowed(cells, shown, attacker):
    attacker.reads(shown, {})
    values = cells.filter(pl.col("value").is_between(1, 7)).select(*KEY).rows()
    return attacker.finds([(cell, 0) for cell in values if (cell, 0) in attacker.places])


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(few, min_size=9, max_size=12))
def test_every_time_form_together_does_not_narrow_a_day(days):
    daily = pl.DataFrame(
        {"area_id": "A", "event_date": [day(1 + n) for n in range(len(days))], "value": days}
    )
    rolling = daily.with_columns(pl.col("value").rolling_sum(7)).drop_nulls()
    running = daily.with_columns(pl.col("value").cum_sum())
    cells = pl.concat(
        keyed(frame).with_columns(form=pl.lit(form))
        for form, frame in (("daily", daily), ("rolling", rolling), ("cumulative", running))
    )
    one = control(cells, EVERY_FORM, Relations())
    assert narrowed(cells, one.cells, Attacker({})) == {}


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(few, few, few, few), min_size=2, max_size=2))
def test_breakdowns_by_age_and_sex_in_two_places_do_not_narrow_a_count(people):
    found = []
    for area, (young_f, young_m, old_f, old_m) in zip(("A", "B"), people, strict=True):
        by = {"young": young_f + young_m, "old": old_f + old_m, "f": young_f + old_f}
        by |= {"m": young_m + old_m, "all": young_f + young_m + old_f + old_m}
        found += [(area, stratum, day(1), value) for stratum, value in by.items()]
    places = pl.DataFrame(
        found, schema=["area_id", "stratum_id", "event_date", "value"], orient="row"
    )
    region = places.group_by("stratum_id", "event_date").agg(
        pl.col("value").sum(), area_id=pl.lit("R")
    )
    both = pl.concat([places, region.select(places.columns)])
    cells = keyed(both).with_columns(both["stratum_id"])
    one = control(cells, RULE, Relations(areas=PLACES, strata=AGES))
    attacker = Attacker({"R": [["A", "B"]]}, {"all": [["young", "old"], ["f", "m"]]})
    assert narrowed(cells, one.cells, attacker) == {}
