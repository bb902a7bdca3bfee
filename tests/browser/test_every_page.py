"""What holds on every page: hosts, console, structure, accessibility, width, keyboard, charts."""

import csv
import io
import itertools
import re
from urllib.parse import parse_qsl, urlsplit

import dash
import pytest
from axe_playwright_python.sync_playwright import Axe

from dashboard import app
from tests.browser.conftest import sign_in
from tests.dashboard.small_england import (
    AYLESBURY_VALE,
    DISPUTED,
    ENGLAND,
    HIDDEN,
    LEICESTER,
    WITHDRAWN,
)
from tests.pictures.faults import faults

pytestmark = pytest.mark.browser

REVISED = f"cases_by_specimen_date.{ENGLAND}.all.2020-07-28"
PAGES = {
    "today": "/",
    "today in a region": "/?area=E12000007",
    "today in the past": "/?as_of=2020-07-25",
    "today before anything": "/?as_of=2019-01-01",
    "today asked badly": "/?area=NONSENSE&from=noon",
    "stand-up": f"/standup?area={ENGLAND}",
    "stand-up in the past": f"/standup?area={ENGLAND}&as_of=2020-07-25",
    "big screen": f"/standup?area={ENGLAND}&view=screen",
    "areas": "/areas",
    "areas by measure": "/areas?measure=deaths_28d_by_death_date",
    "areas found": "/areas?find=leic",
    "area": f"/areas/{LEICESTER}",
    "area by measure": f"/areas/{LEICESTER}?measure=deaths_28d_by_death_date",
    "region": "/areas/E12000004",
    "england": f"/areas/{ENGLAND}",
    "ended area": f"/areas/{AYLESBURY_VALE}",
    "figure": f"/figure/{DISPUTED}",
    "revised figure": f"/figure/{REVISED}",
    "hidden figure": f"/figure/{HIDDEN}",
    "workspace": "/workspace",
    "workspace in the past": "/workspace?as_of=2020-07-25",
    "workspace asked badly": "/workspace?query=query-000000000000&release=noon",
    "sources": "/sources",
    "sources with a problem": "/sources?view=problems&as_of=2020-07-30",
    "source": "/sources/phe_cases_vintages",
    "source with a breaker": "/sources/ons_weekly_deaths",
    "conflicts": "/sources/conflicts",
    "releases": "/sources/releases",
    "problems": "/problems",
    "a problem to report": f"/problems?problem={REVISED}",
    "your mail": "/subscriptions",
    "export": "/exports",
    "withdrawn figure": f"/figure/{WITHDRAWN}",
    "sources asked badly": "/sources?view=everything",
    "releases to go back to": "/sources/releases",
    "problems to look into": "/problems",
    "catalogue": "/catalogue",
    "catalogue searched": "/catalogue?find=positive+tests",
    "catalogue without an answer": "/catalogue?find=xyzzy",
    "measure in the catalogue": "/catalogue/metrics/cases_by_specimen_date",
    "table in the catalogue": "/catalogue/tables/figures",
    "column in the catalogue": "/catalogue/columns/figures.value",
    "governance": "/governance",
    "your record": "/your-record",
}
# Who looks, where it is not a national leader.
PERSONAS = {
    "releases to go back to": "engineer",
    "problems to look into": "analyst",
    "workspace": "analyst",
    "governance": "data_protection_officer",
}
WITH_CHARTS = ("today", "area", "england", "revised figure")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def violations(page):
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.fixture(params=PAGES)
def name(request):
    return request.param


def opened(visit, name):
    """A page as whoever it is for sees it."""
    if name in PERSONAS:
        sign_in(visit.page.context, visit.base, PERSONAS[name])
    return visit.open(PAGES[name])


def test_every_page_that_there_is_stands_here():
    paths = [path.split("?")[0] for path in PAGES.values()]
    assert len(dash.page_registry) == len(app.PAGES)
    for page in dash.page_registry.values():
        path = page["path_template"] or page["path"]
        pattern = re.sub(r"<\w+>", "[^/]+", path)
        is_here = any(re.fullmatch(pattern, one) for one in paths)
        assert is_here or page["module"].endswith("not_found_404"), path


