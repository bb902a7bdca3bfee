"""Files in another order, commands that were killed or stopped: the figures are the same."""

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from homes import copied

from loaders.receipts import read_receipts
from pipeline import build as building
from store import release_tables, releases, scopes
from store.paths import Home
from tests.commands import done, is_plain, parsed

pytestmark = pytest.mark.long
ROOT = Path(__file__).parents[2]
Running = Callable[..., Any]


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """A command that goes on while the test does something to it."""
    return subprocess.Popen(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until(
    condition: Callable[[], bool], process: subprocess.Popen[str], seconds: float = 60
) -> None:
    end = time.monotonic() + seconds
    while not condition() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)


@dataclass(frozen=True)
class Shuffled:
    """The files of the simulated home, come in another order and with commands that were killed."""

    home: Home
    ran: Any
    first: str
    second: str


@pytest.fixture(scope="module")
def shuffled(
    simulated_home: Home, tmp_path_factory: pytest.TempPathFactory, trigpoint: Running
) -> Shuffled:
    """Two releases: from every other file in reverse, then from all of them, some known already.

    The second build and the second publish were killed once before they ended.
    """
    root = tmp_path_factory.mktemp("shuffled")
    home, part = Home(root / "home"), root / "part"
    _copy_every_other_file(simulated_home.simulated, part)
    ran = done(trigpoint("run", "--from", part, "--json", "--home", home.root))
    done(trigpoint("load", "--from", simulated_home.simulated, "--home", home.root))
    build = start("build", "--home", home.root)
    before = home.warehouse.stat().st_mtime_ns
    until(lambda: home.warehouse.stat().st_mtime_ns > before, build)
    time.sleep(0.7)
    build.kill()
    build.communicate()
    done(trigpoint("build", "--home", home.root))
    publish = start("publish", "--home", home.root)
    until(lambda: any(home.releases.glob(".draft-*/tables/claims.parquet")), publish)
    publish.kill()
    publish.communicate()
    assert (build.returncode, publish.returncode) == (-signal.SIGKILL, -signal.SIGKILL)
    second = parsed(done(trigpoint("publish", "--json", "--home", home.root)))
    ids = [answer["release"]["release_id"] for answer in (parsed(ran), second)]
    return Shuffled(home, ran, *ids)


def _copy_every_other_file(source: Path, target: Path) -> None:
    for folder in (path for path in source.iterdir() if path.is_dir() and path.name != "truth"):
        (target / folder.name).mkdir(parents=True)
        for path in sorted(folder.iterdir(), reverse=True)[::2]:
            shutil.copy(path, target / folder.name)
    shutil.copy(source / "simulation.json", target)


# The same files give the same figures


def told(home: Home, table: str, table_of_release: str | None = None) -> pl.DataFrame:
    """A released table without the moments at which its rows landed.

    Of what is not public it has the exact rows: what outsiders are shown has to depend on what they
    were shown before, and so on the order.
    """
    release = table_of_release or releases.current(home).release_id
    frame = pl.read_parquet(home.releases / release / "tables" / f"{table}.parquet")
    if table in release_tables.EXACT:
        exact = scopes.exact(home, release, scopes.ENGLAND)
        assert exact
        with duckdb.connect(str(exact.path), read_only=True) as connection:
            own = connection.sql(f"from {table}").pl()
        frame = pl.concat([frame.filter(~pl.col("metric_id").is_in(exact.metrics)), own])
    return comparable(frame, home, release)


def comparable(frame: pl.DataFrame, home: Home, release: str) -> pl.DataFrame:
    """In one order, without moments of landing, and without marks that each release makes anew."""
    exact = scopes.exact(home, release, scopes.ENGLAND)
    frame = frame.drop("landed_at", strict=False)
    if exact and {"file_sha256", "metric_id"} <= {*frame.columns}:
        is_marked = pl.col("metric_id").is_in(exact.metrics)
        mark = pl.when(~is_marked).then("file_sha256").alias("file_sha256")
        frame = frame.with_columns(mark)
    return frame.sort(frame.columns)


TOLD = ("claims", "figure_versions", "figures", "disagreements", "quarantined", "publications")


@pytest.mark.parametrize("table", TOLD)
def test_order_repetition_and_killed_commands_never_matter(
    table: str, shuffled: Shuffled, simulated_home: Home
):
    straight, crooked = told(simulated_home, table), told(shuffled.home, table)
    assert straight.height > 0 or table == "quarantined"
    assert crooked.schema == straight.schema
    assert crooked.equals(straight)


def test_a_part_of_the_files_gives_other_figures(shuffled: Shuffled):
    """Else the comparison of orders would prove nothing."""
    claims = told(shuffled.home, "claims", shuffled.first)
    assert 0 < claims.height < told(shuffled.home, "claims", shuffled.second).height


def test_a_full_refresh_gives_the_same_rows(shuffled: Shuffled, trigpoint: Running):
    ran = trigpoint("build", "--full-refresh", "--json", "--home", shuffled.home.root)
    assert parsed(done(ran))["is_current"] is False
    with duckdb.connect(str(shuffled.home.warehouse), read_only=True) as warehouse:
        for table in TOLD:
            rebuilt = warehouse.sql(f"select * from main.{table}").pl()
            release = releases.current(shuffled.home).release_id
            rebuilt = comparable(rebuilt, shuffled.home, release)
            assert rebuilt.equals(told(shuffled.home, table)), table


