"""Pages of the dashboard's data service: real ones against a count of our own, and hostile ones."""

import csv
import json
import random
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from loaders import accounting, contract
from loaders.documents import open_document
from loaders.reading import Reading, Refused
from loaders.sources import phe_api_pages

Tables = dict[str, pl.DataFrame]
Taken = tuple[Tables, Reading, accounting.Account, dict[str, contract.Checked]]
DASHBOARD = "coronavirus-covid-19-number-of-cases-in-uk-2020-04-15.json"
# Records read, landed and skipped, numbers in them, and the moment of publication that is inside.
# Counted with wc, grep and jq.
PAGES = {
    "admissions_2020-09-12.json": (175, 175, 0, 875, datetime(2020, 9, 11, 15, 9, 39)),
    "admissions_2020-09-22.json": (186, 186, 0, 930, datetime(2020, 9, 22, 14, 58, 38)),
    "admissions_2020-10-02.json": (196, 196, 0, 980, datetime(2020, 10, 2, 14, 7, 19)),
    "admissions_2020-10-15.json": (1672, 1672, 0, 8360, datetime(2020, 10, 15, 15, 19, 50)),
    "all_2021-05-15.csv": (1305, 1305, 0, 3915, None),
    DASHBOARD: (11881, 11881, 0, 11881, datetime(2020, 4, 15, 14, 54, 1, 988511)),
    "msoas_2020-10-12.csv": (1907, 1907, 0, 70559, None),
    "sex_2020-09-10.json": (2, 2, 0, 76, datetime(2020, 9, 10, 14, 53, 36)),
    "sex_2020-09-20.json": (775, 775, 0, 813, datetime(2020, 9, 20, 14, 18, 28)),
    "sex_2020-09-29.json": (816, 816, 0, 854, datetime(2020, 9, 29, 15, 6, 46)),
    "utla_cases_2020-09-12.csv": (5244, 5063, 181, 5063, None),
    "utla_cases_2020-09-15.csv": (5823, 5642, 181, 5642, None),
    "utla_cases_2020-09-19.csv": (6667, 6486, 181, 6486, None),
}
# What stands in pages in place of what was promised.
STRANGE = (
    *(None, "x", "", 1, -1.5, 1e300, [], {}, [1], {"a": 1}, True, "2023-13-45", ["x"], [[]]),
    *([{"age": "85+"}], [{"age": ["x"], "value": "x"}], [{"age": "85+", "value": 1}] * 2),
)


def taken_in(path: Path) -> Taken:
    """Kept rows by table, the reading, the balance and what was set aside, as intake does it."""
    document = open_document(path, path.name)
    reading = phe_api_pages.read(document)
    checked = {
        table: contract.check(frame, phe_api_pages.SOURCE.tables[table], path.name)
        for table, frame in reading.tables.items()
    }
    account = accounting.settle(document, reading, checked)
    return {table: result.kept for table, result in checked.items()}, reading, account, checked


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


@pytest.fixture
def answer(write: Callable[[str, str], Path]) -> Callable[..., Path]:
    """A JSON page of some records, with what is given in place of its envelope."""

    def written(records: Any, name: str = "nation_2020-10-15.json", **envelope: Any) -> Path:
        stated = {"lastUpdate": "2020-10-15T15:19:50.000000Z", "length": len(records)}
        return write(name, json.dumps({"data": records} | stated | envelope))

    return written


def england(**measures: Any) -> dict[str, Any]:
    return {"areaName": "England", "date": "2020-10-13"} | measures


def published(folder: Path, name: str) -> Any:
    return json.loads((folder / "phe_api_pages" / name).read_text())


# Real pages


