"""The published figures, from the files as they were published to the released table.

Each expected value is read here from the file itself, by another library than the loaders use.
"""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from loaders.receipts import read_receipts
from loaders.sources import all_sources
from pipeline.difference import difference
from store.moments import parse_moment
from store.paths import Home
from store.reader import Reader, open_reader

pytestmark = pytest.mark.shared
ENGLAND = "E92000001"
UK = "K02000001"


@pytest.fixture(scope="module")
def now(real_home: Home) -> Iterator[Reader]:
    with open_reader(real_home) as reader:
        yield reader


def values(reader: Reader, metric_id: str, area_id: str = ENGLAND) -> dict[date, float | None]:
    answer = reader.ask(
        "select event_date, value from figures where metric_id = $metric_id and area_id = $area_id",
        metric_id=metric_id,
        area_id=area_id,
    )
    return dict(answer.rows())


def published_cases(folder: Path, day: str, column: str) -> dict[date, float]:
    with (folder / "phe_cases_vintages" / f"coronavirus-cases_{day}.csv").open() as file:
        return {
            date.fromisoformat(row["Specimen date"]): float(row[column])
            for row in csv.DictReader(file)
            if row["Area code"] == ENGLAND
        }


def newest_workbook(folder: Path) -> openpyxl.Workbook:
    path = sorted((folder / "nhse_announced_deaths").glob("*.xlsx"))[-1]
    return openpyxl.load_workbook(path, data_only=True)


def test_every_file_of_every_known_source_has_a_receipt_that_balances(
    real_home: Home, shared_data: Path
):
    receipts = read_receipts(real_home)
    arrived = set(receipts.select("source_id", "file_name").rows())
    for source in set(all_sources()) & {path.name for path in shared_data.iterdir()}:
        files = {(source, path.name) for path in (shared_data / source).iterdir()}
        assert files <= arrived
    assert set(receipts["verdict"]) <= {"landed", "refused", "passed_over"}
    unexplained = receipts.filter((pl.col("verdict") != "landed") & (pl.col("reason") == ""))
    assert unexplained.is_empty()
    landed = receipts.filter(pl.col("verdict") == "landed")
    parts = pl.col("rows_landed") + pl.col("rows_quarantined") + pl.col("rows_skipped")
    assert landed.filter(pl.col("rows_read") != parts).is_empty()
    cells = pl.col("cells_landed") + pl.col("cells_quarantined") + pl.col("cells_skipped")
    assert landed.filter(pl.col("cells_read") != cells).is_empty()
    assert landed.filter(pl.col("rows_read") == 0).is_empty()


@pytest.mark.parametrize(
    ("metric_id", "column"),
    [
        ("cases_by_specimen_date", "Daily lab-confirmed cases"),
        ("cases_by_specimen_date_cumulative", "Cumulative lab-confirmed cases"),
    ],
)
def test_cases_are_those_of_the_newest_file(
    now: Reader, shared_data: Path, metric_id: str, column: str
):
    figures = {day: value for day, value in values(now, metric_id).items() if value is not None}
    assert figures == published_cases(shared_data, "2020-08-05", column) | {
        day: value for day, value in figures.items() if day > date(2020, 8, 5)
    }


@pytest.mark.parametrize(
    "day",
    [
        *("2020-04-09", "2020-04-12", "2020-04-15", "2020-04-18", "2020-04-21", "2020-04-27"),
        *("2020-05-04", "2020-05-05", "2020-07-01", "2020-07-02", "2020-07-03", "2020-08-05"),
    ],
)
def test_as_known_on_a_day_of_publication_every_cell_is_that_days_file(
    real_home: Home, shared_data: Path, day: str
):
    with open_reader(real_home, as_of=parse_moment(day)) as then:
        for metric_id, column in (
            ("cases_by_specimen_date", "Daily lab-confirmed cases"),
            ("cases_by_specimen_date_cumulative", "Cumulative lab-confirmed cases"),
        ):
            stood = {k: v for k, v in values(then, metric_id).items() if v is not None}
            assert stood == published_cases(shared_data, day, column)


def test_the_day_of_the_pillars_is_a_revision_and_both_versions_are_kept(real_home: Home):
    total = "cases_by_specimen_date_cumulative"
    with open_reader(real_home, as_of=parse_moment("2020-07-01")) as before:
        assert max(v for v in values(before, total).values() if v) == 160_764
    with open_reader(real_home, as_of=parse_moment("2020-07-02")) as after:
        assert max(v for v in values(after, total).values() if v) == 243_910


