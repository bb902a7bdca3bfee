from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.errors import WrongUse
from store.moments import age, parse_moment

OUTSIDE = ["9999-12-31T23:59:59-10:00", "0001-01-01T00:00:00+10:00"]


@pytest.mark.parametrize(
    "text", ["2020-07-01", "20200701", " 2020-07-01 ", "2020-W27-3", "2020W273"]
)
def test_a_day_means_its_end_however_it_is_written(text: str):
    assert parse_moment(text) == datetime(2020, 7, 1, 23, 59, 59, 999999)


def test_an_offset_is_turned_into_utc():
    assert parse_moment("2020-07-01T16:00+01:00") == datetime(2020, 7, 1, 15, 0)


@given(st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1)))
def test_a_naive_time_is_itself(moment: datetime):
    assert parse_moment(moment.isoformat()) == moment


@pytest.mark.parametrize("text", ["tomorrow", "2020-13-01", "", "01/07/2020", "2020-7-1", *OUTSIDE])
def test_anything_else_is_refused_with_the_forms_that_are_understood(text: str):
    with pytest.raises(WrongUse, match="2020-07-01T16:00"):
        parse_moment(text)


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (datetime(2020, 8, 5, 23, 59), "today"),
        (datetime(2020, 8, 6), "today"),
        (datetime(2020, 8, 4, 23, 59), "1 day ago"),
        (datetime(2017, 8, 5), "1,096 days ago"),
    ],
)
def test_an_age_is_told_in_days_of_the_calendar(published: datetime, told: str):
    assert age(published, datetime(2020, 8, 5, 0, 1)) == told