@pytest.mark.shared
@pytest.mark.parametrize("name", PAGES)
def test_every_row_and_number_of_a_real_page_is_accounted_for(name: str, shared_data: Path):
    kept, reading, account, _ = taken_in(shared_data / "phe_api_pages" / name)
    read, landed, skipped, numbers, moment = PAGES[name]
    assert (account.rows_read, account.rows_landed, account.rows_skipped) == (read, landed, skipped)
    assert account.rows_quarantined == 0
    assert sum(frame.height for frame in kept.values()) == numbers
    assert (reading.published_at and reading.published_at.moment) == moment


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("admissions_2020-11-17.json", "is a page of JSON that holds nothing"),
        ("msoas_2021-02-03.csv.gz", "is a gzip file that is cut off"),
    ],
)
def test_a_page_that_failed_is_refused_plainly(name: str, said: str, shared_data: Path):
    with pytest.raises(Refused, match=f"^{name} {said}: fetch it again$"):
        taken_in(shared_data / "phe_api_pages" / name)


@pytest.mark.shared
def test_no_file_of_the_folder_is_left_out_here(shared_data: Path):
    refused = {"admissions_2020-11-17.json", "msoas_2021-02-03.csv.gz"}
    folder = shared_data / "phe_api_pages"
    assert {path.name for path in folder.iterdir()} == refused | PAGES.keys()


@pytest.mark.shared
def test_ages_of_admissions_are_those_of_the_page(shared_data: Path):
    name = "admissions_2020-10-15.json"
    kept, *_ = taken_in(shared_data / "phe_api_pages" / name)
    ages = {
        (record["areaType"], record["areaName"], record["date"], part["age"]): part["value"]
        for record in published(shared_data, name)["data"]
        for part in record["cumAdmissionsByAge"]
    }
    columns = ["area_type", "area_name", pl.col("date").cast(pl.String), "age", "value"]
    found = {tuple(row[:4]): row[4] for row in kept["counts"].select(columns).rows()}
    assert found == ages
    newest = kept["counts"].filter(area_name="England", date=date(2020, 10, 13))
    assert dict(newest.select("age", "value").rows()) == {
        "0_to_5": 812,
        "6_to_17": 744,
        "18_to_64": 41250,
        "65_to_84": 52561,
        "85+": 26976,
    }


@pytest.mark.shared
def test_a_null_in_a_page_says_nothing(shared_data: Path):
    """Cases by age stand on the newest day alone; on every other day they are null."""
    kept, *_ = taken_in(shared_data / "phe_api_pages" / "sex_2020-09-29.json")
    days = kept["counts"].group_by("metric").agg(pl.col("date").n_unique(), pl.len())
    assert sorted(days.rows()) == [
        ("femaleCases", 1, 19),
        ("maleCases", 1, 19),
        ("newDeaths28DaysByDeathDate", 213, 816),
    ]


@pytest.mark.shared
@pytest.mark.parametrize("day", ["12", "15", "19"])
def test_cases_of_authorities_are_those_of_the_page(day: str, shared_data: Path):
    """Read here line by line; deaths are blank in every row and so are nowhere."""
    path = shared_data / "phe_api_pages" / f"utla_cases_2020-09-{day}.csv"
    kept, _, account, _ = taken_in(path)
    with path.open() as file:
        rows = [row for row in csv.DictReader(file) if row["date"] != "date"]
    cases = {(row["areaCode"], row["date"]): int(row["newCasesBySpecimenDate"]) for row in rows}
    found = kept["counts"].select("area_code", pl.col("date").cast(pl.String), "value").rows()
    assert {(code, on): value for code, on, value in found} == cases
    assert set(kept["counts"]["metric"]) == {"newCasesBySpecimenDate"}
    assert account.skipped_reasons == {"the heading of a further answer": 181}


@pytest.mark.shared
def test_the_dashboard_of_15_april_says_what_the_file_of_that_day_says(shared_data: Path):
    """This is why its cases are not claimed: beside the file they would only grow old."""
    kept, *_ = taken_in(shared_data / "phe_api_pages" / DASHBOARD)
    with (shared_data / "phe_cases_vintages" / "coronavirus-cases_2020-04-15.csv").open() as file:
        rows = list(csv.DictReader(file))
    for metric, column, days in (
        ("dailyConfirmedCases", "Daily lab-confirmed cases", 5742),
        ("dailyTotalConfirmedCases", "Cumulative lab-confirmed cases", 5744),
    ):
        said = kept["counts"].filter(metric=metric)
        found = said.select("area_code", pl.col("date").cast(pl.String), "value").rows()
        cases = {(row["Area code"], row["Specimen date"]): row[column] for row in rows}
        assert len(found) == days
        assert all(value == float(cases[code, day]) for code, day, value in found)


