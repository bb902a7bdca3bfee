"""Places for exports are few, and whoever had one goes behind others who found none."""

import os
import time

import pytest

from store.errors import WrongUse
from store.exporting import jobs
from store.exporting.jobs import CANCELLED, Job, State
from store.exporting.wanted import Wanted
from store.paths import Home
from store.viewer import EVERYONE

WANTED = Wanted("figures", "csv", "20200101-000000-000")


@pytest.fixture
def home(tmp_path, monkeypatch) -> Home:
    """A home in which each process ends at once; its export is taken for one that still begins."""
    begin = jobs.subprocess.Popen
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *_, **__: begin(["true"]).wait())
    return Home(tmp_path)


def begun(home: Home, person: str) -> Job:
    return jobs.start(home, person, EVERYONE, WANTED)


def ended(job: Job) -> None:
    job.put(State(CANCELLED))
    jobs.cancel(job)


def finds_none(home: Home, person: str) -> bool:
    with pytest.raises(WrongUse, match="being written for others"):
        begun(home, person)
    return True


def test_two_who_begin_again_at_once_do_not_hold_both_places(home: Home):
    held = [begun(home, "ada"), begun(home, "bob")]
    assert finds_none(home, "cleo") and finds_none(home, "dan")
    for job in held:
        ended(job)
    assert finds_none(home, "ada") and finds_none(home, "bob")
    ended(begun(home, "dan"))
    begun(home, "cleo")
    begun(home, "ada")
    assert finds_none(home, "bob")


def test_who_asks_no_more_holds_nobody_up(home: Home):
    ended(begun(home, "ada"))
    begun(home, "bob")
    second = begun(home, "eve")
    assert finds_none(home, "cleo")
    ended(second)
    began = begun(home, "fay")
    ended(began)
    assert finds_none(home, "fay")
    (mark,) = [path for path in home.exports.glob(f"*/{jobs.WAITS}") if is_of(path, "cleo")]
    long_ago = time.time() - jobs.limits().waits_seconds
    os.utime(mark, (long_ago, long_ago))
    assert begun(home, "fay")


def is_of(path, person: str) -> bool:
    return path.parent.name == jobs._folder(Home(path.parents[2]), person).name
