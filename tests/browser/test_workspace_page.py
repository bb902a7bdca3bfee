"""The workspace in a browser: what is on screen runs, stops, is marked, and can be taken out."""

import io
import re
import time
from collections.abc import Iterator

import polars as pl
import pytest
from playwright.sync_api import Browser, Page, Response, expect

from store.paths import Home
from store.reader import open_reader
from store.viewer import Viewer
from tests.browser.conftest import Visit, profile, serve, sign_in, tab
from tests.browser.test_every_page import violations
from tests.dashboard.small_england import CITED, ENGLAND, HIDDEN, LEICESTER
from tests.mailing import guarded_england

pytestmark = pytest.mark.browser
END_OF_ROW = re.compile(r"[\n}]")
LONG = "select sum(sqrt(a)) from range(100000000000) as numbers(a)"
DEATHS = "deaths_28d_by_death_date"
COUNTS = (
    f"select figure_id, event_date, value from figures where metric_id = '{DEATHS}' "
    f"and area_id = '{LEICESTER}' order by event_date"
)


@pytest.fixture
def desk(visit: Visit) -> Visit:
    """The workspace as an analyst has it, with the editor in it."""
    sign_in(visit.page.context, visit.base, "analyst")
    return at_the_desk(visit)


def at_the_desk(visit: Visit, path: str = "/workspace") -> Visit:
    visit.open(path)
    visit.page.wait_for_selector(".cm-content")
    return visit


def write(page: Page, sql: str) -> None:
    """Put a text in the place of what stands in the editor, as somebody at a keyboard does."""
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(sql)


def answered(page: Page, do: str = "Control+Enter") -> None:
    """Run what stands there by keyboard or button, and wait for the answer to exactly that."""
    page.locator(".answer").evaluate_all("all => all.forEach(one => one.classList.add('old'))")
    if do == "Control+Enter":
        page.locator(".cm-content").press(do)
    else:
        page.get_by_role("button", name=do, exact=True).click()
    page.wait_for_selector(".answer:not(.old)")


def first_cell(page: Page) -> str:
    page.wait_for_selector(".ag-row")
    return page.locator(".ag-row").first.locator(".ag-cell").first.inner_text()


def test_ctrl_enter_runs_the_text_on_screen_also_after_a_run_by_button(desk: Visit):
    page = desk.page
    write(page, "select 'first' as said")
    answered(page, "Run")
    assert first_cell(page) == "first"
    write(page, "select 'second' as said")
    answered(page)
    assert first_cell(page) == "second"
    write(page, "select 'third' as said")
    answered(page, "Run")
    assert first_cell(page) == "third"
    assert desk.complaints == []


def test_stop_ends_a_long_query_within_two_seconds(desk: Visit):
    page = desk.page
    write(page, LONG)
    page.locator(".cm-content").press("Control+Enter")
    expect(page.locator("#query-clock")).to_contain_text("Running")
    stop = page.get_by_role("button", name="Stop")
    began = time.monotonic()
    stop.click()
    expect(page.locator(".answer")).to_contain_text("You stopped the query after")
    assert time.monotonic() - began < 2
    expect(stop).to_be_disabled()
    write(page, "select 'still here' as said")
    answered(page)
    assert first_cell(page) == "still here"


def test_tab_leaves_the_editor_and_nothing_is_held(desk: Visit):
    page = desk.page
    write(page, "select 1 as a")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    page.keyboard.press("Shift+Tab")
    assert page.evaluate("document.activeElement.className").startswith("cm-content")
    label = page.locator(".cm-content").get_attribute("aria-labelledby")
    assert page.locator(f"#{label}").inner_text() == "Query in SQL"


def test_a_parquet_of_200_000_rows_has_them(desk: Visit):
    page = desk.page
    write(page, "select n, n % 7 as day from range(200000) as numbers(n)")
    answered(page)
    expect(page.locator(".answer h2").first).to_have_text("Showing 1,000 of 200,000 rows")
    link = page.get_by_role("link", name="Download Parquet").get_attribute("href")
    body = page.request.get(desk.base + str(link)).body()
    assert pl.read_parquet(io.BytesIO(body)).height == 200_000