@pytest.mark.shared
def test_the_dashboards_deaths_are_those_that_gov_uk_announced(shared_data: Path):
    kept, *_ = taken_in(shared_data / "phe_api_pages" / DASHBOARD)
    with (shared_data / "phe_deaths_csv" / "coronavirus-deaths-2020-04-14.csv").open() as file:
        announced = {
            (row["Area code"], row["Reporting date"]): float(row["Cumulative hospital deaths"])
            for row in csv.DictReader(file)
        }
    said = kept["counts"].filter(metric="dailyTotalDeaths")
    found = said.select("area_code", pl.col("date").cast(pl.String), "value").rows()
    compared = {(code, day): value for code, day, value in found if day < "2020-04-15"}
    assert compared == announced
    totals = kept["totals"].filter(metric="totalCases", area_type="countries")
    assert dict(totals.select("area_name", "value").rows()) == {
        "England": 76371,
        "Scotland": 6748,
        "Wales": 6118,
        "Northern Ireland": 2088,
    }


@pytest.mark.shared
def test_a_hidden_count_of_a_small_area_keeps_its_sign(shared_data: Path):
    kept, *_ = taken_in(shared_data / "phe_api_pages" / "msoas_2020-10-12.csv")
    weeks = kept["msoa_weeks"].filter(msoa_code="E02000001")
    assert weeks.filter(heading="wk_05")["cases"].to_list() == ["-99"]
    assert weeks.filter(heading="wk_12")["cases"].to_list() == ["4"]
    assert (kept["msoa_weeks"]["cases"] == "-99").sum() == 49619


# Pages that were changed


def test_a_measure_that_is_new_is_landed_under_its_own_name(answer: Callable[..., Path]):
    kept, *_ = taken_in(answer([england(newDeaths60DaysByDeathDate=3, hospitalCases=4974)]))
    assert dict(kept["counts"].select("metric", "value").rows()) == {
        "newDeaths60DaysByDeathDate": 3,
        "hospitalCases": 4974,
    }


def test_a_name_alone_is_a_place_only_for_nations_and_nhs_regions(answer: Callable[..., Path]):
    london = {"areaName": "London", "date": "2020-10-13", "newAdmissions": 1}
    records = [
        england(newAdmissions=5),
        london | {"areaType": "nhsRegion"},
        london | {"areaType": "region"},
        london | {"areaType": "region", "areaCode": "E12000007"},
        london,
    ]
    kept, _, _, checked = taken_in(answer(records))
    assert kept["counts"]["_row"].to_list() == [1, 2, 4]
    aside = checked["counts"].quarantined
    assert aside["_row"].to_list() == [3, 5]
    assert set(aside["reasons"].explode()) == {
        "against the rule: a place without a code is a nation or an nhs region"
    }


def test_a_hospital_trust_goes_by_its_code(answer: Callable[..., Path]):
    record = england(newAdmissions=7) | {"areaType": "nhsTrust", "areaName": "A trust"}
    kept, *_ = taken_in(answer([record | {"areaCode": "RGT"}]))
    assert kept["counts"]["area_code"].to_list() == ["RGT"]


def test_what_is_no_number_is_set_aside_and_a_record_without_one_is_skipped(
    answer: Callable[..., Path],
):
    ages = [{"age": "85+", "value": "many", "rate": 1.0}, {"age": "0_to_5", "value": 3}]
    records = [england(cumAdmissionsByAge=ages), england(newAdmissions=None), "England"]
    kept, _, account, checked = taken_in(answer(records))
    assert kept["counts"].select("_row", "age", "value").rows() == [(1, "0_to_5", 3)]
    assert checked["counts"].quarantined["reasons"].to_list() == [["value is not a number"]]
    assert (account.rows_read, account.rows_quarantined, account.rows_skipped) == (3, 2, 1)
    assert account.skipped_reasons == {"a row without a number": 1}


