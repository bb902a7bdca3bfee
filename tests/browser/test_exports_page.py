"""Somebody has a file written in a browser, sees how far it is, takes it, and takes it away."""

import csv

import pytest
from playwright.sync_api import expect
from test_every_page import violations

from tests.dashboard.small_england import LEICESTER

pytestmark = pytest.mark.browser
CASES = "cases_by_specimen_date"


def test_a_file_is_written_while_the_page_is_open_and_taken(visit):
    page = visit.open(f"/exports?measure={CASES}&area={LEICESTER}")
    main = page.locator("main")
    expect(main.get_by_label("Measure")).to_have_value(CASES)
    expect(main.get_by_label("Area")).to_have_value(LEICESTER)
    main.get_by_label("From").fill("2020-07-01")
    main.get_by_role("button", name="Write the file").press("Enter")
    visit.settle()
    row = page.get_by_role("region", name="Your files").locator("tbody tr").first
    expect(row.get_by_text("Ready: 35 rows")).to_be_visible(timeout=30_000)
    expect(page.locator(".export-said")).to_contain_text("Ready: 35 rows")
    assert violations(page) == []
    with page.expect_download() as taken:
        row.get_by_role("link", name="File").click()
    assert taken.value.suggested_filename.startswith(f"{CASES}_{LEICESTER}_2020-07-01-to-end_as-of")
    with taken.value.path().open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 35
    with page.expect_download() as note:
        row.get_by_role("link", name="Note").click()
    assert "[c] hidden to protect privacy" in note.value.path().read_text()
    row.get_by_role("button", name="Delete").click()
    visit.settle()
    expect(page.get_by_role("region", name="Your files")).to_have_count(0)
    assert visit.complaints == []


def test_it_fits_a_small_phone_with_a_file_on_it(narrow):
    page = narrow.open("/exports")
    page.locator("main").get_by_label("What").select_option("claims")
    page.get_by_role("button", name="Write the file").click()
    narrow.settle()
    row = page.get_by_role("region", name="Your files").locator("tbody tr").first
    expect(row.get_by_text("Ready:")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    row.get_by_role("button", name="Delete").click()
    narrow.settle()
    assert narrow.complaints == []
