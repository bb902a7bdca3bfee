"""What people put down: notes and actions come up the next day, and no draft is lost."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from journal import actions, notes, standups
from journal.notes import SeenFigure
from store import releases
from store.moments import now
from store.paths import Home
from tests.browser.conftest import Visit, sign_in
from tests.browser.test_every_page import violations
from tests.dashboard.small_england import ENGLAND, LEICESTER

pytestmark = pytest.mark.browser

MANCHESTER = "cases_by_specimen_date.E08000003.all.2020-07-20"
OF_LEICESTER = f"cases_by_specimen_date.{LEICESTER}.all.2020-07-20"


def as_(visit: Visit, persona: str) -> Visit:
    sign_in(visit.page.context, visit.base, persona)
    return visit


def section(page: Page, title: str):
    return page.locator("main section", has=page.get_by_role("heading", name=title, exact=True))


def test_exceptions_are_in_rank_order_and_the_sentence_counts_them(visit: Visit):
    page = visit.open(f"/standup?area={ENGLAND}")
    rows = section(page, "Exceptions, worst first").locator("tbody tr")
    told = page.locator("main .lede").inner_text()
    assert int(re.search(r"([\d,]+) exceptions?", told).group(1)) == rows.count() > 10
    places = [int(text.split(".")[0]) for text in rows.locator("th").all_inner_texts()]
    assert places == list(range(1, rows.count() + 1))
    ranks = [rank_of(row.locator("td").last.inner_text()) for row in rows.all()]
    assert ranks == sorted(ranks)


# The beginning of what each rule says, in the order in which dashboard/exception_rules.csv ranks.
SAID = (
    r"\d+(\.\d)?% of ",
    r"Its sources disagree",
    r"\d+ files? (is|are) held",
    r"Its newest file was refused",
    r"Late: due",
    r"Outside the limits",
    r"Two of the last three",
    r"Seven \w+ in a row on one side",
    r"Seven \w+ in a row, each",
)


def rank_of(why: str) -> int:
    (rank,) = [rank for rank, said in enumerate(SAID) if re.match(said, why)]
    return rank


@pytest.fixture
def yesterday(served_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two actions and a note of yesterday, one of the actions done by now."""
    seen = SeenFigure(MANCHESTER, releases.current(served_home).release_id, None)
    then = now() - timedelta(days=1)
    with monkeypatch.context() as patch:
        for module in (actions, notes, standups):
            patch.setattr(module, "now", lambda: then)
        due = then + timedelta(days=2)
        for text in ("Ring the trust", "Count the beds"):
            action = actions.take_up(served_home, seen, text, "Bo", due, "Maria Silva")
        notes.write(served_home, seen, "James Wu", "The laboratory was shut yesterday.")
    actions.finish(served_home, action["action_id"], "Maria Silva")


def test_what_was_put_down_yesterday_comes_up_today_unless_it_is_done(
    visit: Visit, yesterday: None
):
    page = as_(visit, "operations").open("/standup")
    assert "1 open action" in page.locator("main .lede").inner_text()
    listed = section(page, "Open actions").locator("tbody tr")
    expect(listed).to_have_count(1)
    expect(listed).to_contain_text("Ring the trust")
    note = section(page, "Notes").locator("li")
    expect(note).to_contain_text("The laboratory was shut yesterday.")
    expect(note).to_contain_text("James Wu")
    listed.get_by_role("button", name="Mark as done").click()
    visit.settle()
    expect(page.locator("main .lede")).to_contain_text("no open actions")
    assert violations(page) == []
    assert visit.complaints == []


def test_a_note_saved_on_a_figure_is_in_its_drawer_on_the_stand_up_and_on_the_audit(visit: Visit):
    page = as_(visit, "analyst").open(f"/figure/{OF_LEICESTER}")
    page.get_by_label("Write a note").fill("One laboratory sent its file twice.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator("#notes li")).to_contain_text("One laboratory sent its file twice.")
    assert violations(page) == []
    as_(visit, "national_leader").open(f"/?figure={OF_LEICESTER}")
    said = page.locator("#drawer .written li")
    expect(said).to_contain_text("One laboratory sent its file twice.")
    expect(said).to_contain_text("James Wu")
    visit.open(f"/standup?area={LEICESTER}")
    expect(section(page, "Notes")).to_contain_text("One laboratory sent its file twice.")
    as_(visit, "data_protection_officer").open("/governance?exit=action")
    row = page.locator("#audit tbody tr", has_text=f"write a note on {OF_LEICESTER}")
    expect(row.first).to_contain_text("James Wu")
    assert visit.complaints == []


def test_a_draft_is_still_there_after_signing_in_again(elsewhere: Visit):
    page = as_(elsewhere, "analyst").open(f"/figure/{OF_LEICESTER}")
    page.get_by_label("Write a note").fill("Half a sentence")
    page.context.clear_cookies()
    page.get_by_role("button", name="Save the note").click()
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_contain_text("What you have written is kept.")
    assert violations(page) == []
    dialog.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Analyst").click()
    elsewhere.settle()
    expect(page.get_by_label("Write a note")).to_have_value("Half a sentence")
    page.reload()
    elsewhere.settle()
    expect(page.get_by_label("Write a note")).to_have_value("")


def test_a_draft_survives_a_click_elsewhere_and_is_for_nobody_else(elsewhere: Visit):
    page = as_(elsewhere, "operations").open(f"/standup?area={ENGLAND}")
    page.get_by_text("Take up an action").first.click()
    page.get_by_label("What is to be done").first.fill("Ring the trust")
    page.context.clear_cookies()
    page.get_by_role("link", name="Sources", exact=True).click()
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_contain_text("What you have written is kept.")
    kept = page.evaluate("sessionStorage.getItem('trigpoint-drafts')")
    dialog.get_by_role("link", name="Sign in").click()
    page.get_by_role("button", name="Analyst").click()
    elsewhere.open(f"/standup?area={ENGLAND}")
    expect(page.get_by_label("What is to be done").first).to_have_value("")
    assert page.evaluate("sessionStorage.getItem('trigpoint-drafts')") is None
    page.evaluate("kept => sessionStorage.setItem('trigpoint-drafts', kept)", kept)
    as_(elsewhere, "operations").open(f"/standup?area={ENGLAND}")
    expect(page.get_by_label("What is to be done").first).to_have_value("Ring the trust")
    expect(page.get_by_label("What is to be done").first).to_be_visible()


def test_a_callback_without_what_only_a_page_knows_is_refused(visit: Visit):
    page = visit.open("/")
    with page.expect_request(re.compile("_dash-update-component")) as asked:
        page.locator(".card .figure").first.click()
    body, headers = asked.value.post_data, asked.value.all_headers()
    assert headers["x-trigpoint-form"]
    sent = {"Content-Type": "application/json", "Origin": visit.base}
    address = f"{visit.base}/_dash-update-component"
    assert page.request.post(address, data=body, headers=sent).status == 403
    sent["X-Trigpoint-Form"] = headers["x-trigpoint-form"]
    assert page.request.post(address, data=body, headers=sent).status == 200
