"""12 August 2020: England's deaths are counted within 28 days of a test, and 5,377 are gone.

Until 11 August GOV.UK announced everybody who had died at any time after a positive test. From 12
August it announced those who died within 28 days of one, restated to the first day. For that day
England's totals are 42,072 without a limit, 40,404 within 60 days and 36,695 within 28: three
definitions, and nobody came back to life between them.

All totals are published: those of 11 August and 12 August 2020, and the three of one day, stand
side by side in the workbook of week 35 of the Office for National Statistics (8 September 2020),
which dates them a day early. How earlier deaths lay over days is made up and adds up to them.
"""

from datetime import date

from simulation.replays.asking import figure, newest_row, newest_step
from simulation.replays.formats import ENGLAND, announced_deaths, spread, weekly_deaths
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY, SIDE_BY_SIDE = date(2020, 8, 11), date(2020, 8, 12), date(2020, 9, 8)
FIRST, LAST_OF_OTHERS = date(2020, 3, 10), date(2020, 8, 10)
ANY_TIME_BEFORE, ON_THE_DAY_BEFORE = 41_900, 100
WITHIN_28_BEFORE, WITHIN_28 = 36_669, {BEFORE: 11, THE_DAY: 15}
WEEK_35, REGISTERED = date(2020, 8, 28), 9_032
HEADINGS = (
    "Deaths by date of notification with no time restriction imposed released on GOV.UK ",
    "Deaths by date of notification within 60 days of testing released on GOV.UK",
    "Deaths by date of notification within 28 days of testing released on GOV.UK",
)
COMPARED = {
    date(2020, 8, 10): (42_000, 40_375, 36_680),
    date(2020, 8, 11): (42_072, 40_404, 36_695),
    date(2020, 8, 27): (42_993, 40_696, 36_837),
    date(2020, 8, 28): (43_048, 40_726, 36_849),
}

ANY_TIME = "deaths_any_time_by_report_date_cumulative"
WITHIN_60_DAYS = "deaths_60d_by_report_date_cumulative"
WITHIN_28_DAYS = "deaths_28d_by_report_date_cumulative"


def days() -> list[PublicationDay]:
    """GOV.UK's files of both days, and the workbook in which the definitions stand together."""
    any_time = spread(ANY_TIME_BEFORE, FIRST, LAST_OF_OTHERS) | {BEFORE: ON_THE_DAY_BEFORE}
    within = spread(WITHIN_28_BEFORE, FIRST, LAST_OF_OTHERS) | WITHIN_28
    compared = weekly_deaths(WEEK_35, REGISTERED, HEADINGS, COMPARED)
    return [
        PublicationDay(
            BEFORE,
            "GOV.UK announces deaths at any time after a test: 42,000 in England.",
            {"phe_deaths_csv": [announced_deaths(BEFORE, {ENGLAND: any_time})]},
        ),
        PublicationDay(
            THE_DAY,
            "Under the same heading stand deaths within 28 days, for all earlier days too.",
            {"phe_deaths_csv": [announced_deaths(THE_DAY, {ENGLAND: within})]},
        ),
        PublicationDay(
            SIDE_BY_SIDE,
            "The ONS sets the three definitions side by side.",
            {"ons_weekly_deaths": [compared]},
        ),
    ]


def _on_the_day(metric_id: str) -> str:
    return figure(metric_id, ENGLAND.code, THE_DAY)


REPLAY = Replay(
    replay_id="death-definition",
    title="Deaths within 28 days",
    happened_on=THE_DAY,
    source="https://www.gov.uk/government/news/new-uk-wide-methodology-agreed-to-record-covid-19-deaths",
    days=days,
    questions=[
        Question(
            "any_time",
            "How many people in England had died by 12 August at any time after a test?",
            newest_row(["cumulative_deaths"], ENGLAND.code),
            figure(ANY_TIME, ENGLAND.code, THE_DAY),
        ),
        Question(
            "within",
            "How many had died within 28 days of one?",
            newest_row(["cumulative_deaths"], ENGLAND.code),
            figure(WITHIN_28_DAYS, ENGLAND.code, THE_DAY),
        ),
    ],
    answers=[
        KnownAnswer(
            "a naive store's deaths in England in a day",
            36_695 - 42_000,
            newest_step(["cumulative_deaths"], ENGLAND.code),
            of="naive",
            after=THE_DAY,
        ),
        KnownAnswer(
            "deaths at any time so far stay as they were",
            42_000,
            figure(ANY_TIME, ENGLAND.code, BEFORE),
            after=THE_DAY,
        ),
        KnownAnswer("deaths at any time", 42_072, _on_the_day(ANY_TIME)),
        KnownAnswer("deaths within 60 days", 40_404, _on_the_day(WITHIN_60_DAYS)),
        KnownAnswer("deaths within 28 days", 36_695, _on_the_day(WITHIN_28_DAYS)),
        KnownAnswer(
            "what the definition makes",
            -5_377,
            f"select ({_on_the_day(WITHIN_28_DAYS)}) - ({_on_the_day(ANY_TIME)})",
        ),
        KnownAnswer(
            "figures at any time that the new definition touched",
            0,
            "select count(*) from figure_changes where metric_id like 'deaths_any_time%' "
            f"and cast(changed_at as date) = '{THE_DAY}'",
        ),
        KnownAnswer(
            "definitions of that day's deaths that stand side by side, each its own metric",
            3,
            "select count(distinct metric_id) from disagreements "
            "inner join metrics using (metric_id) "
            f"where event_date = '{THE_DAY}' and cumulative_of is null",
        ),
    ],
    # GOV.UK's own file comes no more in this replay, so that by September it is late.
    breakers={SIDE_BY_SIDE: ["late"]},
    watched=[(ANY_TIME, ENGLAND.code), (WITHIN_28_DAYS, ENGLAND.code)],
    verdict=(
        "A naive store would have shown {naive_any_time:,.0f} after 42,000, as if 5,305 people "
        "had come back to life; Trigpoint showed {trigpoint_any_time:,.0f} who died at any time "
        "and {trigpoint_within:,.0f} within 28 days, each under its own name."
    ),
)