def test_the_rewrite_of_2_july_splits_into_coverage_and_ordinary_growth(
    real_home: Home, now: Reader
):
    found = difference(
        real_home, parse_moment("2020-07-01"), parse_moment("2020-07-02"), None, ENGLAND
    )
    specimen = found.parts.filter(metric_id="cases_by_specimen_date")
    parts = dict(specimen.select("kind", "amount").rows())
    assert parts.pop("coverage") == 82_623
    assert sum(parts.values()) == 523
    newest = "cases_by_specimen_date_cumulative.E92000001.all.2020-07-01"
    split = now.ask(
        "select part, amount, value_before, value_after from figure_changes "
        "where figure_id = $figure_id and changed_at = timestamp '2020-07-02' order by part",
        figure_id=newest,
    )
    assert split.rows() == [
        ("footing", 82_623, 160_764, 243_910),
        ("growth", 523, 160_764, 243_910),
    ]


def test_the_fall_of_2_july_splits_into_people_counted_once_and_new_cases(now: Reader):
    split = now.ask(
        "select part, kind, amount, difference from figure_changes "
        "where figure_id = $figure_id order by part",
        figure_id=f"cases_by_report_date.{UK}.all.2020-07-02",
    )
    assert split.rows() == [
        ("growth", "new", 576, -29_726),
        ("stated", "de_duplication", -30_302, -29_726),
    ]


def test_parts_add_up_to_more_than_their_whole_on_two_published_days(now: Reader):
    told = now.ask(
        "select sentence from breakers where breaker_id = 'parts_differ' and is_open order by 1"
    )
    deaths, cases = told["sentence"]
    assert all("tomwhite_indicators_vintages, " in sentence for sentence in (deaths, cases))
    assert f"report_date {UK} on 2020-03-13: 2 in its parts, 0 in the whole" in deaths
    assert f"cases_by_report_date {UK} on 2020-06-15: 2275 in its parts, 968 in the whole" in cases


@pytest.mark.parametrize(
    ("since", "until"), [("2020-04-12", "2020-05-05"), ("2020-07-01", "2020-09-09")]
)
def test_parts_of_a_difference_always_add_up_to_the_difference(
    real_home: Home, since: str, until: str
):
    found = difference(real_home, parse_moment(since), parse_moment(until), None, ENGLAND)
    with (
        open_reader(real_home, as_of=parse_moment(since)) as before,
        open_reader(real_home, as_of=parse_moment(until)) as after,
    ):
        for (metric_id,), parts in found.parts.group_by("metric_id"):
            values_before = values(before, str(metric_id)).values()
            values_after = values(after, str(metric_id)).values()
            difference_of_sums = sum(v or 0 for v in values_after) - sum(
                v or 0 for v in values_before
            )
            assert parts["amount"].sum() == pytest.approx(difference_of_sums)


def test_hospital_deaths_in_england_are_the_newest_workbooks_and_the_sum_of_its_trusts(
    now: Reader, shared_data: Path
):
    sheet = newest_workbook(shared_data)["Tab4 Deaths by trust"]
    rows = list(sheet.iter_rows(values_only=True))
    header = next(row for row in rows if row[1] == "NHS England Region")
    days = {at: cell.date() for at, cell in enumerate(header) if isinstance(cell, datetime)}
    england = next(row for row in rows if row[4] == "ENGLAND")
    trusts = [row for row in rows[rows.index(england) + 1 :] if row[3]]
    figures = values(now, "deaths_hospital_by_death_date")
    for at, day in days.items():
        assert figures[day] == england[at] == sum(row[at] for row in trusts)
    listed = {str(row[3]).strip() for row in trusts}
    by_day = now.ask(
        "select event_date, sum(value) as value from figures "
        "where metric_id = 'deaths_hospital_by_death_date' and area_id in "
        f"({', '.join(repr(code) for code in sorted(listed))}) group by event_date"
    )
    assert dict(by_day.rows()) == {day: figures[day] for day in days.values()}


def test_englands_deaths_stand_side_by_side_and_no_two_definitions_are_merged(now: Reader):
    rows = now.ask(
        "select metric_id, source_id, value from disagreements where area_id = 'E92000001' "
        "and event_date = date '2020-04-14' and quantity_id = 'covid_deaths'"
    ).rows()
    said = {(metric, source): value for metric, source, value in rows}
    assert said["deaths_hospital_by_death_date", "nhse_announced_deaths"] == 647
    assert said["deaths_hospital_by_report_date", "phe_deaths_csv"] == 744
    assert ("deaths_certificate_by_death_date", "ons_weekly_deaths") in said
    assert said["deaths_28d_by_death_date", "phe_api_pages"] == 770
    assert said["deaths_28d_by_death_date", "ons_weekly_deaths"] == 771
    assert len({metric for metric, _ in said}) >= 7
    mixed = now.ask(
        "select figures.figure_id from figures inner join claims using (figure_id) "
        "where claims.metric_id <> figures.metric_id"
    )
    assert mixed.is_empty()


def test_deaths_to_14_april_are_11005_in_hospital_and_12971_in_all_settings_as_restated(
    real_home: Home,
):
    day = date(2020, 4, 14)
    with open_reader(real_home, as_of=parse_moment("2020-05-03")) as then:
        assert values(then, "deaths_hospital_by_report_date_cumulative")[day] == 11_005
        assert values(then, "deaths_any_time_by_report_date_cumulative")[day] == 12_971


