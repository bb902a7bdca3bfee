"""A confined process holds what is said of it: layers, one scope, and an end with its server."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from confined_england import NATIONAL, asked

from store import agreements, releases
from store.confined import answering, layers
from store.connection import Layout
from store.errors import ReleaseGone, UnknownScope, WrongUse
from store.paths import Home
from store.sandbox import Question, Refused, SandboxUnavailable, ask, check_ready, limits_of
from store.sandbox import pool as pools
from store.sandbox.pool import Child, Pool
from store.viewer import EVERYONE, ROLES, Viewer
from tests.dashboard.small_england import LEICESTER
from tests.homes import copied
from tests.mailing.guarded_england import LONDON

ROOT = Path(__file__).parents[3]
OURS = ROOT / "agreements"
SCOPES = [EVERYONE, NATIONAL, Viewer("p", "analyst", LONDON), Viewer("t", "analyst", LEICESTER)]


@pytest.fixture
def own_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[Pool]:
    """Confined processes of this test alone."""
    own = Pool()
    monkeypatch.setattr(pools, "_pools", {os.getpid(): own})
    yield own
    own.end()


def only(pool: Pool) -> Child:
    [(_, child)] = pool._idle
    return child


def until(holds: Callable[[], bool], seconds: float = 5) -> bool:
    ends = time.monotonic() + seconds
    while not holds() and time.monotonic() < ends:
        time.sleep(0.02)
    return holds()


def status(child: Child) -> dict[str, str]:
    lines = Path(f"/proc/{child.pid}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def test_everything_that_confines_is_here():
    check_ready()


def test_a_confined_process_has_no_rights_and_no_names(england: Home, own_pool: Pool):
    asked(england, "select 1")
    child = only(own_pool)
    found = status(child)
    assert found["NoNewPrivs"] == "1"
    assert found["Seccomp"] == "2"
    assert int(found["CapEff"], 16) == 0
    assert Path(f"/proc/{child.pid}/environ").read_bytes() == b""
    assert os.getsid(child.pid) == child.pid
    opened = [link.readlink() for link in Path(f"/proc/{child.pid}/fd").iterdir()]
    assert {str(file) for file in opened if str(file).startswith(str(england.root))} <= {
        str(path) for path in england.root.rglob("*.duckdb")
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become another account")
def test_as_root_it_is_another_account_with_a_network_and_a_root_of_its_own(
    england: Home, own_pool: Pool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRIGPOINT_SANDBOX_UID", "64321")
    asked(england, "select 1")
    child = only(own_pool)
    assert status(child)["Uid"].split() == ["64321"] * 4
    assert status(child)["Groups"] == ""
    assert child.layers == {"own network": True, "empty root": True, "own account": True}
    network = [Path(f"/proc/{pid}/ns/net").readlink() for pid in ("self", child.pid)]
    assert network[0] != network[1]
    assert str(Path(f"/proc/{child.pid}/root").readlink()).endswith("(deleted)")


def test_an_account_that_is_none_is_refused(england: Home, own_pool: Pool, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_SANDBOX_UID", "root")
    with pytest.raises(WrongUse, match="TRIGPOINT_SANDBOX_UID is 'root'"):
        asked(england, "select 1")


@pytest.mark.parametrize(
    ("lacking", "said"),
    [
        ("layers._filter_calls = lambda closed: None", "can be made|can be started|be reached"),
        ("layers._bound = lambda: None", "RLIMIT_AS"),
        ("layers._prctl = lambda *a: (_ for _ in ()).throw(layers.LayerMissing('old'))", "old"),
        ("import store.confined.answering as a; a.lock = lambda *b: None", "not locked"),
    ],
)
def test_where_a_layer_is_missing_nothing_is_answered(
    own_pool: Pool, monkeypatch: pytest.MonkeyPatch, lacking: str, said: str
):
    torn = f"from store.confined import layers; {lacking}; main()"
    monkeypatch.setattr(pools, "START", pools.START.replace("main()", torn))
    with pytest.raises(SandboxUnavailable, match=said) as raised:
        check_ready()
    assert "\n" not in str(raised.value)


def test_every_layer_is_tried_and_not_believed(tmp_path: Path):
    """This process has none of them, and so must not pass."""
    open_file = tmp_path / "open"
    open_file.touch()
    with pytest.raises(layers.LayerMissing, match="can be opened"):
        layers.require((str(open_file),))
    connection = answering.opened(Layout(files=()), answering.CONFIG)
    with pytest.raises(layers.LayerMissing, match="not locked"):
        answering._require_locked(connection, (str(open_file),))


def test_no_process_is_used_for_another_scope(england: Home, own_pool: Pool):
    scopes = SCOPES[1:]
    for viewer in [*scopes, *scopes]:
        asked(england, "select 1", viewer)
    kept = {child.pid: key for key, child in own_pool._idle}
    assert len(kept) == len({*kept.values()}) == len(scopes)
    asked(england, "select 1", scopes[0])
    assert {child.pid for _, child in own_pool._idle} == {*kept}


def test_no_more_are_kept_than_may_be(england: Home, own_pool: Pool, monkeypatch):
    monkeypatch.setattr(pools, "KEPT", 1)
    seen = []
    for viewer in SCOPES[:2]:
        asked(england, "select 1", viewer)
        seen.append(own_pool._idle[-1][1])
    assert [child.is_alive for child in seen] == [False, True]


def test_one_that_was_killed_is_replaced(england: Home, own_pool: Pool):
    asked(england, "select 1")
    killed = only(own_pool)
    os.kill(killed.pid, signal.SIGKILL)
    assert until(lambda: not killed.is_alive)
    assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]
    assert only(own_pool).pid != killed.pid


@pytest.mark.parametrize("why", ["c.IDLE_S = 0.3", "c.layers.has_time = iter([1, 0]).__next__"])
def test_one_that_is_idle_or_has_worked_long_ends_by_itself(
    england: Home, own_pool: Pool, monkeypatch: pytest.MonkeyPatch, why: str
):
    short = f"import store.confined.child as c; {why}; main()"
    monkeypatch.setattr(pools, "START", pools.START.replace("main()", short))
    started: list[Child] = []

    class Seen(Child):
        def __init__(self) -> None:
            super().__init__()
            started.append(self)

    monkeypatch.setattr(pools, "Child", Seen)
    asked(england, "select 1")
    child = started[0]  # it may have gone from the pool already
    assert until(lambda: not child.is_alive)
    assert child.left_by_itself
    assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]


def test_one_that_goes_as_it_is_taken_is_replaced(
    england: Home, own_pool: Pool, monkeypatch: pytest.MonkeyPatch
):
    starts = iter(["", pools.START])

    class Leaving(Child):
        is_alive = True  # the pool looked a moment before

        def __init__(self) -> None:
            monkeypatch.setattr(pools, "START", next(starts, pools.START))
            super().__init__()

    monkeypatch.setattr(pools, "Child", Leaving)
    assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]
    assert next(starts, None) is None


def test_where_every_one_goes_it_is_said_and_not_tried_for_ever(
    england: Home, own_pool: Pool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(pools, "START", "")
    with pytest.raises(SandboxUnavailable, match="could not be started"):
        asked(england, "select 42 as n")


def test_none_outlives_a_server_that_is_killed(england: Home):
    program = f"""