def test_the_same_age_twice_is_set_aside(answer: Callable[..., Path]):
    ages = [{"age": "85+", "value": 1}, {"age": "85+", "value": 2}]
    *_, account, checked = taken_in(answer([england(cumAdmissionsByAge=ages)]))
    assert account.rows_quarantined == 1
    assert "stands more than once" in checked["counts"].quarantined["reasons"][0][0]


def test_a_page_that_lost_records_is_refused(answer: Callable[..., Path]):
    with pytest.raises(Refused, match="announces 176 records and holds 1: fetch it again"):
        taken_in(answer([england(newAdmissions=5)], length=176))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "nation_2020-10-15.json",
            '{"data": [{"areaName": "England", "date": "2020-10-13", "newAdmissions": null}], '
            '"lastUpdate": null, "length": 1}',
        ),
        (DASHBOARD, '{"overview": {}, "countries": {"E92000001": {}}, "regions": {}, "utlas": {}}'),
        (phe_api_pages.SAMPLE_NAME, f"{phe_api_pages.SAMPLE.splitlines()[0]}\n2020-09-10,A,B,,\n"),
    ],
)
def test_a_page_without_a_number_is_refused(
    name: str, text: str, write: Callable[[str, str], Path]
):
    """Whoever failed to answer did not count zero."""
    with pytest.raises(Refused, match=f"^{name} holds no number: fetch it again$"):
        taken_in(write(name, text))


@pytest.mark.parametrize("stated", ["yesterday", "2020-10-15T15:19:50", "10000-01-01T00:00Z", 7])
def test_a_last_update_that_is_no_moment_is_refused(stated: Any, answer: Callable[..., Path]):
    with pytest.raises(Refused, match=rf"was last updated at {stated}, which is no time"):
        taken_in(answer([england(newAdmissions=5)], lastUpdate=stated))


def test_a_last_update_is_brought_to_utc(answer: Callable[..., Path]):
    _, reading, *_ = taken_in(
        answer([england(newAdmissions=5)], lastUpdate="2020-10-15T16:19:50+01:00")
    )
    assert reading.published_at
    assert reading.published_at.moment == datetime(2020, 10, 15, 15, 19, 50)


def test_where_no_update_is_stated_the_name_says_the_day(answer: Callable[..., Path]):
    _, reading, *_ = taken_in(answer([england(newAdmissions=5)], lastUpdate=None))
    assert reading.published_at is None


@pytest.mark.parametrize(
    ("name", "missing"),
    [("admissions_2020-10-15.json", "cumAdmissionsByAge"), ("sex_2020-09-29.json", "maleCases")],
)
def test_an_answer_to_another_question_is_refused(
    name: str, missing: str, answer: Callable[..., Path]
):
    with pytest.raises(Refused, match=rf"missing columns \['{missing}'"):
        taken_in(answer([england(newAdmissions=5)], name))


@pytest.mark.parametrize(
    ("name", "text", "missing"),
    [
        ("nation_2020-10-15.json", '{"payload": [1]}', "data"),
        ("nation_2020-10-15.json", "[1, 2]", "data"),
        (DASHBOARD, '{"overview": {}, "countries": {"E92000001": {}}}', "regions"),
        ("all_2021-05-15.csv", "Area name,Area code\nLeicester,E06000016\n", "Specimen date"),
        ("msoas_2020-10-12.csv", "rgn19_cd,wk_05\nE12000007,3\n", "msoa11_cd"),
    ],
)
def test_what_is_missing_is_named(
    name: str, text: str, missing: str, write: Callable[[str, str], Path]
):
    with pytest.raises(Refused, match=rf"missing (keys|columns) \[.*'{missing}'.*\] in {name}"):
        taken_in(write(name, text))


