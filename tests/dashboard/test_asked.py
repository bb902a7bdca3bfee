from datetime import date, datetime

import pytest

from dashboard import asked


def test_the_same_names_are_read_on_every_page():
    request = asked.read(
        {"area": "E12000007", "measure": "cases_by_specimen_date", "from": "2020-07-01"}
    )
    assert (request.area, request.measure) == ("E12000007", "cases_by_specimen_date")
    assert request.start == date(2020, 7, 1)
    assert request.notes == ()


@pytest.mark.parametrize(
    "query",
    [
        {"area": "'; drop table figures"},
        {"measure": "<script>"},
        {"from": "yesterday"},
        {"as_of": "2020-13-45"},
        {"as_of": "2999-01-01T00:00"},
        {"from": "2020-08-01", "to": "2020-07-01"},
        {"as_of": "9999-12-31T23:59:59-10:00"},
        {"as_of": "0001-01-01T00:00:00+10:00"},
        {"as_of": ["2020-07-01", "x"]},
        {"from": ["2020-07-01", "2020-07-02"]},
        {"area": ["E12000007", "E12000008"]},
        {"find": ["a", "b"]},
        {"figure": "<script>"},
        {"measure": 5},
        {"shoe_size": "44"},
    ],
)
def test_a_bad_value_is_noted_and_left_out(query):
    request = asked.read(query)
    assert len(request.notes) == 1
    assert (request.area, request.measure, request.as_of) == (None, None, None)
    assert (request.start, request.end, request.find, request.figure) == (None,) * 4


def test_a_date_alone_means_the_end_of_that_day():
    request = asked.read({"as_of": "2020-07-01"})
    assert request.as_of == datetime(2020, 7, 1, 23, 59, 59, 999999)
    assert asked.moment_in_words(request.as_of) == "the end of 1 July 2020"


def test_links_keep_the_moment_and_only_what_they_name():
    request = asked.read({"as_of": "2020-07-01", "area": "E12000007"})
    assert request.link("/areas/E06000016") == "/areas/E06000016?as_of=2020-07-01"
    assert request.link("/", measure="population") == "/?as_of=2020-07-01&measure=population"
    assert asked.read({}).link("/areas") == "/areas"
