"""What each file says, read without the code that wrote it, against the truth."""

import csv
import itertools
import json
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import numpy as np
import openpyxl
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation import disagreements as ways
from simulation.arrivals import LATE_TRUST_DAYS, Arrivals
from simulation.cadence import Cadence
from simulation.delays import ADMISSION, HOSPITAL, LABORATORY, REGISTRATION
from simulation.places import ENGLAND, Counts
from simulation.publishers import PUBLISHERS
from simulation.workbooks import in_parts, workbook

Rows = list[dict[str, str]]


def one_file(source: str, arrivals: Arrivals, day: date) -> bytes:
    (file,) = PUBLISHERS[source].files(arrivals, day)
    return file.content


def table(source: str, arrivals: Arrivals, day: date) -> Rows:
    text = one_file(source, arrivals, day).decode()
    return list(csv.DictReader(StringIO(text)))


def sheets(source: str, arrivals: Arrivals, day: date) -> dict[str, list[list[object]]]:
    book = openpyxl.load_workbook(BytesIO(one_file(source, arrivals, day)))
    return {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book}


def english(arrivals: Arrivals, counts: Counts) -> Counts:
    nations, by_nation = arrivals.truth.places.summed(counts, "nation_id")
    return np.asarray(by_nation[:, nations.index(ENGLAND)])


def settled(arrivals: Arrivals, days: int) -> list[date]:
    return arrivals.truth.dates[: arrivals.truth.days - days]


# Cases by specimen date


def cases(arrivals: Arrivals, day: date) -> pl.DataFrame:
    text = one_file("phe_cases_vintages", arrivals, day)
    frame = pl.read_csv(text, infer_schema=False).drop_nulls("Area code")
    counts = pl.col("Daily lab-confirmed cases", "Cumulative lab-confirmed cases")
    return frame.with_columns(counts.cast(pl.Float64).cast(pl.Int64)).rename(
        {"Daily lab-confirmed cases": "daily", "Cumulative lab-confirmed cases": "total"}
    )


DAYS_OF_LAYOUTS = [
    date(2020, 3, 3),
    date(2020, 4, 9),
    date(2020, 4, 27),
    date(2020, 5, 4),
    date(2020, 5, 5),
    date(2020, 7, 1),
    date(2020, 7, 3),
    date(2020, 8, 5),
]


@pytest.mark.parametrize("day", DAYS_OF_LAYOUTS, ids=str)
def test_parts_of_the_case_file_add_up_to_england_on_every_date(long_arrivals: Arrivals, day: date):
    frame = cases(long_arrivals, day)
    by_type = frame.group_by("Area type", "Specimen date").agg(pl.col("daily").sum())
    totals = {
        kind: dict(group.select("Specimen date", "daily").filter(pl.col("daily") > 0).iter_rows())
        for (kind,), group in by_type.group_by("Area type")
    }
    nation = totals.pop("nation" if day >= date(2020, 8, 1) else "Nation")
    lower = totals.pop("ltla", totals.pop("Lower tier local authority", {}))
    assert all(parts == nation for parts in totals.values())
    assert len(totals) == 2
    if day in (date(2020, 5, 4), date(2020, 7, 1), date(2020, 8, 5)):
        assert lower == nation


@pytest.mark.parametrize("day", DAYS_OF_LAYOUTS, ids=str)
def test_running_totals_of_the_case_file_run(long_arrivals: Arrivals, day: date):
    frame = cases(long_arrivals, day).sort("Area type", "Area code", "Specimen date")
    run = pl.col("daily").cum_sum().over("Area type", "Area code")
    assert frame.select((run == pl.col("total")).all()).item()
    assert frame["Specimen date"].max() == (day - timedelta(1)).isoformat()


def test_old_enough_cases_of_every_district_are_the_truth(arrivals: Arrivals):
    truth = arrivals.truth
    frame = cases(arrivals, truth.last_day).filter(pl.col("Area code").str.starts_with("E07"))
    at = {code: column for column, code in enumerate(truth.places.areas["area_id"])}
    days = settled(arrivals, len(LABORATORY) + ways.DUPLICATE_REMOVED_AFTER + 1)
    said = {
        (code, day): count
        for code, day, count in frame.select("Area code", "Specimen date", "daily").iter_rows()
    }
    for code in frame["Area code"].unique():
        for row, day in enumerate(days):
            assert said.get((code, day.isoformat()), 0) == truth.cases[row, at[code]]


