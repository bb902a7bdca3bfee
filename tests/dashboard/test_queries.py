from datetime import date, datetime

import duckdb
import polars as pl
import pytest
from homes import copied

from dashboard.queries import (
    arrivals,
    breakers,
    disagreements,
    headlines,
    reference,
    trend,
    weeks,
)
from store import passport
from store.paths import Home
from store.reader import open_reader
from tests.dashboard.small_england import (
    AYLESBURY_VALE,
    BUCKINGHAMSHIRE,
    DISPUTED,
    ENGLAND,
    EXPLAINED,
    LEICESTER,
    REGIONS,
    WITHDRAWN,
)

CASES = "cases_by_specimen_date"
DEATHS = "deaths_28d_by_death_date"


@pytest.fixture(scope="module")
def in_july(home):
    with open_reader(Home(home), as_of=datetime(2020, 7, 25)) as opened:
        yield opened


def test_a_headline_is_the_newest_settled_figure_and_the_one_a_week_before(reader):
    first = headlines.headlines(reader, ENGLAND).row(0, named=True)
    assert first["metric_id"] == CASES
    assert (first["event_date"], first["filling"]) == (date(2020, 7, 30), 5)
    before = passport.figure(reader, f"{CASES}.{ENGLAND}.all.2020-07-23")
    assert first["value_before"] == before["value"]


def test_headlines_at_a_past_moment_are_those_of_that_moment(reader, in_july):
    then = headlines.headlines(in_july, ENGLAND).row(0, named=True)
    assert then["event_date"] == date(2020, 7, 16)
    version = passport.versions(reader, then["figure_id"]).filter(
        pl.col("known_from") <= in_july.as_of
    )
    assert then["value"] == version["value"][-1]


def test_headlines_of_an_area_without_figures_are_none(reader):
    assert headlines.headlines(reader, AYLESBURY_VALE).is_empty()


def test_seven_days_are_summed_only_when_all_seven_are_there(reader):
    (whole,) = weeks.last_weeks(reader, [CASES], [LEICESTER], LEICESTER).to_dicts()
    assert (whole["total"], whole["until"]) == (158, date(2020, 7, 30))
    assert whole["rate"] == pytest.approx(158 * 100000 / 354_224)
    # One of the days was hidden, so the seven before cannot be added up.
    (holed,) = weeks.last_weeks(reader, [DEATHS], [LEICESTER], LEICESTER).to_dicts()
    assert (holed["total"], holed["total_before"]) == (7, None)


def test_areas_are_compared_on_one_date(reader):
    found = weeks.last_weeks(reader, [CASES, DEATHS], [*REGIONS, ENGLAND], ENGLAND)
    assert found.height == 20
    assert found["until"].unique().to_list() == [date(2020, 7, 30)]
    regions = found.filter((pl.col("area_id") != ENGLAND) & (pl.col("metric_id") == CASES))
    assert regions["total"].null_count() == 0


def test_a_measure_that_the_area_lacks_stands_at_the_others_date(reader):
    found = weeks.last_weeks(reader, [CASES], [LEICESTER], AYLESBURY_VALE)
    assert found["until"].to_list() == [date(2020, 7, 30)]
    assert weeks.last_weeks(reader, [CASES], [AYLESBURY_VALE], AYLESBURY_VALE).is_empty()


def test_the_trend_has_a_row_for_every_date_and_a_mean_of_settled_ones_only(reader):
    points = trend.trend(reader, CASES, LEICESTER)
    dates = points["event_date"]
    assert points.height == (dates[-1] - dates[0]).days + 1
    assert points.filter(pl.col("event_date") == date(2020, 7, 4))["value"].to_list() == [None]
    around = points.filter(pl.col("event_date").is_between(date(2020, 7, 1), date(2020, 7, 7)))
    assert around["mean"].null_count() == 7
    assert points.filter("is_provisional")["mean"].null_count() == 5


def test_one_date_that_is_far_off_draws_no_thousands_of_years(home, tmp_path):
    """A release from before such rows were set aside can hold one."""
    far = Home(tmp_path / "home")
    copied(home, far.root)
    [controlled] = far.releases.glob("*/controlled.duckdb")
    with duckdb.connect(str(controlled)) as connection:
        connection.execute(
            "update figures set event_date = date '9999-12-31' where figure_id = (select "
            "max_by(figure_id, event_date) from figures where metric_id = $1 and area_id = $2)",
            [CASES, LEICESTER],
        )
    with open_reader(Home(home)) as before, open_reader(far) as after:
        drawn = trend.trend(before, CASES, LEICESTER, date.min)
        with_far = trend.trend(after, CASES, LEICESTER, date.min)
    assert with_far.height < drawn.height + trend.MOST_FILLED + 1
    held = pl.col("figure_id").is_not_null()
    assert with_far.filter(held).height == drawn.filter(held).height


def test_the_trend_keeps_to_the_dates_asked_for(reader):
    points = trend.trend(reader, CASES, ENGLAND, date(2020, 7, 1), date(2020, 7, 10))
    assert (points["event_date"][0], points["event_date"][-1]) == (
        date(2020, 7, 1),
        date(2020, 7, 10),
    )