import sys, threading, time
from pathlib import Path
sys.path.insert(0, {str(ROOT / "tests/store/sandbox")!r})
from confined_england import NATIONAL, asked
from store.paths import Home
from store.sandbox import pool as pools
home = Home(Path({str(england.root)!r}))
asked(home, "select 1")
print([child.pid for _, child in pools.pool()._idle][0], flush=True)
asked(home, "select count(*) from range(1000000000000)")
"""
    server = subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert server.stdout
    child = int(server.stdout.readline())
    time.sleep(0.5)
    server.kill()
    server.wait()
    assert until(lambda: not Path(f"/proc/{child}").exists(), 3)
    assert asked(england, "select 42 as n").table.to_pylist() == [{"n": 42}]


def test_what_an_agreement_withholds_is_withheld_from_the_next_question(
    england: Home, own_pool: Pool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    shutil.copytree(OURS, tmp_path / "agreements")
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(tmp_path / "agreements"))
    home = Home(copied(england.root, tmp_path / "home"))
    sql = "select count(value) as told, count(*) as cells from figures"
    before = asked(home, sql).table.to_pylist()[0]
    path = tmp_path / "agreements" / "open_government.toml"
    path.write_text(path.read_text().replace("2035-01-01", str(agreements.today())))
    assert asked(home, sql).table.to_pylist() == [{"told": 0, "cells": before["cells"]}]
    shutil.copy(OURS / "open_government.toml", path)
    assert asked(home, sql).table.to_pylist() == [before]


def test_a_release_or_a_scope_that_is_none_is_said(england: Home):
    with pytest.raises(ReleaseGone):
        ask(england, NATIONAL, "ann", Question("select 1", release_id="../../etc"), "q")
    with pytest.raises(UnknownScope):
        asked(england, "select 1", Viewer("x", "analyst", "E99999999"))
    kept = releases.current(england).release_id
    answer = ask(england, NATIONAL, "ann", Question("select 1", release_id=kept), "q")
    assert answer.release_id == kept


def test_every_role_has_its_limits_and_no_other():
    for role in (*ROLES, EVERYONE.role):
        limits = limits_of(role)
        assert min(limits.seconds, limits.rows, limits.bytes, limits.at_once) > 0
    assert limits_of("analyst").rows >= 200_000
    with pytest.raises(WrongUse, match="nobody"):
        limits_of("nobody")


@pytest.mark.parametrize(
    ("sql", "said", "line"),
    [
        ("select 1,\n occupied\nfrom figures", "Line 2: there is no column “occupied”", 2),
        ("select 'é',\n\n occupied\nfrom figures", "Line 3: there is no column “occupied”", 3),
        ("select *\nfrom bed_occupancy", "Line 2: there is no table “bed_occupancy”.", 2),
        ("select\n\nnonsense(1)", "Line 3: there is no function “nonsense” here.", 3),
        (
            "select 1\nfrom figures\nwhere where",
            "Line 3: this is not understood near 'where'",
            None,
        ),
        ("insert into figures values (1)", "Only questions can be asked here: INSERT", None),
        ("select 1; select 2", "Ask one question at a time", None),
        ("select\n1 + 'x'::integer", "Line 2: a value cannot be converted", 2),
        ("explain\nselect occupied\nfrom figures", "there is no column “occupied”", None),
        ("", "There is no question here.", None),
    ],
)
def test_a_refusal_is_one_plain_sentence(england: Home, sql: str, said: str, line: int | None):
    with pytest.raises(Refused) as raised:
        asked(england, sql)
    assert said in str(raised.value)
    assert "\n" not in str(raised.value)
    assert line is None or raised.value.line == line
    assert raised.value.on_record == f"the question was refused: {raised.value.kind}"


@pytest.mark.parametrize(
    "sql",
    [
        "select error(string_agg(figure_id || '=' || value::varchar, ' ')) from figures",
        "select string_agg(figure_id || '=' || value::varchar, ' ')::integer from figures",
        "select (figure_id || value::varchar)::date from figures",
        "select strptime(figure_id, '%Y') from figures",
        "select json_extract(figure_id, '$.a') from figures",
        "select regexp_matches('a', '(' || figure_id) from figures",
        "select figure_id::enum('a') from figures",
        "select date_part(max(figure_id), date '2020-01-01') from figures",
        "select now() at time zone (select string_agg(figure_id, ' ') from figures)",
    ],
)
def test_no_figure_leaves_by_the_sentence_of_a_refusal(england: Home, sql: str):
    with pytest.raises(Refused) as raised:
        asked(england, sql)
    found = asked(england, "select distinct metric_id from figures").table.column(0).to_pylist()
    assert [metric for metric in found if metric in str(raised.value)] == []


@pytest.mark.parametrize("sql", [f'select "{"x" * 5000}" from figures', f"select {'x' * 5000}()"])
def test_no_sentence_of_a_refusal_is_long(england: Home, sql: str):
    with pytest.raises(Refused) as raised:
        asked(england, sql)
    assert len(str(raised.value)) <= 300


@pytest.mark.parametrize("sql", ["select interval 1 day", "select date '9999-12-31' + 1 as far"])
def test_what_no_screen_can_show_is_refused_as_by_every_reader(england: Home, sql: str):
    with pytest.raises(Refused, match="cast it"):
        asked(england, sql)
