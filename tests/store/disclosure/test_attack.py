"""The attacker against the files that readers of the simulated England are given; planted leaks.

A few releases in every test run; `make attack` takes thirty, every scope and more days.
"""

from pathlib import Path

import polars as pl
import pytest
from released import RELEASES, England, attack, attacked, fresh, read

from store import releases, scopes
from store.disclosure import release as controlling
from store.disclosure.controlled import as_shown
from store.disclosure.rules import Rule, read_rules
from store.disclosure.showing import Shown, first_shown
from store.paths import Home

RULE = read_rules()["nhs_subnational"]
FEW, DAYS = 4, (9, 15, 27)
MANY_DAYS = (6, 10, 14, *range(20, 56, 5))
EXETER, DEVON, SOUTH_WEST, NHS_SOUTH_WEST = "E07000041", "E10000008", "E12000009", "E40000006"


def released(empty: Home, root: Path, england: England, count: int) -> Home:
    home = fresh(empty, root)
    for number in range(count):
        england.publish(home, number)
    return home


@pytest.fixture(scope="module")
def england() -> England:
    return England.simulated(DAYS)


@pytest.fixture(scope="module")
def home(empty_home: Home, england: England, tmp_path_factory: pytest.TempPathFactory) -> Home:
    return released(empty_home, tmp_path_factory.mktemp("attacked"), england, FEW)


@pytest.mark.parametrize("scope", [None, EXETER, DEVON, SOUTH_WEST, NHS_SOUTH_WEST])
def test_no_reader_narrows_a_hidden_count(home: Home, england: England, scope: str | None):
    assert attack(home, england, scope) == {}


def test_much_is_still_shown(home: Home):
    [*_, last] = releases.kept(home)
    words = read(home, last.release_id, None)["shown"]
    assert (words == "withheld").mean() < 0.35
    assert words.str.contains(r"^[0-9]+$").sum() > 50


def shown_plainly(state: Shown):
    """Show cells of one state as they would be if nothing were derived from them."""

    def plainly(release: pl.DataFrame, rule: Rule) -> pl.DataFrame:
        first = pl.Series(first_shown(release["value"].to_numpy(), rule), dtype=pl.Int64)
        shown = pl.when(pl.col("shown_as") == state).then(first).otherwise("shown_as")
        return as_shown(release.with_columns(shown_as=shown), rule)

    return plainly


@pytest.mark.parametrize("state", [Shown.MERGED, Shown.WITHHELD])
def test_it_finds_the_leak_when_less_is_merged_or_withheld(
    empty_home: Home,
    england: England,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    state: Shown,
):
    monkeypatch.setattr(controlling, "as_shown", shown_plainly(state))
    leaking = released(empty_home, tmp_path, england, 2)
    assert len(attack(leaking, england, None)) > 5


def test_it_finds_the_leak_when_nothing_is_rounded(
    empty_home: Home, england: England, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("store.disclosure.controlled.rounded", lambda values, _: values)
    leaking = released(empty_home, tmp_path, england, 2)
    assert len(attack(leaking, england, None, rounds_to=1)) > 5


# The long set


@pytest.fixture(scope="module")
def whole_england() -> England:
    return England.simulated(MANY_DAYS)


@pytest.fixture(scope="module")
def whole_home(
    empty_home: Home, whole_england: England, tmp_path_factory: pytest.TempPathFactory
) -> Home:
    return released(empty_home, tmp_path_factory.mktemp("long"), whole_england, RELEASES)


@pytest.mark.attack
def test_every_scope_has_the_exact_counts_of_its_own_areas_and_no_others(
    whole_home: Home, whole_england: England
):
    """So that the next test may cut what a scope is given out of England's file."""
    [*_, last] = releases.kept(whole_home)
    exact = read(whole_home, last.release_id, scopes.ENGLAND)
    public = read(whole_home, last.release_id, None)
    for scope, areas in whole_england.scopes.items():
        scopes.write_one(whole_home, last.release_id, scope)
        given = read(whole_home, last.release_id, scope)
        assert given.sort(given.columns).equals(cut(public, exact, areas).sort(given.columns))


@pytest.mark.attack
def test_no_scope_at_all_narrows_anything_in_thirty_releases(
    whole_home: Home, whole_england: England
):
    assert attack(whole_home, whole_england, None) == {}
    kept = [release.release_id for release in releases.kept(whole_home)]
    truths = [whole_england.counts(number) for number in range(len(kept))]
    pairs = [
        (read(whole_home, name, None), read(whole_home, name, scopes.ENGLAND)) for name in kept
    ]
    for scope, areas in whole_england.scopes.items():
        given = [cut(public, exact, areas) for public, exact in pairs]
        assert attacked(given, truths, whole_england.tree) == {}, scope


def cut(public: pl.DataFrame, exact: pl.DataFrame, areas: set[str]) -> pl.DataFrame:
    is_own = pl.col("area_id").is_in(list(areas))
    return pl.concat([public.filter(~is_own), exact.filter(is_own)])
