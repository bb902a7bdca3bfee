"""Median of neighbours and rank: made of what is shown, and silent about what is hidden."""

import csv
import io
import re
from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from dashboard import asked
from dashboard.bands import bands
from dashboard.components import area_map
from dashboard.components.against import against, compared
from dashboard.pages import area as page
from dashboard.pages import areas
from dashboard.queries import reference
from dashboard.queries.peers import peers
from dashboard.ranking import standing
from dashboard.seen import see
from tests.dashboard import small_england
from tests.dashboard.placed import every, notes_of, words_in
from tests.dashboard.signed_in import looking_at, signed_in
from tests.dashboard.small_england import (
    AUTHORITIES,
    AYLESBURY_VALE,
    BUCKINGHAMSHIRE,
    LEICESTER,
)

HACKNEY = "E09000012"

DEATHS = "deaths_28d_by_death_date"
ALL = ["A", "B", "C", "D", "E", "F"]
RATES = {"A": 30.0, "B": 10.0, "C": 20.0, "D": 40.0, "E": 50.0, "F": 20.0}


def test_the_median_is_of_the_neighbours_and_the_rank_among_all():
    found = standing(RATES, "A", ["B", "C", "D"], ALL)
    assert found == (20.0, 3, 3, 6)


def test_equal_rates_share_a_rank():
    assert standing(RATES, "C", [], ALL).rank == standing(RATES, "F", [], ALL).rank == 4


@pytest.mark.parametrize("hidden", ["B", "D"])
def test_a_hidden_rate_tells_nothing_whatever_it_is(hidden):
    """With it or without it the answer is the same, so the answer cannot tell it."""
    with_it = standing(RATES | {hidden: None}, "A", ["B", "C", "D", "E"], ALL)
    others = [one for one in ALL if one != hidden]
    without = standing(RATES, "A", [one for one in "BCDE" if one != hidden], others)
    assert with_it == without
    assert with_it.ranked == len(ALL) - 1


def test_a_hidden_area_has_no_rank_of_its_own():
    assert standing(RATES | {"A": None}, "A", ["B", "C", "D"], ALL).rank is None


def test_of_too_few_no_median_and_no_rank_is_told():
    few = dict.fromkeys(ALL) | {"A": 1.0, "B": 2.0}
    assert standing(few, "A", ["B", "C", "D"], ALL) == (None, 1, None, 2)


def test_bands_are_quarters_and_equal_rates_share_one():
    found = bands([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0])
    assert [found.of(rate) for rate in range(1, 9)] == [0, 0, 1, 1, 2, 2, 3, 3]
    assert found.told(0) == "Lowest quarter: 1.0 to 2.0"
    assert found.told(1) == "Second quarter: over 2.0 to 4.0"
    assert found.told(3) == "Highest quarter: over 6.0 to 8.0"


def test_the_lowest_rate_is_never_called_high_nor_the_highest_low():
    many_zeros = bands([0.0] * 80 + [float(rate) for rate in range(1, 21)])
    assert (many_zeros.of(0.0), many_zeros.of(20.0)) == (0, 3)
    assert many_zeros.told(0) == "Lowest quarter: 0.0"
    assert many_zeros.told(3) == "Highest quarter: over 0.0 to 20.0"
    many_high = bands([float(rate) for rate in range(20)] + [30.0] * 80)
    assert (many_high.of(19.0), many_high.of(30.0)) == (0, 3)


def test_equal_rates_everywhere_have_no_quarters():
    found = bands([2.0, 2.0])
    assert found.of(2.0) == 0
    assert found.told(0) == "The same everywhere: 2.0"
    assert found.name(0) == "the same everywhere"


@pytest.mark.parametrize(
    ("rates", "said"),
    [
        ([4.0, 9.0, 1.0], "highest in B, 9.0 per 100,000"),
        ([9.0, 9.0, 1.0], "highest in A and B alike, 9.0 per 100,000"),
        ([9.0] * 4 + [1.0], "highest in 4 authorities alike, 9.0 per 100,000"),
        ([0.0, 0.0, 0.0], "the same in all 3 authorities, 0.0 per 100,000"),
        ([5.0, None, None], "known of A alone, 5.0 per 100,000"),
    ],
)
def test_the_map_names_whoever_shares_the_highest_rate(rates, said):
    rows = [
        {"area_name": name, "rate": rate, "until": date(2020, 7, 30)}
        for name, rate in zip("ABCDE", rates, strict=False)
    ]
    told = area_map.in_words({"metric_name": "Cases"}, rows)
    assert told.finding == f"Cases: {said}"
    assert said.split(",")[0] in told.summary


def test_neighbours_are_of_the_same_kind_the_nearest_first(reader):
    found = peers(reader, LEICESTER)
    assert found["area_id"][0] == LEICESTER and found["kilometres"][0] == 0
    assert found["area_name"][1:3].to_list() == ["Birmingham", "Aylesbury Vale"]
    assert found["kilometres"].is_sorted()
    assert peers(reader, "E12000004").height == 9
    assert peers(reader, "E92000001").is_empty()


