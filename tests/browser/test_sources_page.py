"""The pages about sources in a real browser: problems, a conflict's rule, and the way back."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from store import releases
from store.paths import Home
from tests.browser.conftest import Visit, profile, serve, sign_in, tab
from tests.browser.test_every_page import violations
from tests.browser.test_who_is_signed_in import is_wider_than_the_window
from tests.dashboard.small_england import write_release

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A store with two releases."""
    root = tmp_path_factory.mktemp("released")
    write_release(root, cited=88.0)
    write_release(root, cited=90.0)
    return Home(root)


@pytest.fixture(scope="module")
def address(home: Home) -> Iterator[str]:
    yield from serve(home.root)


@pytest.fixture
def engineer(browser: Browser, address: str) -> Iterator[Visit]:
    for context in profile(browser, 1366, 900):
        for visit in tab(context, address):
            sign_in(context, address, "engineer")
            yield visit


def test_problems_alone_are_a_link_away_and_stand_in_the_address(engineer: Visit):
    page = engineer.open("/sources")
    rows = page.locator("table").first.locator("tbody tr")
    expect(rows).to_have_count(6)
    page.get_by_role("link", name="Show only problems").click()
    expect(rows).to_have_count(2)
    assert page.url.endswith("?view=problems")
    page.reload()
    expect(rows).to_have_count(2)


def test_a_rule_is_explained_where_its_link_leads(engineer: Visit):
    page = engineer.open("/sources/conflicts")
    page.locator(".rule a").first.click()
    target = page.url.split("#")[1]
    expect(page.locator(f"[id='{target}']")).to_be_in_viewport()
    assert engineer.complaints == []


def test_an_engineer_goes_back_with_a_reason_and_is_told_so(engineer: Visit, home: Home):
    first, last = (one.release_id for one in releases.kept(home))
    page = engineer.open("/sources/releases")
    assert violations(page) == []
    button = page.get_by_role("button", name="Roll back to this release")
    button.click()
    # Without a reason the browser itself does not send the form.
    expect(page.get_by_label("Reason")).to_be_focused()
    assert releases.current(home).release_id == last
    page.get_by_label("Reason").fill("The cases of Leicester are of another day.")
    button.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rolled back")
    expect(page.get_by_role("status")).to_contain_text(first)
    assert violations(page) == []
    assert releases.current(home).release_id == first
    page.get_by_role("link", name="Releases").click()
    expect(page.locator("tr", has_text=first)).to_contain_text("Shown now")
    expect(page.get_by_text("although 1 published later is kept")).to_be_visible()
    assert engineer.complaints == []


@pytest.mark.parametrize("width", [768, 390])
def test_nothing_is_wider_than_the_window(browser: Browser, address: str, width: int):
    for context in profile(browser, width, 900):
        for visit in tab(context, address):
            sign_in(context, address, "engineer")
            for path in ("", "/phe_cases_vintages", "/conflicts", "/releases"):
                assert not is_wider_than_the_window(visit.open(f"/sources{path}"))
