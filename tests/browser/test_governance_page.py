"""The Governance page and one's own record in a real browser: both widths, keyboard and files."""

import csv
import io
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Visit, profile, sign_in, tab
from tests.browser.test_every_page import violations
from tests.browser.test_who_is_signed_in import is_wider_than_the_window, pictured

pytestmark = pytest.mark.browser
# Once each: the widths of a laptop, of a phone, and of a page at 400% zoom.
WIDTHS = [(1280, 900), (390, 844), (320, 640)]


def officers(browser: Browser, served: str, width: int, height: int) -> Iterator[Visit]:
    for context in profile(browser, width, height):
        for visit in tab(context, served):
            sign_in(context, served, "data_protection_officer")
            yield visit


@pytest.fixture(params=WIDTHS, ids=lambda size: str(size[0]))
def officer(browser: Browser, served: str, request: pytest.FixtureRequest) -> Iterator[Visit]:
    yield from officers(browser, served, *request.param)


@pytest.fixture
def wide(browser: Browser, served: str) -> Iterator[Visit]:
    yield from officers(browser, served, 1280, 900)


def test_both_pages_are_accessible_and_complain_of_nothing(officer: Visit):
    for path, name in (("/governance", "Governance"), ("/your-record", "Your record")):
        page = officer.open(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert page.title() == f"{name} \u2013 Trigpoint"
        assert violations(page) == []
        assert not is_wider_than_the_window(page)
        pictured(page, path.strip("/"))
    assert officer.complaints == []
    assert [one for one in officer.requests if not one.startswith((officer.base, "data:"))] == []


def test_a_link_to_an_agreement_opens_it(wide: Visit):
    page = wide.open("/governance")
    inside = page.locator("#agreement-local_returns")
    assert inside.is_hidden()
    page.get_by_role("link", name="Returns of local bodies").click()
    expect(inside).to_be_visible()
    expect(inside).to_contain_text("Data protection")
    assert violations(page) == []


def test_the_keyboard_is_enough_to_choose_and_the_choice_stands_in_the_address(wide: Visit):
    page = wide.open("/governance")
    page.get_by_label("Outcome").focus()
    page.keyboard.press("R")
    page.locator("#audit").get_by_role("button", name="Show").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#audit")).to_contain_text("as chosen")
    assert page.url.endswith("?outcome=refused#audit")
    assert is_in_sight(page, "audit")
    page.reload()
    wide.settle()
    expect(page.get_by_label("Outcome")).to_have_value("refused")
    page.wait_for_timeout(200)
    assert is_in_sight(page, "audit")


def is_in_sight(page: Page, place: str) -> bool:
    """Whether the top of a section is near the top of the window."""
    top = page.locator(f"#{place}").evaluate("part => part.getBoundingClientRect().top")
    return bool(-10 <= top <= 100)


def test_a_file_holds_more_than_the_page_and_the_page_then_names_it(wide: Visit):
    page = wide.open("/governance")
    link = page.get_by_role("link", name="CSV of all that is chosen")
    with page.expect_download() as download:
        link.click()
    assert re.fullmatch(r"audit_\d{4}-\d\d-\d\d\.csv", download.value.suggested_filename)
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text("utf-8-sig"))))
    assert rows[0]["question"] == "/files/audit.csv"
    wide.open("/governance?exit=csv")
    expect(page.locator("#audit tbody tr").first).to_contain_text("/files/audit.csv")
    expect(page.locator("#audit tbody tr").first).to_contain_text("Answered")


def test_a_check_comes_back_to_its_place(wide: Visit):
    page = wide.open("/governance")
    page.get_by_role("button", name="Check the whole audit now").click()
    expect(page).to_have_url(f"{wide.base}/governance#audit")
    wide.settle()
    expect(page.locator("#audit")).to_contain_text("Whole up to entry")
    assert is_in_sight(page, "audit")
    assert wide.complaints == []


def test_the_header_leads_to_ones_own_record(wide: Visit):
    page = wide.open("/areas")
    page.get_by_role("group", name="Your account").get_by_role("link", name="Your record").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your record")
    expect(page.locator("#main")).to_be_focused()
    expect(page.locator("tbody tr").first).to_contain_text("/your-record")
