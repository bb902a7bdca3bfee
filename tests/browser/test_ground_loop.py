"""The whole loop: reported on the ground, accepted, corrected, told, repaired, ended, on record."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from journal.problems import LONGEST_CORRECTION
from journal.reading import questions
from loaders.sources import phe_cases_vintages
from store.moments import now
from store.paths import Home
from tests.browser.conftest import profile, serve, sign_in
from tests.browser.test_every_page import AXE

pytestmark = pytest.mark.browser

HEADING = phe_cases_vintages.SAMPLE.splitlines()[0]
TODAY = now()


def day(back: int) -> str:
    return f"{TODAY - timedelta(days=back):%Y-%m-%d}"


FIGURE = f"cases_by_specimen_date.E06000016.all.{day(20)}"
PAGE = f"/figure/{FIGURE}"


def publish(folder: Path, back: int, count: int) -> None:
    """What the publisher says some days ago of Leicester, and the pipeline after it."""
    path = folder / "published" / "phe_cases_vintages" / f"cases_{day(back)}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"Leicester,E06000016,Utla,{when},{cases},,,{cases},,,0.1"
        for when, cases in ((day(20), count), (day(back + 1), 60 + back))
    ]
    path.write_text("\n".join([HEADING, *rows]) + "\n")
    run(folder)


def run(folder: Path) -> None:
    command = ["from pipeline.cli import main; main()", "run", "--from", str(folder / "published")]
    command += ["--home", str(folder / "home"), "--json"]
    done = subprocess.run(
        [sys.executable, "-c", *command], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("loop")
    publish(path, 2, 54)
    return path


@pytest.fixture(scope="module")
def base(folder: Path) -> Iterator[str]:
    yield from serve(folder / "home")


@pytest.fixture
def pages(browser: Browser, base: str) -> Iterator[dict[str, Page]]:
    """A browser each for the official of Leicester, an analyst and whoever answers for England."""
    opened = [profile(browser, 1366, 900) for _ in range(3)]
    names = ("local_official", "analyst", "national_leader")
    contexts = dict(zip(names, map(next, opened), strict=True))
    for name, context in contexts.items():
        sign_in(context, base, name)
    yield {name: context.new_page() for name, context in contexts.items()}
    for one in opened:
        next(one, None)


def told(page: Page, base: str, path: str) -> str:
    page.goto(base + path)
    page.wait_for_selector("main h1")
    page.wait_for_load_state("networkidle")
    return page.locator("main").inner_text()


def is_accessible(page: Page) -> bool:
    found = Axe().run(page, options=AXE).response["violations"]
    assert not found, [node["html"][:200] for one in found for node in one["nodes"]]
    return True


def report(page: Page, base: str) -> str:
    told(page, base, PAGE)
    page.get_by_role("link", name="Report a problem with this figure").click()
    page.get_by_label("What is wrong").select_option("counted_twice")
    assert page.get_by_label("How to reach you").input_value() == "Tom Hughes"
    assert is_accessible(page)
    page.get_by_label("In a sentence or two").fill("One laboratory sent its file twice.")
    page.get_by_label("What it should be").fill("27, by our own list")
    page.get_by_role("button", name="Report this problem").click()
    page.wait_for_selector("article.problem")
    return page.locator("article.problem").first.get_attribute("id") or ""


def accept(page: Page, base: str, number: str) -> None:
    assert number in told(page, base, "/problems")
    page.get_by_role("button", name="Look into it").click()
    page.get_by_text("Accept it").click()
    page.get_by_text("Reject it").click()
    assert is_accessible(page)
    page.get_by_label("The correct value").fill("27")
    last = page.get_by_label("Ends on, at the latest")
    assert last.get_attribute("max") == f"{now() + LONGEST_CORRECTION:%Y-%m-%d}"
    page.get_by_label("Why", exact=True).fill("The laboratory confirms it.")
    page.get_by_role("button", name="Accept as a correction").click()
    page.get_by_text("The next release shows the correction.").wait_for()


def test_a_report_becomes_a_correction_that_ends_when_the_publisher_repairs_its_value(
    pages: dict[str, Page], base: str, folder: Path
):
    official, analyst, leader = pages.values()
    number = report(official, base)
    assert "Under query since" in told(leader, base, PAGE)
    accept(analyst, base, number)

    run(folder)
    page = told(leader, base, PAGE)
    assert "27" in page.split("cases")[0] and "Corrected" in page
    assert "The laboratory confirms it. James Wu accepted report" in page
    assert "Under query since" not in page
    assert "The figure is corrected since" in told(official, base, "/problems")
    stand_up = told(official, base, "/standup")
    assert number in stand_up and "The laboratory confirms it." in stand_up

    publish(folder, 0, 31)
    page = told(leader, base, PAGE)
    assert "31" in page.split("cases")[0] and "Corrected" not in page.split("Where it comes")[0]
    ended = "the publisher says something else now"
    assert ended in told(official, base, "/problems")
    assert ended in told(official, base, "/standup")

    steps = [text for text in questions(Home(folder / "home"))["question"] if number in text]
    assert [text.removeprefix(f"{number}: ").split(" ")[0] for text in steps[::-1]] == [
        *("look", "accept", "the", "the", "the")
    ]
    assert "has ended (repaired)" in steps[0]
