"""Citing a number: copied from one page, opened by somebody else, the same number for ever."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Visit, serve, tab
from tests.browser.test_every_page import violations
from tests.dashboard.small_england import CITED, write_release

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def cited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Four releases of which the first is pruned; the cited figure is 90, 95, 95, as counted."""
    root = tmp_path_factory.mktemp("cited")
    values = (90.0, 95.0, 95.0, None)
    return root, [write_release(root, cited=value).release_id for value in values]


@pytest.fixture(scope="module")
def address(cited: tuple[Path, list[str]]) -> Iterator[str]:
    yield from serve(cited[0])


@pytest.fixture
def visit(laptop: BrowserContext, address: str) -> Iterator[Visit]:
    yield from tab(laptop, address)


@pytest.fixture
def other(phone: BrowserContext, address: str) -> Iterator[Visit]:
    yield from tab(phone, address)


def test_a_copied_citation_opens_on_the_same_number(visit: Visit, other: Visit):
    page = visit.open(f"/figure/{CITED}")
    number = page.locator(".headline .value").inner_text()
    page.get_by_role("button", name="Copy citation").click()
    page.wait_for_selector("text=Citation copied")
    citation = page.evaluate("navigator.clipboard.readText()")
    assert citation == page.locator("main .cite code").inner_text()
    opened = other.open(f"/cite/{citation}")
    assert opened.locator(".headline .value").inner_text() == number
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    file = page.request.get(f"{visit.base}/files/figure.json?figure={citation}").json()
    assert f"{file['figure']['value']:,.0f}" == number
    assert visit.complaints == other.complaints == []


def test_an_earlier_release_is_cited_with_its_own_numbers_and_the_way_back(
    visit: Visit, cited: tuple[Path, list[str]]
):
    second = cited[1][1]
    page = visit.open(f"/cite/TP-{CITED}-{second}")
    assert page.locator(".headline .value").inner_text() == "95"
    assert f"release {second}" in page.locator(".band.past").inner_text()
    assert violations(page) == []
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert f"release={second}" in link and "as_of" not in link
    page.get_by_role("link", name="This measure in England").click()
    expect(page).to_have_title("England \u2013 Trigpoint")
    expect(page).to_have_url(re.compile(f"release={second}"))
    page.goto(f"{page.url}&figure={CITED}")
    expect(page.locator("#drawer h2 .value")).to_have_text("95")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Go back to now").click()
    expect(page.locator(".band.past")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("release="))
    assert visit.complaints == []


def test_a_citation_among_what_was_shown_leads_to_a_pruned_release_that_says_so(
    visit: Visit, cited: tuple[Path, list[str]]
):
    first = cited[1][0]
    page = visit.open(f"/figure/{CITED}")
    page.get_by_role("link", name=first, exact=True).click()
    expect(page.locator(".headline .value")).to_have_text("90")
    assert f"Release {first} is no longer kept" in page.locator("main").inner_text()
    assert violations(page) == []
    assert visit.complaints == []
