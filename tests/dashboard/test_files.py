import csv
import io

import pytest

from dashboard.files import written
from dashboard.queries import trend
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import DISPUTED, ENGLAND, HIDDEN, LEICESTER, WITHDRAWN

CASES = "cases_by_specimen_date"


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.get_data(as_text=True))))


def test_the_file_holds_the_rows_of_the_chart(client, reader):
    response = client.get(f"/files/trend.csv?measure={CASES}&area={ENGLAND}")
    points = trend.trend(reader, CASES, ENGLAND)
    rows = rows_of(response)
    assert [row["date"] for row in rows] == [str(day) for day in points["event_date"]]
    assert [float(row["value"]) for row in rows] == points["value"].to_list()
    assert [row["flag"] for row in rows][-5:] == ["provisional"] * 5
    ends = [(row["expected final from"], row["expected final to"]) for row in rows]
    assert [bool(low and high) for low, high in ends] == [False] * 35 + [True] * 4 + [False]


def test_the_files_name_says_measure_area_and_moment(client):
    response = client.get(f"/files/trend.csv?measure={CASES}&area={ENGLAND}&as_of=2020-07-25")
    name = response.headers["Content-Disposition"]
    assert f"{CASES}_{ENGLAND}_as-of-2020-07-25T2359.csv" in name


@pytest.mark.parametrize(
    "address",
    [
        f"trend.csv?measure={CASES}&area={ENGLAND}",
        f"comparison.csv?measure={CASES}&area={LEICESTER}",
        f"regions.csv?measure={CASES}",
        f"authorities.csv?measure={CASES}",
        f"versions.csv?figure={WITHDRAWN}",
    ],
)
def test_every_file_begins_with_the_same_columns(client, address):
    response = client.get(f"/files/{address}")
    assert response.mimetype == "text/csv"
    head = response.get_data(as_text=True).splitlines()[0]
    assert head.startswith("area code,area name,date,value,flag,")
    assert len(rows_of(response)) >= 2


def test_the_regions_file_has_nine_rows(client):
    assert len(rows_of(client.get(f"/files/regions.csv?measure={CASES}"))) == 9


def test_a_hidden_value_is_flagged_and_not_written(client):
    response = client.get(f"/files/trend.csv?measure=deaths_28d_by_death_date&area={LEICESTER}")
    hidden = next(row for row in rows_of(response) if row["figure"] == HIDDEN)
    assert (hidden["value"], hidden["flag"]) == ("", "hidden")
    assert hidden["why no value"] == "hidden by the publisher to protect privacy"


@pytest.mark.parametrize(
    "address",
    [
        "trend.csv",
        f"trend.csv?measure=nonsense&area={ENGLAND}",
        f"trend.csv?measure={CASES}&area=E99999999",
        "versions.csv?figure=a.b.c.d",
        "comparison.csv?measure=population",
        "unknown.csv",
    ],
)
def test_a_file_of_nothing_is_not_found(client, address):
    response = client.get(f"/files/{address}")
    assert response.status_code == 404
    assert address == "unknown.csv" or response.mimetype == "text/plain"


ENGLANDS = f"trend.csv?measure={CASES}&area={ENGLAND}"


@pytest.mark.parametrize(
    "address",
    [
        f"{ENGLANDS}&as_of=2020-7-1",
        f"{ENGLANDS}&as_of=garbage",
        f"{ENGLANDS}&as_of=9999-12-31T23:59:59-10:00",
        f"{ENGLANDS}&as_of=2999-01-01",
        f"{ENGLANDS}&as_of=2020-07-20&as_of=2020-07-21",
        f"{ENGLANDS}&as-of=2020-07-20",
        f"{ENGLANDS}&from=July",
        f"{ENGLANDS}&to=2020-02-30",
        f"{ENGLANDS}&from=2020-07-20&to=2020-07-01",
        f"trend.csv?measure=%3Cscript%3E&area={ENGLAND}",
        f"comparison.csv?measure={CASES}&area=nowhere",
        f"regions.csv?measure={CASES}&as_of=garbage",
        f"versions.csv?figure={DISPUTED}&as_of=garbage",
        "versions.csv?figure=%3Cscript%3E",
        "areas.json?as_of=garbage",
    ],
)
def test_a_file_is_refused_where_a_page_would_leave_out_what_is_wrong(client, address):
    response = client.get(f"/files/{address}")
    assert response.status_code == 400
    assert response.mimetype == "text/plain"
    assert len(response.get_data(as_text=True).strip().splitlines()) == 1


def test_a_file_says_what_is_wrong_with_what_was_asked(client):
    said = client.get(f"/files/{ENGLANDS}&as_of=2020-7-1").get_data(as_text=True)
    assert said == (
        "\u201c2020-7-1\u201d is not a date for \u201cas_of\u201d; write it as 2020-07-01.\n"
    )


def test_before_the_first_release_there_is_no_file(tmp_path, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path))
    assert signed_in().get(f"/files/versions.csv?figure={DISPUTED}").status_code == 404


def test_areas_for_the_search(client):
    areas = client.get("/files/areas.json").get_json()
    assert [LEICESTER, "Leicester", "Lower-tier authority"] in areas


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-2", "@sum", "\tx", "\0x", " =1", "|x", "\uff1d1"]
)
def test_text_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(text):
    assert written([{"area name": text, "value": -2.0}]).splitlines()[1].strip('"') == (
        f"'{text},-2"
    )