def test_the_case_file_says_what_the_day_before_said(arrivals: Arrivals):
    day = arrivals.truth.last_day
    today, before = cases(arrivals, day), cases(arrivals, day - timedelta(1))
    england = pl.col("Area type") == "Nation"
    joined = today.filter(england).join(before.filter(england), on="Specimen date", how="left")
    previous = joined["Previously reported daily cases"].cast(pl.Int64)
    assert previous.to_list() == joined["daily_right"].fill_null(0).to_list()
    change = joined["Change in daily cases"].cast(pl.Int64)
    assert change.to_list() == (joined["daily"] - previous).to_list()
    assert today.filter(~england)["Change in daily cases"].is_null().all()
    assert change.sum() == today.filter(england)["daily"].sum() - previous.sum()


def test_places_are_merged_as_they_were_published(long_arrivals: Arrivals):
    before, after = (cases(long_arrivals, date(2020, 7, day)) for day in (2, 3))
    for frame in (before, after):
        assert "E06000053" not in frame["Area code"]
        names = frame.filter(pl.col("Area code") == "E06000052")["Area name"].unique().to_list()
        assert names == ["Cornwall and Isles of Scilly"]
    assert "E09000001" in before["Area code"]
    assert "E09000001" not in after["Area code"]
    hackney = after.filter(pl.col("Area code") == "E09000012")["Area name"].unique().to_list()
    assert hackney == ["Hackney and City of London"]


def test_rates_are_per_hundred_thousand_people(long_arrivals: Arrivals):
    people = long_arrivals.truth.places.populations["E06000016"]
    for day, places in ((date(2020, 5, 4), 1), (date(2020, 8, 5), 0)):
        frame = cases(long_arrivals, day).filter(pl.col("Area code") == "E06000016")
        rate = float(frame["Cumulative lab-confirmed cases rate"][0])
        assert rate == pytest.approx(frame["total"][0] * 1e5 / people, abs=0.6 * 10**-places)


# Deaths in hospital


def trust_sheet(book: dict[str, list[list[object]]]) -> list[list[object]]:
    return next(rows for name, rows in book.items() if "by trust" in name)


def data_rows(rows: list[list[object]], label: str) -> tuple[list[object], list[list[object]]]:
    heading = next(row for row in rows if row[1] == label)
    below = rows[rows.index(heading) + 1 :]
    return heading, [row for row in below if isinstance(row[1], str)]


@pytest.mark.parametrize("day", [date(2020, 3, 3), date(2020, 4, 30), date(2020, 6, 8)], ids=str)
def test_trusts_and_regions_and_ages_add_up_to_england(long_arrivals: Arrivals, day: date):
    book = sheets("nhse_announced_deaths", long_arrivals, day)
    england = None
    for name, label, first in (
        ("by trust", "NHS England Region", 5),
        ("by region", "NHS England Region", 3),
        ("by age", "Age group", 3),
    ):
        rows = next(rows for title, rows in book.items() if name in title and "pos" not in title)
        heading, (total, *parts) = data_rows(rows, label)
        for column in range(first, len(heading)):
            if heading[column] is not None:
                assert total[column] == sum(int(str(row[column])) for row in parts)
        values = [value for value in total[first:] if value is not None]
        assert values[-1] == sum(int(str(value)) for value in values[:-1])
        england = england or values
        assert values == england


def test_old_enough_deaths_of_every_trust_are_the_truth(arrivals: Arrivals):
    truth = arrivals.truth
    book = sheets("nhse_announced_deaths", arrivals, truth.last_day)
    heading, (_, *parts) = data_rows(trust_sheet(book), "NHS England Region")
    said = {row[3]: row for row in parts}
    at = {value: column for column, value in enumerate(heading) if isinstance(value, datetime)}
    for row, day in enumerate(settled(arrivals, len(HOSPITAL) + LATE_TRUST_DAYS + 1)):
        column = at[datetime(day.year, day.month, day.day)]
        for place, code in enumerate(truth.places.trusts["area_id"]):
            found = said[code][column] if code in said else 0
            assert found == truth.trust_deaths[row, place]


def test_the_layout_of_deaths_changed_in_late_may(long_arrivals: Arrivals):
    before = sheets("nhse_announced_deaths", long_arrivals, date(2020, 5, 18))
    after = sheets("nhse_announced_deaths", long_arrivals, date(2020, 5, 24))
    assert next(iter(before)) == "COVID19 total deaths by trust"
    assert list(after)[-1] == "Tab4 Deaths by trust"


