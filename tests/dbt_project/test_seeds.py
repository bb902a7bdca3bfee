"""The policy and reference tables: whole, consistent, and right where the answer is known."""

import csv
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from loaders.sources import all_sources

SEEDS = Path(__file__).parents[2] / "dbt_project" / "seeds"
ENGLAND, UNITED_KINGDOM = "E92000001", "K02000001"
GSS = re.compile(r"^[EWSNK]\d{8}$")
ODS = re.compile(r"^[A-Z0-9]{3,6}$")
ORGANISATIONS = {"trust", "independent_provider", "hospital"}
NHS_REGIONS_OF_2020 = {f"E400000{number:02}" for number in (3, 5, 6, 7, 8, 9, 10)}
DAILY_METRICS = {
    "admissions_covid",
    "cases_by_specimen_date",
    "cases_by_report_date",
    "deaths_hospital_by_death_date",
    "deaths_hospital_by_report_date",
    "deaths_any_time_by_report_date",
    "deaths_any_time_by_death_date",
    "deaths_60d_by_report_date",
    "deaths_60d_by_death_date",
    "deaths_28d_by_report_date",
    "deaths_28d_by_death_date",
    "deaths_certificate_by_registration_date",
    "deaths_certificate_by_death_date",
}
OTHER_METRICS = {
    # Not public, so it is shown in one time form only.
    "admissions_by_residence",
    "deaths_certificate_by_registration_week",
    "deaths_all_causes_by_registration_week",
    "population",
    # Uptake has two denominators: residents, and the people on the immunisation register.
    "population_registered",
    "people_vaccinated_first_dose",
    # Beds are counted where they stand, so that a trust that splits loses none and doubles none.
    "beds_open_general_acute",
    "beds_occupied_general_acute",
    "beds_open_critical_care_adult",
    "beds_occupied_critical_care_adult",
    # In hospital for COVID-19 is no breakdown of in hospital with it.
    "patients_in_hospital_with_covid",
    "patients_in_hospital_for_covid",
}
CELL_REASONS = {
    "new",
    "late_return",
    "backfill",
    "correction",
    "de_duplication",
    "redefinition",
    "reallocation",
    "coverage",
    "source_switch",
    "withdrawal",
    "suppression",
    "opt_out",
}
Row = dict[str, str]


def seed(name: str) -> list[Row]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def areas() -> dict[str, Row]:
    return {row["area_id"]: row for row in seed("areas")}


@pytest.fixture(scope="module")
def metrics() -> dict[str, Row]:
    return {row["metric_id"]: row for row in seed("metrics")}


@pytest.fixture(scope="module")
def successions() -> list[Row]:
    return seed("area_successions")


def held_on(row: Row, day: str) -> bool:
    return (row["valid_from"] or "0000") <= day <= (row["valid_to"] or "9999")


def of_type(areas: dict[str, Row], kind: str) -> list[Row]:
    return [row for row in areas.values() if row["area_type"] == kind]


def tier(areas: dict[str, Row], column: str, day: str) -> list[Row]:
    """The authorities of England of one tier as they stood on a day."""
    return [
        row
        for row in areas.values()
        if row[column] == "true" and row["area_id"].startswith("E") and held_on(row, day)
    ]


def ancestors(areas: dict[str, Row], area_id: str) -> Iterator[str]:
    while parent := areas[area_id]["parent_area_id"]:
        yield parent
        area_id = parent


def test_every_area_has_one_row_and_a_code_of_its_kind(areas: dict[str, Row]) -> None:
    assert len(areas) == len(seed("areas"))
    for area_id, row in areas.items():
        form = ODS if row["area_type"] in ORGANISATIONS else GSS
        assert form.match(area_id), area_id
        assert row["area_name"].strip() == row["area_name"] != ""


def test_every_area_leads_up_to_the_united_kingdom(areas: dict[str, Row]) -> None:
    for area_id in areas:
        assert [area_id, *ancestors(areas, area_id)][-1] == UNITED_KINGDOM, area_id