def test_only_its_own_heading_is_the_start_of_a_further_answer(write: Callable[[str, str], Path]):
    sample = phe_api_pages.SAMPLE
    _, _, account, _ = taken_in(write(phe_api_pages.SAMPLE_NAME, sample))
    assert (account.rows_skipped, account.rows_quarantined) == (1, 0)
    other = sample.replace("\ndate,areaName,areaCode,", "\nday,areaName,areaCode,")
    _, _, account, _ = taken_in(write(phe_api_pages.SAMPLE_NAME, other))
    assert (account.rows_skipped, account.rows_quarantined) == (0, 1)


def test_a_blank_of_a_table_is_neither_zero_nor_a_row(write: Callable[[str, str], Path]):
    kept, *_ = taken_in(write(phe_api_pages.SAMPLE_NAME, phe_api_pages.SAMPLE))
    deaths = kept["counts"].filter(metric="newDeaths28DaysByDeathDate")
    assert deaths.select("area_name", "value").rows() == [
        ("Leicester", 1),
        ("Hackney and City of London", 0),
    ]


def harmed(page: Any, chance: random.Random) -> Any:
    """The page with one part of it, however deep, put in another's place, left out or doubled."""
    parts = [page]
    for part in parts:
        inner = part.values() if isinstance(part, dict) else part
        parts += [found for found in inner if isinstance(found, dict | list) and found]
    part = chance.choice(parts)
    place = chance.choice(list(part)) if isinstance(part, dict) else chance.randrange(len(part))
    match chance.choice(["change", "lose", "double"]):
        case "change":
            part[place] = chance.choice(STRANGE)
        case "lose":
            del part[place]
        case "double" if isinstance(part, list):
            part.append(part[place])
    return page


SMALL_PAGES = {
    "admissions_2020-10-15.json": [
        england(areaType="nation", cumAdmissionsByAge=[{"age": "85+", "value": 9, "rate": 1.5}]),
        england(areaType="nation", cumAdmissionsByAge=[{"age": "85+", "value": 8, "rate": 1.4}])
        | {"date": "2020-10-12"},
    ],
    "sex_2020-09-29.json": [
        england(maleCases=[{"age": "0_to_4", "value": 2, "rate": 0.1}], femaleCases=None, deaths=1)
    ],
}
SMALL_DASHBOARD = {
    "lastUpdatedAt": "2020-04-15T14:54:01.988511Z",
    "overview": {"K02000001": {"name": {"value": "United Kingdom"}, "newCases": {"value": 5}}},
    "countries": {
        "E92000001": {
            "name": {"value": "England"},
            "dailyDeaths": [{"date": "2020-04-14", "value": 4}, {"date": "2020-04-15", "value": 3}],
        }
    },
    "regions": {},
    "utlas": {},
}


@pytest.mark.parametrize("name", [*SMALL_PAGES, DASHBOARD])
def test_whatever_is_done_to_a_page_it_balances_or_is_refused(
    name: str, write: Callable[[str, str], Path]
):
    chance, kept_whole, said = random.Random(name), 0, []
    for _ in range(200):
        records = SMALL_PAGES.get(name)
        stated = {"lastUpdate": "2020-10-15T15:19:50.000000Z", "length": len(records or ())}
        page = SMALL_DASHBOARD if records is None else {"data": records} | stated
        changed = harmed(json.loads(json.dumps(page)), chance)
        if isinstance(changed.get("data"), list):
            changed["length"] = len(changed["data"])
        try:
            _, _, account, _ = taken_in(write(name, json.dumps(changed)))
        except Refused as refusal:
            said.append(str(refusal))
        else:
            kept_whole += 1
            parts = account.rows_landed + account.rows_quarantined + account.rows_skipped
            assert parts == account.rows_read, changed
    assert kept_whole > 20 and len(said) > 5
    assert not [sentence for sentence in said if "\n" in sentence or len(sentence) > 1000]
