"""21 and 22 November 2020: 141 deaths are left out on Saturday and stand in Sunday's number.

The dashboard reported 341 deaths within 28 days on Saturday and 398 on Sunday, with a note: 141
deaths in England had been left out of Saturday's data and were in Sunday's. Saturday's number was
never restated. So deaths did not rise from 341 to 398: they fell, from 482 to 257.

The United Kingdom's numbers of both days, its totals (54,626 and 55,024) and the 141 are published
(the dashboard's note of 22 November 2020). How its earlier deaths lay over days, and England's
share of them, is made up.
"""

from datetime import date

from simulation.replays.asking import changed, figure, newest_changed, newest_row
from simulation.replays.formats import (
    ENGLAND,
    UNITED_KINGDOM,
    Daily,
    Place,
    announced_deaths,
    spread,
)
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

LEFT_OUT, THE_DAY = date(2020, 11, 21), date(2020, 11, 22)
FIRST, LAST_BEFORE = date(2020, 3, 1), date(2020, 11, 20)
UK_BEFORE, UK_ON = 54_285, {LEFT_OUT: 341, THE_DAY: 398}
ENGLAND_BEFORE, ENGLAND_ON = 47_900, {LEFT_OUT: 262, THE_DAY: 341}
LATE = 141

DEATHS, UK = "deaths_28d_by_report_date", UNITED_KINGDOM.code


def days() -> list[PublicationDay]:
    """GOV.UK's files of Saturday and of Sunday."""
    return [
        PublicationDay(
            published,
            happened,
            {"phe_deaths_csv": [announced_deaths(published, _until(published))]},
        )
        for published, happened in (
            (LEFT_OUT, "141 deaths in England are left out: the UK's number is 341."),
            (THE_DAY, "They are in the number of the next day, 398; Saturday's stays as it was."),
        )
    ]


def _until(published: date) -> dict[Place, Daily]:
    """Deaths by day of announcement up to a day."""
    daily = {
        UNITED_KINGDOM: spread(UK_BEFORE, FIRST, LAST_BEFORE) | UK_ON,
        ENGLAND: spread(ENGLAND_BEFORE, FIRST, LAST_BEFORE) | ENGLAND_ON,
    }
    return {
        place: {day: deaths for day, deaths in counts.items() if day <= published}
        for place, counts in daily.items()
    }


REPLAY = Replay(
    replay_id="missing-deaths",
    title="A late return",
    happened_on=THE_DAY,
    source="https://coronavirus.data.gov.uk/details/about-data",
    days=days,
    questions=[
        Question(
            "uk",
            "How many deaths in the United Kingdom belong to the newest day?",
            newest_row(["daily_deaths"], UK),
            newest_changed(DEATHS, UK, "event_id is null"),
        ),
    ],
    answers=[
        KnownAnswer("the UK's deaths of Saturday", 341, figure(DEATHS, UK, LEFT_OUT)),
        KnownAnswer("the UK's deaths of Sunday", 398, figure(DEATHS, UK, THE_DAY)),
        KnownAnswer("the UK's deaths so far", 55_024, figure(f"{DEATHS}_cumulative", UK, THE_DAY)),
        *(
            KnownAnswer(
                f"of Sunday's deaths in {place.name}, those that came late",
                LATE,
                changed(DEATHS, place.code, THE_DAY, where="kind = 'late_return'"),
            )
            for place in (UNITED_KINGDOM, ENGLAND)
        ),
        KnownAnswer(
            "of Sunday's deaths in the UK, the day's own",
            257,
            changed(DEATHS, UK, THE_DAY, where="kind = 'new'"),
        ),
    ],
    watched=[(DEATHS, UK), (DEATHS, ENGLAND.code)],
    verdict=(
        "A naive store would have shown {naive_uk:,.0f} deaths in the United Kingdom on 22 "
        "November, up from 341; Trigpoint showed {trigpoint_uk:,.0f} of that day and 141 that came "
        "late."
    ),
)