def test_england_has_nine_regions_and_seven_nhs_regions(areas: dict[str, Row]) -> None:
    regions = {row["area_id"] for row in of_type(areas, "region")}
    assert regions == {f"E1200000{number}" for number in range(1, 10)}
    nhs = {row["area_id"] for row in of_type(areas, "nhs_region") if held_on(row, "2020-08-03")}
    assert nhs == NHS_REGIONS_OF_2020
    assert {areas[area]["parent_area_id"] for area in regions | nhs} == {ENGLAND}


@pytest.mark.parametrize(
    ("day", "lower", "upper"),
    [
        ("2019-03-31", 326, 152),
        ("2019-06-30", 317, 151),
        ("2020-06-30", 314, 151),
        ("2021-06-30", 309, 152),
        ("2023-06-30", 296, 153),
    ],
)
def test_england_had_this_many_authorities(
    areas: dict[str, Row], day: str, lower: int, upper: int
) -> None:
    assert len(tier(areas, "is_lower_tier", day)) == lower
    assert len(tier(areas, "is_upper_tier", day)) == upper


def test_every_authority_of_england_lies_in_a_region(areas: dict[str, Row]) -> None:
    for row in [*of_type(areas, "ltla"), *of_type(areas, "utla"), *of_type(areas, "unitary")]:
        if row["area_id"].startswith("E"):
            assert areas[row["region_id"]]["area_type"] == "region", row["area_id"]
            assert row["region_id"] in ancestors(areas, row["area_id"]), row["area_id"]


def test_a_district_lies_in_a_county_of_its_time(areas: dict[str, Row]) -> None:
    for row in of_type(areas, "ltla"):
        county = areas[row["parent_area_id"]]
        assert county["area_type"] == "utla"
        assert (county["valid_to"] or "9999") >= (row["valid_to"] or "9999"), row["area_id"]


def test_organisations_lie_in_an_nhs_region_or_in_wales(areas: dict[str, Row]) -> None:
    for row in areas.values():
        if row["area_type"] in ORGANISATIONS:
            assert row["parent_area_id"] in {*NHS_REGIONS_OF_2020, "W92000004"}, row["area_id"]
            assert row["region_id"] == row["parent_area_id"] or row["region_id"] == ""


def test_nhs_regions_are_no_statistical_regions(areas: dict[str, Row]) -> None:
    for row in areas.values():
        if row["area_type"] in ORGANISATIONS:
            assert not row["region_id"].startswith("E12")
        if row["area_type"] in {"ltla", "utla", "unitary"}:
            assert not row["region_id"].startswith("E40")


def test_centroids_lie_where_england_lies(areas: dict[str, Row]) -> None:
    for row in areas.values():
        if row["latitude"] and row["area_id"].startswith("E"):
            assert 49.8 < float(row["latitude"]) < 55.9, row["area_id"]
            assert -6.5 < float(row["longitude"]) < 1.8, row["area_id"]


@pytest.mark.parametrize(
    ("area_id", "latitude", "longitude"),
    [
        ("E06000016", 52.64, -1.13),
        ("E09000001", 51.51, -0.09),
        ("E06000060", 51.8, -0.8),
        ("E12000007", 51.5, -0.1),
        ("W06000015", 51.5, -3.2),
        ("S12000036", 55.9, -3.3),
    ],
)
def test_a_centroid_that_an_atlas_knows(
    areas: dict[str, Row], area_id: str, latitude: float, longitude: float
) -> None:
    assert float(areas[area_id]["latitude"]) == pytest.approx(latitude, abs=0.06)
    assert float(areas[area_id]["longitude"]) == pytest.approx(longitude, abs=0.1)


def test_every_place_has_a_centroid_and_no_organisation_has(areas: dict[str, Row]) -> None:
    without = {area_id for area_id, row in areas.items() if not row["latitude"]}
    organisations = {i for i, row in areas.items() if row["area_type"] in ORGANISATIONS}
    assert without == organisations | {"E40000001", "E40000002"}


def test_dates_are_in_order_and_rows_name_their_source(areas: dict[str, Row]) -> None:
    for row in areas.values():
        assert (row["valid_from"] or "0000") <= (row["valid_to"] or "9999"), row["area_id"]
        assert row["source"]
        assert row["licence"] == "Open Government Licence v3.0"


