"""Each way in which sources disagree has its known size, computed here from the truth alone."""

import itertools
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation import disagreements as ways
from simulation.arrivals import (
    AWAITING_VERIFICATION,
    DUPLICATES,
    LATE_TRUST_DAYS,
    REPEATED_POSITIVES,
    Arrivals,
    arrive,
)
from simulation.delays import (
    ELSEWHERE,
    HOSPITAL,
    LABORATORIES_REPORT,
    LABORATORY,
    REGISTRATION,
    by_weekday,
    gamma_like,
    shared_out,
    weekday_factor,
)
from simulation.england import simulate


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_everyone_arrives_once_and_nobody_before_their_day(seed: int):
    arrivals = arrive(simulate(25, seed))
    truth = arrivals.truth
    np.testing.assert_array_equal(arrivals.cases.counts.sum(axis=1), truth.cases)
    np.testing.assert_array_equal(arrivals.trust_deaths.counts.sum(axis=1), truth.trust_deaths)
    np.testing.assert_array_equal(arrivals.registrations.counts.sum(axis=1), truth.deaths)
    for definition, spread in arrivals.nation_deaths.items():
        _, expected = truth.places.summed(truth.by_definition(definition), "nation_id")
        np.testing.assert_array_equal(spread.counts.sum(axis=1), expected)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32), days=st.integers(1, 30))
def test_later_days_never_change_who_had_arrived(seed: int, days: int):
    shorter, longer = arrive(simulate(days, seed)), arrive(simulate(days + 9, seed))
    for name in ("cases", "duplicates", "trust_deaths", "awaiting", "registrations"):
        before, after = getattr(shorter, name).counts, getattr(longer, name).counts
        np.testing.assert_array_equal(before, after[:days])


def test_what_is_known_grows_with_the_day_until_all_is(arrivals: Arrivals):
    last = arrivals.truth.days - 1
    known = [arrivals.cases.known(day).sum(axis=1) for day in range(last + 20)]
    assert all((a <= b).all() for a, b in itertools.pairwise(known))
    np.testing.assert_array_equal(known[-1], arrivals.truth.cases.sum(axis=1))
    assert known[5][6:].sum() == 0


def test_arrivals_by_day_are_the_growth_of_what_is_known(arrivals: Arrivals):
    known = np.array([arrivals.cases.known(day).sum() for day in range(arrivals.truth.days)])
    arrived = arrivals.cases.by_arrival.sum(axis=1)
    np.testing.assert_array_equal(np.diff(known, prepend=0), arrived)


def test_shares_of_every_delay_sum_to_one():
    for delay in (LABORATORY, HOSPITAL, ELSEWHERE, REGISTRATION, gamma_like(5, 2, 20)):
        assert abs(delay.sum() - 1) < 1e-9
    shares = by_weekday(LABORATORY, date(2020, 3, 2), 14, LABORATORIES_REPORT)
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    sunday = 5  # 7 March is five days on and a Saturday, so lag 1 falls on a Sunday
    assert shares[sunday, 1] < shares[0, 1]


def test_weekdays_are_taken_from_the_calendar():
    assert weekday_factor(date(2020, 3, 1), 3, (1, 2, 3, 4, 5, 6, 7)).tolist() == [7, 1, 2]


@settings(max_examples=20, deadline=None)
@given(counts=st.lists(st.integers(0, 500), min_size=1, max_size=8), seed=st.integers(0, 99))
def test_sharing_out_loses_nobody(counts: list[int], seed: int):
    people = np.array([counts]).T
    shares = np.tile(LABORATORY, (len(counts), 1))
    given_lags = shared_out(people, shares, np.random.default_rng(seed))
    assert given_lags.shape == (len(counts), len(LABORATORY), 1)
    np.testing.assert_array_equal(given_lags.sum(axis=1), people)


def test_cases_settle_on_the_truth_and_exceed_it_by_duplicates_until_removed(arrivals: Arrivals):
    truth = arrivals.truth
    published = truth.last_day
    settled = truth.days - 1 - len(LABORATORY) - ways.DUPLICATE_REMOVED_AFTER
    final = ways.cases_by_specimen(arrivals, published)
    np.testing.assert_array_equal(final[:settled], truth.cases[:settled])
    over = (final - truth.cases).clip(0).sum()
    assert 0 < over < truth.cases.sum() * DUPLICATES
    assert (final.sum(axis=1)[-4:] < truth.cases.sum(axis=1)[-4:]).all()


def test_the_size_of_duplicates_is_as_stated(arrivals: Arrivals):
    share = arrivals.duplicates.counts.sum() / arrivals.truth.cases.sum()
    assert abs(share - DUPLICATES) < 0.001
    share = arrivals.repeats.sum() / arrivals.truth.cases.sum()
    assert abs(share - REPEATED_POSITIVES) < 0.003
    share = arrivals.awaiting.counts.sum() / arrivals.truth.trust_deaths.sum()
    assert abs(share - AWAITING_VERIFICATION) < 0.002


