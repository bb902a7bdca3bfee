"""The map of England's authorities, and the stand-up on a wall."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import profile, tab
from tests.browser.test_every_page import file_of, violations
from tests.dashboard.small_england import ENGLAND, LEICESTER

pytestmark = pytest.mark.browser

WALL = f"/standup?area={ENGLAND}&view=screen"
SMALLEST = """() => {
  const sizes = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const holder = walk.currentNode.parentElement, box = holder.getBoundingClientRect();
    const isSeen = walk.currentNode.data.trim() && box.width > 1 && holder.checkVisibility();
    if (isSeen && !holder.closest(".unseen, .skip")) {
      sizes.push(parseFloat(getComputedStyle(holder).fontSize));
    }
  }
  return Math.min(...sizes);
}"""


@pytest.fixture
def wall(browser, served):
    for context in profile(browser, 1920, 1080):
        yield from tab(context, served)


def numbers(page):
    return [
        int(text.split(".")[0]) for text in page.locator("tbody tr:visible th").all_inner_texts()
    ]


def test_the_map_its_table_and_its_file_hold_the_same(visit):
    page = visit.open(f"/areas/{LEICESTER}")
    drawn = page.locator("figure.map")
    hexagons = drawn.locator("svg path[data-href]")
    drawn.locator("summary").click()
    rows = drawn.locator("tbody tr")
    assert hexagons.count() == rows.count() == 5
    held = list(csv.DictReader(io.StringIO(file_of(page, drawn)[1])))
    assert len(held) == rows.count()
    summary = drawn.locator("[role=img]").get_attribute("aria-label")
    highest = rows.first.locator("td").nth(2).inner_text()
    assert len(summary) >= 40 and highest in summary
    assert highest == f"{max(float(row['7 days per 100,000']) for row in held):,.1f}"


def test_this_area_is_outlined_and_a_click_leads_to_another(visit):
    page = visit.open(f"/areas/{LEICESTER}")
    outlined = page.locator("svg path.here title")
    assert outlined.text_content().startswith("Leicester: ")
    page.locator("svg path[data-href]", has_text="Manchester").click()
    expect(page.locator("h1")).to_have_text("Manchester")
    expect(page.locator("svg path.here title")).to_contain_text("Manchester: ")
    assert visit.complaints == []


def test_the_measure_of_the_map_is_chosen_and_stays_in_the_address(visit):
    page = visit.open("/areas")
    page.get_by_label("Measure", exact=True).select_option("deaths_28d_by_death_date")
    page.locator("main").get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("figure.map h2")).to_contain_text("Deaths within 28 days")
    expect(page).to_have_url(re.compile("measure=deaths_28d_by_death_date"))


def test_the_wall_has_no_scroll_bars_and_no_small_text(wall):
    page = wall.open(WALL)
    across, down = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert (across, down) == (1920, 1080)
    assert page.evaluate(SMALLEST) >= 20
    assert page.locator("header, footer, .bar").count() == 0
    assert violations(page) == []
    assert wall.complaints == []


def test_arrows_turn_the_page_and_esc_leaves(wall):
    page = wall.open(WALL)
    expect(page.locator(".turned")).to_have_text(re.compile(r"Page 1 of [2-9]\."))
    assert numbers(page) == list(range(1, 11))
    page.keyboard.press("ArrowRight")
    expect(page.locator(".turned")).to_contain_text("Page 2 of")
    assert numbers(page)[0] == 11
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert numbers(page) == list(range(1, 11))
    page.keyboard.press("Escape")
    expect(page.locator("header nav")).to_be_visible()
    expect(page).not_to_have_url(re.compile("view="))
    expect(page).to_have_url(re.compile(f"area={ENGLAND}"))


def test_every_minute_it_asks_for_what_is_new_and_focus_stays(wall):
    wall.page.clock.install()
    page = wall.open(WALL)
    page.keyboard.press("ArrowRight")
    button = page.locator("tbody tr:visible .figure").first
    button.focus()
    expect(page.locator(".turning")).to_contain_text(re.compile(r"Brought up to date at \d\d:\d\d"))
    with page.expect_response(
        lambda answer: "screen-body" in (answer.request.post_data or "")
    ) as got:
        page.clock.fast_forward(60_000)
    assert got.value.status == 200
    page.wait_for_timeout(200)
    assert button.evaluate("one => one === document.activeElement")
    expect(page.locator(".turned")).to_contain_text("Page 2 of")
    assert wall.complaints == []
