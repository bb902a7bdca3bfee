"""June 2021: in hospital for COVID-19, or with it.

In June 2021 NHS England asked trusts how many of their patients with COVID-19 are treated primarily
for it. The answer covers acute trusts only and is published by itself: it is another metric,
neither a new value of the old one nor a part that the rest can be taken from.

The day and the definitions are published (NHS England, June 2021). The numbers are made up: 1,015
people with COVID-19, of whom the acute trusts treat 760 for it.
"""

from datetime import date, datetime, time

from simulation.replays.asking import figure, newest_row
from simulation.replays.formats import ENGLAND, dashboard_series, days_between, plain_return
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

DELIVERED, SPLIT = date(2021, 6, 17), date(2021, 6, 18)
FIRST, COUNTED = date(2021, 6, 1), date(2021, 6, 15)
SERIES = "COVID-19_healthcare_occupiedBedsByDay"
WITH_COVID, A_DAY_MORE, FOR_COVID = 1_015, 10, 760

WITH, FOR = "patients_in_hospital_with_covid", "patients_in_hospital_for_covid"


def days() -> list[PublicationDay]:
    """The series of patients with COVID-19, and a day later the first count of those for it."""
    dates = days_between(FIRST, COUNTED)
    patients = {day: WITH_COVID - A_DAY_MORE * at for at, day in enumerate(reversed(dates))}
    series = dashboard_series(SERIES, datetime.combine(DELIVERED, time(16)), patients)
    split = plain_return(f"primary-diagnosis-{SPLIT}.csv", [(ENGLAND, COUNTED, FOR, FOR_COVID)])
    return [
        PublicationDay(
            DELIVERED,
            "1,015 people in England's hospitals have COVID-19.",
            {"ukhsa_dashboard_json": [series]},
        ),
        PublicationDay(
            SPLIT,
            "The acute trusts treat 760 people primarily for COVID-19.",
            {"local_returns": [split]},
        ),
    ]


REPLAY = Replay(
    replay_id="for-or-with",
    title="In hospital for COVID-19, or with it",
    happened_on=SPLIT,
    source="https://www.england.nhs.uk/statistics/statistical-work-areas/covid-19-hospital-activity/",
    days=days,
    questions=[
        Question(
            "with_covid",
            "How many people in hospital have COVID-19?",
            newest_row([SERIES, FOR], ENGLAND.code),
            figure(WITH, ENGLAND.code, COUNTED),
        ),
        Question(
            "for_covid",
            "How many are in hospital for it?",
            newest_row([SERIES, FOR], ENGLAND.code),
            figure(FOR, ENGLAND.code, COUNTED),
        ),
    ],
    answers=[
        KnownAnswer("people with COVID-19", WITH_COVID, figure(WITH, ENGLAND.code, COUNTED)),
        KnownAnswer("people for COVID-19", FOR_COVID, figure(FOR, ENGLAND.code, COUNTED)),
        KnownAnswer(
            "a naive store's people with COVID-19",
            FOR_COVID,
            newest_row([SERIES, FOR], ENGLAND.code),
            of="naive",
        ),
        KnownAnswer(
            "figures of people with COVID-19 that the new count touched",
            0,
            f"select count(*) from figure_changes where metric_id = '{WITH}' "
            f"and cast(changed_at as date) = '{SPLIT}'",
        ),
        KnownAnswer(
            "definitions that stand side by side and are compared",
            2,
            "select count(distinct metric_id) from disagreements "
            "where quantity_id = 'covid_inpatients' and kind = 'related_definition'",
        ),
        KnownAnswer(
            "definitions taken for one another",
            0,
            "select count(*) from disagreements where kind = 'same_definition'",
        ),
        KnownAnswer(
            "strata: one is no breakdown of the other",
            1,
            "select count(distinct stratum_id) from figures where metric_id like 'patients%'",
        ),
    ],
    watched=[(WITH, ENGLAND.code), (FOR, ENGLAND.code)],
    verdict=(
        "A naive store would have shown {naive_with_covid:,.0f} patients after 1,015, a quarter "
        "gone in a day; Trigpoint showed {trigpoint_with_covid:,.0f} with COVID-19 and, as another "
        "measure, {trigpoint_for_covid:,.0f} for it."
    ),
)
