"""Disclosure control from the extract to the command line, on the simulated England."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest
from homes import copied

from store import releases
from store.paths import Home
from tests.conftest import Ran

Running = Callable[..., Ran]
OURS = Path(__file__).parents[2] / "agreements"
METRIC = "admissions_by_residence"
EXETER, AWAY = "E07000041", "E06000016"
ASKED = (
    "select area_id, event_date, value from figures "
    f"where metric_id = '{METRIC}' and value is not null order by all"
)


@pytest.fixture(scope="session")
def trigpoint(one_process):
    """What is said and put down does not depend on how often a process starts."""
    return one_process


@pytest.fixture(scope="module")
def truth(simulated_home: Home) -> dict[tuple[str, str], float]:
    """The exact counts, as the extracts that landed say them last."""
    raw = pl.read_parquet(simulated_home.raw / "sus_admissions" / "admissions" / "*.parquet")
    last = raw.sort("_published_at").group_by("area_code", "admission_date").last()
    rows = last.select("area_code", pl.col("admission_date").cast(pl.String), "admissions")
    return {(area, day): float(value) for area, day, value in rows.iter_rows()}


def ask(trigpoint: Running, home: Home, *more: str) -> dict[tuple[str, str], float]:
    ran = trigpoint("sql", "--home", home.root, "--json", *more, ASKED)
    assert ran.code == 0, ran.error
    rows = json.loads(ran.out)
    return {(row["area_id"], row["event_date"]): row["value"] for row in rows}


def test_without_a_scope_no_count_is_shown_but_zeros_and_multiples_of_five(
    simulated_home: Home, trigpoint: Running, truth: dict[tuple[str, str], float]
):
    shown = ask(trigpoint, simulated_home)
    assert {value % 5 for value in shown.values()} == {0}
    assert all(abs(truth[cell] - value) <= 2 for cell, value in shown.items())
    assert not [cell for cell in shown if 1 <= truth[cell] <= 7]


def test_with_a_scope_its_own_counts_are_exact_and_all_others_stay(
    simulated_home: Home, trigpoint: Running, truth: dict[tuple[str, str], float]
):
    shown = ask(trigpoint, simulated_home)
    own = {cell: value for cell, value in truth.items() if cell[0] == EXETER}
    assert ask(trigpoint, simulated_home, "--scope", EXETER) == shown | own
    assert ask(trigpoint, simulated_home, "--scope", "E92000001") == truth


def test_what_people_wrote_is_read_where_the_figure_is_exact(
    simulated_home: Home, trigpoint: Running, truth: dict[tuple[str, str], float]
):
    """Whoever sees exact counts may name one in a note."""
    day = next(day for area, day in truth if area == EXETER)
    figure = f"{METRIC}.{EXETER}.all.{day}"
    at = ("--home", simulated_home.root)
    assert trigpoint("note", figure, "In truth there were 4711.", *at).code == 0
    for more, is_told in (((), False), (("--scope", EXETER), True), (("--scope", AWAY), False)):
        ran = trigpoint("figure", figure, "--json", *at, *more)
        assert ran.code == 0, ran.error
        assert ("4711" in ran.out) is is_told
        assert ("not told outside the area" in ran.out) is not is_told
        assert ("4711" in trigpoint("note", figure, *at, *more).out) is is_told


def test_public_figures_are_untouched(simulated_home: Home, trigpoint: Running):
    asked = "select sum(value) as s, count(*) as n from figures where metric_id like 'cases%'"
    answers = {
        trigpoint("sql", "--home", simulated_home.root, "--json", *scope, asked).out
        for scope in ((), ("--scope", EXETER), ("--scope", "E92000001"))
    }
    assert len(answers) == 1


def test_a_passport_says_rule_view_and_why(simulated_home: Home, trigpoint: Running):
    figure = f"{METRIC}.{EXETER}.all.2020-03-26"
    told = {}
    for view, scope in (("controlled", ()), ("exact", ("--scope", EXETER))):
        ran = trigpoint("figure", "--home", simulated_home.root, "--json", *scope, figure)
        told[view] = json.loads(ran.out)["disclosure"]
    assert {view: one["view"] for view, one in told.items()} == {view: view for view in told}
    assert told["controlled"]["rule"].startswith("Counts of 1 to 7 are hidden.")
    assert told["controlled"]["why"] and told["exact"]["why"] == "this reader's own area"


def test_the_officer_is_told_what_is_hidden_and_how_much_can_be_told(
    simulated_home: Home, trigpoint: Running, tmp_path: Path
):
    ran = trigpoint("disclosure", "--home", simulated_home.root)
    assert ran.code == 0 and "figures do not show their number" in ran.out
    assert f"{METRIC}: nhs_subnational." in ran.out and "a small count" in ran.out
    file = tmp_path / "proof.parquet"
    trigpoint("disclosure", "--home", simulated_home.root, "--format", "parquet", "--output", file)
    proved = pl.read_parquet(file)
    width = proved.filter("is_guarded").select(pl.col("any_high") - pl.col("any_low") + 1)
    assert proved.height > 1000 and width.to_series().drop_nulls().min() >= 7
    none = trigpoint("disclosure", "--home", simulated_home.root, "20200101-000000-000")
    assert none.code == 1 and "is no longer kept" in none.error


def test_a_scope_that_is_no_area_is_wrong_use(simulated_home: Home, trigpoint: Running):
    ran = trigpoint("sql", "--home", simulated_home.root, "--scope", "Exeter", "select 1")
    assert ran.code == 2 and "Exeter is no area of this release" in ran.error


def test_the_manifest_names_what_is_not_public(simulated_home: Home):
    release = releases.current(simulated_home)
    assert release.guarded == {METRIC: "nhs_subnational"}


@pytest.mark.long
def test_what_an_agreement_hides_is_published_to_its_own_scope_alone(
    simulated_home: Home,
    trigpoint: Running,
    truth: dict[tuple[str, str], float],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    home, folder = Home(tmp_path / "home"), tmp_path / "agreements"
    copied(simulated_home.root, home.root)
    shutil.copytree(OURS, folder)
    path = folder / "hospital_extracts.toml"
    shown_to_all = path.read_text().replace('everyone = "controlled"\n', "")
    path.write_text(shown_to_all.replace('scope = "controlled"', 'scope = "hidden"'))
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(folder))
    for command in ("build", "publish"):
        ran = trigpoint(command, "--home", home.root)
        assert ran.code in {0, 3}, ran.error
    assert ask(trigpoint, home) == {}
    own = {cell: value for cell, value in truth.items() if cell[0] == EXETER}
    assert ask(trigpoint, home, "--scope", EXETER) == own
    release = releases.current(home)
    assert release.guarded == {METRIC: "hidden"}
    controlled = releases.folder(home, release.release_id) / "controlled.duckdb"
    with duckdb.connect(str(controlled), read_only=True) as connection:
        held = connection.execute(
            "select count(*) from main.figure_versions where metric_id = ?", [METRIC]
        ).fetchall()
    assert held == [(0,)]
