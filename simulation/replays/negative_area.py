"""Any day: one area gains 2, another loses 1, and what is printed does not add up.

A case that was placed in Nottingham is placed elsewhere, so Nottingham's running total falls by 1.
No publisher prints a negative day for an area: its day stands at 0. Leicester gains 2, and the
region, whose total knows both, gains 1. Printed are 2, 0 and 1.

It happened on many days; the numbers are made up and the smallest that show it. They stand in the
form of PHE's file of cases, which has a day's count and the running total in one row.
"""

from datetime import date

from simulation.replays.asking import figure
from simulation.replays.formats import Place, specimen_cases_and_totals
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY = date(2020, 11, 3), date(2020, 11, 4)
REGION = Place("E12000004", "East Midlands", "region")
GAINS, LOSES = Place("E06000016", "Leicester", "lower"), Place("E06000018", "Nottingham", "lower")
TOTALS_BEFORE = {REGION: 15, GAINS: 10, LOSES: 5}
PRINTED = {REGION: 1, GAINS: 2, LOSES: 0}
TOTALS = {REGION: 16, GAINS: 12, LOSES: 4}

CASES = "cases_by_specimen_date"
PARTS = f"'{GAINS.code}', '{LOSES.code}'"


def days() -> list[PublicationDay]:
    """PHE's files of two days; the running total of one area falls in the second."""
    first = {place: {BEFORE: total} for place, total in TOTALS_BEFORE.items()}
    cases = {place: first[place] | {THE_DAY: PRINTED[place]} for place in first}
    totals = {place: first[place] | {THE_DAY: TOTALS[place]} for place in first}
    return [
        PublicationDay(
            BEFORE,
            "Leicester has 10 cases, Nottingham 5, their region 15.",
            {"phe_cases_vintages": [specimen_cases_and_totals(BEFORE, first, first)]},
        ),
        PublicationDay(
            THE_DAY,
            "Leicester gains 2, Nottingham loses 1: printed are 2, 0 and, for the region, 1.",
            {"phe_cases_vintages": [specimen_cases_and_totals(THE_DAY, cases, totals)]},
        ),
    ]


REPLAY = Replay(
    replay_id="negative-area",
    title="A negative day that nobody prints",
    happened_on=THE_DAY,
    source="https://coronavirus.data.gov.uk/details/about-data",
    days=days,
    questions=[
        Question(
            "region",
            "How many new cases has the East Midlands?",
            "select sum(value) from published_values where series_id = 'daily_cases' "
            f"and area_code in ({PARTS}) and event_date = (select max(event_date) "
            "from published_values)",
            f"select value from figures where metric_id = '{CASES}' and area_id = '{REGION.code}' "
            "order by event_date desc limit 1",
        ),
    ],
    answers=[
        KnownAnswer("the region's cases", 1, figure(CASES, REGION.code, THE_DAY)),
        KnownAnswer(
            "the cases of its parts",
            2,
            f"select sum(value) from figures where metric_id = '{CASES}' "
            f"and area_id in ({PARTS}) and event_date = '{THE_DAY}'",
        ),
        KnownAnswer(
            "what Nottingham's total lost",
            -1,
            f"select ({figure(f'{CASES}_cumulative', LOSES.code, THE_DAY)}) "
            f"- ({figure(f'{CASES}_cumulative', LOSES.code, BEFORE)})",
        ),
        KnownAnswer(
            "warnings that the parts do not add up, and that Nottingham's total fell",
            1,
            "select count(*) from breakers where breaker_id = 'parts_differ' and is_open "
            "and sentence like '%2 in its parts, 1 in the whole%Nottingham fell%'",
        ),
        KnownAnswer(
            "files that wait for it", 0, "select count(*) from breakers where severity = 'hold'"
        ),
    ],
    watched=[(CASES, REGION.code), (CASES, GAINS.code), (CASES, LOSES.code)],
    breakers={THE_DAY: ["parts_differ"]},
    verdict=(
        "A naive store would have shown {naive_region:,.0f} cases in the region, the sum of its "
        "parts; Trigpoint showed {trigpoint_region:,.0f}, and said that the parts do not add up "
        "because Nottingham's total fell."
    ),
)
