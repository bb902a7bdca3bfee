"""The buttons of Today that lead to its sheet: by keyboard, one A4 page, the page's own figures."""

import io
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page
from pypdf import PdfReader

from tests.browser.conftest import Visit
from tests.dashboard.on_paper import flat, words_of
from tests.dashboard.small_england import LEICESTER

pytestmark = pytest.mark.browser
LONDON = "E12000007"
SENTENCES = """
lede => [...lede.childNodes].map(one => one.matches?.("button") ? one.firstChild.textContent
                                                               : one.textContent).join("")
"""


def taken(page: Page, button: Locator) -> tuple[str, bytes]:
    """The file that a press of Enter brings, by name and content."""
    button.focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def focused_by_tab(page: Page, button: Locator) -> bool:
    """Whether the tabulator key alone leads there."""
    page.locator("header a").first.focus()
    for _ in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            return True
    return False


@pytest.mark.parametrize("path", ["/", f"/?area={LONDON}", f"/?area={LONDON}&as_of=2020-07-30"])
def test_the_sheet_is_one_page_with_the_figures_of_the_page(visit: Visit, path: str):
    page = visit.open(path)
    button = page.locator(".ways a", has_text="PDF")
    assert focused_by_tab(page, button)
    name, sheet = taken(page, button)
    assert name.startswith("today_") and name.endswith(".pdf")
    assert len(PdfReader(io.BytesIO(sheet)).pages) == 1
    told = flat(words_of(sheet))
    figures = page.locator(".card .figure").evaluate_all("all => all.map(e => e.firstChild.data)")
    assert figures
    assert all(flat(one) in told for one in figures)
    assert flat(page.locator(".lede").first.evaluate(SENTENCES)) in told
    assert flat(f"{visit.base}/?") in told
    assert visit.complaints == []


def test_the_address_on_the_sheet_opens_on_the_same_figures(visit: Visit, elsewhere: Visit):
    page = visit.open(f"/?area={LONDON}")
    _, sheet = taken(page, page.locator(".ways a", has_text="PDF"))
    (address, *_) = [
        link
        for one in PdfReader(io.BytesIO(sheet)).pages[0]["/Annots"]
        if (link := one.get_object()["/A"]["/URI"]).startswith(f"{visit.base}/?")
    ]
    other = elsewhere.open(address.removeprefix(visit.base))
    assert other.locator(".lede").inner_text() == page.locator(".lede").inner_text()
    assert other.locator("h1").inner_text() == "Today in London"


def test_the_picture_is_wide_enough(visit: Visit):
    page = visit.open("/")
    name, picture = taken(page, page.locator(".ways a", has_text="PNG"))
    assert name.endswith(".png")
    (width,) = struct.unpack(">I", picture[16:20])
    assert width >= 1200


def test_each_figure_of_the_sentences_opens_where_it_comes_from(visit: Visit):
    page = visit.open(f"/?area={LONDON}")
    figures = page.locator(".lede .figure")
    assert figures.count() >= 2
    for figure in figures.all():
        number = figure.evaluate("e => e.firstChild.data")
        figure.focus()
        page.keyboard.press("Enter")
        page.locator("dialog[open] h2", has_text=number).wait_for()
        page.keyboard.press("Escape")
        assert figure.evaluate("one => one === document.activeElement")


def test_a_hidden_value_is_on_the_sheet_as_hidden(visit: Visit):
    query = f"area={LEICESTER}&measure=deaths_28d_by_death_date&from=2020-07-15&to=2020-07-21"
    page = visit.open(f"/?{query}")
    _, sheet = taken(page, page.locator(".ways a", has_text="PDF"))
    assert "[c]" in words_of(sheet)
    assert page.locator("figure .mark", has_text="[c]").count() == 1
