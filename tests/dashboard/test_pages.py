import re
from datetime import datetime

import duckdb
import pytest
from homes import copied

from dashboard import seen
from dashboard.components import drawer
from dashboard.pages import area, areas, figure, not_found_404, today
from tests.dashboard.placed import every, notes_of, words_in
from tests.dashboard.signed_in import looking_at
from tests.dashboard.small_england import (
    AWAITED,
    AYLESBURY_VALE,
    BUCKINGHAMSHIRE,
    CORRECTED,
    DISPUTED,
    ENGLAND,
    HELD_IN_WORDS,
    HIDDEN,
    LEICESTER,
    SIGNED,
    STANDING_IN,
    UNLISTED,
    WITHDRAWN,
    write_release,
)


@pytest.fixture(autouse=True)
def in_a_request():
    with looking_at("/"):
        yield


def test_today_has_four_headlines_each_with_its_figure():
    page = today.layout()
    cards = every(page, "Li", "card")
    assert len(cards) == 4
    for card in cards:
        assert len(every(card, "Button", "figure")) == 1
        assert len(every(card, "Img", "sparkline")) == 1
        assert "Published" in words_in(card)
    assert "since the Thursday before" in words_in(cards[0])
    assert "5 later days still filling in" in words_in(cards[0])


def test_today_of_a_region_is_about_that_region():
    page = today.layout(area="E12000007")
    assert words_in(every(page, "H1")) == "Today in London"
    assert "Sources disagree" in words_in(page)
    assert notes_of(page) == ""


@pytest.mark.parametrize(
    "query", [{"area": "NONSENSE"}, {"measure": "nonsense"}, {"as_of": "noon"}, {"x": "1"}]
)
def test_today_notes_a_bad_value_and_shows_england(query):
    page = today.layout(**query)
    assert notes_of(page)
    assert words_in(every(page, "H1")) == "Today in England"
    assert len(every(page, "Li", "card")) == 4


def test_the_nine_regions_are_ranked_by_rate():
    page = today.layout()
    (table,) = [t for t in every(page, "Table") if "highest first" in words_in(t)]
    rows = every(every(table, "Tbody"), "Tr")
    assert len(rows) == 9
    rates = [float(words_in(every(row, "Td")[4])) for row in rows]
    assert rates == sorted(rates, reverse=True)


def test_a_past_moment_has_its_band_and_its_figures():
    page = today.layout(as_of="2020-07-25")
    assert "the end of 25 July 2020" in words_in(every(page, "Div", "band"))
    assert "Thursday 16 July 2020" in words_in(every(page, "Li", "card")[0])


def test_before_anything_was_published_the_page_says_so():
    page = today.layout(as_of="2019-01-01")
    assert "Nothing had been published about England by then." in words_in(page)
    assert every(page, "Graph") == []


def test_an_area_stands_against_its_region_and_england():
    page = area.layout(code=LEICESTER)
    words = words_in(page)
    assert words_in(every(page, "H1")) == "Leicester"
    assert "East Midlands, per 100,000" in words
    assert "England, per 100,000" in words
    assert "44.6" in words
    assert len(every(page, "Graph")) == 2
    assert "What it is not" in words


def test_an_old_code_names_its_successor_and_back():
    old = words_in(area.layout(code=AYLESBURY_VALE))
    assert "This code ended on 31 March 2020." in old
    assert f"Buckinghamshire  {BUCKINGHAMSHIRE}" in old
    assert "No figure of this release is about Aylesbury Vale." in old
    assert f"Aylesbury Vale  {AYLESBURY_VALE} on 1 April 2020" in words_in(
        area.layout(code=BUCKINGHAMSHIRE)
    )


def test_england_lists_what_is_inside_it():
    page = area.layout(code=ENGLAND)
    assert "Inside England" in words_in(page)
    assert len(every(every(page, "Ul", "areas"), "Li")) == 9


def test_areas_are_found_by_part_of_a_name():
    assert "1 area has \u201cleic\u201d" in words_in(areas.layout(find="leic"))
    assert "No area has \u201cxyzzy\u201d" in words_in(areas.layout(find="xyzzy"))
    assert len(every(every(areas.layout(), "Ul", "areas"), "Li")) == 10


def test_a_figure_shows_winner_rule_file_claims_and_versions():
    words = words_in(figure.layout(figure_id=DISPUTED))
    assert "Sources disagree" in words
    assert "nothing on record explains it" in words
    assert "The publisher's own file of this definition" in words
    assert "2020-08-05_phe_deaths_csv.csv, row" in words
    assert "SHA-256" in words
    assert "Never revised" in words
    assert "First value" in words
    assert "Deaths in hospital" not in words


