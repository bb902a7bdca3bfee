"""The pages over a release that came the whole way: simulated files, and the real ones."""

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from store.passport import HIDDEN
from store.paths import Home
from store.reader import open_reader
from tests.browser.conftest import serve, sign_in
from tests.dashboard.on_paper import words_of
from tests.dashboard.small_england import LEICESTER

pytestmark = pytest.mark.browser
ENGLAND = "E92000001"
PAGES = ("/", "/?area=E12000007", "/areas/E06000016", "/areas")


@pytest.fixture(scope="module")
def simulated(simulated_home: Home) -> Iterator[str]:
    yield from serve(simulated_home.root)


@pytest.fixture(scope="module")
def real(real_home: Home) -> Iterator[str]:
    yield from serve(real_home.root)


def opened(browser: Browser, address: str, width: int = 1366) -> tuple[str, list[str]]:
    """The text of a page's main part, and whatever the browser complained of."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    sign_in(context, "/".join(address.split("/")[:3]))
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda fault: complaints.append(str(fault)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(address)
    page.wait_for_selector("main h1")
    page.wait_for_load_state("networkidle")
    text = page.locator("main").inner_text()
    context.close()
    assert "Who do you want to be?" not in text
    return text, complaints


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_the_simulated_england_open_without_a_complaint(
    browser: Browser, simulated: str, path: str
):
    text, complaints = opened(browser, simulated + path)
    assert complaints == []
    assert "could not be made" not in text


@pytest.mark.shared
@pytest.mark.parametrize("path", PAGES)
def test_pages_of_the_real_files_open_without_a_complaint(browser: Browser, real: str, path: str):
    text, complaints = opened(browser, real + path)
    assert complaints == []
    assert "could not be made" not in text


MEASURE = "admissions_by_residence"
COUNTS = (
    "select event_date::varchar as day, value, missing_reason from figures where metric_id = "
    "$measure and stratum_id = 'all' and area_id = $area order by event_date"
)


@pytest.fixture(scope="module")
def days(simulated_home: Home) -> str:
    """A day on which the count of Leicester is hidden and the next, on which it is shown."""
    with open_reader(simulated_home) as everybody:
        told = everybody.ask(COUNTS, measure=MEASURE, area=LEICESTER).to_dicts()
    return next(
        f"from={one['day']}&to={following['day']}"
        for one, following in itertools.pairwise(told)
        if one["missing_reason"] in HIDDEN and following["value"] is not None
    )


@pytest.mark.parametrize(
    ("persona", "is_told"), [("regional_lead", False), ("national_leader", True)]
)
def test_a_suppressed_count_is_marked_on_today_area_file_and_paper(
    browser: Browser, simulated: str, days: str, persona: str, is_told: bool
):
    """That its value is in no body is for tests/store/disclosure, with numbers planted for it."""
    around = f"measure={MEASURE}&{days}"
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="en-GB")
    sign_in(context, simulated, persona)
    page = context.new_page()
    for path in (f"/areas/{LEICESTER}?{around}", f"/?area={LEICESTER}&{around}"):
        page.goto(simulated + path)
        page.wait_for_selector("figure h2")
        page.wait_for_load_state("networkidle")
        assert ("[c]" in page.locator("figure").first.inner_text()) is not is_told
    asked = f"{simulated}/files/trend.csv?area={LEICESTER}&{around}"
    assert (",hidden," in page.request.get(asked).text()) is not is_told
    sheet = page.request.get(f"{simulated}/files/today.pdf?area={LEICESTER}&{around}").body()
    assert ("[c]" in words_of(sheet)) is not is_told
    context.close()


@pytest.mark.shared
def test_the_passport_of_a_real_figure_names_its_file_and_row(
    browser: Browser, real: str, real_home: Home
):
    figure = "deaths_hospital_by_death_date.E92000001.all.2020-04-14"
    with open_reader(real_home) as reader:
        value, sha256 = reader.ask(
            "select value, file_sha256 from figures where figure_id = $figure", figure=figure
        ).row(0)
    text, _ = opened(browser, f"{real}/figure/{figure}")
    assert f"{value:,.0f}" in text
    assert sha256[:16] in text.replace("\n", "")
    assert "COVID-19-total-announced-deaths_2020-08-03.xlsx" in text


@pytest.mark.shared
def test_a_past_moment_shows_the_figures_of_that_moment(browser: Browser, real: str):
    figure = "cases_by_specimen_date_cumulative.E92000001.all.2020-07-01"
    before, _ = opened(browser, f"{real}/figure/{figure}?as_of=2020-07-01")
    after, _ = opened(browser, f"{real}/figure/{figure}?as_of=2020-07-02")
    assert "160,764" in before
    assert "243,910" not in before
    assert "243,910" in after