def test_nothing_leaves_the_host_and_nothing_is_complained_of(visit, name):
    opened(visit, name)
    outside = [url for url in visit.requests if not url.startswith((visit.base, "data:", "blob:"))]
    assert outside == []
    assert visit.complaints == []


def test_structure_accessibility_and_keyboard(visit, name):
    page = opened(visit, name)
    has_structure(page)
    assert "Share chart" not in page.content()
    assert page.locator(".modebar, .modebar-btn").count() == 0
    tags = page.locator(".figure").evaluate_all("all => all.map(one => one.tagName)")
    assert set(tags) <= {"BUTTON"}
    assert violations(page) == []
    charts_have_words(page)
    is_for_the_keyboard(page)
    assert faults(page) == []


def has_structure(page):
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert re.fullmatch(r".+ \u2013 Trigpoint", page.title())


def charts_have_words(page):
    """Each drawing has caption, summary, table and file; where there is none, a sentence."""
    for figure in page.locator("figure").all():
        assert figure.locator("figcaption h2").inner_text().strip()
        drawing = figure.locator("[role=img]")
        if drawing.count() == 0:
            assert figure.locator("figcaption .about").inner_text().endswith(".")
            continue
        assert len(drawing.get_attribute("aria-label")) >= 40
        assert figure.locator("details table").count() == 1
        assert figure.locator("a.download").count() == 1


def is_for_the_keyboard(page):
    """The skip link comes first and leads into `main`; all else is reached and seen to be."""
    if page.locator("header").count():
        page.keyboard.press("Tab")
        skip = page.locator(".skip")
        assert skip.evaluate("one => one === document.activeElement")
        assert skip.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate(UNREACHED) == []


# What can be pressed or filled in and is not in the order of the keyboard, or not seen to be there.
UNREACHED = """() => {
  const those = "a[href], button, select, textarea, input:not([type=hidden]), summary, .scroll, "
    + "[data-href], [onclick], [role=button], [role=link]";
  const faults = [];
  for (const one of document.querySelectorAll(those)) {
    if (!one.checkVisibility() || one.disabled || one.matches(".inline-svg *")) continue;
    one.focus();
    const drawn = getComputedStyle(one);
    const isThere = document.activeElement === one && one.tabIndex === 0;
    const isSeen = parseFloat(drawn.outlineWidth) >= 3 && drawn.outlineStyle === "solid";
    if (!isThere || !isSeen) faults.push(one.outerHTML.slice(0, 120));
  }
  return faults;
}"""


def test_320_pixels_are_enough(narrow, name):
    """The window of a small phone, and that of a laptop 1,280 pixels wide at 400% zoom."""
    page = opened(narrow, name)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
    assert violations(page) == []
    assert faults(page) == []
    for link in page.locator("header a").all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert min(box["width"], box["height"]) >= 24


@pytest.mark.parametrize("charted", WITH_CHARTS)
def test_each_chart_has_caption_summary_table_and_file(visit, charted):
    page = visit.open(PAGES[charted])
    figures = page.locator("figure:not(.map)").all()
    assert figures
    for figure in figures:
        assert figure.locator("figcaption h2").inner_text().strip()
        drawing = figure.locator("[role=img]")
        summary = drawing.get_attribute("aria-label")
        assert len(summary) >= 40
        traces = drawing.locator(".js-plotly-plot").evaluate(PLOTTED)
        figure.locator("summary").click()
        rows = figure.locator("tbody tr")
        assert rows.count() == points_of(charted, figure, traces)
        assert last_value(figure) in summary
        name, text = file_of(page, figure)
        assert text.startswith("area code,area name,date,value,flag,")
        held = list(csv.DictReader(io.StringIO(text)))
        assert is_named_for(name, figure.locator("a.download").get_attribute("href"))
        assert sorted(values_of(held)) == sorted(values_in(figure))


# The dates of each line; where lines of areas are side by side a day without a rate is a gap.
PLOTTED = """plot => plot.data.map(line => [...line.x].map(String).filter((_, at) =>
  !plot.closest("figure").querySelector("thead").textContent.includes("Area")
  || Number.isFinite(line.y[at])))"""


