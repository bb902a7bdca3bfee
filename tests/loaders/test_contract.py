"""Text becomes typed values, and every row that breaks a promise is set aside with its reasons."""

import json
from datetime import date, datetime
from typing import Any

import dataframely as dy
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loaders.contract import CORRECTIONS, COUNT, DAY_OF_FIGURE, MOST_PEOPLE, Checked, check, empty
from loaders.reading import Refused


class Counts(dy.Schema):
    area = dy.String(primary_key=True, regex=r"^E\d{2}$", metadata={"form": "a code such as E06"})
    day = dy.Date(primary_key=True, min=date(2020, 1, 1))
    cases = dy.Int64(nullable=True, min=0, max=2_000_000)
    rate = dy.Float64(nullable=True, metadata=CORRECTIONS)
    note = dy.String(nullable=True)


class Register(dy.Schema):
    code = dy.String(regex="^R")
    opened = dy.Date(nullable=True, metadata={"format": "%Y%m%d"})
    extracted = dy.Date(nullable=True, metadata={"format": "%d%b%Y"})
    parent = dy.String(metadata={"blank": True})

    @dy.rule()
    def a_trust_opens_before_it_is_listed(cls) -> pl.Expr:
        return pl.col("opened") <= pl.col("extracted")


GOOD = {"area": "E06", "day": "2020-03-01", "cases": "4", "rate": "0.5", "note": "x"}


def text(rows: list[dict[str, str | None]], **place: list[Any]) -> pl.DataFrame:
    """Rows as a reader hands them over, numbered from 2 unless their places are given."""
    columns = dict.fromkeys(rows[0], pl.String)
    numbers = place.pop("_row", list(range(2, len(rows) + 2)))
    frame = pl.DataFrame(rows, schema=columns).with_columns(_row=pl.Series(numbers, dtype=pl.Int64))
    return frame.with_columns(pl.Series(name, values) for name, values in place.items())


def one(**values: str | None) -> Checked:
    return check(text([GOOD | values]), Counts)


def reasons(checked: Checked) -> list[list[str]]:
    return checked.quarantined["reasons"].to_list()


# What is read


@pytest.mark.parametrize(
    ("published", "read"),
    [
        ("12", 12),
        ("  12", 12),
        ("12 \t", 12),
        ("\u00a012", 12),
        ("1,234", 1234),
        ("1,234,567", 1234567),
        ("12.0", 12),
        ("12.000", 12),
        ("1,234.0", 1234),
        ("+7", 7),
        ("007", 7),
        ("1e3", 1000),
        ("0", 0),
        ("-0", 0),
        ("", None),
        ("   ", None),
        (None, None),
    ],
)
def test_a_whole_number_is_read_as_publishers_write_it(published: str | None, read: int | None):
    assert one(cases=published).kept["cases"].to_list() == [read]


@pytest.mark.parametrize(
    "published",
    [
        *("12.5", "1,23", "12,34,567", ",5", "1.", "5-", "--5", "0x10", "1_000", "twelve", "1 2"),
        *(
            "inf",
            "nan",
            "NaN",
            "<5",
            "*",
            "\u0663",
            "\uff11\uff12",
            "99999999999999999999",
            "1e400",
        ),
        "9007199254740993.0",  # Read as a float it would quietly become …992.
    ],
)
def test_what_is_no_whole_number_is_set_aside(published: str):
    checked = one(cases=published)
    assert checked.kept.is_empty()
    assert reasons(checked) == [["cases is not a whole number"]]


def test_the_largest_whole_numbers_stay_exact():
    class Large(dy.Schema):
        n = dy.Int64(max=2**63 - 1)

    numbers = ["9007199254740993", "9223372036854775807", "9,007,199,254,740,993"]
    kept = check(text([{"n": number} for number in numbers]), Large).kept
    assert kept["n"].to_list() == [2**53 + 1, 2**63 - 1, 2**53 + 1]


@pytest.mark.parametrize(
    ("published", "read"),
    [("0.5", 0.5), (" 1,234.5 ", 1234.5), ("12", 12.0), ("-3.25", -3.25), ("1.5e2", 150.0)],
)
def test_a_number_is_read(published: str, read: float):
    assert one(rate=published).kept["rate"].to_list() == [read]


@pytest.mark.parametrize("published", ["1.2.3", "1,5", "inf", "-inf", "nan", "12%", "£12"])
def test_what_is_no_number_is_set_aside(published: str):
    assert reasons(one(rate=published)) == [["rate is not a number"]]


