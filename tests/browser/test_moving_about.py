"""Keyboard, focus, the address, the drawer: what happens when somebody uses the pages."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import sign_in
from tests.browser.test_every_page import violations
from tests.dashboard.small_england import ENGLAND, LEICESTER

pytestmark = pytest.mark.browser

CASES = f"cases_by_specimen_date.{ENGLAND}.all.2020-07-30"
TEN_DAYS = "10 July 2020 to 20 July 2020"
SEARCHED = 21


def focused(page):
    return page.evaluate("document.activeElement.id || document.activeElement.tagName")


def test_the_first_tab_shows_the_skip_link_and_enter_leads_into_main(visit):
    page = visit.open("/")
    page.keyboard.press("Tab")
    skip = page.locator(".skip")
    assert skip.evaluate("one => one === document.activeElement")
    assert skip.bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert focused(page) == "main"


def test_after_a_link_focus_is_on_main_and_the_title_has_changed(visit):
    page = visit.open("/")
    loads = len([url for url in visit.requests if "dash_renderer" in url])
    page.get_by_role("link", name="South West").click()
    expect(page).to_have_title("South West \u2013 Trigpoint")
    visit.settle()
    assert focused(page) == "main"
    assert page.locator("h1").inner_text() == "South West"
    assert page.locator("[aria-current=page]").inner_text() == "Areas"
    assert len([url for url in visit.requests if "dash_renderer" in url]) == loads


def test_each_link_of_the_header_moves_focus_and_title(visit):
    sign_in(visit.page.context, visit.base, "data_protection_officer")
    page = visit.open("/areas")
    loads = len([url for url in visit.requests if "dash_renderer" in url])
    for name in (
        *("Today", "Stand-up", "Areas", "Sources", "Governance"),
        *("Your record", "Your mail", "Trigpoint"),
    ):
        before = page.title()
        page.locator("header").get_by_role("link", name=name, exact=True).click()
        expect(page).not_to_have_title(before)
        visit.settle()
        assert re.fullmatch(r".+ \u2013 Trigpoint", page.title())
        assert focused(page) == "main", name
    assert len([url for url in visit.requests if "dash_renderer" in url]) == loads
    assert visit.complaints == []


def test_back_forward_and_reload_restore_area_and_dates(visit):
    page = visit.open("/")
    page.get_by_label("Area", exact=True).select_option("E12000007")
    page.locator(".bar").get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("h1")).to_have_text("Today in London")
    page.get_by_label("From", exact=True).fill("2020-07-10")
    page.get_by_label("To", exact=True).fill("2020-07-20")
    page.locator("main").get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("figure .about")).to_contain_text(TEN_DAYS)
    expect(page).to_have_url(re.compile("area=E12000007"))
    page.go_back()
    expect(page.locator("figure .about")).not_to_contain_text(TEN_DAYS)
    assert page.get_by_label("Area", exact=True).input_value() == "E12000007"
    page.go_back()
    expect(page.locator("h1")).to_have_text("Today in England")
    assert page.get_by_label("Area", exact=True).input_value() == ENGLAND
    page.go_forward()
    page.go_forward()
    expect(page.locator("figure .about")).to_contain_text(TEN_DAYS)
    page.reload()
    visit.settle()
    assert page.get_by_label("From", exact=True).input_value() == "2020-07-10"
    assert page.locator("h1").inner_text() == "Today in London"


def test_an_area_is_found_by_typing(visit):
    page = visit.open(f"/areas/{ENGLAND}")
    search = page.get_by_label("Find an area")
    search.focus()
    expect(page.locator("datalist option")).to_have_count(SEARCHED)
    search.fill("Leicester (E06000016)")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Leicester")
    assert page.url.endswith(f"/areas/{LEICESTER}")
    page.get_by_label("Find an area").fill("hack")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Areas")
    page.get_by_role("link", name="Hackney").click()
    expect(page.locator("h1")).to_have_text("Hackney")


def test_enter_on_a_figure_opens_its_passport_and_esc_gives_focus_back(visit):
    page = visit.open("/")
    button = page.locator(".card .figure").first
    number = button.inner_text().split()[0]
    button.focus()
    page.keyboard.press("Enter")
    heading = page.locator("#drawer h2")
    heading.wait_for()
    assert number in heading.inner_text()
    text = page.locator("#drawer").inner_text()
    for word in (
        "Public Health England",
        "Rule",
        "Landed here",
        "row ",
        "Difference",
        "Known from",
    ):
        assert word in text
    expect(page).to_have_url(re.compile(re.escape(f"figure={CASES}")))
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    assert button.evaluate("one => one === document.activeElement")
    expect(page).not_to_have_url(re.compile("figure="))
    assert visit.complaints == []


def test_the_drawers_number_is_the_files_number(visit):
    page = visit.open(f"/?figure={CASES}")
    heading = page.locator("#drawer h2 .value")
    heading.wait_for()
    answer = page.request.get(f"{visit.base}/files/versions.csv?figure={CASES}").text()
    assert answer.strip().splitlines()[-1].split(",")[3] == heading.inner_text()


def test_the_drawer_leads_to_the_full_page(visit):
    page = visit.open(f"/?figure={CASES}")
    page.get_by_role("link", name="Full page").click()
    expect(page).to_have_title(re.compile("^Cases by specimen date, England"))
    assert page.url.endswith(f"/figure/{CASES}")
    assert not page.locator("#drawer").evaluate("one => one.open")
    assert focused(page) == "main"


def test_a_copied_link_opens_on_the_same_numbers(visit, elsewhere):
    page = visit.open("/?area=E12000007&measure=deaths_28d_by_death_date")
    page.get_by_role("button", name="Copy link").click()
    page.wait_for_selector("text=Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    assert "as_of=" in link
    other = elsewhere.open(link.removeprefix(visit.base))
    for shown in (".card", "figcaption h2"):
        assert other.locator(shown).all_inner_texts() == page.locator(shown).all_inner_texts()


def test_a_past_moment_shows_its_band_its_value_and_the_way_back(visit):
    page = visit.open("/?as_of=2020-07-25")
    assert "as it was known at the end of 25 July 2020" in page.locator(".band.past").inner_text()
    figure = page.locator(".card .figure").first
    held = page.request.get(
        f"{visit.base}/files/trend.csv?measure=cases_by_specimen_date&area={ENGLAND}"
        "&from=2020-07-16&to=2020-07-16&as_of=2020-07-25"
    ).text()
    assert figure.inner_text().split()[0] == held.splitlines()[1].split(",")[3]
    page.get_by_role("link", name="South West").click()
    expect(page).to_have_title("South West \u2013 Trigpoint")
    expect(page).to_have_url(re.compile("as_of=2020-07-25"))
    page.get_by_role("link", name="Go back to now").click()
    expect(page.locator(".band.past")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("as_of"))


def test_a_hidden_value_is_marked_everywhere_and_said_nowhere(visit):
    page = visit.open(f"/areas/{LEICESTER}?measure=deaths_28d_by_death_date")
    page.locator("figure summary").first.click()
    row = page.locator("figure tbody tr", has_text="20 July 2020").first
    assert re.search(r"1 to 7.*\[c\]", row.inner_text(), re.DOTALL)


def test_a_server_that_does_not_answer_is_said_aloud(visit):
    page = visit.open("/")
    page.route(re.compile("_dash-update-component"), lambda route: route.abort())
    page.get_by_role("link", name="South West").click()
    alert = page.locator("#trouble")
    expect(alert).to_contain_text("The server does not answer.")
    assert violations(page) == []
