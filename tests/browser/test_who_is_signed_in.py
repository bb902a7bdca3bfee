"""The page of personas, the header that says who is signed in, and the way out."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import profile
from tests.browser.test_every_page import violations
from tests.dashboard.small_england import LEICESTER

pytestmark = pytest.mark.browser
DEEP = f"/areas/{LEICESTER}?measure=deaths_28d_by_death_date&as_of=2020-07-25"


@pytest.fixture(params=[(1366, 900), (390, 844)], ids=["laptop", "phone"])
def stranger(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A browser that has never been here."""
    for context in profile(browser, *request.param):
        yield context.new_page()


def pictured(page: Page, name: str) -> None:
    """A picture of what a test looked at, where somebody wants to look too."""
    folder = os.environ.get("TRIGPOINT_LOOK")
    if folder:
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=f"{folder}/{name}-{width}.png", full_page=True)


def is_wider_than_the_window(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_deep_link_survives_signing_in_as_a_persona(stranger: Page, served: str):
    complaints: list[str] = []
    stranger.on("console", lambda said: complaints.append(said.text) if said.type == "error" else 0)
    stranger.goto(served + DEEP)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Who do you want to be?")
    assert stranger.title() == "Sign in \u2013 Trigpoint"
    assert violations(stranger) == []
    assert not is_wider_than_the_window(stranger)
    pictured(stranger, "personas")
    stranger.get_by_role("button", name="Local official").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Leicester")
    assert stranger.url == served + DEEP
    assert complaints == []


def test_the_header_says_who_looks_from_where_and_lets_them_out(stranger: Page, served: str):
    stranger.goto(served)
    stranger.get_by_role("button", name="Local official").click()
    account = stranger.get_by_role("group", name="Your account")
    expect(account).to_contain_text("Tom Hughes")
    expect(account).to_contain_text("Local official, Leicester")
    stranger.wait_for_load_state("networkidle")
    assert violations(stranger) == []
    assert not is_wider_than_the_window(stranger)
    pictured(stranger, "header")
    stranger.get_by_role("button", name="Sign out").click()
    expect(stranger.get_by_role("status")).to_contain_text("You have been signed out")
    stranger.goto(served)
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Who do you want to be?")


def test_the_keyboard_is_enough(stranger: Page, served: str):
    stranger.goto(served + "/sign-in?next=/areas")
    stranger.keyboard.press("Tab")
    assert stranger.evaluate("document.activeElement.textContent") == "Skip to main content"
    stranger.keyboard.press("Enter")
    for _ in range(2):
        stranger.keyboard.press("Tab")
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Areas")
    expect(stranger.get_by_role("group", name="Your account")).to_contain_text("London")


def test_a_page_whose_session_has_ended_says_so_and_leads_back(stranger: Page, served: str):
    stranger.goto(served + "/areas")
    stranger.get_by_role("button", name="Analyst").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Areas")
    stranger.wait_for_load_state("networkidle")
    stranger.context.clear_cookies()
    stranger.get_by_role("navigation").get_by_role("link", name="Today").click()
    dialog = stranger.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_be_visible()
    assert violations(stranger) == []
    pictured(stranger, "signed-out")
    dialog.get_by_role("link", name="Sign in").click()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("Who do you want to be?")
    stranger.get_by_role("button", name="Analyst").click()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("Today in England")
