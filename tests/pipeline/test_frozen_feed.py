"""Pages of the dashboard's data service, from the published files to figures and breakers."""

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from loaders import intake
from loaders.receipts import read_receipts
from pipeline.load import Stated, load
from store.moments import now as present
from store.moments import parse_moment
from store.paths import Home
from store.reader import Reader, open_reader

pytestmark = pytest.mark.shared
ENGLAND, HACKNEY, LONDON_NHS = "E92000001", "E09000012", "E40000003"
FROZEN = "all_2021-05-15.csv"
PAGES = ("utla_cases_2020-09-12.csv", "utla_cases_2020-09-15.csv", "utla_cases_2020-09-19.csv")


@pytest.fixture(scope="module")
def now(real_home: Home) -> Iterator[Reader]:
    with open_reader(real_home) as reader:
        yield reader


@pytest.fixture(scope="module")
def repeating_home(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory, trigpoint: Callable[..., object]
) -> Home:
    """A home into which a feed that stands still came yesterday and, the same bytes, today."""
    root = tmp_path_factory.mktemp("repeating")
    folder, home = root / "published", Home(root / "home")
    (folder / "phe_api_pages").mkdir(parents=True)
    for name in (*PAGES, FROZEN):
        shutil.copyfile(shared_data / "phe_api_pages" / name, folder / "phe_api_pages" / name)
    with pytest.MonkeyPatch.context() as clock:
        clock.setattr(intake, "now", lambda: present() - timedelta(days=1))
        load(home, folder, [], Stated(), lambda *_: None)
    trigpoint("run", "--from", folder, "--home", home.root)
    return home


def values(
    reader: Reader, metric_id: str, area_id: str, stratum_id: str = "all"
) -> dict[date, float]:
    answer = reader.ask(
        "select event_date, value from figures where metric_id = $metric_id "
        "and area_id = $area_id and stratum_id = $stratum_id",
        metric_id=metric_id,
        area_id=area_id,
        stratum_id=stratum_id,
    )
    return dict(answer.rows())


def held(reader: Reader) -> dict[str, tuple[str, bool, str]]:
    """What breakers say of the pages: severity, whether it still waits, and the sentence."""
    answer = reader.ask(
        "select breaker_id, severity, is_open, sentence from breakers "
        "where source_id = 'phe_api_pages'"
    )
    return {name: (severity, is_open, said) for name, severity, is_open, said in answer.rows()}


# A feed that stands still


def test_a_feed_that_stands_still_is_held(now: Reader):
    """Published on 15 May 2021 with nothing newer than 26 April, 19 days before."""
    severity, is_open, sentence = held(now)["stands_still"]
    assert (severity, is_open) == ("hold", True)
    assert sentence == (
        f"phe_api_pages, {FROZEN}: the newest day is much older than it usually is when this "
        "source publishes (cases_by_specimen_date newest day 2021-04-26, 19 days before "
        "publication). The file waits and the figures before it stay: ask the publisher."
    )


def test_no_other_page_is_held(now: Reader):
    holding = {name for name, (severity, *_) in held(now).items() if severity == "hold"}
    assert holding == {"stands_still"}


def test_of_the_held_file_nothing_is_claimed_and_the_pages_before_it_stand(
    now: Reader, shared_data: Path
):
    newest = now.ask("select max(published_at) from claims where source_id = 'phe_api_pages'")
    assert newest.item() < parse_moment("2021-05-15")
    with (shared_data / "phe_api_pages" / PAGES[-1]).open() as file:
        page = {
            date.fromisoformat(row["date"]): float(row["newCasesBySpecimenDate"])
            for row in csv.DictReader(file)
            if row["areaCode"] == HACKNEY
        }
    figures = values(now, "cases_by_specimen_date", HACKNEY)
    assert {day: value for day, value in figures.items() if day in page} == page
    assert max(figures) == max(page) == date(2020, 9, 19)


def test_the_same_bytes_on_a_later_day_are_a_feed_that_repeats_itself(repeating_home: Home):
    receipts = read_receipts(repeating_home).filter(file_name=FROZEN).sort("landed_at")
    assert receipts["verdict"].to_list() == ["landed", "known"]
    assert receipts["landed_at"].dt.date().n_unique() == 2
    with open_reader(repeating_home) as reader:
        said = held(reader)
    assert said.keys() == {"stands_still", "same_file_again"}
    severity, _, sentence = said["same_file_again"]
    assert severity == "warn"
    assert sentence.startswith(f"phe_api_pages, {FROZEN}: the same bytes came again")


