"""Questions take turns fairly, over all processes of a server, and can be taken back from any."""

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread

import pytest
from confined_england import NATIONAL, asked

from store.paths import Home
from store.sandbox import Busy, Question, Refused, Stopped, ask, stop, turns
from store.sandbox.limits import Limits
from store.sandbox.turns import turn

ROOT = Path(__file__).parents[3]
FOREVER = "select count(*) from range(1000000000000)"
TWO = Limits(seconds=5, rows=10, bytes=1000, at_once=2, waiting=3)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr(turns, "places", lambda: 3)
    return Home(tmp_path)


class Asker(Thread):
    """Somebody who waits for a turn, and has it until they are told to end."""

    def __init__(self, home: Home, person: str, query: str) -> None:
        super().__init__(daemon=True)
        self.place = (home, person, query)
        self.has_turn, self.ends = Event(), Event()
        self.heard: list[int] = []
        self.fault: Exception | None = None

    def run(self) -> None:
        home, person, query = self.place
        try:
            with turn(home, person, query, TWO, self.heard.append):
                self.has_turn.set()
                self.ends.wait(10)
        except (Busy, Stopped) as fault:
            self.fault = fault

    @property
    def is_heard(self) -> bool:
        _, _, query = self.place
        found = list(self.place[0].asking.glob(f"*.{turns._hash(query)}.*"))
        return bool(found or self.fault)


def asking(home: Home, person: str, query: str) -> Asker:
    """Somebody who asks: in turn, in the queue, or sent away by now."""
    asker = Asker(home, person, query)
    asker.start()
    while not asker.is_heard:
        time.sleep(0.01)
    asker.has_turn.wait(0.5)
    return asker


def end(*askers: Asker) -> None:
    for asker in askers:
        asker.ends.set()
    for asker in askers:
        asker.join()


def test_nobody_has_all_places_and_the_next_is_who_has_fewest(home: Home):
    ann = [asking(home, "ann", f"a{n}") for n in range(4)]
    assert [asker.has_turn.is_set() for asker in ann] == [True, True, False, False]
    bob = [asking(home, "bob", f"b{n}") for n in range(2)]
    assert [asker.has_turn.is_set() for asker in bob] == [True, False]
    eve = asking(home, "eve", "e")
    assert not eve.has_turn.is_set()
    # One of Ann's ends: Eve came last and has none, so she goes first. Then Ann and Bob have one
    # each, and hers has waited longer.
    end(ann[0])
    assert eve.has_turn.wait(2)
    end(eve)
    assert ann[2].has_turn.wait(2)
    assert not bob[1].has_turn.is_set()
    end(ann[1])
    assert ann[3].has_turn.wait(2)
    end(*bob, *ann)
    assert ann[3].heard
    assert [path.name for path in home.asking.iterdir()] == ["gate"]


def test_too_many_that_wait_are_sent_away(home: Home):
    ann = [asking(home, "ann", f"a{n}") for n in range(6)]
    assert isinstance(ann[5].fault, Busy)
    assert "3 of your questions wait already" in str(ann[5].fault)
    end(*ann)


def test_a_question_that_waits_can_be_taken_back_by_whoever_asked_it(home: Home):
    ann = [asking(home, "ann", f"a{n}") for n in range(3)]
    assert not stop(home, "bob", "a2")
    assert not stop(home, "ann", "a9")
    assert stop(home, "ann", "a2")
    ann[2].join(2)
    assert isinstance(ann[2].fault, Stopped)
    end(*ann)


def test_a_stop_that_comes_before_its_question_holds_once_and_for_nobody_else(home: Home):
    assert not stop(home, "ann", "early")
    bob, ann = asking(home, "bob", "early"), asking(home, "ann", "early")
    assert bob.has_turn.is_set()
    ann.join(2)
    assert isinstance(ann.fault, Stopped)
    again = asking(home, "ann", "early")
    assert again.has_turn.is_set()
    end(bob, again)


def test_stops_for_which_nothing_comes_are_few_and_do_not_stay(home: Home, monkeypatch):
    for number in range(turns.MOST_STOPS + 10):
        stop(home, "ann", f"never{number}")
    assert len(list(home.asking.glob("stopped-*"))) == turns.MOST_STOPS
    monkeypatch.setattr(turns, "STOP_HOLDS_S", -1.0)
    stop(home, "bob", "last")
    assert len(list(home.asking.glob("stopped-*"))) == 1


def test_a_stop_makes_no_file_of_a_question_that_has_ended(home: Home):
    ann = asking(home, "ann", "a")
    (path,) = home.asking.glob("*.running")
    end(ann)
    assert not turns._taken_back(path)
    assert not path.exists()


def test_a_process_that_is_killed_frees_its_place(home: Home):
    program = (
        "import sys, time; from pathlib import Path; from store.paths import Home; "
        "from store.sandbox import limits_of, turns; turns.places = lambda: 3\n"
        "with turns.turn(Home(Path(sys.argv[1])), 'ann', 'q', limits_of('analyst'), None):\n"
        "    print('in turn', flush=True); time.sleep(60)"
    )
    servers = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(home.root)], stdout=subprocess.PIPE, cwd=ROOT
        )
        for _ in range(2)
    ]
    assert [server.stdout.readline() for server in servers if server.stdout] == [b"in turn\n"] * 2
    third = asking(home, "ann", "third")
    assert not third.has_turn.is_set()
    servers[0].kill()
    assert third.has_turn.wait(2)
    end(third)
    servers[1].kill()
    for server in servers:
        server.wait()


def test_a_question_that_runs_is_stopped_from_another_process_within_two_seconds(england: Home):
    fault: list[Exception] = []

    def run() -> None:
        try:
            ask(england, NATIONAL, "ann", Question(FOREVER), "forever")
        except Stopped as stopped:
            fault.append(stopped)

    asker = Thread(target=run)
    asker.start()
    while not list(england.asking.glob("*.running")):
        time.sleep(0.02)
    time.sleep(0.5)
    began = time.monotonic()
    program = (
        "import sys; from pathlib import Path; from store.paths import Home; "
        "from store.sandbox.turns import stop; "
        "print(stop(Home(Path(sys.argv[1])), 'ann', 'forever'), time.monotonic())"
    ).replace("import sys;", "import sys, time;")
    told = subprocess.run(
        [sys.executable, "-c", program, str(england.root)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    asker.join()
    assert told.stdout.startswith("True ")
    assert time.monotonic() - max(began, float(told.stdout.split()[1])) < 2
    assert isinstance(fault[0], Stopped)
    assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]


def test_a_place_is_free_again_after_a_refusal(england: Home):
    for _ in range(5):
        with pytest.raises(Refused):
            asked(england, "drop view figures")
    with ExitStack() as held:
        held.enter_context(turn(england, "bob", "q", TWO, None))
        assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]
    assert not list(england.asking.glob("*.*"))
