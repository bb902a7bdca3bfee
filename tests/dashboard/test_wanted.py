"""Values of a query as people write them, and as they read again."""

from datetime import date, datetime

import pytest

from dashboard import wanted

WRITTEN = {
    "3": 3,
    "-4": -4,
    "0": 0,
    "007": "007",
    "0.5": 0.5,
    "-1.25": -1.25,
    "0.0000001": 1e-07,
    "10000000000000000.0": 1e16,
    f"0.{'0' * 299}5": 5e-300,
    "1e5": "1e5",
    "2020-07-01": date(2020, 7, 1),
    "2020-07-01T06:40": datetime(2020, 7, 1, 6, 40),
    "2020-07-01 06:40:00": datetime(2020, 7, 1, 6, 40),
    "2020-13-01": "2020-13-01",
    "20200701": 20200701,
    "true": True,
    "False": False,
    "Leicester": "Leicester",
    "E06000016": "E06000016",
    "'3'": "3",
    "''": "",
    "12345678901234567890": "12345678901234567890",
}


@pytest.mark.parametrize("text", WRITTEN)
def test_a_value_is_what_it_is_written_as(text):
    found = wanted.typed(text)
    assert (found, type(found)) == (WRITTEN[text], type(WRITTEN[text]))


@pytest.mark.parametrize("text", WRITTEN)
def test_it_reads_the_same_again_where_a_link_writes_it(text):
    value = WRITTEN[text]
    assert wanted.typed(wanted.written(value)) == value
    assert type(wanted.typed(wanted.written(value))) is type(value)
