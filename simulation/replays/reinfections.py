"""31 January 2022: a second infection counts, and England has 588,114 cases more.

Until then a person counted once, with the first positive test. Since 31 January 2022 a positive
test more than 90 days after the last one begins a new episode. England has 14,845,382 episodes
then, 588,114 (4.0%) of them reinfections. The series by specimen date was revised back to its
start; the series by report date was not, so its running total stepped up in a day.

The episodes, the reinfections and what was revised are published (UKHSA, 31 January 2022). How
cases lay over days is made up and adds up to them, as are England's totals by report date and the
70,000 cases newly reported that day.
"""

from datetime import date, datetime, time

from simulation.replays.asking import all_days, changed, known_on, newest_changed, newest_step
from simulation.replays.formats import ENGLAND, daily_indicators, dashboard_series, spread
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY = date(2022, 1, 30), date(2022, 1, 31)
FIRST, SECOND_SINCE, LAST = date(2020, 3, 1), date(2020, 7, 1), date(2022, 1, 29)
SERIES = "COVID-19_cases_casesByDay"
EPISODES, REINFECTIONS = 14_845_382, 588_114
TOTAL_EARLIER, TOTAL_BEFORE, NEWLY_REPORTED = 14_000_000, 14_050_000, 70_000

SPECIMEN, REPORT = "cases_by_specimen_date", "cases_by_report_date"


def days() -> list[PublicationDay]:
    """The series by specimen date and the totals by report date, on both days."""
    first_infections = spread(EPISODES - REINFECTIONS, FIRST, LAST)
    second_infections = spread(REINFECTIONS, SECOND_SINCE, LAST)
    episodes = {
        day: count + second_infections.get(day, 0) for day, count in first_infections.items()
    }
    totals = {
        date(2022, 1, 29): TOTAL_EARLIER,
        BEFORE: TOTAL_BEFORE,
        THE_DAY: TOTAL_BEFORE + REINFECTIONS + NEWLY_REPORTED,
    }
    return [
        _day(BEFORE, "A person counts once.", first_infections, totals),
        _day(THE_DAY, "A second infection counts as well.", episodes, totals),
    ]


def _day(
    published: date, happened: str, cases: dict[date, int], totals: dict[date, int]
) -> PublicationDay:
    """Indicators speak of the day and the day before it."""
    at_four = datetime.combine(published, time(16))
    newest = {
        day: {"EnglandCases": total}
        for day, total in totals.items()
        if 0 <= (published - day).days <= 1
    }
    files = {
        "ukhsa_dashboard_json": [dashboard_series(SERIES, at_four, cases)],
        "phe_utla_daily_csv": [daily_indicators(published, newest)],
    }
    return PublicationDay(published, happened, files)


REPLAY = Replay(
    replay_id="reinfections",
    title="A second infection counts",
    happened_on=THE_DAY,
    source="https://coronavirus.data.gov.uk/details/whats-new",
    days=days,
    questions=[
        Question(
            "reported",
            "How many new cases has England by report date?",
            newest_step(["england_cases"], ENGLAND.code),
            newest_changed(REPORT, ENGLAND.code, "event_id is null"),
        ),
    ],
    answers=[
        KnownAnswer("episodes in England", 14_845_382, all_days(SPECIMEN, ENGLAND.code)),
        KnownAnswer(
            "people in England, as known the day before",
            14_845_382 - 588_114,
            known_on(BEFORE, SPECIMEN, ENGLAND.code),
        ),
        KnownAnswer(
            "by specimen date, what the definition added",
            588_114,
            changed(SPECIMEN, ENGLAND.code, THE_DAY, where="kind = 'redefinition'"),
        ),
        KnownAnswer(
            "of 100 episodes, reinfections",
            4.0,
            "select round(100 * sum(amount) filter (where kind = 'redefinition') / 14845382, 1) "
            f"from figure_changes where metric_id = '{SPECIMEN}'",
        ),
        KnownAnswer(
            "by specimen date, changes of any other kind on that day",
            0,
            f"select count(*) from figure_changes where metric_id = '{SPECIMEN}' "
            f"and cast(changed_at as date) = '{THE_DAY}' and kind <> 'redefinition'",
        ),
        KnownAnswer(
            "by report date, what the definition added",
            588_114,
            changed(REPORT, ENGLAND.code, THE_DAY, where="kind = 'redefinition'"),
        ),
        KnownAnswer(
            "by report date, new cases of the day",
            NEWLY_REPORTED,
            changed(REPORT, ENGLAND.code, THE_DAY, where="kind = 'new'"),
        ),
        KnownAnswer(
            "by report date, earlier days that were revised",
            0,
            f"select count(*) from figure_changes where metric_id = '{REPORT}' and version > 1",
        ),
        KnownAnswer(
            "a naive store's new cases in England",
            588_114 + NEWLY_REPORTED,
            newest_step(["england_cases"], ENGLAND.code),
            of="naive",
        ),
    ],
    watched=[(SPECIMEN, ENGLAND.code), (REPORT, ENGLAND.code)],
    verdict=(
        "A naive store would have shown {naive_reported:,.0f} new cases in England in a day; "
        "Trigpoint showed {trigpoint_reported:,.0f}, and 588,114 that the new definition added: "
        "by specimen date on the days of their samples, by report date in one step."
    ),
)
