"""A figure says the same on its page, in its drawer and file, in SQL, and to whoever is sent it."""

import csv
import io
import re
from datetime import datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from store.paths import Home
from store.reader import open_reader
from tests.browser.conftest import Visit, sign_in
from tests.browser.test_every_page import opened, violations
from tests.dashboard.small_england import DISPUTED, ENGLAND, LEICESTER

pytestmark = pytest.mark.browser

LONDON = "E12000007"
# Every kind of page on which figures stand.
WITH_FIGURES = (
    "today",
    "stand-up",
    "area",
    "england",
    "revised figure",
    "conflicts",
    "areas by measure",
)
# One figure of each place on a page: a table, the cards, the sentences.
ONE_EACH = """all => {
  const place = (one) => one.closest("table, .lede, .cards, section");
  const seen = new Set(), found = [];
  all.forEach((one, at) => {
    if (!one.checkVisibility() || seen.has(place(one))) return;
    seen.add(place(one));
    found.push(at);
  });
  return found;
}"""
IN_PASSPORT = ("Status", "Used", "Rule", "File", "Published", "Landed here", "Agreement")


def number_of(button: Locator) -> str:
    return str(button.evaluate("one => one.firstChild.textContent"))


def press(page: Page, button: Locator) -> Locator:
    """Press Enter on a figure, and give the number at the head of its drawer."""
    button.focus()
    page.keyboard.press("Enter")
    heading = page.locator("#drawer h2 .value")
    heading.wait_for()
    return heading


@pytest.mark.parametrize("name", WITH_FIGURES)
def test_each_figure_opens_its_passport_by_keyboard_and_gives_focus_back(visit: Visit, name: str):
    page = opened(visit, name)
    page.locator("main details").evaluate_all("all => all.forEach(one => { one.open = true; })")
    buttons = page.locator("main .figure")
    places = buttons.evaluate_all(ONE_EACH)
    assert places
    for at in places:
        button = buttons.nth(at)
        heading = press(page, button)
        assert heading.inner_text() == number_of(button)
        has_a_whole_passport(page.locator("#drawer"))
        page.keyboard.press("Escape")
        expect(page.locator("#drawer")).to_be_hidden()
        assert button.evaluate("one => one === document.activeElement")
        expect(page).not_to_have_url(re.compile("figure="))
    press(page, buttons.nth(places[-1]))
    assert violations(page) == []
    assert visit.complaints == []


def has_a_whole_passport(drawer: Locator) -> None:
    """Winning source, rule, file, load time, other values and revisions all have text."""
    facts = drawer.locator(".facts > div")
    named, told = (facts.locator(part).all_inner_texts() for part in ("dt", "dd"))
    said = dict(zip(named, told, strict=True))
    assert {*IN_PASSPORT} <= {*said}
    assert all(text.strip() for text in said.values())
    for caption in ("What each source says", "How it was revised"):
        rows = drawer.get_by_role("heading", name=caption).locator("~ .table").first
        cells = rows.locator("tbody tr").first.locator("th, td").all_inner_texts()
        assert cells and cells[0].strip()


@pytest.mark.parametrize(
    ("day", "moment"), [("2020-07-30", None), ("2020-07-16", None), ("2020-07-16", "2020-07-25")]
)
def test_page_drawer_file_and_sql_say_the_same_at_the_same_moment(
    visit: Visit, served_home: Home, day: str, moment: str | None
):
    figure = f"cases_by_specimen_date.{ENGLAND}.all.{day}"
    at = f"&as_of={moment}" if moment else ""
    page = visit.open(f"/?figure={figure}{at}")
    heading = page.locator("#drawer h2 .value")
    heading.wait_for()
    with page.expect_download() as download:
        page.locator("#drawer").get_by_role("link", name="Versions as CSV").click()
    name = download.value.suggested_filename
    assert name.startswith(f"cases_by_specimen_date_versions_{day}_{ENGLAND}_as-of-")
    *_, row = csv.DictReader(io.StringIO(download.value.path().read_text()))
    known = datetime.fromisoformat(f"{moment}T23:59:59") if moment else None
    with open_reader(served_home, as_of=known) as reader:
        question = "select value from figures where figure_id = $figure"
        value = reader.ask(question, figure=figure).item()
    assert heading.inner_text() == f"{float(row['value']):,.0f}" == f"{value:,.0f}"