def test_the_two_small_areas_are_counted_with_their_neighbours(areas: dict[str, Row]) -> None:
    counted = {i: row["counted_with"] for i, row in areas.items() if row["counted_with"]}
    assert counted == {"E09000001": "E09000012", "E06000053": "E06000052"}


def test_successions_speak_of_known_areas_once(
    areas: dict[str, Row], successions: list[Row]
) -> None:
    steps = [(row["from_area_id"], row["to_area_id"]) for row in successions]
    assert len(steps) == len(set(steps))
    assert {area for step in steps for area in step} <= set(areas)
    assert {row["kind"] for row in successions} <= {"merge", "split", "rename", "recode"}


def test_a_merger_passes_everything_on_and_a_split_invents_no_share(
    successions: list[Row],
) -> None:
    parts = Counter(row["from_area_id"] for row in successions)
    for row in successions:
        if row["kind"] == "merge":
            assert (row["share"], parts[row["from_area_id"]]) == ("1.0", 1)
        if row["kind"] == "split":
            assert parts[row["from_area_id"]] > 1
            assert row["share"] == ""


def test_a_chain_of_successors_ends(successions: list[Row]) -> None:
    after: dict[str, list[Row]] = {}
    for row in successions:
        after.setdefault(row["from_area_id"], []).append(row)
    for row in successions:
        for step in after.get(row["to_area_id"], []):
            assert step["happened_on"] > row["happened_on"], (row, step)


def test_what_ends_has_a_successor_from_the_next_day(
    areas: dict[str, Row], successions: list[Row]
) -> None:
    starts = {row["from_area_id"]: row["happened_on"] for row in successions}
    for kind in ("ltla", "utla", "unitary"):
        for row in of_type(areas, kind):
            if row["valid_to"]:
                next_day = date.fromisoformat(row["valid_to"]) + timedelta(days=1)
                assert starts[row["area_id"]] == next_day.isoformat(), row["area_id"]


@pytest.mark.parametrize(
    ("old", "new", "day"),
    [
        ("RBA", ["RH5"], "2020-04-01"),
        ("RDD", ["RAJ"], "2020-04-01"),
        ("RD3", ["R0D"], "2020-10-01"),
        ("RTV", ["RW4"], "2021-06-01"),
        ("RW6", ["R0A", "RM3"], "2021-10-01"),
        ("E07000004", ["E06000060"], "2020-04-01"),
        ("E07000154", ["E06000062"], "2021-04-01"),
        ("E07000026", ["E06000063"], "2023-04-01"),
        ("E07000048", ["E06000058"], "2019-04-01"),
    ],
)
def test_a_succession_that_is_known(
    successions: list[Row], old: str, new: list[str], day: str
) -> None:
    found = [row for row in successions if row["from_area_id"] == old]
    assert sorted(row["to_area_id"] for row in found) == new
    assert {row["happened_on"] for row in found} == {day}


def test_a_published_name_means_one_area_and_nhs_regions_stay_nhs_regions(
    areas: dict[str, Row],
) -> None:
    names = seed("area_names")
    keys = [(row["source_id"], row["published_name"]) for row in names]
    assert len(keys) == len(set(keys))
    assert {row["area_id"] for row in names} <= set(areas)
    nhs = {row["area_id"] for row in names if row["source_id"] == "nhse_announced_deaths"}
    assert nhs == {*NHS_REGIONS_OF_2020, ENGLAND}


def test_the_metrics_are_those_agreed(metrics: dict[str, Row]) -> None:
    cumulative = {f"{metric_id}_cumulative" for metric_id in DAILY_METRICS}
    assert set(metrics) == DAILY_METRICS | OTHER_METRICS | cumulative
    assert len(metrics) == len(seed("metrics"))


def test_every_metric_says_what_it_counts_and_what_it_does_not(metrics: dict[str, Row]) -> None:
    for metric_id, row in metrics.items():
        assert row["definition"].endswith("."), metric_id
        assert row["not_counted"].endswith("."), metric_id
        assert len(row["definition"]) > 60
        assert row["direction"] in {"up_is_worse", "up_is_better", "neither"}
        assert row["grain"] in {"day", "week", "year"}
        assert int(row["usual_lag_days"]) >= 0
        assert row["owner"]
    assert len({row["definition"] for row in metrics.values()}) == len(metrics)


