"""Somebody says in a browser what they want to be sent, sees it, and ends it."""

import pytest
from playwright.sync_api import expect
from test_every_page import violations

pytestmark = pytest.mark.browser


def test_what_is_chosen_is_kept_and_ended(visit):
    page = visit.open("/areas")
    page.get_by_role("link", name="Your mail").click()
    visit.settle()
    page.get_by_label("What").select_option("late")
    page.get_by_label("Area").select_option("E12000007")
    page.get_by_label("Address").fill("grace@example.org")
    page.get_by_label("Nothing from (UTC)").select_option("22")
    page.get_by_label("until (UTC)").select_option("7")
    page.get_by_role("button", name="Subscribe").click()
    visit.settle()
    row = page.get_by_role("region", name="What you are sent").locator("tbody tr")
    expect(row).to_have_count(1)
    for told in ("a source is late", "London", "grace@example.org", "22:00 to 07:00 UTC"):
        expect(row).to_contain_text(told)
    assert violations(page) == []
    row.get_by_role("button", name="End").click()
    visit.settle()
    expect(page.locator("main")).to_contain_text("You are sent nothing.")
    assert visit.complaints == []
