from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.beds import CRITICAL_STAY, beds
from simulation.england import FIRST_DAY, Truth, every_level, simulate
from simulation.places import ENGLAND, UNITED_KINGDOM, Counts, read_places

ARRAYS = ("infections", "cases", "deaths", "hospital", "any_time", "within_28", "trust_deaths")
seeds = st.integers(0, 2**32)


def english(truth: Truth, counts: Counts) -> Counts:
    return counts[:, (truth.places.areas["nation_id"] == ENGLAND).to_numpy()]


def test_every_region_and_lower_tier_authority_of_2020_is_simulated():
    areas = read_places().areas.filter(pl.col("nation_id") == ENGLAND)
    assert areas.height == 314
    assert areas["region_id"].n_unique() == 9
    assert areas["nhs_region_id"].n_unique() == 7
    assert areas["upper_id"].n_unique() == 151
    assert {"E06000060", "E07000150"} <= set(areas["area_id"])  # as in 2020: Bucks one, Corby there
    assert areas["area_id"].is_sorted()
    assert areas["area_id"].is_unique().all()


def test_people_of_authorities_add_up_to_england():
    places = read_places()
    people = places.areas.filter(pl.col("nation_id") == ENGLAND)["population"]
    assert people.min() > 0
    assert abs(people.sum() - places.populations[ENGLAND]) <= len(people)


def test_ambulance_trusts_have_no_patients_and_the_late_trust_is_one_of_the_midlands():
    places = read_places()
    assert not places.trusts["area_name"].str.contains("Ambulance").any()
    assert places.trusts["nhs_region_id"][places.late_trust] == "E40000008"


@settings(max_examples=10, deadline=None)
@given(seed=seeds, days=st.integers(1, 50), more=st.integers(1, 20))
def test_a_longer_simulation_begins_like_a_shorter_one(seed: int, days: int, more: int):
    shorter, longer = simulate(days, seed), simulate(days + more, seed)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(shorter, name), getattr(longer, name)[:days])
    for name, counts in vars(shorter.beds).items():
        np.testing.assert_array_equal(counts, getattr(longer.beds, name)[:days])


def test_another_seed_is_another_england(truth: Truth):
    again, other = simulate(truth.days, truth.seed), simulate(truth.days, truth.seed + 1)
    for name in ARRAYS:
        np.testing.assert_array_equal(getattr(again, name), getattr(truth, name))
        assert (getattr(other, name) != getattr(truth, name)).any()
    for name, counts in vars(truth.beds).items():
        np.testing.assert_array_equal(counts, getattr(again.beds, name))
        assert (getattr(other.beds, name) != counts).any()


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_parts_add_up(seed: int):
    truth = simulate(40, seed)
    for counts in (truth.infections, truth.cases, truth.deaths):
        levels = every_level(truth.places, counts)
        lower, _, regions, nations, kingdom = (level[1].sum(axis=1) for level in levels)
        np.testing.assert_array_equal(lower, regions)
        np.testing.assert_array_equal(lower, levels[3][1][:, levels[3][0].index(ENGLAND)])
        np.testing.assert_array_equal(nations, kingdom)
    in_hospital = english(truth, truth.hospital).sum(axis=1)
    np.testing.assert_array_equal(truth.trust_deaths.sum(axis=1), in_hospital)


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_narrower_definitions_never_count_more(seed: int):
    truth = simulate(40, seed)
    wide = (truth.deaths, truth.any_time, truth.within_60, truth.any_time)
    narrow = (truth.any_time, truth.within_60, truth.within_28, truth.hospital)
    for more, fewer in zip(wide, narrow, strict=True):
        assert (more >= fewer).all()
        assert (fewer >= 0).all()


def test_the_wave_starts_in_london_and_travels_north(truth: Truth):
    regions, counts = truth.places.summed(truth.infections, "region_id")
    peak = dict(zip(regions, counts.argmax(axis=0).tolist(), strict=True))
    assert peak["E12000007"] == min(peak.values())
    assert peak["E12000001"] >= peak["E12000007"] + 4


def test_there_is_more_than_one_wave_in_a_year():
    cases = simulate(330, 7).cases.sum(axis=1)
    spring, summer, autumn = cases[:60].max(), cases[100:170].max(), cases[200:].max()
    assert summer < spring / 5
    assert autumn > 2 * summer


def test_fewer_specimens_are_taken_at_weekends(truth: Truth):
    cases, weekdays = truth.cases.sum(axis=1), [day.weekday() for day in truth.dates]
    by_weekday = {day: cases[np.array(weekdays) == day][:8].sum() for day in (2, 6)}
    assert by_weekday[6] < by_weekday[2]


