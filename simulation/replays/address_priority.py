"""16 November 2020: cases move to the address given at the test, and nobody is new.

Until then a case counted where the patient's NHS record says that they live; since then it counts
at the address given at the test, and only failing that at the one on record, for samples from 1
September on. Students moved to where they study. England's total is the same.

The day, the rule and the samples concerned are published (the dashboard's note of 16 November
2020). How many cases moved between which authorities is made up: here some move within the East
Midlands, whose own total stays, and some from the West Midlands to Yorkshire and The Humber.
"""

from datetime import date

from simulation.replays.asking import changed, newest_changed, newest_step
from simulation.replays.formats import ENGLAND, Daily, Place, days_between, specimen_cases
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY = date(2020, 11, 15), date(2020, 11, 16)
FIRST = date(2020, 8, 1)
MOVED_DAYS = days_between(date(2020, 9, 1), date(2020, 11, 14))
EAST_MIDLANDS = Place("E12000004", "East Midlands", "region")
WEST_MIDLANDS = Place("E12000005", "West Midlands", "region")
YORKSHIRE = Place("E12000003", "Yorkshire and The Humber", "region")
NOTTINGHAM = Place("E06000018", "Nottingham", "lower")
LEICESTER = Place("E06000016", "Leicester", "lower")
DERBY = Place("E06000015", "Derby", "lower")
RUTLAND = Place("E06000017", "Rutland", "lower")
LEEDS = Place("E08000035", "Leeds", "lower")
BIRMINGHAM = Place("E08000025", "Birmingham", "lower")
# Cases a day before the move, and what the move adds to each day.
A_DAY = {
    ENGLAND: 5_000,
    EAST_MIDLANDS: 500,
    WEST_MIDLANDS: 600,
    YORKSHIRE: 550,
    NOTTINGHAM: 90,
    LEICESTER: 80,
    DERBY: 60,
    RUTLAND: 10,
    LEEDS: 120,
    BIRMINGHAM: 150,
}
MOVES = {
    NOTTINGHAM: 5,
    LEICESTER: 2,
    DERBY: -4,
    RUTLAND: -3,
    LEEDS: 4,
    YORKSHIRE: 4,
    BIRMINGHAM: -4,
    WEST_MIDLANDS: -4,
}

CASES = "cases_by_specimen_date"


def days() -> list[PublicationDay]:
    """PHE's files of both days; on the second, cases stand elsewhere."""
    return [
        PublicationDay(
            published,
            happened,
            {"phe_cases_vintages": [specimen_cases(published, _cases(published))]},
        )
        for published, happened in (
            (BEFORE, "A case counts where the patient's record says that they live."),
            (THE_DAY, "It counts at the address given at the test, since 1 September."),
        )
    ]


def _cases(published: date) -> dict[Place, Daily]:
    moved = set(MOVED_DAYS) if published == THE_DAY else set()
    return {
        place: {
            day: count + (MOVES.get(place, 0) if day in moved else 0)
            for day in days_between(FIRST, BEFORE if published == THE_DAY else MOVED_DAYS[-1])
        }
        for place, count in A_DAY.items()
    }


def _moved(*places: Place) -> str:
    codes = ", ".join(f"'{place.code}'" for place in places)
    return (
        f"select sum(amount) from figure_changes where metric_id = '{CASES}' "
        f"and area_id in ({codes}) and kind = 'reallocation'"
    )


DAYS = len(MOVED_DAYS)
REPLAY = Replay(
    replay_id="address-priority",
    title="Cases move to the address given at the test",
    happened_on=THE_DAY,
    source="https://coronavirus.data.gov.uk/details/about-data",
    days=days,
    questions=[
        Question(
            "nottingham",
            "How many cases has Nottingham more than the day before?",
            newest_step(["cumulative_cases"], NOTTINGHAM.code),
            newest_changed(CASES, NOTTINGHAM.code, "event_id is null"),
        ),
        Question(
            "england",
            "How many has England?",
            newest_step(["cumulative_cases"], ENGLAND.code),
            newest_changed(CASES, ENGLAND.code, "event_id is null"),
        ),
    ],
    answers=[
        KnownAnswer("cases that moved to Nottingham", 5 * DAYS, _moved(NOTTINGHAM)),
        KnownAnswer("cases that moved away from Derby", -4 * DAYS, _moved(DERBY)),
        KnownAnswer(
            "the moves within the East Midlands add up to",
            0,
            _moved(NOTTINGHAM, LEICESTER, DERBY, RUTLAND),
        ),
        KnownAnswer(
            "the moves between regions add up to",
            0,
            _moved(EAST_MIDLANDS, WEST_MIDLANDS, YORKSHIRE),
        ),
        KnownAnswer(
            "England's cases of earlier days that changed",
            0,
            f"select count(*) from figure_changes where metric_id = '{CASES}' "
            f"and area_id = '{ENGLAND.code}' and version > 1",
        ),
        KnownAnswer(
            "changes of earlier days that the event does not explain",
            0,
            f"select count(*) from figure_changes where metric_id = '{CASES}' and version > 1 "
            "and (kind <> 'reallocation' or event_id is distinct from 'address-priority')",
        ),
        KnownAnswer(
            "Nottingham's ordinary growth",
            A_DAY[NOTTINGHAM],
            changed(CASES, NOTTINGHAM.code, THE_DAY, where="kind = 'new'"),
        ),
    ],
    watched=[
        (CASES, place.code)
        for place in (ENGLAND, EAST_MIDLANDS, WEST_MIDLANDS, YORKSHIRE, NOTTINGHAM, DERBY)
    ],
    verdict=(
        "A naive store would have shown {naive_nottingham:,.0f} new cases in Nottingham; "
        "Trigpoint showed {trigpoint_nottingham:,.0f}, said that the rest moved there, and that "
        "all moves add up to nothing."
    ),
)