def test_a_running_total_belongs_to_a_daily_metric(metrics: dict[str, Row]) -> None:
    for metric_id, row in metrics.items():
        daily = metric_id.removesuffix("_cumulative")
        assert row["cumulative_of"] == (daily if daily != metric_id else ""), metric_id
        assert row["quantity_id"] == metrics[daily]["quantity_id"]
        assert row["denominator_metric_id"] in {*metrics, ""}


def test_the_leaders_page_has_an_order(metrics: dict[str, Row]) -> None:
    ranks = sorted(int(row["headline_rank"]) for row in metrics.values() if row["headline_rank"])
    assert ranks == list(range(1, len(ranks) + 1))


def test_events_concern_what_is_known(metrics: dict[str, Row], areas: dict[str, Row]) -> None:
    events = seed("events")
    assert len({row["event_id"] for row in events}) == len(events)
    for row in events:
        assert row["metric_id"] in {*metrics, ""}
        assert row["area_id"] in {*areas, ""}
        assert row["metric_id"] or row["area_id"], "an event without either would explain anything"
        assert row["kind"] in CELL_REASONS
        assert (row["event_from"] or "0000") < (row["event_until"] or "9999")
        assert row["link"].startswith("https://")


@pytest.mark.parametrize(
    ("event_id", "day", "figures"),
    [
        ("pillar-2-england-specimen", "2020-07-02", ["160,764", "243,910", "82,623", "523"]),
        ("pillar-2-uk-report", "2020-07-02", ["30,302"]),
        ("28-day-deaths-begin", "2020-08-12", ["42,072", "36,695", "5,377", "40,404"]),
        ("all-settings-deaths-begin", "2020-04-29", ["11,005", "12,971"]),
        ("xls-truncation-report", "2020-10-03", ["15,841", "4,786"]),
        ("void-positives", "2020-11-27", ["1,283"]),
        ("lfd-removed-report", "2021-04-09", ["8,010", "-4,787"]),
        ("reinfections-specimen", "2022-01-31", ["14,845,382", "588,114"]),
    ],
)
def test_an_event_that_is_known(event_id: str, day: str, figures: list[str]) -> None:
    row = next(row for row in seed("events") if row["event_id"] == event_id)
    assert row["happened_on"] == day
    for figure in figures:
        assert figure in row["published_text"]


def test_amounts_of_events_are_of_a_day_of_the_event_and_in_its_words(
    areas: dict[str, Row],
) -> None:
    events = {row["event_id"]: row for row in seed("events")}
    rows = seed("event_amounts")
    cells = [(events[row["event_id"]]["metric_id"], *list(row.values())[1:4]) for row in rows]
    assert len(set(cells)) == len(cells), "a figure would hold two amounts and count twice"
    for row in rows:
        event = events[row["event_id"]]
        assert event["event_from"] <= row["event_date"] < event["event_until"]
        assert row["event_date"] == event["happened_on"]
        assert event["area_id"] in {row["area_id"], ""}
        assert row["source_id"] in all_sources()
        assert row["area_id"] in areas
        # Of two events of one day, one can name the number and the other what was not revised.
        told = [other for other in events.values() if other["happened_on"] == event["happened_on"]]
        amount = f"{abs(int(row['amount'])):,}"
        assert any(amount in other["published_text"] for other in told), amount
        assert row["basis"].endswith(".")


def test_everybody_is_a_stratum_and_ages_are_in_order() -> None:
    strata = {row["stratum_id"]: row for row in seed("strata")}
    assert strata["all"]["stratum_name"] == "Everyone"
    for row in strata.values():
        assert int(row["age_from"] or 0) <= int(row["age_to"] or 999)