def test_nothing_new_makes_no_new_build_and_no_new_release(shuffled: Shuffled, trigpoint: Running):
    again = done(trigpoint("build", "--home", shuffled.home.root))
    assert again.out.startswith("Nothing changed since build ")
    kept = [release.release_id for release in releases.kept(shuffled.home)]
    published = parsed(done(trigpoint("publish", "--json", "--home", shuffled.home.root)))
    assert published["release"]["release_id"] == shuffled.second == kept[-1]
    assert [release.release_id for release in releases.kept(shuffled.home)] == kept


def test_a_warehouse_that_holds_something_else_is_another_build(
    shuffled: Shuffled, tmp_path: Path, trigpoint: Running
):
    """The inputs are the same after a full refresh; what came of them decides what is published."""
    home = Home(tmp_path / "home")
    copied(shuffled.home.root, home.root)
    published = releases.current(home)
    state = home.root / "dbt" / "last_build.json"
    build = json.loads(state.read_text())
    assert build["build_id"] == published.build_id
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute("delete from main.claims where claims.value > 100")
    other = building.what_is_held(home)
    state.write_text(json.dumps(build | {"build_id": f"{build['inputs']}-{other}"}))
    ran = parsed(done(trigpoint("publish", "--json", "--home", home.root)))
    assert ran["release"]["release_id"] != published.release_id
    assert ran["release"]["rows"]["claims"] < published.rows["claims"]


def test_a_home_that_holds_nothing_is_built_once(empty_home: Home, trigpoint: Running):
    assert trigpoint("build", "--home", empty_home.root).out.startswith("Nothing changed")


def test_a_killed_publish_leaves_no_release_and_no_draft(shuffled: Shuffled):
    assert [release.release_id for release in releases.kept(shuffled.home)] == [
        shuffled.first,
        shuffled.second,
    ]
    assert not list(shuffled.home.releases.glob(".*"))


def test_rollback_shows_another_release_and_back(shuffled: Shuffled, trigpoint: Running):
    home = shuffled.home.root
    assert shuffled.first in done(trigpoint("rollback", "--home", home)).out
    assert parsed(trigpoint("status", "--json", "--home", home))["release"]["release_id"] == (
        shuffled.first
    )
    first = trigpoint("rollback", "--home", home)
    assert first.code == 2 and is_plain(first) and "there is none before it" in first.error
    wrong = trigpoint("rollback", "20200101-000000-000", "--home", home)
    assert wrong.code == 2 and is_plain(wrong)
    assert f"is not kept; these are: {shuffled.first}, {shuffled.second}" in wrong.error
    back = parsed(done(trigpoint("rollback", shuffled.second, "--json", "--home", home)))
    assert back["release"]["release_id"] == shuffled.second


def test_a_run_reports_all_of_it_as_json(shuffled: Shuffled):
    report = parsed(shuffled.ran)
    assert report["counts"]["landed"] == len(report["receipts"]) > 0
    assert report["unknown_folders"] == []
    assert report["release"]["is_simulated"] is True
    assert report["release"]["rows"]["arrivals"] == len(report["receipts"])
    held = any(breaker["severity"] == "hold" for breaker in report["breakers"])
    assert shuffled.ran.code == (3 if held else 0)


def test_a_build_that_was_killed_cannot_be_published(
    tmp_path: Path, published: Path, trigpoint: Running
):
    home = Home(tmp_path / "home")
    done(trigpoint("run", "--from", published, "--home", home.root))
    shown = releases.current(home)
    told = trigpoint("status", "--home", home.root).out
    assert "The newest publication is of 2020-05-04, " in told and " days ago." in told
    state = home.root / "dbt" / "last_build.json"
    process = start("build", "--full-refresh", "--home", home.root)
    until(lambda: not json.loads(state.read_text())["is_finished"], process)
    process.kill()
    process.wait()
    for command in ("check", "publish"):
        ran = trigpoint(command, "--home", home.root)
        assert ran.code == 1 and is_plain(ran)
        assert "was stopped half way; run `trigpoint build` again" in ran.error
    assert releases.current(home) == shown
    done(trigpoint("build", "--home", home.root))
    again = done(trigpoint("publish", "--home", home.root))
    assert again.out.startswith("Nothing changed since the release that is shown")


def test_a_command_that_is_stopped_says_so_and_keeps_what_was_complete(
    tmp_path: Path, published: Path
):
    folder = tmp_path / "published" / "local_returns"
    folder.mkdir(parents=True)
    rows = "".join(f"E0600{n % 9000:04d},A,2020-06-01,population,1\n" for n in range(40_000))
    for day in range(1, 9):
        last = f"E06000001,B,2020-06-01,population,{day}\n"
        path = folder / f"return-2020-07-0{day}.csv"
        path.write_text(f"area_code,area_name,date,metric,value\n{rows}{last}")
    home = Home(tmp_path / "home")
    process = start("load", "--from", folder.parent, "--home", home.root)
    until(lambda: len(list(home.landing.glob("*/*-return*.csv"))) >= 2, process)
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 1 and not out
    assert error.splitlines()[-1] == (
        "stopped; what was complete stays, the rest left nothing behind"
    )
    assert "Traceback" not in error
    assert 0 < read_receipts(home).height < 8