@pytest.mark.parametrize(
    ("figure_id", "shown"),
    [
        (HIDDEN, "1 to 7"),
        (HIDDEN, "hidden by the publisher to protect privacy"),
        (WITHDRAWN, "withdrawn by the publisher"),
        (
            STANDING_IN,
            "For Coronavirus cases in England, by area and specimen date, whose newest file is",
        ),
        (CORRECTED, "A recorded correction stands in this figure."),
        (AWAITED, "the last signed value stands until somebody decides"),
        (SIGNED, "The trust was asked and named the number of its wards. Agreed by Ada Byron on"),
        (UNLISTED, "The newest file no longer lists this area"),
    ],
)
def test_what_is_missing_is_said_in_words(figure_id, shown):
    words = words_in(figure.layout(figure_id=figure_id))
    assert shown in words
    assert "None" not in words


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2020-08-04", "Too little history of this source to say."),
        (
            "2020-08-03",
            "in 95 of 100 cases. Of 400 past ranges at this age, 95% held the final value.",
        ),
        ("2020-08-01", "in 95 of 100 cases. No such range of the past can be checked yet."),
    ],
)
def test_a_provisional_figure_says_where_it_will_end_and_how_often_that_held(day, shown):
    figure_id = f"cases_by_specimen_date.{LEICESTER}.all.{day}"
    for words in (
        words_in(figure.layout(figure_id=figure_id)),
        words_in(drawer.show({"figure": figure_id})),
    ):
        assert "Expected final" in words
        assert shown in words


def test_a_settled_figure_expects_nothing():
    assert "Expected final" not in words_in(figure.layout(figure_id=DISPUTED))


def test_the_trend_shows_the_range_of_dates_filling_in():
    words = words_in(area.layout(code=LEICESTER))
    assert "Final value expected here (95% range)" in words
    assert "Expected final" in words


def test_a_figure_that_is_not_there_yet_is_not_an_unknown_one():
    page = figure.layout(figure_id=DISPUTED, as_of="2020-07-25")
    assert "This figure had not been published by then." in words_in(page)
    assert "Page not found" in words_in(figure.layout(figure_id="a.b.c.2020-01-01"))


def test_pages_are_titled_by_what_they_show():
    assert area.title(code=LEICESTER) == "Leicester \u2013 Trigpoint"
    assert figure.title(figure_id=DISPUTED).endswith("30 July 2020 \u2013 Trigpoint")
    assert area.title(code="E99") == "Page not found \u2013 Trigpoint"


def test_the_drawer_shows_the_figure_of_the_moment():
    now = words_in(drawer.show({"figure": WITHDRAWN}))
    then = words_in(drawer.show({"figure": WITHDRAWN, "as_of": "2020-07-25"}))
    assert "withdrawn" in now
    assert "withdrawn" not in then
    assert "There is no such figure" in words_in(drawer.show({"figure": "x"}))
    assert "There is no such figure" in words_in(drawer.show(None))


def test_without_a_release_the_page_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    for page in (today.layout(), area.layout(code=LEICESTER), figure.layout(figure_id=DISPUTED)):
        assert words_in(every(page, "H1")) == "No release yet"
        assert "trigpoint run --simulate" in words_in(page)
    assert area.title(code=LEICESTER) == "No release yet \u2013 Trigpoint"


def test_a_fault_is_one_sentence_with_a_reference(monkeypatch):
    def broken(_: datetime | None) -> None:
        raise ValueError("secret detail")

    monkeypatch.setattr(seen, "reader_at", broken)
    words = words_in(today.layout())
    assert "This page could not be made" in words
    assert "reference" in words
    assert "secret detail" not in words


def test_simulated_numbers_carry_their_band(tmp_path, monkeypatch):
    assert "invented numbers" not in words_in(today.layout())
    write_release(tmp_path, is_simulated=True)
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    assert "invented numbers" in words_in(every(today.layout(), "Div", "band"))


def test_any_other_address_has_a_way_back():
    page = not_found_404.layout(area="E12000007")
    assert [link.href for link in every(page, "A")][-2:] == ["/", "/areas"]


def test_every_page_says_what_is_held_since_when_and_why():
    for page in (today.layout(), area.layout(LEICESTER)):
        (band,) = every(page, "Div", "held")
        assert "One file is held: the last good figures stay." in words_in(band)
        assert HELD_IN_WORDS in words_in(band)


# What no page shows as it is, and what each says of its age


@pytest.fixture
def odd_home(home, tmp_path, monkeypatch):
    """A release in which a file has a name that turns what stands beside it."""
    root = tmp_path / "home"
    copied(home, root)
    [controlled] = root.glob("releases/*/controlled.duckdb")
    with duckdb.connect(str(controlled)) as connection:
        odd = "chr(8238) || 'evil' || chr(27) || '[31m'"
        connection.execute(f"update breakers set sentence = {odd}")
        connection.execute(f"update arrivals set file_name = {odd}")
    monkeypatch.setenv("TRIGPOINT_HOME", str(root))


def test_what_cannot_be_seen_is_shown_by_its_escape_on_pages_and_in_the_drawer(odd_home):
    held = words_in(every(today.layout(), "Details"))
    assert "\\u202eevil\\x1b[31m" in held
    for shown in (figure.layout(figure_id=DISPUTED), drawer.show({"figure": DISPUTED})):
        said = words_in(shown)
        assert "\\u202eevil" in said and not {"\u202e", "\x1b"} & set(said)


def test_the_newest_publication_has_an_age_against_the_clock():
    """If everything stops at once no source is behind another."""
    said = words_in(every(today.layout(), "Footer"))
    assert re.search(r"The newest publication in it is of 5 August 2020, [\d,]+ days ago\.", said)


def test_a_past_moment_and_an_invented_england_have_no_age(tmp_path, monkeypatch):
    assert "newest publication" not in words_in(today.layout(as_of="2020-07-25"))
    write_release(tmp_path, is_simulated=True)
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    assert "newest publication" not in words_in(today.layout())
