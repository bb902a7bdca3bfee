"""The catalogue's pages over a small England, and its search over the words of the real one."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import used_on
from dashboard.figures.stages import Line, Stage, drawn
from dashboard.pages import catalogue, catalogue_column, catalogue_metric, catalogue_table, figure
from dashboard.queries import catalogue as queries
from people.exits import ruled
from store.paths import Home
from store.reader import Reader, open_reader
from store.search_terms import meant, terms
from tests.dashboard.placed import every, words_in
from tests.dashboard.signed_in import looking_at, signed_in
from tests.dashboard.small_catalogue import RAW
from tests.dashboard.small_england import CITED

SEARCHES = list(csv.DictReader(Path(__file__).with_name("catalogue_searches.csv").open()))
METRIC = "/catalogue/metrics/cases_by_specimen_date"


@pytest.fixture(scope="module")
def whole(simulated_home: Home) -> Iterator[Reader]:
    """The catalogue of everything, as a release really carries it."""
    with open_reader(simulated_home) as opened:
        yield opened


@pytest.fixture(autouse=True)
def in_a_request():
    with looking_at("/catalogue", "analyst"):
        yield


def links(part):
    return [one.href for one in every(part, "A") if hasattr(one, "href")]


@pytest.mark.parametrize("asked", SEARCHES, ids=lambda row: row["search"])
def test_a_search_finds_first_what_is_meant(whole, asked):
    found = queries.found(whole, asked["search"]).row(0, named=True)
    assert (found["kind"], found["name"]) == (asked["kind"], asked["name"])


def test_there_are_at_least_thirty_searches():
    assert len({row["search"] for row in SEARCHES}) >= 30


@pytest.mark.parametrize("text", ["", "the of and", "xyzzy", "'; drop table figures --", "%_*"])
def test_a_search_for_nothing_finds_nothing_or_no_more_than_it_says(whole, text):
    assert queries.found(whole, text).height in (range(1, 13) if "figures" in text else {0})


def test_words_are_alike_however_they_are_written():
    assert terms("Vaccinations") == terms("vaccinated") == terms("VACCINATION")
    assert terms("one case, by date") == terms("cases by dates")
    assert terms("who is in the hospital's bed?") == ["hospital", "bed"]
    assert meant(terms("people in hospital now"), [("people in hospital", "beds")]) == ["bed"]
    assert meant(terms("hospital"), [("people in hospital", "beds")]) == []


def test_the_catalogue_lists_measures_and_tables_and_the_way_there():
    page = catalogue.layout()
    said = words_in(page)
    assert "6 measures, 3 tables and 4 columns" in said
    assert METRIC in links(page)
    assert "/catalogue/tables/figures" in links(page)
    assert f"/catalogue/tables/{RAW}" in links(page)


def test_a_search_says_how_many_and_where_else_to_look():
    page = catalogue.layout(find="infections")
    [first, *_] = every(every(page, "Ol")[0], "A")
    assert first.href == METRIC
    assert "Show all" not in words_in(page)
    page = catalogue.layout(find="xyzzy")
    assert "Nothing in the catalogue speaks of \u201cxyzzy\u201d." in words_in(page)


def test_a_search_that_finds_many_says_how_many_and_shows_all_of_them(monkeypatch):
    monkeypatch.setattr(queries, "FOUND", 1)
    page = catalogue.layout(find="cases")
    (some,) = every(page, "Ol")
    told = re.search("The best 1 of (\\d+) entries that speak of \u201ccases\u201d", words_in(page))
    assert int(told[1]) > 1 == len(every(some, "Li"))
    assert "/catalogue?find=cases&view=all" in links(page)
    (whole,) = every(catalogue.layout(find="cases", view="all"), "Ol")
    assert len(every(whole, "Li")) == int(told[1])


def test_a_measure_says_what_it_is_and_is_not_and_whose_word_counts():
    said = words_in(catalogue_metric.layout(metric_id="cases_by_specimen_date"))
    assert "People with a first positive test, on the day the sample was taken." in said
    assert "What it is not: " in said
    assert "People who were ill and not tested" in said
    assert "Daily lab-confirmed cases" in said
    assert "Newest publication" in said
    assert "where metric_id = 'cases_by_specimen_date'" in said


def test_a_measure_shows_the_way_of_one_source_where_it_is_asked_for():
    page = catalogue_metric.layout(metric_id="cases_by_specimen_date", view="phe_cases_vintages")
    [picture] = every(page, "Div", "stages")
    assert "Daily lab-confirmed cases" in picture.to_plotly_json()["props"]["data-svg"]
    page = catalogue_metric.layout(metric_id="cases_by_specimen_date", view="nobody")
    assert "There is no source of this measure \u201cnobody\u201d here." in words_in(page)


def test_a_column_is_followed_down_to_the_heading_in_the_file():
    page = catalogue_column.layout(name="figures.value")
    [picture] = every(page, "Div", "stages")
    told = picture.to_plotly_json()["props"]
    assert "in 5 stages" in told["aria-label"]
    for part in ("Daily lab-confirmed cases", "cases.daily_cases", "stated.value", "figures.value"):
        assert part in told["data-svg"]
    assert f"/catalogue/columns/{RAW}.daily_cases" in links(page)
    assert "All 4 steps as a table" in words_in(page)


def test_a_column_that_is_decided_says_by_what():
    page = catalogue_column.layout(name="figures.status")
    said = words_in(page)
    assert "It begins here" in said
    assert "What helps to decide it" in said
    assert "/catalogue/columns/claims.value" in links(page)


def test_a_raw_column_says_how_its_publisher_calls_it():
    said = words_in(catalogue_column.layout(name=f"{RAW}.daily_cases"))
    assert "In the file:  Daily lab-confirmed cases" in said


def test_a_table_says_its_columns_its_tests_and_who_asks_it():
    page = catalogue_table.layout(table_name="figures")
    said = words_in(page)
    assert "One figure a cell." in said
    assert "A withdrawn value gives way (worked example)." in said
    assert "page.today" in said
    assert "/catalogue/columns/figures.value" in links(page)


def test_the_page_of_a_figure_leads_to_its_lineage():
    page = figure.layout(figure_id=CITED)
    assert f"{METRIC}?view=phe_cases_vintages#lineage" in links(page)


def test_a_past_moment_goes_along():
    page = catalogue.layout(as_of="2020-07-25")
    assert f"{METRIC}?as_of=2020-07-25" in links(page)


@pytest.mark.parametrize(
    "path",
    [
        "/catalogue/metrics/none",
        "/catalogue/tables/none",
        "/catalogue/tables/figures'--",
        "/catalogue/columns/figures.none",
        "/catalogue/columns/figures",
    ],
)
def test_what_there_is_not_answers_404(path):
    assert signed_in("analyst").get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/catalogue", METRIC, "/catalogue/tables/figures", "/catalogue/columns/figures.value"]
)
def test_what_there_is_answers_200(path):
    assert signed_in("local_official").get(path).status_code == 200


def test_a_drawing_shows_markup_as_text_and_shortens_what_is_long():
    svg = drawn([Stage("<b>", [Line("<script>", "/a?b=1&c=2"), Line("x" * 60)])])
    assert "<script>" not in svg and "&lt;script&gt;" in svg
    assert 'data-href="/a?b=1&amp;c=2"' in svg
    assert f"{'x' * 25}\u2026<title>{'x' * 60}" in svg


def test_uses_are_read_from_the_code_that_asks():
    uses = {table: {way.name for way in ways} for table, ways in used_on.uses().items()}
    assert {"page.today", "page.area", "export.trend", "callback.drawer"} <= uses["figures"]
    assert uses["catalogue_terms"] == {"page.catalogue"}
    assert "export.quarantine" in uses["quarantined"]
    assert "page.governance" not in uses["figures"]
    assert all(ways <= set(ruled()) for ways in uses.values())