def test_an_area_without_figures_is_no_neighbour():
    with looking_at(f"/areas/{LEICESTER}"):
        told = words_in(page.layout(code=LEICESTER))
    assert "Neighbours are the 4 nearest areas of its kind" in told
    assert "Aylesbury Vale" not in told.split("Neighbours are")[1].split("No median")[0]


def test_the_rows_say_where_the_area_stands():
    with looking_at(f"/areas/{LEICESTER}"):
        drawn = page.layout(code=LEICESTER)
    (section,) = every(drawn, "Section", "against")
    first = every(every(section, "Tbody")[0], "Tr")[0]
    assert "1 of 5" in words_in(first)
    assert "What it counts" in words_in(first) and "What it is not" in words_in(first)


def test_a_hidden_day_takes_an_area_off_rank_and_median():
    """Leicester's deaths of 20 July are hidden, so the week around them has no rate."""
    with looking_at(f"/areas/{LEICESTER}"):
        drawn = page.layout(code=LEICESTER, as_of="2020-07-30")
        other = page.layout(code=BUCKINGHAMSHIRE, as_of="2020-07-30")
    (mine,) = [row for row in every(drawn, "Tr") if "Deaths within 28 days" in words_in(row)][:1]
    assert "not ranked" in words_in(mine)
    (theirs,) = [row for row in every(other, "Tr") if "Deaths within 28 days" in words_in(row)][:1]
    assert "of 4" in words_in(theirs)
    assert AYLESBURY_VALE not in words_in(theirs)


def test_a_hidden_area_is_hatched_and_has_no_rate_anywhere(client):
    """On the map, in its table and in its file, when its week has a hidden day."""
    with looking_at("/areas"):
        drawn = areas.layout(measure=DEATHS, as_of="2020-07-30")
    (figure,) = every(drawn, "Figure", "map")
    (svg,) = [getattr(one, "data-svg") for one in every(figure, "Div", "inline-svg")]
    assert re.findall(r'<path class="(\S+)"[^>]*><title>Leicester: ([^<]*)', svg) == [
        ("hidden", "hidden to protect privacy")
    ]
    (row,) = [one for one in every(figure, "Tr") if "Leicester" in words_in(one)]
    assert "not available" in words_in(row) and "Hidden to protect privacy" in words_in(row)
    assert "Hidden to protect privacy (1)" in words_in(every(figure, "Ul", "key"))
    answer = client.get(f"/files/authorities.csv?measure={DEATHS}&as_of=2020-07-30")
    held = {one["area name"]: one for one in csv.DictReader(io.StringIO(answer.text))}
    assert held["Leicester"]["7 days per 100,000"] == ""
    assert held["Hackney"]["7 days per 100,000"] != ""


@pytest.fixture
def without_hackney(tmp_path, monkeypatch):
    """A release in which nothing at all is known of the deaths of one authority."""
    is_left_out = (pl.col("metric_id") == DEATHS) & (pl.col("area_id") == HACKNEY)
    given = small_england.tables()
    for name in ("figures", "figure_versions"):
        given[name] = given[name].filter(~is_left_out)
    small_england.release_of(tmp_path, given)
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))


def test_an_authority_without_a_figure_is_no_hole(without_hackney):
    """It stands on the map, in the table and in the file, and is counted."""
    with looking_at("/areas"):
        drawn = areas.layout(measure=DEATHS)
    (figure,) = every(drawn, "Figure", "map")
    (picture,) = every(figure, "Div", "inline-svg")
    svg = getattr(picture, "data-svg")
    assert re.findall(r'<path class="(\S+)"[^>]*><title>Hackney: ([^<]*)', svg) == [
        ("nothing", "not available")
    ]
    assert len(re.findall("data-href", svg)) == len(AUTHORITIES)
    assert "Not available (1)" in words_in(every(figure, "Ul", "key"))
    (row,) = [one for one in every(figure, "Tr") if "Hackney" in words_in(one)]
    assert "Not available" in words_in(row) and every(row, "Button") == []
    assert "a map of 5 authorities, 1 of them without a rate" in str(drawn)
    answer = signed_in().get(f"/files/authorities.csv?measure={DEATHS}")
    held = {one["area name"]: one for one in csv.DictReader(io.StringIO(answer.text))}
    assert len(held) == len(AUTHORITIES)
    assert (held["Hackney"]["value"], held["Hackney"]["flag"]) == ("", "not available")
    assert held["Hackney"]["date"] == held["Leicester"]["date"]


def test_a_measure_that_no_map_shows_is_noted():
    with looking_at("/areas"):
        drawn = areas.layout(measure="population")
    assert "There is no measure \u201cpopulation\u201d here" in notes_of(drawn)
    assert "Cases by specimen date" in words_in(every(drawn, "Figure", "map"))


def test_an_area_without_a_figure_has_its_name_in_the_heading_of_its_column():
    with looking_at(f"/areas/{LEICESTER}"):
        seen = see(asked.read({}), f"/areas/{LEICESTER}")
        area, held = (
            reference.area(seen.reader, LEICESTER),
            reference.measures(seen.reader, LEICESTER),
        )
        beside = compared(seen, area, held)
        alone = replace(beside, found=beside.found.filter(pl.col("area_id") == LEICESTER))
        told = words_in(against(seen, alone, held))
    assert "East Midlands, per 100,000" in told and "E12000004" not in told