def test_cases_by_report_add_up_to_cases_by_specimen_on_every_day(arrivals: Arrivals):
    reported = ways.cases_by_report(arrivals).cumsum(axis=0)
    for ago in (0, 1, 10, 30):
        day = arrivals.truth.last_day - timedelta(ago)
        by_specimen = ways.cases_by_specimen(arrivals, day).sum(axis=0)
        np.testing.assert_array_equal(reported[arrivals.truth.index(day)], by_specimen)


def test_the_late_trust_tells_nothing_of_its_last_days(arrivals: Arrivals):
    truth, late = arrivals.truth, arrivals.truth.places.late_trust
    dated, awaiting = ways.deaths_by_trust(arrivals, truth.last_day)
    assert dated[-LATE_TRUST_DAYS - 1 :, late].sum() == 0
    assert truth.trust_deaths[-LATE_TRUST_DAYS - 1 :, late].sum() > 0
    others = np.delete(dated, late, axis=1)
    assert others[-LATE_TRUST_DAYS - 1 :].sum() > 0
    settled = truth.days - len(HOSPITAL) - LATE_TRUST_DAYS - 1
    np.testing.assert_array_equal(dated[:settled], truth.trust_deaths[:settled])
    assert awaiting.min() >= 0


def test_a_death_awaiting_verification_has_its_date_a_day_later(arrivals: Arrivals):
    days = [arrivals.truth.last_day - timedelta(ago) for ago in range(20)]
    waiting = 0
    for day in days:
        dated, awaiting = ways.deaths_by_trust(arrivals, day)
        arrived = arrivals.trust_deaths.known(arrivals.index(day))
        assert dated.sum() + awaiting.sum() == arrived.sum()
        np.testing.assert_array_equal((arrived - dated).sum(axis=0), awaiting)
        waiting += int(awaiting.sum())
    assert waiting > 0


def test_announcements_are_the_growth_of_the_total_by_date_of_death(arrivals: Arrivals):
    announced = ways.nation(ways.deaths_by_report(arrivals, "hospital"))
    for ago in (0, 7, 30):
        day = arrivals.truth.last_day - timedelta(ago)
        dated, awaiting = ways.deaths_by_trust(arrivals, day)
        upto = announced[: arrivals.truth.index(day) + 1].sum()
        assert upto == dated.sum() + awaiting.sum()


def test_definitions_change_on_the_days_of_gov_uk():
    assert ways.definition_on(date(2020, 4, 28)) == "hospital"
    assert ways.definition_on(date(2020, 4, 29)) == "any_time"
    assert ways.definition_on(date(2020, 8, 11)) == "any_time"
    assert ways.definition_on(date(2020, 8, 12)) == "28d"


def test_a_wider_definition_announces_more_on_every_day_so_far(arrivals: Arrivals):
    totals = [
        ways.deaths_by_report(arrivals, definition).cumsum(axis=0)
        for definition in ("any_time", "60d", "28d")
    ]
    assert (totals[0] >= totals[1]).all()
    assert (totals[1] >= totals[2]).all()
    assert (totals[0] >= ways.deaths_by_report(arrivals, "hospital").cumsum(axis=0)).all()


def test_the_uk_has_four_percent_of_cases_that_no_nation_claims(arrivals: Arrivals):
    nations = ways.nations_cases_by_report(arrivals).sum(axis=1).cumsum()
    uk = ways.uk_cases_running(arrivals)
    np.testing.assert_array_equal(uk, nations * 1040 // 1000)


def test_non_residents_are_four_in_a_thousand():
    assert ways.with_non_residents(np.array([0, 100, 1000, 25_000])).tolist() == [
        0,
        100,
        1004,
        25_100,
    ]


@given(series=st.lists(st.integers(0, 9), min_size=1, max_size=12), days=st.integers(-14, 14))
def test_shifting_there_and_back_loses_only_what_falls_off(series: list[int], days: int):
    counts = np.array(series)
    moved = ways.shifted(counts, days)
    assert len(moved) == len(counts)
    kept = max(0, len(counts) - abs(days))
    begin = counts[:kept] if days >= 0 else counts[len(counts) - kept :]
    assert moved.sum() == begin.sum()


def test_registrations_rest_at_weekends(arrivals: Arrivals):
    registered = arrivals.registrations.by_arrival.sum(axis=1)
    sundays = [at for at, day in enumerate(arrivals.truth.dates) if day.weekday() == 6]
    mondays = [at + 1 for at in sundays if at + 1 < len(registered)]
    assert registered[sundays].sum() < registered[mondays].sum() / 5


def test_the_readme_lists_every_way():
    readme = (Path(ways.__file__).parent / "README.md").read_text()
    for name, words in ways.WAYS.items():
        assert f"| {name} | {words} |" in readme
