"""11 December 2020: England's patients with COVID-19 come from all trusts, and the series shifts.

Until 10 December 2020 the hospital figures of England held only acute trusts with a type 1 accident
and emergency department. From 11 December they hold all trusts, and the whole series was restated:
it lies higher on every day, and no more people are in hospital than the day before for that.

The day and the coverage are published (the dashboard's note of 11 December 2020). The numbers are
made up: 13,000 patients and more, a twentieth of them in the other trusts. They come in the form in
which UKHSA's dashboard was fed later on.
"""

from datetime import date, datetime, time

from simulation.replays.asking import changed, newest_step
from simulation.replays.formats import ENGLAND, Daily, dashboard_series, days_between
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY = date(2020, 12, 10), date(2020, 12, 11)
FIRST, LAST_BEFORE, LAST = date(2020, 11, 1), date(2020, 12, 9), date(2020, 12, 10)
SERIES = "COVID-19_healthcare_occupiedBedsByDay"
AT_FIRST, A_DAY_MORE, SHARE_OF_OTHERS = 11_000, 60, 20

PATIENTS = "patients_in_hospital_with_covid"


def days() -> list[PublicationDay]:
    """The series of patients in hospital, as delivered on both days."""
    acute = _acute(LAST_BEFORE)
    everywhere = {day: count + _others(count) for day, count in _acute(LAST).items()}
    return [
        _day(BEFORE, "Patients in acute trusts with a type 1 department.", acute),
        _day(THE_DAY, "Patients in all trusts, for all earlier days too.", everywhere),
    ]


def _day(published: date, happened: str, patients: Daily) -> PublicationDay:
    at_four = datetime.combine(published, time(16))
    files = {"ukhsa_dashboard_json": [dashboard_series(SERIES, at_four, patients)]}
    return PublicationDay(published, happened, files)


def _acute(last: date) -> dict[date, int]:
    return {day: AT_FIRST + A_DAY_MORE * at for at, day in enumerate(days_between(FIRST, last))}


def _others(acute: int) -> int:
    """Patients in the trusts that came to be counted."""
    return acute // SHARE_OF_OTHERS


SHIFT = sum(_others(count) for count in _acute(LAST_BEFORE).values())
NEWEST_ACUTE, NEWEST = _acute(LAST)[LAST_BEFORE], _acute(LAST)[LAST]
MORE_IN_A_DAY = (
    "select value - lag(value) over (order by event_date) as more from figures "
    f"where metric_id = '{PATIENTS}' order by event_date desc limit 1"
)

REPLAY = Replay(
    replay_id="coverage-widened",
    title="All trusts instead of acute ones",
    happened_on=THE_DAY,
    source="https://coronavirus.data.gov.uk/details/about-data",
    days=days,
    questions=[
        Question(
            "more",
            "How many more patients are in hospital than the day before?",
            newest_step([SERIES], ENGLAND.code),
            MORE_IN_A_DAY,
        ),
    ],
    answers=[
        KnownAnswer(
            "of the shift, wider coverage",
            SHIFT,
            changed(PATIENTS, ENGLAND.code, THE_DAY, where="kind = 'coverage'"),
        ),
        KnownAnswer(
            "days that shifted, all that were published before",
            len(days_between(FIRST, LAST_BEFORE)),
            f"select count(*) from figure_changes where metric_id = '{PATIENTS}' "
            "and event_id = 'coverage-widened'",
        ),
        KnownAnswer(
            "changes of earlier days of any other kind",
            0,
            f"select count(*) from figure_changes where metric_id = '{PATIENTS}' "
            "and version > 1 and kind <> 'coverage'",
        ),
        KnownAnswer(
            "a naive store's patients more than the day before",
            NEWEST + _others(NEWEST) - NEWEST_ACUTE,
            newest_step([SERIES], ENGLAND.code),
            of="naive",
        ),
        KnownAnswer(
            "on one footing, patients more than the day before",
            A_DAY_MORE + _others(NEWEST) - _others(NEWEST_ACUTE),
            MORE_IN_A_DAY,
        ),
    ],
    watched=[(PATIENTS, ENGLAND.code)],
    verdict=(
        "A naive store would have shown {naive_more:+,.0f} patients in a day; Trigpoint showed "
        "{trigpoint_more:+,.0f} on one footing, and the whole series shifted by wider coverage."
    ),
)