def test_leicesters_total_to_10_april_grows_with_each_version(real_home: Home):
    for as_of, value in (("2020-04-12", 363), ("2020-04-27", 371), ("2020-07-03", 374)):
        with open_reader(real_home, as_of=parse_moment(as_of)) as then:
            total = values(then, "cases_by_specimen_date_cumulative", "E06000016")
            assert total[date(2020, 4, 10)] == value


def test_a_source_feeds_the_metric_that_was_in_force_when_it_published(now: Reader):
    jhu = now.ask(
        "select distinct metric_id, published_at::date from claims where source_id = 'jhu'"
    ).rows()
    assert ("deaths_hospital_by_report_date", date(2020, 4, 12)) in jhu
    assert ("deaths_28d_by_report_date", date(2020, 8, 18)) in jhu
    assert ("deaths_28d_by_report_date", date(2021, 4, 26)) in jhu


def test_tables_of_one_day_make_no_daily_values(now: Reader, shared_data: Path):
    """PHE's workbook states the day for the UK; for England only the collector's days are there."""
    new = {}
    for path in (shared_data / "phe_utla_daily_csv").glob("*.xlsx"):
        heading, row = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        said = dict(zip(heading, row, strict=True))
        new[UK, said["DateVal"].date()] = said["NewUKCases"]
    claims = "select area_id, event_date, value from claims where metric_id = $metric_id and "
    daily = {"metric_id": "cases_by_report_date"}
    own = now.ask(f"{claims} source_id = 'phe_utla_daily_csv'", **daily)
    assert {(area, day): value for area, day, value in own.rows()} == new
    with (
        shared_data / "tomwhite_indicators_vintages" / "covid-19-indicators-uk_2020-04-15.csv"
    ).open() as file:
        totals = {
            date.fromisoformat(row["Date"]): float(row["Value"])
            for row in csv.DictReader(file)
            if (row["Country"], row["Indicator"]) == ("England", "ConfirmedCases")
        }
    march = now.ask(
        f"{claims} area_id = 'E92000001' and event_date < '2020-04-01' order by event_date", **daily
    )
    assert march["event_date"].to_list() == [date(2020, 3, day) for day in range(6, 32)]
    for _, day, value in march.rows():
        assert value == totals[day] - totals[day - timedelta(days=1)]


def test_nhs_regions_are_never_the_regions_of_the_same_name(now: Reader):
    regions = now.ask(
        "select distinct area_type from figures inner join areas using (area_id) "
        "where metric_id = 'deaths_hospital_by_death_date' and area_id like 'E12%'"
    )
    assert regions.is_empty()


def test_what_is_not_public_is_nowhere_but_in_the_receipts(real_home: Home):
    hidden = read_receipts(real_home).filter(pl.col("file_name").str.contains("OFF-SENS"))
    assert hidden.height == 54
    assert set(hidden["verdict"]) == {"passed_over"}
    assert not [path for path in real_home.root.rglob("*OFF-SENS*") if path.is_file()]


def test_the_newest_figure_and_the_figure_as_known_now_are_the_same(now: Reader):
    as_known = "select * from figures_as_known(timestamp '2100-01-01') order by figure_id"
    columns = "figure_id, value, source_id, rule_id, status, gap, revisions, is_provisional"
    newest = now.ask(f"select {columns} from figures order by figure_id")
    assert newest.equals(now.ask(f"select {columns} from ({as_known})"))


def test_the_disagreements_now_are_those_as_known_now(now: Reader):
    order = "order by figure_id, source_id"
    stored = now.ask(f"select * from disagreements {order}")
    known = now.ask(f"select * from disagreements_as_known(timestamp '2100-01-01') {order}")
    assert stored.equals(known.select(stored.columns))


def test_past_ranges_of_hospital_deaths_held_as_often_as_they_should(now: Reader):
    told = now.ask(
        "select sum(ranges), sum(ranges * held_80) / sum(ranges), "
        "sum(ranges * held_95) / sum(ranges) from expectation_scores "
        "where metric_id = 'deaths_hospital_by_death_date'"
    )
    ranges, held_80, held_95 = told.row(0)
    assert ranges > 1_000
    assert held_80 > 0.8
    assert held_95 > 0.95


@pytest.mark.parametrize(("day", "has_history"), [("2020-05-05", False), ("2020-07-03", True)])
def test_ranges_as_known_need_history_and_are_only_on_what_was_provisional(
    real_home: Home, day: str, has_history: bool
):
    with open_reader(real_home, as_of=parse_moment(day)) as then:
        counts = dict(
            then.ask(
                "select is_provisional, count(expected_high) from figures group by is_provisional"
            ).rows()
        )
    assert counts[False] == 0
    assert (counts[True] > 0) == has_history