# Beds in hospital


def counted(
    rows: list[list[object]], headings: tuple[str, ...]
) -> dict[str, dict[str, dict[str, Any]]]:
    """For each code the days of a sheet, each with the counts under these headings."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for row in rows[15:]:
        for day, heading, value in zip(rows[12], rows[14], row, strict=True):
            if heading in headings and row[3]:
                of_day = found.setdefault(str(row[3]), {}).setdefault(str(day)[:10], {})
                of_day[str(heading)] = value
    return found


@pytest.mark.parametrize("day", [date(2020, 3, 3), date(2020, 3, 20), date(2020, 4, 30)], ids=str)
@pytest.mark.parametrize(
    ("sheet", "opened", "taken", "metrics"),
    [
        ("G&A beds", "Total Beds Open", "Total beds occ'd", "general_acute"),
        ("Adult critical care", "CC Adult Open", "CC Adult Occ", "critical_care_adult"),
    ],
)
def test_beds_of_every_hospital_and_of_england_are_the_truth(
    arrivals: Arrivals, day: date, sheet: str, opened: str, taken: str, metrics: str
):
    truth = arrivals.truth
    said = counted(
        sheets("nhse_winter_sitrep", arrivals, day)[sheet], (opened, taken, "Occupancy rate")
    )
    open_, occupied = (
        truth.beds.by_metric()[f"beds_{kind}_{metrics}"] for kind in ("open", "occupied")
    )
    codes = truth.places.hospitals["area_id"].to_list()
    assert sorted(said) == ["-", *codes]
    last = arrivals.index(day)
    for row in range(max(0, last - 7), last + 1):
        on = truth.dates[row].isoformat()
        assert said["-"][on][opened] == open_[row].sum()
        assert said["-"][on][taken] == occupied[row].sum()
        for at, code in enumerate(codes):
            has_bed = open_[row, at] > 0
            rate = occupied[row, at] / open_[row, at] if has_bed else "-"
            assert said[code][on] == {
                opened: open_[row, at],
                taken: occupied[row, at],
                "Occupancy rate": rate,
            }
    assert len(said["-"]) == min(8, last + 1)


def test_core_and_escalation_beds_add_up_to_the_total(arrivals: Arrivals):
    parts = ("Core Beds Open", "Escalation Beds Open")
    sheet = sheets("nhse_winter_sitrep", arrivals, date(2020, 4, 9))["G&A beds"]
    for days in counted(sheet, (*parts, "Total Beds Open")).values():
        for of_day in days.values():
            assert of_day["Total Beds Open"] == sum(of_day[part] for part in parts)


# Admissions by the place of the hospital


def page(arrivals: Arrivals, day: date) -> dict[tuple[str, str], dict[str, Any]]:
    answer = json.loads(one_file("phe_api_pages", arrivals, day))
    assert answer["length"] == len(answer["data"])
    assert answer["lastUpdate"].startswith(day.isoformat())
    return {(record["areaName"], record["date"]): record for record in answer["data"]}


def test_old_enough_admissions_of_the_page_are_the_truth(arrivals: Arrivals):
    truth = arrivals.truth
    said = page(arrivals, truth.last_day)
    regions, counts = truth.places.summed(truth.admissions, "nhs_region_id")
    for row, day in enumerate(settled(arrivals, len(ADMISSION) + 1)):
        for at, region in enumerate(regions):
            record = said[truth.places.names[region], day.isoformat()]
            assert record["newAdmissions"] == counts[row, at]
            assert record["cumAdmissions"] == counts[: row + 1, at].sum()
        assert said["England", day.isoformat()]["newAdmissions"] == counts[row].sum()


def test_ages_of_the_page_add_up_to_everybody_and_regions_to_england(arrivals: Arrivals):
    said = page(arrivals, arrivals.truth.last_day)
    ages = {
        key: {part["age"]: part["value"] for part in record["cumAdmissionsByAge"]}
        for key, record in said.items()
    }
    for (name, day), by_age in ages.items():
        assert sum(by_age.values()) == said[name, day]["cumAdmissions"]
        if name == "England":
            parts = [other for key, other in ages.items() if key[1] == day and key[0] != name]
            assert len(parts) == 7
            assert by_age == {age: sum(part[age] for part in parts) for age in by_age}


# Deaths on certificates


def week_rows(rows: list[list[object]]) -> tuple[list[object], dict[object, list[object]]]:
    weeks = next(row for row in rows if row[0] == "Week ended")[2:]
    return weeks, {row[0] if row[1] is None else row[1]: row[2:] for row in rows}


def test_registrations_of_a_week_are_those_of_its_seven_days(arrivals: Arrivals):
    truth = arrivals.truth
    book = sheets("ons_weekly_deaths", arrivals, date(2020, 4, 28))
    weeks, rows = week_rows(book["Covid-19 - Weekly registrations"])
    at = weeks.index(datetime(2020, 4, 17))
    days = [truth.index(date(2020, 4, 11) + timedelta(day)) for day in range(7)]
    regions, counts = truth.places.summed(arrivals.registrations.by_arrival, "region_id")
    for place, code in enumerate(regions):
        name = {"East of England": "East"}.get(truth.places.names[code], truth.places.names[code])
        assert rows[name][at] == counts[days, place].sum()
    assert rows["North East"][at + 1] is None
    _, of_uk = week_rows(book["UK - Covid-19 - Weekly reg"])
    assert of_uk["England"][at] == counts[days].sum()


def test_england_and_wales_together_have_non_residents_too(arrivals: Arrivals):
    book = sheets("ons_weekly_deaths", arrivals, date(2020, 4, 28))
    for sheet, total in (
        ("Covid-19 - Weekly registrations", "Deaths involving COVID-19, all ages1"),
        ("Weekly figures 2020", "Total deaths, all ages"),
    ):
        weeks, rows = week_rows(book[sheet])
        at = weeks.index(datetime(2020, 4, 17))
        coded = [row[2:] for row in book[sheet] if str(row[0]).startswith(("E12", "W92"))]
        assert len(coded) == 10
        parts = sum(int(str(row[at])) for row in coded)
        assert rows[total][at] == parts + parts * 4 // 1000


def test_comparisons_shift_cut_off_and_relay_as_their_headings_say(arrivals: Arrivals):
    truth, published = arrivals.truth, date(2020, 4, 28)
    rows = sheets("ons_weekly_deaths", arrivals, published)["Covid-19 - England comparisons"]
    heading = next(row for row in rows if row[0] == "Date")
    said = {row[0].date(): row for row in rows if isinstance(row[0], datetime)}
    assert max(said) == date(2020, 4, 17)
    gov_uk = {
        row["Reporting date"]: row
        for row in table("phe_deaths_csv", arrivals, published)
        if row["Area name"] == "England"
    }
    workbook_then = sheets("nhse_announced_deaths", arrivals, date(2020, 4, 26))
    nhs_heading, (nhs, *_) = data_rows(trust_sheet(workbook_then), "NHS England Region")
    for day in (date(2020, 4, 1), date(2020, 4, 17)):
        next_day = (day + timedelta(1)).isoformat()
        assert said[day][1] == int(gov_uk[next_day]["Cumulative hospital deaths"])
        upto = [
            at
            for at, value in enumerate(nhs_heading)
            if isinstance(value, datetime) and value.date() <= day
        ]
        assert said[day][2] == sum(int(str(nhs[at])) for at in upto)
    registered = english(arrivals, arrivals.registrations.by_arrival).cumsum()
    assert said[date(2020, 4, 17)][3] == registered[truth.index(date(2020, 4, 17))]
    assert said[date(2020, 4, 17)][3] == said[date(2020, 4, 17)][4]
    assert all(int(str(row[5])) >= int(str(row[4])) for row in said.values())
    assert str(heading[2]).endswith("As published on 26 April")
    assert str(heading[5]).endswith("registered by 25 April")


def test_settled_deaths_by_date_of_death_on_certificates_are_the_truth(arrivals: Arrivals):
    rows = sheets("ons_weekly_deaths", arrivals, date(2020, 4, 28))[
        "Covid-19 - England comparisons"
    ]
    said = {row[0].date(): row[5] for row in rows if isinstance(row[0], datetime)}
    expected = english(arrivals, arrivals.truth.deaths).cumsum()
    for day, total in said.items():
        if day <= date(2020, 4, 25) - timedelta(len(REGISTRATION)):
            assert total == expected[arrivals.truth.index(day)]


@pytest.mark.parametrize(
    ("friday", "held", "not_held"),
    [
        (date(2020, 3, 6), ["Weekly figures 2020"], ["Covid-19 - England comparisons"]),
        (date(2020, 3, 20), ["Covid-19 - Weekly figures 2020"], ["Covid-19 - England comparisons"]),
        (date(2020, 3, 27), ["Covid-19 - England comparisons"], ["UK - Covid-19 - Weekly reg"]),
        (date(2020, 4, 17), ["UK - Covid-19 - Weekly reg"], ["Covid-19 - Daily registrations"]),
        (
            date(2020, 8, 28),
            ["Covid-19 - Daily registrations", "Covid-19 - England comparisons"],
            [],
        ),
        (date(2020, 9, 4), ["Covid-19 - Daily occurrences"], ["Covid-19 - England comparisons"]),
    ],
)
def test_sheets_come_and_go_with_the_weeks(
    long_arrivals: Arrivals, friday: date, held: list[str], not_held: list[str]
):
    book = sheets("ons_weekly_deaths", long_arrivals, friday + timedelta(11))
    assert set(held) <= set(book)
    assert not set(not_held) & set(book)


def test_daily_sheets_add_up(long_arrivals: Arrivals):
    book = sheets("ons_weekly_deaths", long_arrivals, date(2020, 9, 8))
    for name in ("Covid-19 - Daily registrations", "Covid-19 - Daily occurrences"):
        heading = next(row for row in book[name] if row[0] == "Date")
        column = {str(value): at for at, value in enumerate(heading)}
        for row in book[name]:
            if str(row[0])[:2].isdigit() and "/" in str(row[0]):
                regions = [row[at] for at in range(column["North East"], len(heading))]
                assert row[column["England"]] == sum(int(str(value)) for value in regions)


# Relays and collections


def test_gov_uk_s_deaths_change_heading_with_their_definition(arrivals: Arrivals):
    last, first = (table("phe_deaths_csv", arrivals, date(2020, 4, day)) for day in (28, 29))
    assert "Daily hospital deaths" in last[0]
    assert "Daily change in deaths" in first[0]
    totals = {row["Reporting date"]: row for row in last if row["Area name"] == "United Kingdom"}
    restated = {row["Reporting date"]: row for row in first if row["Area name"] == "United Kingdom"}
    for day in ("2020-04-10", "2020-04-28"):
        more = int(restated[day]["Cumulative deaths"])
        assert more > int(totals[day]["Cumulative hospital deaths"])


def test_gov_uk_s_nations_add_up_to_the_uk(arrivals: Arrivals):
    rows = table("phe_deaths_csv", arrivals, date(2020, 4, 20))
    for day in ("2020-03-30", "2020-04-20"):
        totals = {
            row["Area name"]: int(row["Cumulative hospital deaths"])
            for row in rows
            if row["Reporting date"] == day
        }
        assert totals.pop("United Kingdom") == sum(totals.values())
        assert len(totals) == 4


def test_the_uk_begins_before_its_nations_and_with_totals_only(arrivals: Arrivals):
    rows = table("phe_deaths_csv", arrivals, date(2020, 4, 1))
    begun = {row["Area name"]: row for row in reversed(rows)}
    last = {row["Area name"]: row for row in rows[::-1] if row["Daily hospital deaths"]}
    assert set(begun) == set(last)
    oldest = rows[-1]
    assert (oldest["Reporting date"], oldest["Daily hospital deaths"]) == ("2020-03-10", "")
    england = [row for row in rows if row["Area name"] == "England"]
    assert (england[-1]["Reporting date"], england[-1]["Daily hospital deaths"]) == (
        "2020-03-27",
        "",
    )


def uk_by_report(arrivals: Arrivals, day: date) -> dict[date, int]:
    rows = table("phe_deaths_csv", arrivals, day)
    total = "Cumulative deaths" if "Cumulative deaths" in rows[0] else "Cumulative hospital deaths"
    return {
        date.fromisoformat(row["Reporting date"]): int(row[total])
        for row in rows
        if row["Area name"] == "United Kingdom"
    }


@pytest.mark.parametrize("day", [date(2020, 4, 20), date(2020, 4, 30)], ids=str)
def test_jhu_is_a_day_behind(arrivals: Arrivals, day: date):
    rows = table("jhu", arrivals, day)
    kingdom = [row for row in rows if row["Country/Region"] == "United Kingdom"]
    (uk,) = (row for row in kingdom if not row["Province/State"])
    assert len(kingdom) > 5
    assert len(rows) > len(kingdom) + 10
    for gov_uk_day, total in uk_by_report(arrivals, day).items():
        if gov_uk_day < day:
            after = gov_uk_day + timedelta(1)
            assert int(uk[f"{after.month}/{after.day}/{after:%y}"]) == total


@pytest.mark.parametrize("day", [date(2020, 4, 20), date(2020, 4, 30)], ids=str)
def test_ecdc_dates_by_the_next_day(arrivals: Arrivals, day: date):
    rows = [row for row in table("ecdc", arrivals, day) if row["geoId"] == "UK"]
    deaths = {row["dateRep"]: int(row["deaths"]) for row in rows}
    totals = uk_by_report(arrivals, day)
    for gov_uk_day in sorted(totals)[1:]:
        if gov_uk_day < day:
            after = gov_uk_day + timedelta(1)
            announced = totals[gov_uk_day] - totals[gov_uk_day - timedelta(1)]
            assert deaths[f"{after.month}/{after.day}/{after.year}"] == announced
    assert rows[0]["dateRep"] == f"{day.month}/{day.day}/{day.year}"


def test_a_change_of_definition_reaches_ecdc_a_day_later(arrivals: Arrivals):
    gov_uk, before, after = (
        sum(
            int(row["deaths"])
            for row in table("ecdc", arrivals, date(2020, 4, day))
            if row["geoId"] == "UK"
        )
        for day in (28, 29, 30)
    )
    assert before - gov_uk < (after - before) / 3


def test_owid_repeats_ecdc(arrivals: Arrivals):
    day = date(2020, 4, 25)
    ecdc = {row["dateRep"]: row for row in table("ecdc", arrivals, day) if row["geoId"] == "UK"}
    owid = [row for row in table("owid", arrivals, day) if row["iso_code"] == "GBR"]
    assert len(owid) == len(ecdc)
    for row in owid:
        said = ecdc[row["date"]]
        assert (row["new_cases"], row["new_deaths"]) == (said["cases"], said["deaths"])
        rate = int(row["total_deaths"]) * 1e6 / int(row["population"])
        assert float(row["total_deaths_per_million"]) == pytest.approx(rate, abs=0.0006)


def test_the_collector_leaves_out_days_and_copies_the_rest(arrivals: Arrivals):
    day = date(2020, 4, 20)
    rows = table("tomwhite_indicators_vintages", arrivals, day)
    said = {(row["Country"], row["Indicator"], row["Date"]): int(row["Value"]) for row in rows}
    gov_uk = table("phe_deaths_csv", arrivals, day)
    england = {row["Reporting date"]: row for row in gov_uk if row["Area name"] == "England"}
    left_out = 0
    for text, row in england.items():
        if ways.is_left_out(date.fromisoformat(text)):
            left_out += 1
            assert ("England", "Deaths", text) not in said
        else:
            assert said["England", "Deaths", text] == int(row["Cumulative hospital deaths"])
    assert left_out >= 1


def test_the_collector_dates_scotland_s_deaths_a_day_early(arrivals: Arrivals):
    day = date(2020, 4, 20)
    said = {
        row["Date"]: int(row["Value"])
        for row in table("tomwhite_indicators_vintages", arrivals, day)
        if (row["Country"], row["Indicator"]) == ("Scotland", "Deaths")
    }
    gov_uk = {
        row["Reporting date"]: int(row["Cumulative hospital deaths"])
        for row in table("phe_deaths_csv", arrivals, day)
        if row["Area name"] == "Scotland"
    }
    for text in ("2020-04-01", "2020-04-18"):
        after = (date.fromisoformat(text) + timedelta(1)).isoformat()
        assert said[text] == gov_uk[after]


def test_the_collector_s_clock_for_england_s_cases_changes(arrivals: Arrivals):
    def total(day: date, of: date) -> int:
        rows = table("tomwhite_indicators_vintages", arrivals, day)
        key = ("England", "ConfirmedCases", of.isoformat())
        return next(
            int(row["Value"])
            for row in rows
            if (row["Country"], row["Indicator"], row["Date"]) == key
        )

    of = date(2020, 4, 10)
    before, after = total(date(2020, 4, 26), of), total(date(2020, 4, 27), of)
    phe = cases(arrivals, date(2020, 4, 27)).filter(
        pl.col("Area type") == "Nation", pl.col("Specimen date") == of.isoformat()
    )
    assert before < after == phe["total"][0]


def test_first_tables_of_upper_tier_and_nhs_regions_agree(arrivals: Arrivals):
    for day in (date(2020, 3, 11), date(2020, 3, 17), date(2020, 4, 5)):
        files = {
            file.name: file.content
            for file in PUBLISHERS["phe_utla_daily_csv"].files(arrivals, day)
        }
        upper, regions = (
            list(csv.DictReader(StringIO(content.decode()))) for content in files.values()
        )
        assert len(upper) == 149
        assert len(regions) == 7
        total = [
            sum(int(row["TotalCases"].replace(",", "")) for row in rows)
            for rows in (upper, regions)
        ]
        assert total[0] == total[1] > 0
        assert ("FID" in upper[0]) == (day == date(2020, 3, 11))


def test_the_local_return_is_quicker_and_counts_people_again(arrivals: Arrivals):
    truth, day = arrivals.truth, date(2020, 4, 20)
    at = truth.places.areas["area_id"].to_list().index("E06000016")
    rows = table("local_returns", arrivals, day)
    assert len(rows) == 28
    assert rows[-1]["Date"] == "2020-04-19"
    for row in rows:
        index = truth.index(date.fromisoformat(row["Date"]))
        expected = truth.cases[index, at] + arrivals.repeats[index, at]
        assert int(row["Value"]) == expected


# When and how


@given(
    every=st.integers(1, 10),
    daily_for=st.integers(0, 20),
    days=st.integers(1, 90),
    weekday=st.none() | st.integers(0, 6),
)
def test_a_cadence_ends_on_the_last_day_and_keeps_its_distance(
    every: int, daily_for: int, days: int, weekday: int | None
):
    first, last = date(2020, 3, 2), date(2020, 3, 2) + timedelta(days)
    dates = Cadence(every, daily_for, weekday).dates(first, last)
    assert dates == sorted(set(dates))
    assert all(first < day <= last for day in dates)
    if weekday is None:
        assert dates[-1] == last
        apart = {(after - before).days for before, after in itertools.pairwise(dates)}
        assert apart <= {1, every}
        assert set(dates[-min(daily_for, days) :]) >= {
            last - timedelta(ago) for ago in range(min(daily_for, days))
        }
    else:
        assert {day.weekday() for day in dates} <= {weekday}


def test_a_cadence_has_a_beginning_and_an_end_and_words():
    cadence = Cadence(since=date(2020, 3, 10), until=date(2020, 4, 7))
    dates = cadence.dates(date(2020, 3, 2), date(2020, 4, 30))
    assert (dates[0], dates[-1]) == (date(2020, 3, 10), date(2020, 4, 7))
    assert str(cadence) == "daily from 2020-03-10 until 2020-04-07"
    assert str(Cadence(7, 7)) == "daily in the last 7 days, every 7 days before"
    assert cadence.dates(date(2021, 1, 1), date(2021, 2, 1)) == []


@given(total=st.integers(0, 10**6), weights=st.lists(st.floats(0.01, 1), min_size=1, max_size=20))
def test_parts_of_a_total_add_up(total: int, weights: list[float]):
    shares = [weight / sum(weights) for weight in weights]
    parts = in_parts(total, shares)
    assert sum(parts) == total
    assert len(parts) == len(shares)
    assert all(part >= 0 for part in parts)


def test_a_workbook_s_bytes_depend_on_its_content_alone(monkeypatch: pytest.MonkeyPatch):
    rows: dict[str, list[list[object]]] = {"a": [["x", 1, date(2020, 3, 1), None, "=1"], []]}
    first = workbook(rows, "someone", date(2020, 4, 1))  # type: ignore[arg-type]
    monkeypatch.setattr("time.time", lambda: 2e9)
    monkeypatch.setattr("time.localtime", lambda *_: (2030, 1, 1, 0, 0, 0, 0, 1, 0))
    assert workbook(rows, "someone", date(2020, 4, 1)) == first  # type: ignore[arg-type]
    assert workbook(rows, "someone", date(2020, 4, 2)) != first  # type: ignore[arg-type]
    cells = [cell.value for cell in openpyxl.load_workbook(BytesIO(first))["a"][1]]
    assert cells == ["x", 1, datetime(2020, 3, 1), None, "=1"]
