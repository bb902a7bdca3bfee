"""9 April 2021: 8,010 rapid positives that a laboratory test contradicted are taken out.

Cases found by a rapid test are removed where a laboratory test within three days was negative. The
8,010 that had been reported before left the running totals on 9 April 2021. The cases newly
reported that day, 3,150 in the United Kingdom, were not touched, nor were earlier days by report
date, so the difference of two days' totals is no count of cases any more: the United Kingdom's went
from 4,370,321 to 4,365,461. Johns Hopkins, and Our World in Data after it, made a day of such a
difference, and the world saw -4,787 cases.

Published are the 8,010, the 3,150 and the total of 9 April (Public Health England's note of that
day); the total of the day before follows from them. The collators' totals are those of issue 1038
of owid/covid-19-data. England's cases by specimen date are made up, as is where the 8,010 lay in
them.
"""

from datetime import date

from simulation.replays.asking import changed, figure, newest_of_day, newest_row
from simulation.replays.formats import (
    ENGLAND,
    UNITED_KINGDOM,
    collators_totals,
    daily_indicators,
    specimen_cases,
    spread,
)
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY, COLLATED = date(2021, 4, 8), date(2021, 4, 9), date(2021, 4, 10)
FIRST, RAPID_SINCE, LAST = date(2020, 3, 1), date(2020, 12, 1), date(2021, 4, 7)
ENGLAND_BEFORE, REMOVED = 3_830_000, 8_010
UK_TOTALS = {BEFORE: 4_370_321, THE_DAY: 4_365_461}
UK_NEW = 3_150
COLLATORS = {date(2021, 4, 7): 4_381_830, BEFORE: 4_384_954, THE_DAY: 4_380_167}

SPECIMEN, REPORT, UK = "cases_by_specimen_date", "cases_by_report_date", UNITED_KINGDOM.code
OF_TOTALS = (
    f"select ({figure(f'{REPORT}_cumulative', UK, THE_DAY)}) "
    f"- ({figure(f'{REPORT}_cumulative', UK, BEFORE)})"
)


def days() -> list[PublicationDay]:
    """GOV.UK on both days, and the collator's file of the day after."""
    cases = spread(ENGLAND_BEFORE, FIRST, LAST)
    removed = spread(REMOVED, RAPID_SINCE, LAST)
    corrected = {day: count - removed.get(day, 0) for day, count in cases.items()}
    before = {BEFORE: {"TotalUKCases": UK_TOTALS[BEFORE]}}
    after = {THE_DAY: {"NewUKCases": UK_NEW, "TotalUKCases": UK_TOTALS[THE_DAY]}}
    return [
        PublicationDay(
            BEFORE,
            "Cases found by rapid tests alone are among the others.",
            {
                "phe_cases_vintages": [specimen_cases(BEFORE, {ENGLAND: cases})],
                "phe_utla_daily_csv": [daily_indicators(BEFORE, before)],
            },
        ),
        PublicationDay(
            THE_DAY,
            "8,010 of them are taken out of the totals; 3,150 new ones are reported.",
            {
                "phe_cases_vintages": [specimen_cases(THE_DAY, {ENGLAND: corrected})],
                "phe_utla_daily_csv": [daily_indicators(THE_DAY, after)],
            },
        ),
        PublicationDay(
            COLLATED,
            "A collator abroad makes a day's cases of the difference of its totals.",
            {"owid": [collators_totals(COLLATED, COLLATORS)]},
        ),
    ]


REPLAY = Replay(
    replay_id="lfd-removed",
    title="Rapid positives that a laboratory contradicted",
    happened_on=THE_DAY,
    source="https://coronavirus.data.gov.uk/details/whats-new",
    days=days,
    questions=[
        Question(
            "uk",
            "How many cases were newly reported in the United Kingdom on 9 April?",
            newest_of_day(["new_uk_cases", "new_cases"], UK, THE_DAY),
            figure(REPORT, UK, THE_DAY),
        ),
        Question(
            "removed",
            "How many cases were taken out in England?",
            "select null",
            f"select sum(amount) from figure_changes where metric_id = '{SPECIMEN}' "
            "and event_id = 'lfd-removed-specimen'",
        ),
    ],
    answers=[
        KnownAnswer(
            "cases taken out of England's series by specimen date",
            -8_010,
            changed(SPECIMEN, ENGLAND.code, THE_DAY, where="event_id = 'lfd-removed-specimen'"),
        ),
        KnownAnswer(
            "of all that changed in it, what is no correction",
            0,
            f"select count(*) from figure_changes where metric_id = '{SPECIMEN}' "
            f"and cast(changed_at as date) = '{THE_DAY}' and kind <> 'correction'",
        ),
        KnownAnswer("the UK's cases reported on 9 April", 3_150, figure(REPORT, UK, THE_DAY)),
        KnownAnswer("what the UK's total changed by", 3_150 - 8_010, OF_TOTALS),
        KnownAnswer(
            "of that, what is no newly reported case",
            -8_010,
            f"select ({OF_TOTALS}) - ({figure(REPORT, UK, THE_DAY)})",
        ),
        KnownAnswer(
            "the daily difference of the collators' total",
            -4_787,
            newest_row(["new_cases"], UK),
            of="naive",
        ),
        KnownAnswer(
            "changes by report date after 9 April",
            0,
            f"select count(*) from figure_changes where metric_id like '{REPORT}%' "
            f"and cast(changed_at as date) > '{THE_DAY}'",
        ),
    ],
    watched=[(SPECIMEN, ENGLAND.code), (REPORT, UK)],
    verdict=(
        "A naive store would have shown {naive_uk:,.0f} cases in the United Kingdom on 9 April; "
        "Trigpoint showed {trigpoint_uk:,.0f} newly reported and {trigpoint_removed:,.0f} "
        "corrected by specimen date."
    ),
)