def test_small_areas_are_noisier_than_large_ones():
    truths = [simulate(30, seed) for seed in range(6)]
    totals = np.array([truth.cases.sum(axis=0) for truth in truths])
    spread = totals.std(axis=0) / totals.mean(axis=0)
    people = truths[0].places.areas["population"].to_numpy()
    assert spread[people < 90_000].mean() > spread[people > 400_000].mean()


def test_deaths_follow_cases(truth: Truth):
    assert truth.hospital.sum(axis=1).argmax() > truth.cases.sum(axis=1).argmax() + 5
    assert 0.05 < truth.any_time.sum() / truth.cases.sum() < 0.3


@settings(max_examples=10, deadline=None)
@given(seed=seeds)
def test_nobody_lies_in_a_bed_that_is_not_open(seed: int):
    beds = simulate(60, seed).beds
    assert (beds.occupied >= 0).all() and (beds.critical_occupied >= 0).all()
    assert (beds.occupied <= beds.open).all()
    assert (beds.critical_occupied <= beds.critical_open).all()


def test_hospitals_are_nearly_full_and_some_are_fuller(truth: Truth):
    beds = truth.beds
    england = beds.occupied.sum(axis=1) / beds.open.sum(axis=1)
    assert england.min() > 0.85 and england.max() < 0.95
    fuller = (beds.occupied / beds.open > 0.95).sum(axis=1)
    assert 5 < fuller.max() < beds.open.shape[1] / 2


def test_critical_care_fills_after_people_are_admitted_and_further_beds_are_opened(truth: Truth):
    admitted = truth.admissions.sum(axis=1)
    occupied, opened = (
        counts.sum(axis=1) for counts in (truth.beds.critical_occupied, truth.beds.critical_open)
    )
    assert occupied.argmax() > admitted.argmax()
    assert occupied.max() > 1.5 * occupied[:14].mean()
    assert opened.max() > 1.3 * opened[:14].mean()


def test_a_specialist_hospital_has_no_critical_care(truth: Truth):
    specialist = (truth.places.hospitals["pull"] < 1).to_numpy()
    assert specialist.any()
    assert not truth.beds.critical_open[:, specialist].any()
    assert truth.beds.critical_open[:, ~specialist].all()


def test_without_an_epidemic_beds_hold_other_illnesses_alone():
    """Admissions less discharges are all that the epidemic puts into beds."""
    places, days = read_places(), 90
    nobody = np.zeros((days, places.areas.height), dtype=np.int64)
    once = nobody.copy()
    once[10] = 3
    empty, after = (beds(counts, places, FIRST_DAY, 1) for counts in (nobody, once))
    lying = after.critical_occupied - empty.critical_occupied
    assert not lying[:11].any(), "who is admitted today was not in bed at 08:00"
    assert lying[11].sum() > 0
    assert not lying[11 + len(CRITICAL_STAY) :].any(), "all have left"


def test_trusts_add_up_to_regions_and_england_in_the_cells(truth: Truth):
    cells = truth.cells().filter(pl.col("metric_id").str.starts_with("beds_"))
    level = pl.col("area_id").str.extract("^(E40|E92)").fill_null("trust")
    sums = cells.group_by("metric_id", "event_date", level=level).agg(pl.col("value").sum())
    apart = sums.group_by("metric_id", "event_date").agg(
        levels=pl.len(), totals=pl.col("value").n_unique()
    )
    assert apart.height == 4 * truth.days
    assert apart.filter((pl.col("levels") != 3) | (pl.col("totals") != 1)).is_empty()


def test_the_cells_of_the_truth_are_the_arrays(truth: Truth):
    cells = truth.cells()
    assert cells.select(pl.struct(pl.all().exclude("value")).is_unique().all()).item()
    cases = cells.filter(
        pl.col("metric_id") == "cases_by_specimen_date", pl.col("area_id") == UNITED_KINGDOM
    )
    assert cases["value"].to_list() == truth.cases.sum(axis=1).tolist()
    leicester = cells.filter(
        pl.col("metric_id") == "cases_by_specimen_date", pl.col("area_id") == "E06000016"
    )
    at = truth.places.areas["area_id"].to_list().index("E06000016")
    assert leicester["value"].to_list() == truth.cases[:, at].tolist()


def test_the_first_day_can_be_any(truth: Truth):
    later = simulate(5, truth.seed, date(2021, 1, 30))
    assert later.dates == [date(2021, 1, 30) + timedelta(day) for day in range(5)]


def test_no_days_cannot_be_simulated():
    with pytest.raises(ValueError, match="cannot simulate 0 days"):
        simulate(0, 1)
