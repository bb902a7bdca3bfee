"""What is not public leaves exact only within the area of who looks, and never in a package."""

import zipfile

import polars as pl
import pytest

from store.exporting import jobs
from store.exporting.wanted import Wanted
from store.exporting.writing import Progress, write
from store.paths import Home
from store.reader import open_reader
from store.releases import current
from store.viewer import EVERYONE, Viewer
from tests.dashboard.small_england import ENGLAND, LEICESTER
from tests.mailing.guarded_england import GUARDED, filled

LOCAL = Viewer("tom", "local_official", LEICESTER)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    place = Home(tmp_path_factory.mktemp("guarded") / "home")
    filled(place)
    return place


def figures(home: Home, viewer: Viewer) -> pl.DataFrame:
    with open_reader(home, viewer) as reader:
        return reader.ask(
            "select figure_id, area_id, value from figures where metric_id = $metric "
            "order by figure_id",
            metric=GUARDED,
        )


def exported(home: Home, viewer: Viewer, what: str, folder):
    """As the process of an export writes it for a viewer."""
    wanted = Wanted(what, "parquet", current(home).release_id)
    with open_reader(home, jobs.seen_by(wanted, viewer)) as reader:
        done = write(wanted, reader, folder, Progress(lambda _: None))
    return folder / done.name, (folder / f"{done.name}.txt").read_text()


def test_figures_are_exact_in_ones_own_area_alone_and_the_note_says_so(home, tmp_path):
    path, note = exported(home, LOCAL, "figures", tmp_path)
    found = pl.read_parquet(path).filter(pl.col("metric_id") == GUARDED).sort("figure_id")
    assert found.select("figure_id", "area_id", "value").equals(figures(home, LOCAL))
    own = pl.col("area_id") == LEICESTER
    controlled = figures(home, EVERYONE)
    assert not found.filter(own)["value"].equals(controlled.filter(own)["value"])
    assert found.filter(~own)["value"].equals(controlled.filter(~own)["value"])
    assert f"Figures within {LEICESTER} are exact" in note


@pytest.mark.parametrize("scope", [LEICESTER, ENGLAND])
def test_a_package_is_as_everybody_may_see_it_whoever_asks(home, tmp_path, scope):
    role = "local_official" if scope == LEICESTER else "national_leader"
    path, note = exported(home, Viewer("tom", role, scope), "release", tmp_path)
    with zipfile.ZipFile(path) as package:
        found = pl.read_parquet(package.read("figures.parquet"))
    shown = found.filter(pl.col("metric_id") == GUARDED).sort("figure_id")
    assert shown.select("figure_id", "area_id", "value").equals(figures(home, EVERYONE))
    assert "as everybody may see it" in note


def test_a_file_of_one_scope_is_not_handed_out_at_another(home):
    wanted = Wanted("figures", "csv", current(home).release_id)
    other = Viewer("tom", "local_official", "E08000025")
    marks = [jobs.standing(home, wanted, viewer) for viewer in (LOCAL, other, EVERYONE)]
    assert len(set(marks)) == 3
    assert marks[0] == jobs.standing(home, wanted, LOCAL)
