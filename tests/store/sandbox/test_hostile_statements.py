"""Nothing that is asked in bad faith is answered, reaches anything, or leaves anything behind.

The statements stand in `hostile/`, a file for each way. They are asked as anybody would ask them,
and then once more with nobody reading the syntax tree, so that what lies behind it is tried too.
"""

import os
import re
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest
from confined_england import FOLDER, NATIONAL, SECRET, Around, asked, statements

from store.paths import Home
from store.reader import exact_for, lay_out, withheld_from
from store.releases import current
from store.sandbox import Refused, TookTooLong, asking, limits
from store.sandbox import pool as pools
from store.sandbox.pool import Child, Died, Late, Pool

WAYS = sorted(path.name for path in (FOLDER / "hostile").glob("*.sql"))
RUNAWAY = statements("hostile/runaway.sql")
TRIED = [sql for way in WAYS if way != "runaway.sql" for sql in statements(f"hostile/{way}")]
# Those that a quick run tries: each is ended by another layer.
FEW = (0, 4, 5, 9, 20)
LIMIT_S = 1
BLIND = "import store.confined.grammar as g; g.question = lambda c, sql, known: sql; main()"
# An account that owns the files, as that of a service does, where the kernel gives no more.
BARE = (
    "import ctypes, struct; l = ctypes.CDLL(None); l.unshare(0x10000000); "
    "l.syscall(126, struct.pack('<Ii', 0x20080522, 0), bytes(24))"
)
MOST_OVER_S = 2
MEMORY = 1_500_000_000


@pytest.fixture
def own_pool(monkeypatch: pytest.MonkeyPatch):
    """Confined processes of this test alone."""
    own = Pool()
    monkeypatch.setattr(pools, "_pools", {os.getpid(): own})
    yield own
    own.end()


def test_there_are_enough_of_them():
    assert len({*TRIED, *RUNAWAY}) >= 400


@pytest.mark.parametrize("way", [way for way in WAYS if way != "runaway.sql"])
def test_no_hostile_statement_is_answered(england: Home, around: Around, way: str):
    answered, told = [], []
    for sql in statements(f"hostile/{way}"):
        try:
            answered.append((sql, asked(england, around.placed(sql)).table.to_pylist()))
        except Refused as no:
            told.append(str(no))
    assert answered == []
    assert SECRET not in "".join(told)
    assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]


@pytest.mark.parametrize("hidden", ["\0", "\u202e", "\u200b", "\ufeff", "\x1b", "\udcff"])
def test_a_character_that_hides_something_changes_nothing(
    england: Home, around: Around, hidden: str
):
    for sql in ("drop{0} view figures", "select 1;{0}drop view figures", "{0}from '{outside}'"):
        with pytest.raises(Refused):
            asked(england, around.placed(sql.replace("{0}", hidden)))


@pytest.mark.parametrize(
    "sql",
    [
        "select " + "(" * 5000 + "1" + ")" * 5000,
        "select " + "[" * 70 + "1" + "]" * 70,
        "select " + "+".join(["1"] * 9000),
        "select " + "not " * 4000 + "true",
        "select " + " and ".join(["true"] * 2500) + " and " + "-" * 1 + "1 = (select",
        "select * from " + "(select * from " * 60 + "duckdb_databases" + ")" * 60,
        "with " + ", ".join(f"a{n} as (select 1)" for n in range(900)) + " from duckdb_logs",
        "select '" + "x" * 20_000 + "'",
        "case " * 3000,
        "select " + "case when true then " * 300 + "1" + " end" * 300,
        "select 1" + " union all select 1" * 1000 + " union all select path from duckdb_databases",
    ],
    ids=lambda sql: f"{sql[:12]}{len(sql)}",
)
def test_depth_and_length_are_bounded(england: Home, around: Around, sql: str):
    with pytest.raises(Refused):
        asked(england, sql)


