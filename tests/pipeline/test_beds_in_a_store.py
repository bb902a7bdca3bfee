"""Beds and admissions in figures: of the simulated England, and of the published workbook."""

from collections.abc import Iterator
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from store.paths import Home
from store.reader import Reader, open_reader

ENGLAND = "E92000001"
BEDS = (
    "beds_open_general_acute",
    "beds_occupied_general_acute",
    "beds_open_critical_care_adult",
    "beds_occupied_critical_care_adult",
)
SOURCES = ("nhse_winter_sitrep", "phe_api_pages")


@pytest.fixture(scope="module")
def simulated(simulated_home: Home) -> Iterator[Reader]:
    with open_reader(simulated_home) as reader:
        yield reader


@pytest.fixture(scope="module")
def real(real_home: Home) -> Iterator[Reader]:
    with open_reader(real_home) as reader:
        yield reader


def truth(home: Home, metric_id: str) -> pl.DataFrame:
    path = home.simulated / "truth" / f"{metric_id}.parquet"
    return pl.read_parquet(path).with_columns(pl.col("value").cast(pl.Float64))


def figures(reader: Reader, metric_id: str) -> pl.DataFrame:
    return reader.ask(
        "select area_id, event_date, value from figures "
        "where metric_id = $metric_id and stratum_id = 'all'",
        metric_id=metric_id,
    )


@pytest.mark.parametrize("metric_id", BEDS)
def test_simulated_beds_of_every_hospital_and_of_england_are_the_truth(
    simulated: Reader, simulated_home: Home, metric_id: str
):
    shown = figures(simulated, metric_id)
    expected = truth(simulated_home, metric_id).filter(
        ~pl.col("area_id").str.starts_with("E40"),
        pl.col("event_date") <= shown["event_date"].max(),
    )
    both = shown.join(expected, on=["area_id", "event_date"], how="full", suffix="_true")
    assert shown.height == expected.height > 1000
    assert both.filter(pl.col("value").ne_missing(pl.col("value_true"))).is_empty()


def test_simulated_admissions_are_forward_in_england_and_its_seven_regions(
    simulated: Reader, simulated_home: Home
):
    shown = figures(simulated, "admissions_covid")
    areas = set(shown["area_id"])
    assert ENGLAND in areas and len(areas) == 8
    both = shown.join(truth(simulated_home, "admissions_covid"), on=["area_id", "event_date"])
    settled = both.filter(pl.col("event_date") <= pl.col("event_date").max().dt.offset_by("-10d"))
    assert settled.height == 8 * settled["event_date"].n_unique() > 100
    assert settled.filter(pl.col("value") != pl.col("value_right")).is_empty()


@pytest.mark.parametrize("home", ["simulated", pytest.param("real", marks=pytest.mark.shared)])
def test_no_breaker_trips_on_a_figure_of_beds(home: str, request: pytest.FixtureRequest):
    """A report that ends with the winter is late all summer, which is no fault of a figure."""
    tripped = request.getfixturevalue(home).ask(
        "select distinct source_id, breaker_id from breakers "
        "where source_id = 'nhse_winter_sitrep' and breaker_id <> 'late'"
    )
    assert tripped.is_empty(), tripped


def test_no_breaker_trips_on_the_simulated_admissions(simulated: Reader):
    tripped = simulated.ask("select * from breakers where source_id = 'phe_api_pages'")
    assert tripped.is_empty(), tripped


@pytest.mark.shared
@pytest.mark.parametrize(
    ("sheet", "heading", "metric_id"),
    [
        ("G&A beds", "Total Beds Open", BEDS[0]),
        ("G&A beds", "Total beds occ'd", BEDS[1]),
        ("Adult critical care", "CC Adult Open", BEDS[2]),
        ("Adult critical care", "CC Adult Occ", BEDS[3]),
    ],
)
def test_published_beds_are_those_of_the_workbook(
    real: Reader, shared_data: Path, sheet: str, heading: str, metric_id: str
):
    path = shared_data / "nhse_winter_sitrep" / "winter_sitrep_daily_ts_2019-20.xlsx"
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    rows = list(book[sheet].iter_rows(values_only=True))
    published = {
        (ENGLAND if row[3] == "-" else row[3], day.date(), float(value))
        for row in rows[15:149]
        for day, name, value in zip(rows[12], rows[14], row, strict=True)
        if name == heading and row[3]
    }
    assert set(figures(real, metric_id).rows()) == published
    assert len(published) == 133 * 91


@pytest.mark.shared
def test_published_admissions_are_forward_in_england_and_its_seven_regions(real: Reader):
    areas = real.ask(
        "select distinct area_id from figures where metric_id = 'admissions_covid' "
        "and source_id = 'phe_api_pages' and value is not null"
    )
    assert ENGLAND in areas["area_id"] and areas.height == 8