# What the pages say


@pytest.mark.parametrize(
    ("as_of", "page"),
    [("2020-09-12", PAGES[0]), ("2020-09-15", PAGES[1]), ("2020-09-19", PAGES[2])],
)
def test_after_the_files_end_authorities_have_the_cases_of_the_page(
    real_home: Home, shared_data: Path, as_of: str, page: str
):
    with (shared_data / "phe_api_pages" / page).open() as file:
        rows = [row for row in csv.DictReader(file) if row["date"] != "date"]
    published = {(r["areaCode"], r["date"]): float(r["newCasesBySpecimenDate"]) for r in rows}
    with open_reader(real_home, as_of=parse_moment(as_of)) as then:
        answer = then.ask(
            "select area_id, event_date::varchar, value from figures "
            "where metric_id = 'cases_by_specimen_date' and event_date >= '2020-08-15' "
            "and stratum_id = 'all' and value is not null"
        )
    found = {(area_id, day): value for area_id, day, value in answer.rows()}
    assert found == published


def test_where_both_speak_of_a_day_the_file_of_all_specimens_comes_first(now: Reader):
    ranks = now.ask(
        "select source_id, rank from precedence where metric_id = 'cases_by_specimen_date' "
        "and source_id like 'phe%' order by rank"
    )
    assert ranks.rows() == [("phe_cases_vintages", 1), ("phe_api_pages", 2)]
    sources = now.ask(
        "select distinct source_id from figures where metric_id = 'cases_by_specimen_date' "
        "and event_date <= date '2020-08-05'"
    )
    assert sources.to_series().to_list() == ["phe_cases_vintages"]


@pytest.mark.parametrize(
    ("area_id", "name"), [(ENGLAND, "England"), (LONDON_NHS, "London"), ("E40000006", "South West")]
)
def test_admissions_by_age_are_the_steps_of_the_published_totals(
    now: Reader, shared_data: Path, area_id: str, name: str
):
    page = json.loads((shared_data / "phe_api_pages" / "admissions_2020-10-15.json").read_text())
    totals = {
        date.fromisoformat(record["date"]): part["value"]
        for record in page["data"]
        for part in record["cumAdmissionsByAge"]
        if (record["areaName"], part["age"]) == (name, "65_to_84")
    }
    assert values(now, "admissions_covid_cumulative", area_id, "age_65_84") == totals
    steps = {day: total - totals[day - timedelta(1)] for day, total in sorted(totals.items())[1:]}
    assert values(now, "admissions_covid", area_id, "age_65_84") == steps


def test_nobody_adds_up_ages_to_everybody(now: Reader):
    """People of unknown age are in no band; everybody is only what the successor counted so."""
    everybody = now.ask(
        "select distinct source_id from claims "
        "where metric_id like 'admissions_covid%' and stratum_id = 'all'"
    )
    assert everybody.to_series().to_list() == ["ukhsa_dashboard_json"]


@pytest.mark.parametrize(
    ("area_id", "name"), [(ENGLAND, "England"), ("N92000002", "Northern Ireland")]
)
def test_deaths_within_28_days_are_those_of_the_newest_page(
    now: Reader, shared_data: Path, area_id: str, name: str
):
    page = json.loads((shared_data / "phe_api_pages" / "sex_2020-09-29.json").read_text())
    deaths = {
        date.fromisoformat(record["date"]): record["newDeaths28DaysByDeathDate"]
        for record in page["data"]
        if record["areaName"] == name
    }
    assert values(now, "deaths_28d_by_death_date", area_id) == deaths


def test_the_page_of_15_april_settles_that_days_new_cases(now: Reader):
    """GOV.UK announced 4,605; the totals of the two days lie 4,603 apart."""
    answer = now.ask(
        "select source_id, value, is_used from disagreements where metric_id = "
        "'cases_by_report_date' and area_id = 'K02000001' and event_date = date '2020-04-15' "
        "and source_id in ('phe_api_pages', 'tomwhite_indicators_vintages') order by source_id"
    )
    assert answer.rows() == [
        ("phe_api_pages", 4605, True),
        ("tomwhite_indicators_vintages", 4603, False),
    ]
