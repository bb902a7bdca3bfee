"""2 July 2020: England's cases rise by half overnight, and the United Kingdom's fall.

Until 1 July England's series by specimen date held only tests in NHS and public health laboratories
(pillar 1). On 2 July tests in the community (pillar 2) joined it, for all earlier days too: the
file of the day before says 160,764, that of 2 July 243,910, and beside it what the day before would
have been on the same footing, 243,387. On the same day people counted in both pillars were taken
out of the United Kingdom's series by report date, 30,302 of them; the total as collated fell from
313,483 to 283,757, because 576 new cases came in. The days before were never restated.

Totals and the last six specimen days are those of the published files (coronavirus.data.gov.uk, 1
and 2 July 2020; the collated totals are Tom White's). How England's earlier cases lay over days is
made up and adds up to them.
"""

from datetime import date

from simulation.replays.asking import (
    all_days,
    changed,
    figure,
    known_on,
    newest_changed,
    newest_row,
    newest_step,
)
from simulation.replays.formats import (
    ENGLAND,
    collated_totals,
    days_between,
    specimen_cases,
    spread,
)
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY = date(2020, 7, 1), date(2020, 7, 2)
FIRST, DATED_UNTIL = date(2020, 3, 1), date(2020, 6, 25)
LAST_DAYS = days_between(date(2020, 6, 26), date(2020, 7, 1))
PILLAR_1 = dict(zip(LAST_DAYS, (156, 111, 59, 73, 16, 0), strict=True))
RESTATED = dict(zip(LAST_DAYS, (587, 466, 318, 421, 122, 0), strict=True))
BOTH_PILLARS = dict(zip(LAST_DAYS, (621, 491, 368, 547, 368, 40), strict=True))
PILLAR_1_EARLIER, RESTATED_EARLIER, LATE_AMONG_EARLIER = 160_349, 241_473, 2
UK_TOTALS = dict(
    zip(days_between(date(2020, 6, 28), BEFORE), (311_151, 311_965, 312_654, 313_483), strict=True)
)
UK_ON_THE_DAY = 283_757

SPECIMEN, REPORT = "cases_by_specimen_date", "cases_by_report_date"
UK = "K02000001"


def days() -> list[PublicationDay]:
    """The files of 1 and 2 July: PHE's for England, the collated totals for the United Kingdom."""
    pillar_1 = spread(PILLAR_1_EARLIER, FIRST, DATED_UNTIL) | PILLAR_1
    restated = spread(RESTATED_EARLIER, FIRST, DATED_UNTIL) | RESTATED
    both = restated | BOTH_PILLARS
    both[DATED_UNTIL] += LATE_AMONG_EARLIER
    return [
        PublicationDay(
            BEFORE,
            "PHE publishes pillar 1 only; the UK's total is 313,483.",
            {
                "phe_cases_vintages": [
                    specimen_cases(BEFORE, {ENGLAND: pillar_1}, {ENGLAND: pillar_1})
                ],
                "tomwhite_indicators_vintages": [collated_totals(BEFORE, UK_TOTALS)],
            },
        ),
        PublicationDay(
            THE_DAY,
            "Pillar 2 joins England's series, and people counted twice leave the UK's.",
            {
                "phe_cases_vintages": [
                    specimen_cases(THE_DAY, {ENGLAND: both}, {ENGLAND: restated})
                ],
                "tomwhite_indicators_vintages": [
                    collated_totals(THE_DAY, UK_TOTALS | {THE_DAY: UK_ON_THE_DAY})
                ],
            },
        ),
    ]


REPLAY = Replay(
    replay_id="pillar-dedup",
    title="Pillar 2 joins, and people counted twice leave",
    happened_on=THE_DAY,
    source="https://coronavirus.data.gov.uk/details/about-data",
    days=days,
    questions=[
        Question(
            "england",
            "How many cases has England more than the day before?",
            newest_step(["cumulative_cases"], ENGLAND.code),
            newest_changed(SPECIMEN, ENGLAND.code, "event_id is null"),
        ),
        Question(
            "uk",
            "How many new cases has the United Kingdom?",
            newest_step(["uk_confirmed_cases"], UK),
            newest_changed(REPORT, UK, "event_id is null"),
        ),
    ],
    answers=[
        KnownAnswer(
            "England's cases by specimen date before",
            160_764,
            all_days(SPECIMEN, ENGLAND.code),
            after=BEFORE,
        ),
        KnownAnswer("England's cases after", 243_910, all_days(SPECIMEN, ENGLAND.code)),
        KnownAnswer(
            "as known on 1 July they are what they were",
            160_764,
            known_on(BEFORE, SPECIMEN, ENGLAND.code),
        ),
        KnownAnswer(
            "of the rise, wider coverage",
            82_623,
            changed(SPECIMEN, ENGLAND.code, THE_DAY, where="kind = 'coverage'"),
        ),
        KnownAnswer(
            "of the rise, ordinary growth",
            523,
            changed(SPECIMEN, ENGLAND.code, THE_DAY, where="kind <> 'coverage'"),
        ),
        KnownAnswer(
            "a naive store's new cases in England",
            83_146,
            newest_step(["cumulative_cases"], ENGLAND.code),
            of="naive",
        ),
        KnownAnswer(
            "people counted twice and taken out of the UK's cases",
            -30_302,
            changed(REPORT, UK, THE_DAY, where="kind = 'de_duplication'"),
        ),
        KnownAnswer("new cases in the UK", 576, changed(REPORT, UK, THE_DAY, where="kind = 'new'")),
        KnownAnswer("the UK's cases by report date", -29_726, figure(REPORT, UK, THE_DAY)),
        KnownAnswer(
            "the UK's newest total", 283_757, newest_row(["uk_confirmed_cases"], UK), of="naive"
        ),
    ],
    watched=[(SPECIMEN, ENGLAND.code), (REPORT, UK)],
    verdict=(
        "A naive store would have shown {naive_england:+,.0f} cases in England in a day and "
        "{naive_uk:+,.0f} in the United Kingdom; Trigpoint showed {trigpoint_england:+,.0f} and "
        "{trigpoint_uk:+,.0f}, and named the rest: 82,623 from wider coverage, 30,302 people no "
        "longer counted twice."
    ),
)
