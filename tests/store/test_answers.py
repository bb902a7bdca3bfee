"""What an open release answered before, it answers again at once, and is counted again."""

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from store import reader as readers
from store.answers import LARGEST_BYTES, Answers, key
from store.paths import Home
from store.reader import count_rows, open_reader
from tests.dashboard.small_england import ENGLAND, write_release

ASKED = "select figure_id, value from figures where area_id = $area order by figure_id"


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every question that reaches the engine."""
    write_release(tmp_path)
    told: list[str] = []
    fetched = readers._fetched
    monkeypatch.setattr(readers, "_fetched", lambda answer: told.append("") or fetched(answer))
    return told


def test_the_engine_is_asked_once_and_every_answer_is_counted(asked: list[str], tmp_path: Path):
    with open_reader(Home(tmp_path), remembers=True) as reader:
        tally = count_rows()
        first = reader.ask(ASKED, area=ENGLAND)
        again = reader.ask(ASKED, area=ENGLAND)
        other = reader.ask(ASKED, area="E06000016")
    assert first.height > 0 and again.equals(first) and not other.equals(first)
    assert len(asked) == 2
    assert tally.rows == 2 * first.height + other.height


def test_who_does_not_ask_for_it_gets_no_memory(asked: list[str], tmp_path: Path):
    with open_reader(Home(tmp_path)) as reader:
        for _ in range(2):
            reader.ask(ASKED, area=ENGLAND)
    assert len(asked) == 2


def test_readers_of_two_moments_share_nothing(tmp_path: Path):
    write_release(tmp_path)
    moments = (None, datetime(2020, 7, 25))
    given = []
    for moment in moments:
        with open_reader(Home(tmp_path), as_of=moment, remembers=True) as reader:
            given.append(reader.ask(ASKED, area=ENGLAND))
    assert not given[0].equals(given[1])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"area": "1"}, {"area": 1}),
        ({"area": "a", "metric": "b"}, {"area": "b", "metric": "a"}),
        ({"at": datetime(2020, 7, 25)}, {"at": "2020-07-25"}),
        ({}, {"area": None}),
    ],
)
def test_two_questions_are_never_taken_for_one(one, other):
    assert key("select 1", one) != key("select 1", other)
    assert key("select 1", one) == key("select 1", dict(reversed(one.items())))


def test_the_least_used_go_first_and_large_ones_are_not_kept():
    rows = pl.DataFrame({"number": list(range(1000))})
    kept = Answers(most_bytes=3 * int(rows.estimated_size()))
    for number in range(3):
        kept.keep(("q", str(number)), rows)
    assert kept.find(("q", "0")) is rows
    kept.keep(("q", "3"), rows)
    assert kept.find(("q", "1")) is None and kept.find(("q", "0")) is rows
    large = pl.DataFrame({"number": list(range(LARGEST_BYTES))})
    kept.keep(("q", "large"), large)
    assert kept.find(("q", "large")) is None and kept.find(("q", "3")) is rows
