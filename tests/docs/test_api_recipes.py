"""The recipes for the API work as they stand in the document, against a server that serves."""

import os
import re
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

from store.paths import Home
from store.reader import open_reader
from tests.api.conftest import token_of
from tests.dashboard.small_england import LEICESTER, write_release
from tests.dashboard.test_serving import served
from tests.homes import once

AREA = "E06000016"
TEXT = (Path(__file__).parents[2] / "docs" / "how-to" / "use-the-api.md").read_text(
    encoding="utf-8"
)
PARTS = dict(part.split("\n", 1) for part in re.split(r"(?m)^## ", TEXT)[1:])
RECIPES = {
    title: found.groups()
    for title, part in PARTS.items()
    if (found := re.search(r"(?ms)^```(python|sh)\n(.*?)^```", part))
}


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Home:
    return once(tmp_path_factory, "small-england", write_release)


@pytest.fixture(scope="module")
def surroundings(home):
    """What a person sets, for a server that runs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRIGPOINT_SIGN_IN", "demonstration")
        token = token_of(home)
        with served(home.root) as (_, port):
            site = f"http://127.0.0.1:{port}"
            yield os.environ | {"TRIGPOINT_URL": site, "TRIGPOINT_TOKEN": token}


@pytest.fixture(scope="module")
def known(home) -> tuple[int, float]:
    """How many days and cases the recipes are about."""
    with open_reader(home) as reader:
        return reader.ask(
            "select count(*), sum(value) from figures where area_id = $area "
            "and metric_id = 'cases_by_specimen_date' "
            "and event_date between '2020-07-05' and '2020-07-14'",
            area=LEICESTER,
        ).row(0)


@pytest.mark.parametrize("title", [title for title, part in PARTS.items() if AREA in part])
def test_each_recipe_of_figures_is_of_everyone_and_of_no_silent_part(title):
    part = PARTS[title]
    assert re.search(r"stratum(_id)?\W{1,5}all\b", part)
    is_one_page = "api/v1/figures" in part and "--data" not in part
    assert not is_one_page or re.search(
        r'"next" in answer.links|"next"\]|\[next\]|rel = "next"', part
    )


def test_there_are_recipes_for_each_that_can_be_tried():
    assert {kind for kind, _ in RECIPES.values()} == {"python", "sh"}
    assert len(RECIPES) == 6
    libraries = {"polars", "pandas", "duckdb", "requests"}
    told = " ".join(code for _, code in RECIPES.values())
    assert all(f"import {name}" in told for name in libraries)


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_gives_the_figures(title, surroundings, known, tmp_path):
    kind, code = RECIPES[title]
    command = [sys.executable, "-c", code] if kind == "python" else ["sh", "-c", code]
    ran = subprocess.run(
        command,
        env=surroundings,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    if kind == "sh":
        rows = pl.read_csv(ran.stdout.encode())
        found = rows.height, rows["value"].sum()
    else:
        days, cases = ran.stdout.split()
        found = int(days), float(cases)
    assert found == known
