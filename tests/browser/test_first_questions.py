"""Somebody new answers five questions from the README and the catalogue alone, in a browser."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from store.paths import Home
from store.reader import open_reader
from tests.browser.conftest import Visit, profile, serve, sign_in, tab
from tests.browser.test_workspace_page import answered, at_the_desk, write

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
# By the number of a question and its ways in their order: what the page at the end has to say.
ANSWERS = {
    1: [["General and acute beds occupied", "at 08:00 on the reporting day"]],
    2: [["Never to be joined with cases by specimen date"]],
    3: [["NHS England receives the notifications of the hospitals", "2%"]],
    4: [["Daily lab-confirmed cases", "raw_phe_cases_vintages__cases.daily_cases"]],
    5: [
        ["the source has not spoken of this area again"],
        ["Ctrl+Enter runs it"],
    ],
}


@pytest.fixture(scope="module")
def simulated(simulated_home: Home) -> Iterator[str]:
    yield from serve(simulated_home.root)


@pytest.fixture
def newcomer(browser: Browser, simulated: str) -> Iterator[Visit]:
    """An analyst in a browser that has never been here."""
    for context in profile(browser, 1366, 900):
        for opened in tab(context, simulated):
            sign_in(context, simulated, "analyst")
            yield opened


def named_in_the_readme() -> str:
    """The text of the questions, found as a reader of the README finds it."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    [path] = re.findall(r"\[Five first questions]\(([^)]+)\)", readme)
    return (ROOT / path).read_text(encoding="utf-8")


def questions() -> dict[int, str]:
    """What stands under each question, by its number."""
    parts = re.split(r"(?m)^## (\d)\. ", named_in_the_readme())[1:]
    return {int(number): text for number, text in zip(parts[::2], parts[1::2], strict=True)}


def ways(text: str) -> list[list[str]]:
    """The steps of each way that is written under a question."""
    return [line.split(" > ") for line in re.findall(r"(?m)^Way: (.+)$", text)]


def go(visit: Visit, step: str) -> None:
    """Search for what stands between backticks, or follow the link of that name."""
    page = visit.page
    searched = re.fullmatch(r"find `(.+)`", step)
    if searched:
        page.get_by_label("Find a measure, table or column").fill(searched[1])
        page.get_by_role("button", name="Find").click()
        page.wait_for_url("**find=**")
    else:
        page.get_by_role("link", name=step, exact=True).first.click()
    visit.settle()


def test_there_are_five_questions_and_an_answer_to_each():
    assert set(questions()) == set(ANSWERS) == {1, 2, 3, 4, 5}
    assert all(ways(text) for text in questions().values())


@pytest.mark.parametrize("number", ANSWERS)
def test_the_way_of_a_question_leads_to_its_answer(newcomer: Visit, number: int):
    for way, parts in zip(ways(questions()[number]), ANSWERS[number], strict=True):
        newcomer.open("/")
        for step in way:
            go(newcomer, step)
        for part in parts:
            expect(newcomer.page.locator("main")).to_contain_text(part)
    assert newcomer.complaints == []


def test_the_question_in_sql_gives_the_number_of_the_pages(newcomer: Visit, simulated_home: Home):
    """The condition is added to what the catalogue offers, and asked where it opened."""
    [question] = re.findall(r"```sql\n(.+?)\n```", questions()[5], re.DOTALL)
    with open_reader(simulated_home) as reader:
        ((day, value, figure_id),) = reader.ask(question).rows()
    page = at_the_desk(newcomer, "/workspace?measure=cases_by_specimen_date").page
    offered = page.locator(".cm-content").inner_text()
    assert "where metric_id = 'cases_by_specimen_date'" in offered
    write(page, question)
    answered(page)
    expect(page.locator(".ag-row").first).to_contain_text(f"{value:,.0f}")
    newcomer.open(f"/figure/{figure_id}")
    expect(newcomer.page.locator(".headline .value")).to_have_text(f"{value:,.0f}")
    assert figure_id.endswith(str(day))
    newcomer.page.get_by_role("link", name="Definition and lineage").click()
    expect(newcomer.page.locator("h1")).to_have_text("Cases by specimen date")


def test_dbts_own_pages_open_from_the_catalogue_and_reach_nothing_of_ours(newcomer: Visit):
    """They search and show what a model runs, without an origin: no cookie, nothing to fetch."""
    page = newcomer.open("/catalogue/tables/figures")
    with page.context.expect_page() as opening:
        page.get_by_role("link", name="Show it in dbt").click()
    dbt = opening.value
    expect(dbt.locator("h1").first).to_contain_text("figures")
    expect(dbt.get_by_text("The readable name of a cell").first).to_be_attached()
    dbt.get_by_placeholder("Search for models").fill("withdrawn")
    expect(dbt.get_by_text(re.compile(r"[1-9]\d* search results")).last).to_be_visible()
    assert dbt.evaluate("() => self.origin") == "null"
    assert (
        dbt.evaluate("() => { try { return document.cookie } catch { return 'shut' } }") == "shut"
    )
    fetched = "url => fetch(url).then(() => 'answered', () => 'refused')"
    assert dbt.evaluate(fetched, f"{newcomer.base}/health") == "refused"
    assert dbt.evaluate("() => window.opener") is None
    dbt.close()
