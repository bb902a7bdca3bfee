"""1 October 2021: a trust is split between two others, and no bed may be counted twice or lost.

Pennine Acute Hospitals (RW6) closed on 30 September 2021: most of its hospitals went to Salford
Royal (RM3, since then Northern Care Alliance), North Manchester to Manchester University (R0A). A
record can be legally closed and operationally open: here RW6 sends its return once more on 1
October, and the two others count the same beds among theirs already.

The split, its day and the codes are those of NHS Digital's register, which publishes no share. The
numbers of beds are made up; they are the same on both days.
"""

from collections.abc import Mapping
from datetime import date

from simulation.publishers.published import PublishedFile
from simulation.replays.asking import figure
from simulation.replays.formats import Place, plain_return
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY = date(2021, 9, 30), date(2021, 10, 1)
CLOSES = Place("RW6", "Pennine Acute Hospitals NHS Trust")
TAKES_MOST = Place("RM3", "Northern Care Alliance NHS Foundation Trust")
TAKES_A_PART = Place("R0A", "Manchester University NHS Foundation Trust")
OPEN, OCCUPIED = "beds_open_general_acute", "beds_occupied_general_acute"
# Beds open and occupied by trust.
BEDS = {
    BEFORE: {CLOSES: (1_060, 985), TAKES_MOST: (780, 702), TAKES_A_PART: (1_690, 1_512)},
    THE_DAY: {CLOSES: (1_060, 985), TAKES_MOST: (1_560, 1_421), TAKES_A_PART: (1_970, 1_778)},
}
BEDS_OPEN, BEDS_OCCUPIED = 3_530, 3_199


def days() -> list[PublicationDay]:
    """The returns of the three trusts on the last day of the old order and the first of the new."""
    happened = (
        "Three trusts count their beds at 08:00.",
        "RW6 is closed and sends its return once more; RM3 and R0A count its beds as theirs.",
    )
    return [
        PublicationDay(day, words, {"local_returns": [_return(day, beds)]})
        for words, (day, beds) in zip(happened, BEDS.items(), strict=True)
    ]


def _return(day: date, beds: Mapping[Place, tuple[int, int]]) -> PublishedFile:
    rows = [
        (trust, day, metric, count)
        for trust, counts in beds.items()
        for metric, count in zip((OPEN, OCCUPIED), counts, strict=True)
    ]
    return plain_return(f"situation-report-{day}.csv", rows)


def _newest_of_each(metric: str) -> str:
    """A naive store adds up the newest number of every trust it has ever heard of."""
    return (
        "select sum(value) from (select arg_max(value, published_at) as value "
        f"from published_values where series_id = '{metric}' group by area_code)"
    )


def _of_those_there_are(metric: str) -> str:
    """The newest day, over the trusts that there are on it."""
    return (
        "select sum(figures.value) from figures inner join areas using (area_id) "
        f"where figures.metric_id = '{metric}' and figures.event_date = "
        f"(select max(event_date) from figures where metric_id = '{metric}') "
        "and figures.event_date between coalesce(areas.valid_from, date '1900-01-01') "
        "and coalesce(areas.valid_to, date '9999-12-31')"
    )


REPLAY = Replay(
    replay_id="trust-split",
    title="A trust is split between two others",
    happened_on=THE_DAY,
    source="https://digital.nhs.uk/services/organisation-data-service",
    days=days,
    questions=[
        Question(
            "open",
            "How many beds are open in the three trusts?",
            _newest_of_each(OPEN),
            _of_those_there_are(OPEN),
        ),
        Question(
            "occupied",
            "How many of them are occupied?",
            _newest_of_each(OCCUPIED),
            _of_those_there_are(OCCUPIED),
        ),
    ],
    answers=[
        KnownAnswer("beds open before", BEDS_OPEN, _of_those_there_are(OPEN), after=BEFORE),
        KnownAnswer(
            "beds occupied before", BEDS_OCCUPIED, _of_those_there_are(OCCUPIED), after=BEFORE
        ),
        KnownAnswer("beds open after", BEDS_OPEN, _of_those_there_are(OPEN)),
        KnownAnswer("beds occupied after", BEDS_OCCUPIED, _of_those_there_are(OCCUPIED)),
        KnownAnswer(
            "a naive store's beds open after", BEDS_OPEN + 1_060, _newest_of_each(OPEN), of="naive"
        ),
        KnownAnswer(
            "RW6's beds of its last day stay in its past", 1_060, figure(OPEN, CLOSES.code, BEFORE)
        ),
        KnownAnswer(
            "what RW6 sent after its end is kept and carries the event",
            2,
            "select count(*) from figure_changes where area_id = 'RW6' "
            "and event_id = 'trust-split-rw6'",
        ),
        KnownAnswer(
            "successors of RW6 without a share, since none is published",
            2,
            "select count(*) from area_successions where from_area_id = 'RW6' "
            "and kind = 'split' and share is null",
        ),
    ],
    watched=[(OPEN, CLOSES.code), (OPEN, TAKES_MOST.code), (OPEN, TAKES_A_PART.code)],
    verdict=(
        "A naive store would have shown {naive_open:,.0f} beds open and {naive_occupied:,.0f} "
        "occupied, RW6's twice; Trigpoint showed {trigpoint_open:,.0f} and "
        "{trigpoint_occupied:,.0f}, as many as the day before."
    ),
)
