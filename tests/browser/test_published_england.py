"""The pages over a release that came the whole way: simulated files, and the real ones."""

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Request

from store.passport import HIDDEN
from store.paths import Home
from store.reader import open_reader
from store.viewer import Viewer
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
    "select figure_id, area_id, event_date::varchar as day, value, missing_reason from figures "
    "where metric_id = $measure and stratum_id = 'all' and area_id in ($england, $leicester) "
    "order by event_date"
)
HEARD = ("text/", "json")


@pytest.fixture(scope="module")
def counts(simulated_home: Home) -> tuple[str, set[str]]:
    """A hidden day of Leicester with the shown one after it; England's counts where rounded."""
    asked = {"measure": MEASURE, "england": ENGLAND, "leicester": LEICESTER}
    with (
        open_reader(simulated_home) as everybody,
        open_reader(simulated_home, Viewer(scope=ENGLAND)) as exact,
    ):
        told = everybody.ask(COUNTS, **asked).to_dicts()
        # Any other figure may happen to be the same number.
        public = {*everybody.ask("select distinct value from figure_versions")["value"]}
        true = {row["figure_id"]: row["value"] for row in exact.ask(COUNTS, **asked).to_dicts()}
    here = itertools.pairwise(row for row in told if row["area_id"] == LEICESTER)
    hidden = [
        f"from={one['day']}&to={next_['day']}"
        for one, next_ in here
        if one["missing_reason"] in HIDDEN and next_["value"] is not None
    ]
    rounded = [row for row in told if row["value"] and row["value"] != true[row["figure_id"]]]
    of_england = [true[row["figure_id"]] for row in rounded if row["area_id"] == ENGLAND]
    return hidden[0], {
        f"{value:.0f}" for value in of_england if value >= 200 and value not in public
    }


@pytest.mark.parametrize(
    ("persona", "is_told"), [("regional_lead", False), ("national_leader", True)]
)
def test_a_suppressed_count_is_marked_everywhere_and_its_value_is_in_no_body(
    browser: Browser, simulated: str, counts: tuple[str, set[str]], persona: str, is_told: bool
):
    days, secrets = counts
    assert secrets
    around = f"measure={MEASURE}&{days}"
    bodies: list[str] = []
    context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="en-GB")
    sign_in(context, simulated, persona)
    page = context.new_page()
    page.on("requestfinished", lambda request: bodies.append(body_of(request)))
    for path in (f"/areas/{LEICESTER}?{around}", f"/?area={LEICESTER}&{around}"):
        page.goto(simulated + path)
        page.wait_for_selector("figure h2")
        page.wait_for_load_state("networkidle")
        assert ("[c]" in page.locator("figure").first.inner_text()) is not is_told
    for path in (f"/?area={ENGLAND}&measure={MEASURE}", f"/areas/{ENGLAND}?measure={MEASURE}"):
        page.goto(simulated + path)
        page.wait_for_selector("figure h2")
        page.wait_for_load_state("networkidle")
    asked = f"{simulated}/files/trend.csv?measure={MEASURE}&area="
    hidden = page.request.get(f"{asked}{LEICESTER}&{days}").text()
    assert (",hidden," in hidden) is not is_told
    sheet = page.request.get(f"{simulated}/files/today.pdf?area={LEICESTER}&{around}").body()
    assert ("[c]" in words_of(sheet)) is not is_told
    bodies.append(page.request.get(f"{asked}{ENGLAND}").text())
    bodies.append(words_of(page.request.get(f"{simulated}/files/today.pdf?area={ENGLAND}").body()))
    found = {number for number in secrets for body in bodies if holds(number, body)}
    assert bool(found) is is_told, found
    context.close()


def body_of(request: Request) -> str:
    answer = request.response()
    kind = answer.header_value("content-type") if answer else None
    is_read = kind and any(one in kind for one in HEARD) and "javascript" not in kind
    return answer.text() if answer and is_read else ""


def holds(number: str, body: str) -> bool:
    """Whether a number stands in a body by itself, with or without its comma."""
    written = {number, f"{int(number):,}"}
    return any(re.search(rf"(?<![\w.,-]){one}(?![\w.,-]\d)(?!\w)", body) for one in written)


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