@pytest.mark.parametrize(
    "start", [BLIND, f"{BARE}; {BLIND}"], ids=["as it is", "an account without"]
)
def test_nothing_is_reached_though_nobody_reads_the_tree(
    england: Home, around: Around, own_pool: Pool, monkeypatch: pytest.MonkeyPatch, start: str
):
    """Nor where the service has no other account, no network of its own and no empty root."""
    monkeypatch.setattr(pools, "START", pools.START.replace("main()", start))
    child = _laid_out(england)
    assert BARE not in start or not any(child.layers.values())
    for sql in TRIED:
        if re.search("sleep", sql):
            continue
        told = _blindly(child, around.placed(sql))
        assert SECRET not in told, sql
        assert "root:" not in told, sql
        if not child.is_alive:
            child = _laid_out(england)
    assert "forty-two" in _blindly(child, "select 'forty' || '-two'")
    assert "refused" not in _blindly(child, "begin transaction")
    child.end()


def test_settings_and_names_do_not_outlive_a_question(england: Home, own_pool: Pool, monkeypatch):
    """Also those that a statement could set if it were let through."""
    monkeypatch.setattr(pools, "START", pools.START.replace("main()", BLIND))
    child = _laid_out(england)
    for sql in ("set variable x = 1", "create temp table t as select 1", "prepare q as select 1"):
        _blindly(child, sql)
    assert "forgotten" in _blindly(child, "select coalesce(getvariable('x')::varchar, 'forgotten')")
    for sql in ("from t", "execute q", "set threads = 2", "set errors_as_json = false"):
        assert "refused" in _blindly(child, sql)
    child.end()


@pytest.mark.parametrize(
    "sql",
    [
        pytest.param(sql, marks=() if place in FEW else pytest.mark.long, id=sql[:40])
        for place, sql in enumerate(RUNAWAY)
    ],
)
def test_what_runs_away_is_ended_soon(england: Home, own_pool: Pool, monkeypatch, sql: str):
    most = limits.Limits(LIMIT_S, 1000, 1_000_000, 2, 5)
    monkeypatch.setattr(asking, "limits_of", lambda role: most)
    asked(england, "select 1")
    [(_, child)] = own_pool._idle
    began = monotonic()
    with _memory_of(child) as memory, suppress(Refused, TookTooLong):
        asked(england, sql)
    assert monotonic() - began < LIMIT_S + MOST_OVER_S
    assert memory.most < MEMORY
    assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]


class _memory_of:  # noqa: N801
    """The most memory that a confined process held, looked at again and again until its end."""

    def __init__(self, child: Child) -> None:
        self.most = 0
        self._status = Path(f"/proc/{child.pid}/status")
        self._ended = Event()
        self._watch = Thread(target=self._look)

    def __enter__(self) -> "_memory_of":
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._ended.wait(0.02):
            with suppress(OSError):
                found = re.search(r"VmHWM:\s+(\d+) kB", self._status.read_text())
                self.most = max(self.most, 1024 * int(found[1]) if found else 0)


def _laid_out(home: Home) -> Child:
    """A confined process of its own for the national release."""
    release = current(home)
    exact = exact_for(home, release, NATIONAL)
    hidden = withheld_from(home, release, NATIONAL, exact)
    child = pools.pool().blank()
    child.lay_out(lay_out(home, release, NATIONAL, exact, hidden), 2)
    return child


def _blindly(child: Child, sql: str) -> str:
    """All that a process says to a statement, as text; nothing where it ended."""
    words = {"sql": sql, "parameters": {}, "as_of": None, "seconds": 2, "rows": 1000}
    heard = ""
    with suppress(Died, Late):
        child.say(words | {"bytes": 1_000_000, "counts": False})
        while not re.search("'done'|'refused'|'too_long'", heard[-400:]):
            told, body = child.hear(monotonic() + 4, 10_000_000, lambda: False)
            heard += f"{body.decode('latin1')} {told}"
    return heard
