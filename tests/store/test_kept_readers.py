"""Readers that are kept: nobody waits for another's, and the past takes no place of the present."""

import threading
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from store import kept_readers
from store.kept_readers import KEPT, KEPT_OF_THE_PAST, Readers
from store.paths import Home
from store.reader import Reader, open_reader
from store.viewer import EVERYONE, Viewer
from tests.dashboard.small_england import ENGLAND, LEICESTER, write_release

THEN = datetime(2020, 7, 25)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    root: Path = tmp_path_factory.mktemp("kept")
    write_release(root)
    return Home(root)


def then(microsecond: int) -> datetime:
    return THEN + timedelta(microseconds=microsecond)


def is_open(reader: Reader) -> bool:
    try:
        return reader.ask("select 1 as one").height == 1
    except duckdb.Error:
        return False


def test_any_number_of_past_moments_leaves_those_of_now(home: Home):
    readers = Readers()
    now = [readers.at(home, Viewer(scope=scope), None, None) for scope in (ENGLAND, LEICESTER)]
    for microsecond in range(KEPT + 2):
        readers.at(home, EVERYONE, then(microsecond), None)
    again = [readers.at(home, Viewer(scope=scope), None, None) for scope in (ENGLAND, LEICESTER)]
    assert [id(one) for one in again] == [id(one) for one in now]


def test_few_of_the_past_are_kept_and_what_goes_lives_until_its_last_answer(home: Home):
    readers = Readers()
    first = readers.at(home, EVERYONE, THEN, None)
    assert readers.at(home, EVERYONE, THEN, None) is first
    for microsecond in range(1, KEPT_OF_THE_PAST + 1):
        readers.at(home, EVERYONE, then(microsecond), None)
    assert readers.at(home, EVERYONE, THEN, None) is not first
    assert is_open(first)


def test_nobody_waits_while_another_reader_is_opened(home: Home, monkeypatch):
    readers, goes_on, began = Readers(), threading.Event(), threading.Event()
    mine = readers.at(home, EVERYONE, None, None)

    def slowly(*arguments, **more):
        began.set()
        assert goes_on.wait(20)
        return open_reader(*arguments, **more)

    monkeypatch.setattr(kept_readers, "open_reader", slowly)
    other = threading.Thread(target=readers.at, args=(home, EVERYONE, THEN, None))
    other.start()
    assert began.wait(20)
    found: list[Reader] = []
    asking = threading.Thread(
        target=lambda: found.append(readers.at(home, EVERYONE, None, None)), daemon=True
    )
    asking.start()
    asking.join(10)
    goes_on.set()
    other.join(20)
    assert found == [mine]


def test_of_two_who_open_the_same_both_have_the_one_that_is_kept(home: Home, monkeypatch):
    readers, both, opened, found = Readers(), threading.Barrier(2, timeout=20), [], []

    def together(*arguments, **more):
        reader = open_reader(*arguments, **more)
        opened.append(reader)
        both.wait()
        return reader

    monkeypatch.setattr(kept_readers, "open_reader", together)
    asking = [
        threading.Thread(target=lambda: found.append(readers.at(home, EVERYONE, THEN, None)))
        for _ in range(2)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join(30)
    assert found[0] is found[1] and len(opened) == 2
    assert is_open(found[0])
    (other,) = [one for one in opened if one is not found[0]]
    with pytest.raises(duckdb.ConnectionException):
        other.ask("select 1")
