"""Releases that a killed publish or a damaged disk left: named, never shown, easily replaced."""

import shutil
from datetime import datetime
from pathlib import Path

import pytest

from store import releases
from store.errors import NoRelease, WrongUse
from store.paths import Home


@pytest.fixture
def home(empty_home: Home, tmp_path: Path) -> Home:
    """A warehouse that was built and holds no file yet, in a home of its own."""
    shutil.copy(empty_home.warehouse, tmp_path / "warehouse.duckdb")
    return Home(tmp_path)


def publish(home: Home, build_id: str = "b1") -> releases.Release:
    return releases.publish(
        home, built_at=datetime(2020, 8, 5), build_id=build_id, is_simulated=False, keep=3
    )


def test_a_draft_that_a_killed_publish_left_is_no_release_and_is_removed(home: Home):
    first = publish(home)
    draft = home.releases / ".draft-20990101-000000-000"
    shutil.copytree(releases.folder(home, first.release_id), draft)
    assert releases.kept(home) == [first]
    with pytest.raises(WrongUse, match="is not kept"):
        releases.rollback(home, draft.name)
    second = publish(home, "b2")
    assert releases.kept(home) == [first, second] and not draft.exists()


@pytest.mark.parametrize("harm", ["gone", "cut"])
def test_a_damaged_release_is_named_and_another_can_be_shown(home: Home, harm: str):
    first, second = publish(home), publish(home, "b2")
    manifest = releases.folder(home, second.release_id) / "manifest.json"
    manifest.unlink() if harm == "gone" else manifest.write_text(manifest.read_text()[:40])
    with pytest.raises(
        NoRelease, match=f"{second.release_id} .* damaged or gone.*{first.release_id}"
    ):
        releases.current(home)
    assert releases.rollback(home, first.release_id) == releases.current(home) == first
    assert publish(home, "b3") == releases.current(home)
