"""What people write down before pictures are taken, by the forms of the pages themselves."""

from datetime import timedelta

from playwright.sync_api import Browser, Page

from store.moments import now
from tests.browser.conftest import sign_in
from tests.pictures.tour import LAPTOP

PATIENCE_MS = 90_000


def write_down(browser: Browser, base: str, figure: str) -> None:
    """A report of a problem, a stand-up that goes on with an action, and a brief by mail."""
    for persona, act in (
        ("local_official", lambda page: _report(page, base, figure)),
        ("operations", lambda page: _stand_up(page, base)),
        ("national_leader", lambda page: _subscribe(page, base)),
    ):
        context = browser.new_context(
            viewport={"width": LAPTOP[0], "height": LAPTOP[1]}, locale="en-GB"
        )
        context.set_default_timeout(PATIENCE_MS)
        sign_in(context, base, persona)
        act(context.new_page())
        context.close()


def _opened(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_load_state("networkidle")


def _report(page: Page, base: str, figure: str) -> None:
    _opened(page, f"{base}/problems?problem={figure}")
    page.get_by_label("What is wrong").select_option("counted_twice")
    page.get_by_label("In a sentence or two").fill("One laboratory sent its file twice.")
    page.get_by_label("What it should be").fill("27, by our own list")
    page.get_by_role("button", name="Report this problem").click()
    page.wait_for_selector("article.problem")


def _stand_up(page: Page, base: str) -> None:
    _opened(page, f"{base}/standup")
    page.get_by_role("button", name="Begin the stand-up").click()
    page.get_by_role("button", name="End the stand-up").wait_for()
    page.wait_for_load_state("networkidle")
    offered = page.get_by_text("Take up an action").first
    if not offered.is_visible():
        return
    offered.click()
    due = now().replace(hour=14, minute=0) + timedelta(days=1)
    page.get_by_label("What is to be done").first.fill("Ask the trust whether the rise is real.")
    page.get_by_label("Who does it").first.fill("Duty manager")
    page.get_by_label("By when (UTC)").first.fill(f"{due:%Y-%m-%dT%H:%M}")
    page.get_by_role("button", name="Take up", exact=True).first.click()
    page.get_by_role("button", name="Mark as done").first.wait_for()


def _subscribe(page: Page, base: str) -> None:
    _opened(page, f"{base}/subscriptions")
    page.get_by_label("Address", exact=True).fill("grace.okafor@example.org")
    page.get_by_role("button", name="Subscribe").click()
    page.get_by_role("button", name="End").first.wait_for()
