"""The files of the worst data days: whole, in order, and with the published figures in them."""

import csv
import io
from collections import Counter
from datetime import date

import pytest

from loaders.sources import all_sources
from simulation.replays import all_replays, death_definition, pillar_dedup, xls_truncation
from simulation.replays.formats import spread
from simulation.replays.story import Replay

REPLAYS = all_replays()


@pytest.fixture(params=REPLAYS, ids=str)
def replay(request: pytest.FixtureRequest) -> Replay:
    return REPLAYS[request.param]


def test_the_clock_steps_forward_on_days_on_which_something_is_published(replay: Replay):
    days = replay.days()
    dates = [day.published_on for day in days]
    assert dates == sorted(set(dates))
    assert replay.happened_on in dates
    for day in days:
        assert any(day.files.values())
        assert set(day.files) <= set(all_sources())


def test_the_same_days_give_the_same_bytes(replay: Replay):
    assert [day.files for day in replay.days()] == [day.files for day in replay.days()]


def test_what_is_asked_and_known_is_of_days_of_the_replay(replay: Replay):
    dates = {day.published_on for day in replay.days()}
    assert {answer.after for answer in replay.answers} <= {None, *dates}
    assert set(replay.breakers) <= dates
    assert replay.watched
    keys = [question.key for question in replay.questions]
    assert len(keys) == len(set(keys)) > 0


def rows_of(day: int, replay: Replay, source_id: str) -> list[dict[str, str]]:
    (file,) = replay.days()[day].files[source_id]
    return list(csv.DictReader(io.StringIO(file.content.decode())))


def test_the_laboratory_file_ends_at_the_last_row_of_a_spreadsheet():
    files = [day.files["local_returns"] for day in xls_truncation.days()[:3]]
    (whole,), (cut,), halves = files
    assert whole.content.count(b"\n") == 65_313
    assert cut.content.count(b"\n") == 65_536
    assert all(half.content.count(b"\n") < 65_536 for half in halves)


def test_the_lost_cases_are_those_that_were_published():
    whole = xls_truncation.laboratory_rows(xls_truncation.CUT)
    lost: Counter[date] = Counter()
    for _, day, _, count in whole[65_535:]:
        lost[day] += count
    assert list(lost.values()) == [957, 744, 757, 0, 1_415, 3_049, 4_133, 4_786]
    assert lost.total() == 15_841


def test_a_total_is_spread_over_days_without_loss():
    days = spread(160_349, date(2020, 3, 1), date(2020, 6, 25))
    assert (sum(days.values()), min(days.values()) >= 0) == (160_349, True)
    assert (min(days), max(days), len(days)) == (date(2020, 3, 1), date(2020, 6, 25), 117)


@pytest.mark.parametrize(("day", "total"), [(0, 160_764), (1, 243_910)])
def test_englands_cases_of_both_days_add_up(day: int, total: int):
    rows = rows_of(day, pillar_dedup.REPLAY, "phe_cases_vintages")
    assert sum(int(row["Daily lab-confirmed cases"]) for row in rows) == total
    assert int(rows[0]["Cumulative lab-confirmed cases"]) == total


@pytest.mark.parametrize(("day", "total"), [(0, 42_000), (1, 36_695)])
def test_englands_deaths_of_both_days_add_up(day: int, total: int):
    rows = rows_of(day, death_definition.REPLAY, "phe_deaths_csv")
    assert sum(int(row["Daily change in deaths"]) for row in rows) == total
    assert int(rows[0]["Cumulative deaths"]) == total