def test_an_infinite_number_is_never_kept():
    assert reasons(one(rate="1e999")) == [["rate is larger than any number can be"]]


def test_dates_are_read_by_the_form_that_the_schema_names():
    row = {"code": "RX1", "opened": "20010401", "extracted": "05Jan2022", "parent": "P"}
    kept = check(text([row]), Register).kept
    assert kept.row(0)[3:5] == (date(2001, 4, 1), date(2022, 1, 5))
    assert reasons(check(text([row | {"opened": "2001-04-01"}]), Register)) == [
        ["opened is not a date of the form %Y%m%d"]
    ]


@pytest.mark.parametrize(
    "published",
    [
        *("2020-02-30", "2020-13-01", "01/03/2020", "2020-03-01 00:00:00", "20200301", "today"),
        *("20-03-01", "0020-03-01", "12020-03-01", "\u0662\u0660\u0662\u0660-03-01"),
    ],
)
def test_what_is_no_date_is_set_aside(published: str):
    assert reasons(one(day=published)) == [["day is not a date of the form %Y-%m-%d"]]


def test_empty_is_missing_where_it_may_be_and_a_fault_where_not():
    assert one(cases=None, rate="", note="").kept.height == 1
    assert reasons(one(day="")) == [["day is empty"]]
    assert reasons(one(area=None)) == [["area is empty"]]


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0"])
def test_a_promised_text_of_blanks_is_empty_unless_the_schema_allows_it(blank: str):
    row = {"code": "RX1", "opened": None, "extracted": None, "parent": blank}
    assert check(text([row]), Register).kept["parent"].to_list() == [blank]
    assert reasons(check(text([row | {"code": blank, "parent": "P"}]), Register)) == [
        ["code is empty"]
    ]


def test_texts_stay_as_published():
    assert one(note="  Côte d'Azur \n").kept["note"].to_list() == ["  Côte d'Azur \n"]


# What is said of a refused row


def test_a_missing_column_is_named():
    frame = text([GOOD]).drop("day", "rate")
    with pytest.raises(Refused, match=r"^missing columns \['day', 'rate'\] in cases\.csv$"):
        check(frame, Counts, "cases.csv")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"cases": "-1"}, ["cases is below 0"]),
        ({"cases": "2,000,001"}, ["cases is above 2000000"]),
        ({"day": "2019-12-31"}, ["day is below 2020-01-01"]),
        ({"area": "London"}, ["area is not a code such as E06"]),
        ({"cases": "x", "rate": "y"}, ["cases is not a whole number", "rate is not a number"]),
        ({"area": "London", "cases": "-1"}, ["area is not a code such as E06", "cases is below 0"]),
    ],
)
def test_every_reason_is_a_plain_sentence(values: dict[str, str], said: list[str]):
    assert sorted(reasons(one(**values))[0]) == sorted(said)


def test_a_form_without_words_shows_its_pattern_and_a_rule_its_name():
    row = {"code": "QX1", "opened": "20010401", "extracted": "05Jan2022", "parent": ""}
    late = row | {"code": "RX1", "opened": "20230101"}
    assert reasons(check(text([row, late]), Register)) == [
        ["code is not of the form ^R"],
        ["against the rule: a trust opens before it is listed"],
    ]


def test_a_refused_row_keeps_its_published_text_and_its_place():
    frame = text([GOOD, GOOD | {"cases": " 1,5 ", "note": None}], _row=[7, 9], _sheet=["A", "B"])
    refused = check(frame, Counts).quarantined
    assert refused.select("_row", "_sheet").rows() == [(9, "B")]
    assert json.loads(refused["row_text"][0]) == GOOD | {"cases": " 1,5 ", "note": None}


def test_rows_of_one_key_are_quarantined_all_even_when_they_are_equal():
    other = GOOD | {"area": "E07"}
    checked = check(text([GOOD, GOOD | {"cases": "5"}, other, GOOD]), Counts)
    assert checked.kept["area"].to_list() == ["E07"]
    assert checked.quarantined["_row"].to_list() == [2, 3, 5]
    assert {reason for row in reasons(checked) for reason in row} == {
        "the same area, day stands more than once in this file"
    }


