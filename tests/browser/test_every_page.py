"""What holds on every page: hosts, console, structure, accessibility, width, charts."""

import csv
import io
import itertools
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

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
    "sources": "/sources",
    "sources with a problem": "/sources?view=problems&as_of=2020-07-30",
    "source": "/sources/phe_cases_vintages",
    "source with a breaker": "/sources/ons_weekly_deaths",
    "conflicts": "/sources/conflicts",
    "releases": "/sources/releases",
    "problems": "/problems",
    "a problem to report": f"/problems?problem={REVISED}",
    "your mail": "/subscriptions",
    "withdrawn figure": f"/figure/{WITHDRAWN}",
}
WITH_CHARTS = ("today", "area", "england", "revised figure")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
AXE = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}


def violations(page):
    found = Axe().run(page, options=AXE).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


@pytest.fixture(params=PAGES.values(), ids=PAGES.keys())
def path(request):
    return request.param


def test_nothing_leaves_the_host_and_nothing_is_complained_of(visit, path):
    visit.open(path)
    outside = [url for url in visit.requests if not url.startswith((visit.base, "data:", "blob:"))]
    assert outside == []
    assert visit.complaints == []


def test_structure_and_accessibility(visit, path):
    page = visit.open(path)
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert re.fullmatch(r".+ \u2013 Trigpoint", page.title())
    assert "Share chart" not in page.content()
    assert page.locator(".modebar, .modebar-btn").count() == 0
    tags = page.locator(".figure").evaluate_all("all => all.map(one => one.tagName)")
    assert set(tags) <= {"BUTTON"}
    assert violations(page) == []
    assert faults(page) == []


def test_320_pixels_are_enough(narrow, path):
    page = narrow.open(path)
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 320
    assert faults(page) == []
    for link in page.locator("header a").all():
        box = link.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 320
        assert min(box["width"], box["height"]) >= 24


@pytest.mark.parametrize("name", WITH_CHARTS)
def test_each_chart_has_caption_summary_table_and_file(visit, name):
    page = visit.open(PAGES[name])
    figures = page.locator("figure:not(.map)").all()
    assert figures
    for figure in figures:
        assert figure.locator("figcaption h2").inner_text().strip()
        drawing = figure.locator("[role=img]")
        summary = drawing.get_attribute("aria-label")
        assert len(summary) >= 40
        traces = drawing.locator(".js-plotly-plot").evaluate(
            "plot => plot.data.map(line => [...line.x].map(String))"
        )
        figure.locator("summary").click()
        rows = figure.locator("tbody tr")
        assert rows.count() == points_of(name, figure, traces)
        assert last_value(figure) in summary
        held = list(csv.DictReader(io.StringIO(downloaded(page, figure))))
        assert len(held) == rows.count()


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


def downloaded(page, figure):
    with page.expect_download() as download:
        figure.locator("a.download").click()
    return download.value.path().read_text()


def test_dates_filling_in_are_inside_a_shape_that_says_incomplete(visit):
    page = visit.open("/")
    layout = page.locator(".js-plotly-plot").first.evaluate("plot => plot.layout")
    block = layout["shapes"][0]
    page.locator("figure summary").click()
    provisional = page.locator("figure tbody tr", has_text="[p]")
    assert provisional.count() == 5
    assert block["x0"][:10] == "2020-07-30"
    assert block["x1"][:10] == "2020-08-04"
    assert page.locator(".annotation-text", has_text="Incomplete").count() == 1


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


def test_nothing_moves_for_those_who_ask_for_less_motion(visit):
    visit.page.emulate_media(reduced_motion="reduce")
    page = visit.open("/")
    moving = page.evaluate("document.getAnimations().length")
    assert moving == 0


def test_an_unknown_path_is_404_with_a_way_back(visit):
    response = visit.page.goto(visit.base + "/nonsense")
    assert response.status == 404
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


def test_a_bad_area_is_200_with_a_note(visit):
    response = visit.page.goto(visit.base + "/?area=NONSENSE")
    visit.settle()
    assert response.status == 200
    assert "NONSENSE" in visit.page.locator(".notes").inner_text()
