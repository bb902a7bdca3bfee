"""What a page looks like when something has happened: each state is accessible, wide and narrow."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import REPLAYED, Visit, sign_in
from tests.browser.test_every_page import violations
from tests.dashboard.small_england import CITED, ENGLAND, LEICESTER

pytestmark = pytest.mark.browser

NORTH_WEST = "E12000002"
REPLAY = f"replay={REPLAYED.replay_id}"
MEDIA = {
    "on paper": {"media": "print"},
    "with less motion": {"reduced_motion": "reduce"},
    "with colours of one's own": {"forced_colors": "active"},
}


def as_(visit: Visit, persona: str) -> Visit:
    sign_in(visit.page.context, visit.base, persona)
    return visit


def nothing_reported(visit: Visit) -> None:
    page = as_(visit, "regional_lead").open("/problems")
    expect(page.locator("main")).to_contain_text("choose \u201cReport a problem with this figure")


def to_be_reported(visit: Visit) -> None:
    page = as_(visit, "local_official").open(f"/problems?problem={CITED}")
    expect(page.get_by_role("button", name="Report this problem")).to_be_visible()


def server_gone(visit: Visit) -> None:
    page = visit.open("/")
    page.route(re.compile("_dash-update-component"), lambda route: route.abort())
    page.get_by_role("link", name="Sources", exact=True).click()
    expect(page.locator("#trouble")).to_contain_text("The server does not answer.")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def signed_out(visit: Visit) -> None:
    page = visit.open("/")
    page.context.clear_cookies()
    page.get_by_role("link", name="Sources", exact=True).click()
    expect(page.get_by_role("dialog", name="You have been signed out")).to_be_visible()


def replay_open(visit: Visit) -> None:
    page = visit.open("/")
    page.get_by_text("Replay one of the worst data days").click()
    expect(page.get_by_role("link", name=REPLAYED.title)).to_be_visible()


def replay_going_on(visit: Visit) -> None:
    page = visit.open(f"/?{REPLAY}&as_of=2020-07-30T23:59:59")
    page.get_by_role("link", name="Next day").click()
    expect(page.locator(".verdict")).to_have_text(REPLAYED.sentence)


def drawer_open(visit: Visit) -> None:
    page = visit.open("/")
    page.locator(".card .figure").first.click()
    page.locator("#drawer h2 .value").wait_for()


def held_open(visit: Visit) -> None:
    page = visit.open("/")
    page.get_by_text("One file is held").click()
    expect(page.locator(".band.held li")).to_be_visible()


def action_form_open(visit: Visit) -> None:
    page = as_(visit, "operations").open(f"/standup?area={ENGLAND}")
    page.get_by_text("Take up an action").first.click()
    expect(page.get_by_label("What is to be done").first).to_be_visible()


def tables_open(visit: Visit) -> None:
    page = visit.open(f"/areas/{LEICESTER}")
    for lid in page.locator("main summary").all():
        lid.click()


def not_for_this_role(visit: Visit) -> None:
    visit.page.goto(f"{visit.base}/governance")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(
        "This page is not for your role"
    )


STATES: dict[str, Callable[[Visit], None]] = {
    "nothing reported": nothing_reported,
    "a problem to report": to_be_reported,
    "the server is gone": server_gone,
    "signed out": signed_out,
    "replays offered": replay_open,
    "a replay going on": replay_going_on,
    "drawer open": drawer_open,
    "held files open": held_open,
    "an action's form open": action_form_open,
    "every table open": tables_open,
    "not for this role": not_for_this_role,
}


def is_well(page: Page) -> None:
    """Accessible as wide as a laptop, and as narrow as at 400% zoom."""
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert violations(page) == []


@pytest.mark.parametrize("state", STATES)
def test_a_state_is_accessible_wide_and_narrow(visit: Visit, state: str):
    STATES[state](visit)
    is_well(visit.page)


@pytest.mark.parametrize("media", MEDIA)
@pytest.mark.parametrize("path", ["/", f"/areas/{LEICESTER}", f"/standup?area={ENGLAND}"])
def test_a_page_is_accessible_in_each_way_of_looking(visit: Visit, path: str, media: str):
    page = visit.open(path)
    page.emulate_media(**MEDIA[media])
    assert violations(page) == []
    assert visit.complaints == []


def test_nothing_moves_for_those_who_ask_for_less_motion(visit: Visit):
    visit.page.emulate_media(reduced_motion="reduce")
    page = visit.open("/")
    page.locator(".card .figure").first.click()
    page.locator("#drawer h2 .value").wait_for()
    assert page.evaluate("document.getAnimations().length") == 0


def test_colours_that_carry_a_meaning_stay_where_somebody_has_their_own(visit: Visit):
    visit.page.emulate_media(forced_colors="active")
    page = visit.open(f"/areas/{LEICESTER}")
    grounds = page.locator(".map .key .swatch").evaluate_all(
        "all => all.map(one => getComputedStyle(one).background)"
    )
    assert len(grounds) >= 4 and len({*grounds}) == len(grounds)
    lines = page.locator("figure:not(.map) .key .line").evaluate_all(
        "all => all.map(one => getComputedStyle(one).borderTopColor)"
    )
    assert len({*lines}) > 1
    page.locator(".figure").first.focus()
    outline = page.locator(".figure").first.evaluate("one => getComputedStyle(one).outlineWidth")
    assert outline == "3px"


def test_a_stand_up_is_accessible_while_it_runs_and_where_its_position_is_kept(
    visit: Visit, elsewhere: Visit
):
    page = as_(visit, "operations").open(f"/standup?area={NORTH_WEST}")
    page.get_by_role("button", name="Begin the stand-up").click()
    visit.settle()
    expect(page.locator(".position")).to_contain_text("everybody looks at release")
    assert violations(page) == []
    other = elsewhere.open(f"/standup?area={NORTH_WEST}")
    expect(other.locator(".position")).to_contain_text("everybody looks at release")
    expect(other.get_by_role("button", name="End the stand-up")).to_have_count(0)
    is_well(other)
    page.get_by_role("button", name="End the stand-up").click()
    visit.settle()
    page.get_by_role("link", name="what it looked at").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stand-up")
    is_well(page)
    assert visit.complaints == elsewhere.complaints == []