def test_a_comparison_holds_rates_of_settled_weeks_in_the_order_asked_for(reader):
    rates = trend.comparison(reader, CASES, [LEICESTER, ENGLAND])
    assert list(dict.fromkeys(rates["area_id"])) == [LEICESTER, ENGLAND]
    assert rates["event_date"].max() == date(2020, 7, 30)
    newest = rates.filter(pl.col("area_id") == LEICESTER).row(-1, named=True)
    assert newest["value"] == pytest.approx(158 * 100000 / 354_224)


def test_disagreements_show_the_value_not_used_and_why(reader):
    found = disagreements.disagreements(reader, "E12000007").row(0, named=True)
    assert found["figure_id"] == DISPUTED
    assert found["other_value"] == found["value"] + 4
    assert found["gap"] == 4
    assert "own file" in found["reason"]
    assert disagreements.counts(reader, "E12000007") == {"disputed": 1, "explained": 0}


def test_disagreements_were_not_known_before_they_were_published(in_july):
    assert disagreements.disagreements(in_july, "E12000007").is_empty()


def test_a_source_is_late_or_refused_against_the_newest_file(reader):
    found = arrivals.freshness(reader)
    states = dict(found.select("source_id", "state").iter_rows())
    assert states["nhse_announced_deaths"] == "refused"
    assert states["phe_cases_vintages"] == "current"
    assert found["state"][0] == "refused"


def test_the_passport_names_file_row_rule_and_every_claim(reader):
    figure = passport.figure(reader, EXPLAINED)
    assert figure["file_name"] == "2020-08-05_phe_cases_vintages.csv"
    assert figure["rule_reason"]
    said = passport.claims(reader, EXPLAINED)
    assert said["source_id"].to_list() == ["phe_cases_vintages", "ukhsa_dashboard_json"]
    assert said["value"][0] - said["value"][1] == 31
    assert passport.events(reader, EXPLAINED)["kind"].to_list() == ["coverage"]


def test_past_ranges_are_those_of_the_source_measure_and_age_by_the_moment(reader, home):
    two_days_old = f"{CASES}.{ENGLAND}.all.2020-08-03"
    figure = passport.figure(reader, two_days_old)
    assert (figure["past_ranges"], figure["past_held"]) == (400, pytest.approx(0.95))
    assert figure["expected_low"] < figure["expected_low_80"] < figure["expected_high"]
    four_days_old = passport.figure(reader, f"{CASES}.{ENGLAND}.all.2020-08-01")
    assert (four_days_old["past_ranges"], four_days_old["past_held"]) == (None, None)
    with open_reader(Home(home), as_of=datetime(2020, 7, 29, 18)) as then:
        earlier = passport.figure(then, f"{CASES}.{ENGLAND}.all.2020-07-27")
        assert (earlier["past_ranges"], earlier["past_held"]) == (300, pytest.approx(0.96))


def test_versions_are_those_published_by_the_moment(reader, in_july):
    assert passport.versions(reader, WITHDRAWN)["value"].to_list()[-1] is None
    assert passport.versions(in_july, WITHDRAWN).height == 1
    assert passport.figure(in_july, WITHDRAWN)["value"] is not None


@pytest.mark.parametrize(
    "figure_id", ["", "nonsense", "a.b.c.d", f"{CASES}.{ENGLAND}.all.2020-99-99", "a.b.c.d.e.f"]
)
def test_what_is_no_figure_is_none(reader, figure_id):
    assert passport.figure(reader, figure_id) is None
    assert not passport.is_known(reader, figure_id)


def test_related_definitions_share_place_date_and_quantity(reader):
    found = passport.related(reader, f"deaths_28d_by_death_date.{ENGLAND}.all.2020-07-20")
    assert found["metric_id"].to_list() == ["deaths_hospital_by_death_date"]


def test_areas_know_what_they_came_from_and_what_is_inside(reader):
    assert reference.successions(reader, BUCKINGHAMSHIRE)["from_name"].to_list() == [
        "Aylesbury Vale"
    ]
    assert set(reference.children(reader, ENGLAND)["area_id"]) == set(REGIONS)
    assert reference.found(reader, "LEIC")["area_name"].to_list() == ["Leicester"]
    assert reference.area(reader, "E99999999") is None


def test_a_held_file_is_told_with_titles_in_place_of_short_names():
    titles = {"phe_api_pages": "Pages of the dashboard", "cases_by_report_date": "Cases"}
    told = breakers.in_words(
        "phe_api_pages, all_2021-05-15.csv: too old (cases_by_report_date newest day 2021-04-26).",
        titles,
    )
    assert told == (
        "Pages of the dashboard, all_2021-05-15.csv: too old (Cases newest day 2021-04-26)."
    )
    assert breakers.in_words(None, titles) is None


def test_a_limit_holds_at_a_past_moment(reader):
    """The engine drops it over an outer join to a table without rows."""
    for asked in ("figures_as_known('2020-08-01')", "figures"):
        assert reader.ask(f"select * from {asked} limit 3").height == 3, asked