def points_of(name, figure, traces):
    """Plotted dates: of all lines where there are several areas, of one where they are one."""
    if name == "revised figure":
        # The last value is drawn on past its date, so that its step can be seen.
        return len(traces[0]) - 1
    heads = figure.locator("thead th").all_inner_texts()
    if "Area" in heads:
        return sum(len(line) for line in traces)
    return len({date for line in traces for date in line})


def last_value(figure):
    heads = figure.locator("thead th").all_inner_texts()
    first = (
        figure.locator("tbody tr").first
        if "Known from" not in heads
        else (figure.locator("tbody tr").last)
    )
    if "Area" in heads:
        return first.locator("td").nth(1).inner_text()
    text = first.locator("td").first.inner_text()
    return re.match(r"[\d,.]+", text).group(0)


def is_named_for(name, address):
    """Whether a file's name says measure, area and moment of what its address asks for."""
    asked = dict(parse_qsl(urlsplit(address).query))
    measure, area = asked.get("measure"), asked.get("area")
    if "figure" in asked:
        measure, area, *_ = asked["figure"].split(".")
    return re.fullmatch(rf"{measure}(_[\w-]+)?_{area}_as-of-\d{{4}}-\d\d-\d\dT\d{{4}}\.csv", name)


def values_of(held):
    """The values of a file as a table says them, whichever its decimals."""
    return [f"{float(row['value']):,.1f}" if row["value"] else row["flag"] for row in held]


MARKS = {"[c]": "hidden", "[x]": "not available", "[z]": "not applicable"}


def values_in(figure):
    """The values of a table; what has none says so by its mark."""
    heads = figure.locator("thead th").all_inner_texts()
    at = next(i for i, head in enumerate(heads) if head not in {"Date", "Area", "Known from"}) - 1
    said = []
    for row in figure.locator("tbody tr").all():
        text = row.locator("td").nth(at).inner_text()
        number = re.match(r"-?[\d,]+(\.\d+)?(?! to )", text)
        mark = next((MARKS[one] for one in MARKS if one in text), "not available")
        said.append(f"{float(number.group().replace(',', '')):,.1f}" if number else mark)
    return said


def file_of(page, figure):
    """The name and the text of a chart's file."""
    with page.expect_download() as download:
        figure.locator("a.download").click()
    return download.value.suggested_filename, download.value.path().read_text()


@pytest.mark.parametrize("path", ["/", f"/areas/{LEICESTER}", f"/areas/{ENGLAND}"])
def test_dates_filling_in_are_inside_a_shape_that_says_incomplete(visit, path):
    page = visit.open(path)
    figure = page.locator("figure", has=page.locator(".key", has_text="Incomplete")).first
    layout = figure.locator(".js-plotly-plot").evaluate("plot => plot.layout")
    block = layout["shapes"][0]
    figure.locator("summary").click()
    provisional = figure.locator("tbody tr", has_text="[p]")
    assert provisional.count() == 5
    assert block["x0"][:10] == "2020-07-30"
    assert block["x1"][:10] == "2020-08-04"
    assert figure.locator(".annotation-text", has_text="Incomplete").count() == 1


def test_print_hides_the_controls_and_keeps_the_figures(visit):
    page = visit.open("/")
    page.emulate_media(media="print")
    assert page.locator(".bar").is_hidden()
    assert page.locator(".card .figure").first.is_visible()


