"""Counts by day of announcement and the dashboard's series: samples, hostile files, real files."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import openpyxl
import polars as pl
import pytest

from loaders import accounting, contract
from loaders.documents import open_document
from loaders.reading import Reading, Refused, published_in_name
from loaders.sources import (
    ecdc,
    jhu,
    owid,
    phe_cases_vintages,
    phe_deaths_csv,
    phe_utla_daily_csv,
    tomwhite_indicators_vintages,
    ukhsa_dashboard_json,
)

MODULES = [
    ecdc,
    jhu,
    owid,
    phe_deaths_csv,
    phe_utla_daily_csv,
    tomwhite_indicators_vintages,
    ukhsa_dashboard_json,
]
CSV_MODULES = MODULES[:-1]
NEEDED_COLUMNS = {
    ecdc: "geoId",
    jhu: "Country/Region",
    owid: "new_deaths",
    phe_deaths_csv: "Reporting date",
    phe_utla_daily_csv: "TotalCases",
    tomwhite_indicators_vintages: "Indicator",
}
# rows read, landed, skipped; the day of publication. Counted by eye or with wc and grep.
WHOLE_FILES = {
    (tomwhite_indicators_vintages, "covid-19-indicators-uk_2020-03-28.csv"): (554, 554, 0),
    (tomwhite_indicators_vintages, "covid-19-indicators-uk_2020-08-01.csv"): (2384, 2384, 0),
    (phe_deaths_csv, "coronavirus-deaths-2020-04-14.csv"): (112, 112, 0),
    (jhu, "deaths_global_2020-04-12.csv"): (264, 1, 263),
    (jhu, "deaths_global_2020-08-18.csv"): (266, 1, 265),
    (jhu, "deaths_global_2021-04-26.csv"): (275, 1, 274),
    (ecdc, "COVID-19-2020-08-19.csv"): (37238, 233, 37005),
    (ecdc, "COVID-19-geographic-distribution-worldwide_2020-04-26.xlsx"): (9311, 99, 9212),
    (owid, "owid-covid-data_2020-06-18_cut.csv"): (854, 171, 683),
    (phe_utla_daily_csv, "CountyUAs_cases_table-2020-03-11.csv"): (149, 149, 0),
    (phe_utla_daily_csv, "CountyUAs_cases_table-2020-04-05.csv"): (149, 149, 0),
    (phe_utla_daily_csv, "NHSR_Cases_table-2020-03-28.csv"): (7, 7, 0),
    (phe_utla_daily_csv, "DailyIndicators-2020-03-15.xlsx"): (2, 1, 1),
}

DAY = timedelta(days=1)
Tables = dict[str, pl.DataFrame]


def taken_in(module: ModuleType, path: Path) -> tuple[Tables, Reading, accounting.Account]:
    """Kept rows by table, the reading and the balance of the file; refuses what intake refuses."""
    document = open_document(path, path.name)
    reading = module.read(document)
    checked = {
        table: contract.check(frame, module.SOURCE.tables[table], path.name)
        for table, frame in reading.tables.items()
    }
    account = accounting.settle(document, reading, checked)
    return {table: result.kept for table, result in checked.items()}, reading, account


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, str], Path]:
    def written(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return written


def only(frame: pl.DataFrame, *columns: str, **cell: Any) -> tuple[Any, ...]:
    return frame.filter(**cell).select(columns).row(0)


def module_names(modules: Iterable[ModuleType]) -> list[str]:
    return [module.SOURCE.name for module in modules]


@pytest.mark.parametrize("module", MODULES, ids=module_names(MODULES))
def test_the_sample_is_kept_whole(module, write):
    _, reading, account = taken_in(module, write(module.SAMPLE_NAME, module.SAMPLE))
    assert account.rows_quarantined == 0
    assert account.rows_landed + account.rows_skipped == account.rows_read > 0
    assert account.rows_landed > 0
    assert reading.published_at or published_in_name(module.SAMPLE_NAME)


@pytest.mark.parametrize("module", CSV_MODULES, ids=module_names(CSV_MODULES))
def test_a_missing_column_is_named(module, write):
    column = NEEDED_COLUMNS[module]
    path = write(module.SAMPLE_NAME, module.SAMPLE.replace(column, "Renamed", 1))
    with pytest.raises(Refused, match=rf"missing columns \['{column}'\] in {module.SAMPLE_NAME}"):
        taken_in(module, path)


@pytest.mark.parametrize("module", MODULES, ids=module_names(MODULES))
@pytest.mark.parametrize("page", ["<html><body>Service unavailable</body></html>", "", "\n\n"])
def test_a_page_instead_of_data_is_refused(module, page, write):
    with pytest.raises(Refused, match=module.SAMPLE_NAME):
        taken_in(module, write(module.SAMPLE_NAME, page))


@pytest.mark.parametrize(("module", "name"), WHOLE_FILES, ids=[name for _, name in WHOLE_FILES])
def test_every_row_of_a_real_file_is_accounted_for(module, name, shared_data):
    _, _, account = taken_in(module, shared_data / module.SOURCE.name / name)
    found = (account.rows_read, account.rows_landed, account.rows_skipped)
    assert found == WHOLE_FILES[(module, name)]
    assert account.rows_quarantined == 0


def test_other_nations_and_territories_are_skipped_with_their_reason(write):
    for module, skipped in ((jhu, 2), (ecdc, 1), (owid, 1)):
        _, _, account = taken_in(module, write(module.SAMPLE_NAME, module.SAMPLE))
        assert account.skipped_reasons == {"outside the United Kingdom": skipped}


@pytest.mark.parametrize("module", [jhu, ecdc, owid], ids=module_names([jhu, ecdc, owid]))
def test_a_file_without_the_united_kingdom_is_refused(module, write):
    rows = [row for row in module.SAMPLE.splitlines() if "United" not in row or "Gibraltar" in row]
    with pytest.raises(Refused, match="United Kingdom"):
        taken_in(module, write(module.SAMPLE_NAME, "\n".join(rows) + "\n"))


class TestJohnsHopkins:
    def test_header_dates_become_rows_and_every_cell_is_counted(self, shared_data):
        kept, _, account = taken_in(jhu, shared_data / "jhu" / "deaths_global_2020-04-12.csv")
        assert (account.cells_read, account.cells_landed) == (82, 82)
        deaths = kept["deaths"]
        assert only(deaths, "deaths", "_row", heading="4/12/20") == (10612, 225)
        assert deaths["reported_on"].min() == date(2020, 1, 22)
        assert deaths["reported_on"].max() == date(2020, 4, 12)

    def test_cases_are_never_read_as_deaths(self, write):
        with pytest.raises(Refused, match="does not say in its name that it holds deaths"):
            taken_in(jhu, write("time_series_2020-03-15.csv", jhu.SAMPLE))
        patterns = list(jhu.SOURCE.passed_over)
        assert any("confirmed" in pattern for pattern in patterns)

    def test_an_unknown_heading_keeps_its_cell_in_quarantine(self, write):
        text = jhu.SAMPLE.replace("3/15/20", "Total")
        _, _, account = taken_in(jhu, write(jhu.SAMPLE_NAME, text))
        assert (account.cells_read, account.cells_landed, account.cells_quarantined) == (3, 2, 1)


class TestEcdc:
    def test_the_newest_date_is_the_day_of_publication(self, shared_data):
        name = "COVID-19-geographic-distribution-worldwide_2020-04-26.xlsx"
        kept, reading, _ = taken_in(ecdc, shared_data / "ecdc" / name)
        assert reading.published_at.moment == datetime(2020, 4, 7)
        counts = kept["daily_counts"]
        assert only(counts, "cases", "deaths", reported_on=date(2020, 4, 7)) == (3802, 439)

    def test_month_first_dates_of_a_file_saved_by_excel(self, shared_data):
        kept, reading, _ = taken_in(ecdc, shared_data / "ecdc" / "COVID-19-2020-08-19.csv")
        assert reading.published_at.moment == datetime(2020, 8, 19)
        counts = kept["daily_counts"]
        assert only(counts, "cases", "deaths", reported_on=date(2020, 8, 19)) == (1089, 12)

    def test_day_first_dates_as_ecdc_writes_them(self, write):
        text = ecdc.SAMPLE.replace("7/20/2020", "20/07/2020").replace("7/19/2020", "19/07/2020")
        kept, _, _ = taken_in(ecdc, write(ecdc.SAMPLE_NAME, text))
        assert sorted(kept["daily_counts"]["reported_on"]) == [date(2020, 7, 19), date(2020, 7, 20)]

    @pytest.mark.parametrize(
        ("first", "second", "words"),
        [
            ("7/8/2020", "8/8/2020", "day first or month first"),
            ("7/20/2020", "20/7/2020", "some dates day first and others month first"),
        ],
    )
    def test_dates_of_two_meanings_are_refused(self, first, second, words, write):
        text = ecdc.SAMPLE.replace("7/20/2020", first).replace("7/19/2020", second)
        with pytest.raises(Refused, match=words):
            taken_in(ecdc, write(ecdc.SAMPLE_NAME, text))

    def test_negative_corrections_are_kept(self, write):
        kept, _, _ = taken_in(ecdc, write(ecdc.SAMPLE_NAME, ecdc.SAMPLE))
        assert kept["daily_counts"]["cases"].to_list() == [60, -12]


class TestWhatTheDocstringsSay:
    """The policy (date_shifts, series) rests on these comparisons of the real files."""

    def test_ecdc_moved_by_a_day_equals_johns_hopkins_on_every_day(self, shared_data):
        daily = by_day(ecdc, shared_data / "ecdc" / "COVID-19-2020-08-19.csv", "deaths")
        totals = by_day(jhu, shared_data / "jhu" / "deaths_global_2020-08-18.csv", "deaths")
        running = {day: sum(daily[at] for at in daily if at <= day + DAY) for day in totals}
        assert running == totals
        assert len(totals) == 210

    def test_ecdc_moved_by_a_day_equals_gov_uk(self, shared_data):
        name = "COVID-19-geographic-distribution-worldwide_2020-04-26.xlsx"
        daily = by_day(ecdc, shared_data / "ecdc" / name, "deaths")
        gov_uk = gov_uk_deaths(shared_data, "daily_deaths")
        assert agreeing(gov_uk, daily, DAY) == (19, 23)
        assert agreeing(gov_uk, daily, 0 * DAY) == (0, 24)

    def test_johns_hopkins_keeps_the_day_of_gov_uk(self, shared_data):
        totals = by_day(jhu, shared_data / "jhu" / "deaths_global_2020-04-12.csv", "deaths")
        gov_uk = gov_uk_deaths(shared_data, "cumulative_deaths")
        assert agreeing(gov_uk, totals, 0 * DAY) == (28, 34)
        assert agreeing(gov_uk, totals, DAY) == (4, 33)
        assert agreeing(gov_uk, totals, -DAY) == (3, 35)

    def test_england_in_tom_whites_file_is_by_specimen_date_from_27_april(self, shared_data):
        folder = shared_data / "tomwhite_indicators_vintages"
        path = shared_data / "phe_cases_vintages" / "coronavirus-cases_2020-04-27.csv"
        kept, _, _ = taken_in(phe_cases_vintages, path)
        england = kept["cases"].filter(area_code="E92000001")
        specimens = dict(england.select("specimen_date", "cumulative_cases").unique().rows())
        for version, found in (("2020-04-15", 0), ("2020-04-27", 77)):
            path = folder / f"covid-19-indicators-uk_{version}.csv"
            kept, _, _ = taken_in(tomwhite_indicators_vintages, path)
            cases = kept["indicators"].filter(country="England", indicator="ConfirmedCases")
            totals = dict(cases.select("reported_on", "total").rows())
            assert agreeing(totals, specimens, 0 * DAY)[0] == found


def by_day(module: ModuleType, path: Path, column: str) -> dict[date, int]:
    kept, _, _ = taken_in(module, path)
    (table,) = kept.values()
    return dict(table.select("reported_on", column).rows())


def gov_uk_deaths(shared_data: Path, column: str) -> dict[date, int]:
    path = shared_data / "phe_deaths_csv" / "coronavirus-deaths-2020-04-14.csv"
    kept, _, _ = taken_in(phe_deaths_csv, path)
    uk = kept["deaths"].filter(area_code="K02000001").drop_nulls(column)
    return dict(uk.select("reporting_date", column).rows())


def agreeing(ours: dict[date, int], theirs: dict[date, int], later: timedelta) -> tuple[int, int]:
    """On how many days the two agree, and how many can be compared, if theirs stand later."""
    days = [day for day in ours if day + later in theirs]
    return sum(ours[day] == theirs[day + later] for day in days), len(days)


class TestOwid:
    def test_values_of_the_real_file(self, shared_data):
        path = shared_data / "owid" / "owid-covid-data_2020-06-18_cut.csv"
        kept, _, _ = taken_in(owid, path)
        row = only(kept["countries"], "total_deaths", "new_deaths", reported_on=date(2020, 6, 18))
        assert row == (42153, 184)
        assert only(kept["countries"], "new_cases", reported_on=date(2020, 5, 21)) == (-525,)


class TestTomWhite:
    def test_values_of_two_versions(self, shared_data):
        folder = shared_data / "tomwhite_indicators_vintages"
        cell = {"reported_on": date(2020, 4, 27), "country": "UK", "indicator": "Deaths"}
        for version, total in (("2020-04-27", 21092), ("2020-05-03", 24393)):
            path = folder / f"covid-19-indicators-uk_{version}.csv"
            kept, _, _ = taken_in(tomwhite_indicators_vintages, path)
            assert only(kept["indicators"], "total", **cell) == (total,)

    def test_an_unknown_country_is_quarantined(self, write):
        module = tomwhite_indicators_vintages
        text = module.SAMPLE.replace("Northern Ireland", "Northern Irland")
        _, _, account = taken_in(module, write(module.SAMPLE_NAME, text))
        assert account.rows_quarantined == 1


class TestGovUkDeaths:
    def test_values_of_the_real_file(self, shared_data):
        path = shared_data / "phe_deaths_csv" / "coronavirus-deaths-2020-04-14.csv"
        kept, _, _ = taken_in(phe_deaths_csv, path)
        england = {"area_code": "E92000001", "reporting_date": date(2020, 4, 14)}
        assert only(kept["deaths"], "daily_deaths", "cumulative_deaths", **england) == (744, 11005)
        uk = {"area_code": "K02000001", "reporting_date": date(2020, 3, 14)}
        assert only(kept["deaths"], "daily_deaths", "cumulative_deaths", **uk) == (None, 21)

    def test_the_headings_of_later_files(self, write):
        text = phe_deaths_csv.SAMPLE.replace("Daily hospital deaths", "Daily change in deaths")
        text = text.replace("Cumulative hospital deaths", "Cumulative deaths")
        kept, _, _ = taken_in(phe_deaths_csv, write("coronavirus-deaths-2020-05-02.csv", text))
        assert kept["deaths"]["cumulative_deaths"].to_list() == [30, 25, 21]


class TestDailyTables:
    @pytest.mark.parametrize(
        ("day", "code", "cases"),
        [
            ("2020-03-11", "E06000004", 2),
            ("2020-03-17", "E09000003", 24),
            ("2020-03-26", "E06000014", 14),
            ("2020-04-05", "E06000002", 126),
            ("2020-04-05", "E08000025", 1246),
        ],
    )
    def test_padded_and_comma_separated_numbers(self, day, code, cases, shared_data):
        path = shared_data / "phe_utla_daily_csv" / f"CountyUAs_cases_table-{day}.csv"
        kept, _, _ = taken_in(phe_utla_daily_csv, path)
        assert only(kept["cases_by_area"], "total_cases", area_code=code) == (cases,)

    def test_nhs_regions_keep_their_own_codes(self, shared_data):
        path = shared_data / "phe_utla_daily_csv" / "NHSR_Cases_table-2020-03-28.csv"
        kept, _, _ = taken_in(phe_utla_daily_csv, path)
        assert only(kept["cases_by_area"], "total_cases", area_code="E40000003") == (5299,)
        assert kept["cases_by_area"]["area_code"].str.starts_with("E40").all()

    def test_the_daily_indicators_state_their_day(self, shared_data):
        path = shared_data / "phe_utla_daily_csv" / "DailyIndicators-2020-03-15.xlsx"
        kept, reading, account = taken_in(phe_utla_daily_csv, path)
        assert reading.published_at.moment == datetime(2020, 3, 15)
        assert (account.cells_read, account.cells_landed) == (7, 7)
        counts = dict(kept["indicators"].select("heading", "published_count").rows())
        assert (counts["TotalUKCases"], counts["NewUKCases"]) == (1391, 330)
        assert (counts["EnglandCases"], counts["NICases"], counts["TotalUKDeaths"]) == (
            1099,
            45,
            35,
        )

    def test_a_new_count_in_the_indicators_is_set_aside(self, tmp_path):
        book = openpyxl.Workbook()
        book.active.append(["DateVal", "TotalUKCases", "PatientsRecovered"])
        book.active.append([datetime(2020, 3, 28), 17089, 135])
        book.save(tmp_path / "DailyIndicators-2020-03-28.xlsx")
        _, _, account = taken_in(phe_utla_daily_csv, tmp_path / "DailyIndicators-2020-03-28.xlsx")
        assert (account.cells_landed, account.cells_quarantined) == (1, 1)


class TestDashboard:
    @pytest.fixture
    def delivery(self) -> dict[str, Any]:
        delivered: dict[str, Any] = json.loads(ukhsa_dashboard_json.SAMPLE)
        return delivered

    def read(self, write, delivered, name=ukhsa_dashboard_json.SAMPLE_NAME):
        return taken_in(ukhsa_dashboard_json, write(name, json.dumps(delivered)))

    def test_every_public_file_is_kept_whole(self, shared_data):
        files = sorted((shared_data / "ukhsa_dashboard_json").glob("[!O]*.json"))
        accounts = [taken_in(ukhsa_dashboard_json, path)[2] for path in files]
        assert len(accounts) == 176
        assert sum(account.rows_landed for account in accounts) == 22403
        assert sum(account.rows_quarantined for account in accounts) == 0

    def test_values_and_moment_of_a_real_file(self, shared_data):
        name = ukhsa_dashboard_json.SAMPLE_NAME
        kept, reading, _ = taken_in(
            ukhsa_dashboard_json, shared_data / "ukhsa_dashboard_json" / name
        )
        assert only(kept["time_series"], "metric_value", date=date(2022, 11, 8)) == (3380.0,)
        assert reading.published_at.moment == datetime(2023, 11, 16, 17, 30)
        assert reading.published_at.precision == "second"

    def test_every_file_that_is_not_public_is_refused_under_any_name(self, shared_data, tmp_path):
        files = sorted((shared_data / "ukhsa_dashboard_json").glob("OFF-SENS*.json"))
        assert len(files) == 54
        for path in files:
            renamed = tmp_path / path.name.removeprefix("OFF-SENS_")
            renamed.write_bytes(path.read_bytes())
            with pytest.raises(Refused, match="only public series may be loaded"):
                taken_in(ukhsa_dashboard_json, renamed)

    def test_one_hidden_row_refuses_the_file(self, delivery, write):
        delivery["time_series"][1]["is_public"] = False
        with pytest.raises(Refused, match="1 of 2 rows that are not marked public"):
            self.read(write, delivery)
        del delivery["time_series"][1]["is_public"]
        with pytest.raises(Refused, match="only public series"):
            self.read(write, delivery)

    def test_the_newest_embargo_counts_in_london_time(self, delivery, write):
        delivery["time_series"][1]["embargo"] = "2024-07-04 14:00:00"
        _, reading, _ = self.read(write, delivery)
        assert reading.published_at.moment == datetime(2024, 7, 4, 13, 0)

    def test_without_an_embargo_the_day_of_the_refresh_counts(self, delivery, write):
        for row in delivery["time_series"]:
            row["embargo"] = None
        _, reading, _ = self.read(write, delivery)
        assert reading.published_at.moment == datetime(2023, 11, 9)
        assert reading.published_at.precision == "day"

    def test_nothing_under_embargo_is_taken_in(self, delivery, write):
        later = datetime.now() + timedelta(days=3)
        delivery["time_series"][0]["embargo"] = later.strftime("%Y-%m-%d %H:%M:%S")
        with pytest.raises(Refused, match="is under embargo until"):
            self.read(write, delivery)

    def test_an_embargo_that_is_no_time_is_refused(self, delivery, write):
        delivery["time_series"][0]["embargo"] = "Thursday"
        with pytest.raises(Refused, match="which is no time such as"):
            self.read(write, delivery)

    def test_a_name_that_belongs_to_another_series_is_refused(self, delivery, write):
        with pytest.raises(Refused, match="which its name does not say"):
            self.read(
                write, delivery, "COVID-19_cases_casesByDay_CTRY_W92000004_all_all_default.json"
            )

    def test_missing_keys_are_named(self, delivery, write):
        del delivery["geography_code"]
        with pytest.raises(Refused, match=r"missing keys \['geography_code'\]"):
            self.read(write, delivery)

    def test_a_null_stays_a_row_without_a_value(self, delivery, write):
        delivery["time_series"][0]["metric_value"] = None
        kept, _, _ = self.read(write, delivery)
        assert kept["time_series"]["metric_value"].to_list() == [None, 7.0]

    @pytest.mark.parametrize("rows", [[], [1, 2], None])
    def test_a_delivery_without_rows_is_refused(self, rows, delivery, write):
        delivery["time_series"] = rows
        with pytest.raises(
            Refused, match=r"neither under time_series nor under data|holds nothing"
        ):
            self.read(write, delivery)