def test_a_write_statement_is_refused_with_a_plain_message_and_its_line(desk: Visit):
    page = desk.page
    write(page, "drop table figures")
    answered(page)
    expect(page.get_by_role("alert").filter(has_text="The query did not run.")).to_be_visible()
    assert page.locator(".ag-root").count() == 0
    write(page, "select event_date,\n  valu\nfrom figures")
    answered(page)
    expect(page.get_by_role("alert").filter(has_text="Line 2:")).to_be_visible()
    assert page.locator(".cm-line.cm-faulty").inner_text().strip() == "valu"
    assert violations(page) == []


def test_an_answer_is_accessible_and_its_figures_open(desk: Visit):
    page = desk.page
    answered(page)
    page.wait_for_selector(".ag-row")
    desk.settle()
    assert violations(page) == []
    figure = page.locator(".ag-cell .figure").first
    text = figure.inner_text().split()[0]
    figure.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#drawer .value")).to_have_text(text)
    assert violations(page) == []
    page.keyboard.press("Escape")
    link = page.locator(".ag-cell a").first
    assert (link.get_attribute("href") or "").startswith("/figure/cases_by_specimen_date.")
    outside = [url for url in desk.requests if not url.startswith((desk.base, "data:", "blob:"))]
    assert (outside, desk.complaints) == ([], [])


def test_it_completes_tables_columns_and_measures(desk: Visit):
    page = desk.page
    write(page, "select fig")
    page.keyboard.press("Control+Space")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("figures_as_known")
    write(page, "select * from figures where metric_id = 'cases_by_s")
    page.keyboard.press("Control+Space")
    expect(page.locator(".cm-tooltip-autocomplete")).to_contain_text("cases_by_specimen_date")
    assert violations(page) == []


def test_a_link_opens_the_query_with_its_values_and_moment_and_runs_it(desk: Visit):
    page = desk.page
    write(page, f"select value, $more as more from figures where figure_id = '{CITED}'")
    page.get_by_label("$more").fill("'7'")
    page.get_by_label("As it was on").fill("2020-07-22")
    answered(page, "Run")
    told = first_cell(page)
    expect(page).to_have_url(re.compile("as_of=2020-07-22"))
    page.reload()
    page.wait_for_selector(".ag-row")
    assert page.get_by_label("$more").input_value() == "'7'"
    assert page.get_by_label("As it was on").input_value() == "2020-07-22"
    expect(page.locator(".band.past")).to_contain_text("22 July 2020")
    assert first_cell(page) == told


def test_a_moment_that_was_taken_out_stays_out_when_the_page_is_loaded_again(desk: Visit):
    page = desk.page
    write(page, f"select value from figures where figure_id = '{CITED}'")
    page.get_by_label("As it was on").fill("2020-07-22")
    answered(page, "Run")
    then = first_cell(page)
    page.reload()
    page.wait_for_selector(".ag-row")
    page.get_by_label("As it was on").fill("")
    answered(page, "Run")
    now = first_cell(page)
    assert now != then
    page.reload()
    page.wait_for_selector(".ag-row")
    assert page.get_by_label("As it was on").input_value() == ""
    assert first_cell(page) == now


def test_a_small_number_is_not_shown_as_nought(desk: Visit):
    write(desk.page, "select 0.00000012::double as share")
    answered(desk.page)
    assert first_cell(desk.page) == "0.00000012"


def test_one_is_shared_by_id_and_answered_at_the_readers_scope(desk: Visit, browser: Browser):
    page = desk.page
    write(page, "select 'shared' as said")
    answered(page)
    page.get_by_role("button", name="Share by link").click()
    page.wait_for_selector("text=Whoever may open the workspace")
    for context in profile(browser, 1366, 900):
        for other in tab(context, desk.base):
            sign_in(context, desk.base, "engineer")
            opened = other.open("/workspace?" + page.url.split("?")[1])
            assert first_cell(opened) == "shared"
            assert opened.get_by_role("link", name="Download CSV").count() == 0