def test_printed_charts_are_as_wide_as_the_paper_and_the_screen_has_them_back(visit):
    page = visit.open("/")
    before = page.locator(".main-svg").first.bounding_box()
    page.emulate_media(media="print")
    # Measured at once, as the printer does, before anything on the page can draw anew.
    drawings = page.evaluate(
        """() => {
            document.body.style.width = "703px";
            window.dispatchEvent(new Event("beforeprint"));
            return [...document.querySelectorAll(".drawing")].map((drawing) => {
                const box = drawing.getBoundingClientRect();
                const svg = drawing.querySelector(".main-svg");
                const drawn = svg.getBoundingClientRect();
                return [box.right, drawn.right, drawn.width / box.width, box.bottom, drawn.bottom];
            });
        }"""
    )
    assert drawings
    for right, drawn_right, share, bottom, drawn_bottom in drawings:
        assert drawn_right <= right
        assert drawn_bottom <= bottom
        assert share > 0.9
    page.evaluate("document.body.style.width = ''; window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    page.wait_for_timeout(500)
    assert page.locator(".main-svg[viewBox]").count() == 0
    assert page.locator(".main-svg").first.bounding_box() == before


def test_the_rows_of_wide_tables_are_cards_on_a_phone(narrow):
    for path in ("/", f"/areas/{LEICESTER}"):
        page = narrow.open(path)
        open_folds(page)
        tables = page.locator("main table.cards-on-a-phone:visible")
        assert tables.count() >= 2
        for table in tables.all():
            assert table.evaluate("table => table.scrollWidth <= table.parentElement.clientWidth")
            cells = table.locator("td:visible")
            heads = cells.evaluate_all(
                "all => all.map(one => getComputedStyle(one, '::before').content)"
            )
            assert len(heads) >= 3
            assert all(len(head.strip('"')) > 1 for head in heads)
            for box in (cell.bounding_box() for cell in cells.all()):
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= 320
        assert violations(page) == []


def open_folds(page):
    for lid in page.locator(".fold > summary").all():
        lid.click()


def test_a_phone_folds_up_what_a_laptop_and_paper_show(visit, narrow):
    page = narrow.open("/")
    folds = page.locator("details.fold")
    assert folds.count() == 3
    before = page.evaluate("document.documentElement.scrollHeight")
    assert page.locator(".fold table:visible").count() == 0
    open_folds(page)
    assert page.locator(".fold table:visible").count() == 3
    assert page.evaluate("document.documentElement.scrollHeight") > 1.5 * before
    page.reload()
    narrow.settle()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.fold[open]").count() == 3
    wide = visit.open("/")
    for media in ("screen", "print"):
        wide.emulate_media(media=media)
        assert wide.locator(".fold table:visible").count() == 3
        assert wide.locator(".fold > summary:visible").count() == 0


def test_the_dates_under_a_chart_do_not_overlap_on_a_phone(narrow):
    page = narrow.open(f"/areas/{LEICESTER}")
    for drawing in page.locator(".drawing").all():
        boxes = [label.bounding_box() for label in drawing.locator(".xtick text").all()]
        assert len(boxes) >= 2
        for one, other in itertools.pairwise(sorted(boxes, key=lambda box: box["x"])):
            assert one["x"] + one["width"] < other["x"]


def test_a_hidden_value_is_marked_in_the_chart(visit):
    page = visit.open(f"/areas/{LEICESTER}?measure=deaths_28d_by_death_date")
    chart = page.locator("figure").first
    assert chart.locator(".annotation-text", has_text="[c]").count() == 1
    assert "Hidden to protect privacy" in chart.locator(".key").inner_text()
    assert "1 date is hidden" in chart.locator("[role=img]").get_attribute("aria-label")


def test_an_unknown_path_is_404_with_a_way_back(visit):
    response = visit.page.goto(visit.base + "/nonsense")
    assert response.status == 404
    has_structure(visit.page)
    assert violations(visit.page) == []
    visit.page.get_by_role("link", name="Today").click()
    visit.settle()
    assert visit.page.locator("h1").inner_text() == "Today in England"


@pytest.mark.parametrize("path", ["/areas/E99999999", "/figure/a.b.c.2020-01-01"])
def test_a_name_that_is_not_there_is_404_in_the_frame(visit, path):
    response = visit.page.goto(visit.base + path)
    visit.settle()
    assert response.status == 404
    assert visit.page.locator("h1").inner_text() == "Page not found"
    assert visit.page.title() == "Page not found \u2013 Trigpoint"
    assert violations(visit.page) == []


@pytest.mark.parametrize(
    "path",
    [
        "/?area=NONSENSE",
        "/?measure=NONSENSE",
        "/standup?area=NONSENSE",
        "/areas?measure=NONSENSE",
        f"/areas/{LEICESTER}?measure=NONSENSE",
        f"/figure/{DISPUTED}?release=NONSENSE",
        "/sources?view=NONSENSE",
        "/sources/conflicts?measure=NONSENSE",
        "/problems?problem=NONSENSE",
    ],
)
def test_what_is_asked_badly_is_200_with_a_note(visit, path):
    response = visit.page.goto(visit.base + path)
    visit.settle()
    assert response.status == 200
    assert "NONSENSE" in visit.page.locator(".notes").first.inner_text()
    assert visit.complaints == []