def test_long_rows_that_share_their_place_are_told_apart():
    """A wide sheet gives many rows with one `_row`: each is judged by itself."""
    rows = [GOOD | {"day": f"2020-03-0{day}", "cases": str(day)} for day in range(1, 6)]
    rows[2]["cases"] = "many"
    rows[4]["cases"] = "-1"
    checked = check(text(rows, _row=[4] * 5), Counts)
    assert checked.kept["cases"].to_list() == [1, 2, 4]
    assert checked.quarantined["_row"].to_list() == [4, 4]
    assert reasons(checked) == [["cases is not a whole number"], ["cases is below 0"]]


def test_a_table_without_rows_has_the_promised_types():
    assert empty(Counts).schema == check(text([GOOD]), Counts).kept.schema
    assert check(text([GOOD]).clear(), Counts).kept.schema == empty(Counts).schema
    assert check(text([GOOD]).clear(), Counts).quarantined.is_empty()


# What no figure can be, whatever a schema forgets to say


class Forgetful(dy.Schema):
    day = dy.Date(primary_key=True)
    heading = dy.String(primary_key=True, metadata=DAY_OF_FIGURE)
    people = dy.Int64()
    new = dy.Float64(metadata=CORRECTIONS)
    printed = dy.String(metadata=COUNT)
    tests = dy.Int64(max=1_000_000_000)
    opened = dy.Date()


POSSIBLE = {
    "day": "2020-05-01",
    "heading": "Total",
    "people": "70000000",
    "new": "-3",
    "printed": "<5",
    "tests": "500000000",
    "opened": "1948-07-05",
}


def of_forgetful(**values: str) -> Checked:
    return check(text([POSSIBLE | values]), Forgetful, published_at=datetime(2020, 5, 1, 16))


def test_what_can_be_is_kept():
    assert of_forgetful().kept.height == 1
    # A day of grace for publishers east of Greenwich; what is no day of a figure may be any day.
    later = of_forgetful(day="2020-05-02", heading="2020-05-02", opened="2031-01-01")
    assert later.kept.height == 1


@pytest.mark.parametrize(
    ("column", "published"),
    [
        ("people", "70000001"),
        ("people", "9223372036854775807"),
        ("new", "1e300"),
        ("new", "-1e300"),
        ("printed", "99999999999999999999999"),
    ],
)
def test_a_number_larger_than_the_population_is_set_aside(column: str, published: str):
    [[reason]] = reasons(of_forgetful(**{column: published}))
    assert reason.startswith(f"{column} is ") and f"{MOST_PEOPLE:,}" in reason


def test_a_number_below_0_is_set_aside_where_nothing_is_taken_back():
    assert reasons(of_forgetful(people="-1")) == [["people is below 0 and takes nothing back"]]


@pytest.mark.parametrize("column", ["day", "heading"])
def test_a_day_that_had_not_come_or_is_older_than_any_figure_is_set_aside(column: str):
    for late in ("2020-05-03", "9999-12-31"):
        assert reasons(of_forgetful(**{column: late})) == [
            [f"{column} had not come when the file was published, on 2020-05-01"]
        ]
    assert reasons(of_forgetful(**{column: "1020-05-01"})) == [[f"{column} is before 1990"]]


# Whatever comes, nothing is lost and nothing is invented


VALUES = st.one_of(
    st.none(),
    st.sampled_from(["", " ", "E06", "E07", "2020-03-01", "2020-03-02", "1", "1,000", "2.0", "-3"]),
    st.text(max_size=6),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.fixed_dictionaries(dict.fromkeys(GOOD, VALUES)), min_size=1, max_size=12))
def test_whatever_the_text_rows_in_are_rows_kept_and_rows_quarantined(
    rows: list[dict[str, str | None]],
):
    places = [3 * (at // 2) for at in range(len(rows))]  # Two by two they share their place.
    checked = check(text(rows, _row=places), Counts)
    assert sorted([*checked.kept["_row"], *checked.quarantined["_row"]]) == places
    assert all(reasons(checked))
    assert not checked.kept.select("area", "day").is_duplicated().any()
    for row in checked.kept.iter_rows(named=True):
        assert row["day"] is not None and row["area"]
        assert row["cases"] is None or 0 <= row["cases"] <= 2_000_000


@settings(deadline=None, max_examples=150)
@given(st.integers(0, 1_000_000), st.integers(0, 3), st.booleans(), st.integers(0, 3))
def test_a_number_is_the_same_however_it_is_written(
    number: int, padding: int, commas: bool, decimals: int
):
    written = f"{number:,}" if commas else str(number)
    written = " " * padding + written + ("." + "0" * decimals if decimals else "")
    assert one(cases=written).kept["cases"].to_list() == [number]