def test_what_is_saved_is_what_stands_in_the_box(desk: Visit):
    page = desk.page
    write(page, "select 'kept' as said")
    page.get_by_label("Save it as").fill("One to keep")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector(".ag-row")
    assert first_cell(page) == "kept"
    page.get_by_role("link", name="One to keep").wait_for()
    page.get_by_role("button", name="Take away").first.click()
    page.wait_for_selector("text=You have saved no query yet.")


def test_a_plain_box_stands_in_where_the_editor_was_never_built(desk: Visit):
    page = desk.page
    page.route("**/editor.js*", lambda route: route.abort())
    page.goto(f"{desk.base}/workspace")
    page.wait_for_load_state("networkidle")  # the editor is looked for before the box stands in
    box = page.get_by_label("Query in SQL")
    box.fill("select 'by hand' as said")
    box.press("Control+Enter")
    page.wait_for_selector(".ag-row")
    assert first_cell(page) == "by hand"
    box.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run"


def test_320_pixels_hold_an_answer(narrow: Visit):
    sign_in(narrow.page.context, narrow.base, "analyst")
    page = at_the_desk(narrow).page
    write(page, "select * from figures limit 50")
    answered(page)
    page.wait_for_selector(".ag-row")
    narrow.settle()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []


def test_other_pages_fetch_nothing_of_it(elsewhere: Visit):
    elsewhere.open("/")
    fetched = [url.split("?")[0] for url in elsewhere.requests]
    assert [url for url in fetched if "ag_grid" in url or "editor" in url] == []
    assert [url for url in fetched if url.endswith("/workspace.js")] == []


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Home]]:
    home = Home(tmp_path_factory.mktemp("guarded") / "home")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(guarded_england, "GUARDED", DEATHS)
        guarded_england.filled(home)
    for address in serve(home.root):
        yield address, home


def test_a_suppressed_cell_is_marked_and_its_value_is_in_no_body(browser: Browser, guarded):
    """The counts of Leicester, asked from London and, for comparison, by whose they are."""
    base, home = guarded
    with open_reader(home, Viewer(scope=ENGLAND, role="analyst")) as exact:
        true = exact.ask(COUNTS).to_dicts()
    with open_reader(home) as everybody:
        told = {row["figure_id"]: row["value"] for row in everybody.ask(COUNTS).to_dicts()}
    by_us = [row for row in true if row["value"] is not None and told[row["figure_id"]] is None]
    hidden = {row["figure_id"]: row["value"] for row in by_us}
    assert hidden
    bodies: list[str] = []
    for context in profile(browser, 1366, 900):
        for opened in tab(context, base):
            sign_in(context, base, "regional_lead")
            page = at_the_desk(opened).page
            page.on("response", lambda one: told_in(one, bodies))
            write(page, COUNTS)
            answered(page)
            page.wait_for_selector(".ag-row")
            marked = page.locator(".ag-cell .mark", has_text="[c]")
            assert marked.count() > 0
            expect(page.locator(".answer")).to_contain_text("[c] hidden to protect privacy")
            link = page.get_by_role("link", name="Download CSV").first.get_attribute("href")
            bodies.append(page.request.get(base + str(link)).text())
    for figure_id, value in hidden.items():
        near = [END_OF_ROW.split(body[at:])[0] for body in bodies for at in places(body, figure_id)]
        assert len(near) >= 2
        assert [one for one in near if f'"c2":{value:.0f}' in one or f",{value:.1f}" in one] == []


def told_in(answer: Response, bodies: list[str]) -> None:
    if "_dash-update" in answer.url:
        bodies.append(answer.text())


def places(body: str, figure_id: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(figure_id), body)]


def test_a_value_hidden_by_its_publisher_is_marked(desk: Visit):
    page = desk.page
    write(page, f"select figure_id, value from figures where figure_id = '{HIDDEN}'")
    answered(page)
    cell = page.locator(".ag-cell", has_text="[c]")
    expect(cell).to_contain_text("1 to 7")