def test_bank_holidays_are_working_days_that_are_not() -> None:
    days = [date.fromisoformat(row["holiday_date"]) for row in seed("bank_holidays")]
    assert len(days) == len(set(days))
    assert all(day.isoweekday() <= 5 for day in days)
    assert Counter(day.year for day in days) == {
        **dict.fromkeys((2020, 2021, 2024, 2025, 2026), 8),
        2022: 10,
        2023: 9,
    }
    assert {date(2020, 5, 8), date(2022, 9, 19), date(2023, 5, 8)} <= set(days)


def test_due_times_are_times_of_known_weekdays() -> None:
    rows = seed("due_times")
    assert len({(row["source_id"], row["weekday"]) for row in rows}) == len(rows)
    for row in rows:
        datetime.strptime(row["due_time"], "%H:%M")  # noqa: DTZ007 - the row names its zone
        datetime.strptime(row["weekday"], "%A")  # noqa: DTZ007
        assert row["timezone"] == "Europe/London"
        assert row["is_due_on_bank_holidays"] in {"true", "false"}


def test_due_times_are_those_that_sources_promise() -> None:
    due = {(row["source_id"], row["due_time"]) for row in seed("due_times")}
    promised = {
        (name, time[0])
        for name, module in all_sources().items()
        if (time := re.findall(r"\d\d:\d\d", module.SOURCE.due))
    }
    assert due == promised


def test_populations_add_up(areas: dict[str, Row]) -> None:
    people = {row["area_id"]: int(row["population"]) for row in seed("populations")}
    assert set(people) <= set(areas)
    assert (people[ENGLAND], people[UNITED_KINGDOM]) == (56_550_138, 67_081_234)
    for kind in ("region", "nhs_region"):
        assert sum(people.get(row["area_id"], 0) for row in of_type(areas, kind)) == people[ENGLAND]
    for column in ("is_lower_tier", "is_upper_tier"):
        for day in ("2021-06-30", "2023-06-30"):
            held = tier(areas, column, day)
            assert sum(people[row["area_id"]] for row in held) == people[ENGLAND], (column, day)
    assert sum(people[row["area_id"]] for row in of_type(areas, "nation")) == people[UNITED_KINGDOM]


def test_every_mark_for_a_hidden_value_is_known_and_bounded() -> None:
    marks = {row["mark"]: row for row in seed("missing_marks")}
    named = {"*", "c", "..", "-", "null", "-99", "-999", "-999999", "1 to 4", "<5"}
    assert named <= set(marks)
    for mark, row in marks.items():
        assert mark == mark.strip().lower() != ""
        assert int(row["lower"] or 0) <= int(row["upper"] or 999)
    assert (marks["<5"]["lower"], marks["<5"]["upper"]) == ("0", "4")


def test_the_notice_names_the_licence() -> None:
    notice = (SEEDS.parents[1] / "NOTICE").read_text(encoding="utf-8")
    sentence = "Contains public sector information licensed under the Open Government Licence v3.0."
    assert sentence in notice
    assert "Contains OS data" in notice


def test_parts_of_areas_form_no_circle_and_each_kind_of_part_stands_once() -> None:
    """Disclosure control and the files of scopes walk this tree down to its end."""
    wholes: dict[str, set[str]] = {}
    for row in seed("areas"):
        wholes.setdefault(row["area_id"], set()).update({row["parent_area_id"]} - {""})
    for row in seed("area_parts"):
        wholes[row["part_id"]].add(row["whole_id"])
    for row in seed("area_successions"):
        if row["share"] == "1.0":
            wholes[row["from_area_id"]].add(row["to_area_id"])
    for area in wholes:
        above, waiting = set(), [area]
        while waiting:
            new = wholes[waiting.pop()] - above
            above |= new
            waiting += new
        assert area not in above, area
    parts = [(row["partition"], row["part_id"]) for row in seed("area_parts")]
    assert len(parts) == len(set(parts))


def test_what_is_not_public_is_a_count_that_adds_up_over_areas(metrics: dict[str, Row]) -> None:
    guarded = [row for row in metrics.values() if row["disclosure_class"] != "published"]
    assert {row["metric_id"] for row in guarded} == {"admissions_by_residence"}
    for row in guarded:
        assert row["is_additive_over_area"] == "true" and row["decimals"] == "0"