@pytest.mark.parametrize("path", ["/", f"/?area={LONDON}"])
def test_the_headline_of_a_past_moment_is_the_stored_value_of_then(
    visit: Visit, served_home: Home, path: str
):
    page = visit.open(f"{path}{'&' if '?' in path else '?'}as_of=2020-07-25")
    then = datetime(2020, 7, 25, 23, 59, 59)
    buttons = page.locator(".card .figure")
    assert buttons.count() >= 2
    with open_reader(served_home, as_of=then) as reader:
        for button in buttons.all():
            question = "select value from figures where figure_id = $figure"
            value = reader.ask(question, figure=button.get_attribute("data-figure")).item()
            assert number_of(button) == f"{value:,.0f}"


@pytest.mark.parametrize(
    "path",
    [
        *("/", "/standup", "/areas", f"/areas/{LEICESTER}", f"/figure/{DISPUTED}", "/sources"),
        *("/sources/phe_cases_vintages", "/sources/conflicts", "/sources/releases"),
    ],
)
def test_each_page_of_the_past_has_the_band_and_the_way_back(visit: Visit, path: str):
    page = visit.open(f"{path}?as_of=2020-08-05T18:00")
    expect(page.locator(".band.past")).to_contain_text("as it was known at 18:00 on 5 August 2020")
    page.get_by_role("link", name="Go back to now").click()
    expect(page.locator(".band.past")).to_have_count(0)
    expect(page).not_to_have_url(re.compile("as_of"))


def test_a_copied_link_opens_with_the_same_numbers_filters_and_drawer(
    visit: Visit, elsewhere: Visit
):
    asked = f"measure=deaths_28d_by_death_date&from=2020-07-01&to=2020-07-20&area={LONDON}"
    page = visit.open(f"/?{asked}")
    number = press(page, page.locator("figure .figure, .card .figure").first).inner_text()
    drawer = page.locator("#drawer")
    drawer.get_by_role("button", name="Copy link").click()
    drawer.get_by_text("Link copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    sign_in(elsewhere.page.context, elsewhere.base, "local_official")
    other = elsewhere.open(link.removeprefix(visit.base))
    expect(other.locator("#drawer h2 .value")).to_have_text(number)
    for shown in (".card .figure", "figcaption h2", "figcaption .about"):
        assert other.locator(shown).all_inner_texts() == page.locator(shown).all_inner_texts()
    for label in ("Area", "Measure", "From", "To"):
        there, here = (one.get_by_label(label, exact=True) for one in (other, page))
        assert there.input_value() == here.input_value()
    assert visit.complaints == elsewhere.complaints == []


def test_a_link_copied_from_a_drawer_names_the_area_under_it(visit: Visit, elsewhere: Visit):
    page = visit.open("/")
    press(page, page.locator(".card .figure").first)
    page.locator("#drawer").get_by_role("button", name="Copy link").click()
    page.locator("#drawer").get_by_text("Link copied").wait_for()
    link = page.evaluate("navigator.clipboard.readText()")
    sign_in(elsewhere.page.context, elsewhere.base, "local_official")
    other = elsewhere.open(link.removeprefix(visit.base))
    expect(other.locator("h1")).to_have_text("Today in England")


def test_reload_back_and_forward_keep_the_figure_that_was_open(visit: Visit):
    page = visit.open(f"/areas/{LEICESTER}?measure=deaths_28d_by_death_date")
    number = press(page, page.locator("main .figure:visible").first).inner_text()
    page.reload()
    expect(page.locator("#drawer h2 .value")).to_have_text(number)
    page.get_by_role("link", name="Full page").click()
    expect(page.locator("main .headline .value")).to_have_text(number)
    page.go_back()
    expect(page.locator("h1")).to_have_text("Leicester")
    expect(page.locator("#drawer h2 .value")).to_have_text(number)
    assert page.get_by_label("Measure", exact=True).input_value() == "deaths_28d_by_death_date"
    page.go_forward()
    expect(page.locator("main .headline .value")).to_have_text(number)
    expect(page.locator("#drawer")).to_be_hidden()
    assert visit.complaints == []
