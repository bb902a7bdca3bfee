"""25 September to 2 October 2020: a spreadsheet's last row cuts off 15,841 cases.

Laboratory files were passed on as spreadsheets of the old format, which end at row 65,536. From 25
September what stood below was lost: 957 cases, then 744, 757, 0, 1,415, 3,049, 4,133 and, on 2
October, 4,786; in all 15,841. They were found in the night to 3 October and stand in the numbers
reported on 3 and 4 October, 12,872 and 22,961 in the United Kingdom after 6,968 the day before. How
many of them stand in which of the two nobody published, so nothing splits them here. All were
passed on at once, and by the day of the sample no day jumps.

The numbers by report date, the missing cases by day and their sum are published (Public Health
England, statement of 4 October 2020, and the dashboard's note of that day). Made up are the rest of
the laboratory's counts (one file, every authority and day since March, so that row 65,536 falls on
25 September) and England's series by specimen date, to which the missing ones are added.
"""

from collections.abc import Mapping
from datetime import date

from simulation.places import read_places
from simulation.publishers.published import PublishedFile
from simulation.replays.asking import changed, figure
from simulation.replays.formats import (
    ENGLAND,
    Place,
    daily_indicators,
    days_between,
    plain_return,
    specimen_cases,
)
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

WHOLE, CUT, FOUND, REST = (
    date(2020, 9, 24),
    date(2020, 10, 2),
    date(2020, 10, 3),
    date(2020, 10, 4),
)
ROW_LIMIT = 65_536
FIRST = date(2020, 3, 1)
LOST_DAYS = days_between(date(2020, 9, 25), CUT)
LOST = dict(zip(LOST_DAYS, (957, 744, 757, 0, 1_415, 3_049, 4_133, 4_786), strict=True))
REPORTED = {WHOLE: 6_634, CUT: 6_968, FOUND: 12_872, REST: 22_961}
# The laboratory's cases of 25 September that stand above the last row.
KEPT_OF_THE_FIRST = 1_204
# England's cases by specimen date as they stand in the end: the same rise from day to day.
SPECIMEN_FIRST, BEGIN_AT, RISE = date(2020, 9, 1), 2_600, 220

SPECIMEN, REPORT, UK = "cases_by_specimen_date", "cases_by_report_date", "K02000001"
LABORATORY = (
    "{table} where source_id = 'local_returns' and event_date between '2020-09-25' and '2020-10-02'"
)
SHOWN_OF_LABORATORY = f"select sum(value) from {LABORATORY.format(table='figures')}"
STEEPEST = "select max(rise) from (select value - lag(value) over (order by event_date) as rise {})"
STEEPEST_BY_SPECIMEN = STEEPEST.format(
    f"from figures where metric_id = '{SPECIMEN}' and area_id = '{ENGLAND.code}'"
)
Row = tuple[Place, date, str, int]


def days() -> list[PublicationDay]:
    """The last whole file, the day of the cut one, and the two days on which the rest came in."""
    return [
        _day(WHOLE, "The laboratory's file is whole: 65,313 rows.", [_laboratory(WHOLE)]),
        _day(CUT, "The file ends at row 65,536; the rest of it is lost.", [_laboratory(CUT)]),
        _day(
            FOUND, "The laboratory sends its counts again, in two smaller files.", _in_two_files()
        ),
        _day(REST, "The rest of the missing cases is in the number reported.", []),
    ]


def laboratory_rows(until: date) -> list[Row]:
    """Every authority's count of every day since March, by day and then by code."""
    places = [
        Place(code, name, "lower")
        for code, name in read_places().areas.select("area_id", "area_name").iter_rows()
        if code.startswith("E0")
    ]
    return [
        (place, day, SPECIMEN, count)
        for at, day in enumerate(days_between(FIRST, until))
        for place, count in zip(places, _counts(day, at, len(places)), strict=True)
    ]


def _counts(day: date, at: int, places: int) -> list[int]:
    """A day's counts by place; of the first lost day only what stood below row 65,536 was lost."""
    if day not in LOST:
        return [(at + place) % 4 for place in range(places)]
    if day > LOST_DAYS[0]:
        return _evenly(LOST[day], places)
    above = ROW_LIMIT - 1 - at * places
    return [*_evenly(KEPT_OF_THE_FIRST, above), *_evenly(LOST[day], places - above)]


def _evenly(total: int, places: int) -> list[int]:
    return [total // places + (at < total % places) for at in range(places)]


def _laboratory(published: date) -> PublishedFile:
    rows = laboratory_rows(published)[: ROW_LIMIT - 1]
    return plain_return(f"laboratory-return-{published}.csv", rows)


def _in_two_files() -> list[PublishedFile]:
    rows = laboratory_rows(CUT)
    halves = {
        "a-to-c": [row for row in rows if row[0].name < "D"],
        "d-to-z": [row for row in rows if row[0].name >= "D"],
    }
    return [
        plain_return(f"laboratory-return-{name}-{FOUND}.csv", half) for name, half in halves.items()
    ]


def _day(published: date, happened: str, laboratory: list[PublishedFile]) -> PublicationDay:
    cases = specimen_cases(published, {ENGLAND: _england(published)})
    indicators = daily_indicators(published, {published: {"NewUKCases": REPORTED[published]}})
    files = {"phe_cases_vintages": [cases], "phe_utla_daily_csv": [indicators]}
    return PublicationDay(
        published, happened, files | ({"local_returns": laboratory} if laboratory else {})
    )


def _england(published: date) -> dict[date, int]:
    """England by specimen date in the file of a day, less what was still missing from it."""
    missing: Mapping[date, int] = LOST if published < FOUND else {}
    return {
        day: BEGIN_AT + RISE * at - missing.get(day, 0)
        for at, day in enumerate(days_between(SPECIMEN_FIRST, published))
    }


REPLAY = Replay(
    replay_id="xls-truncation",
    title="A spreadsheet's last row",
    happened_on=CUT,
    source="https://www.gov.uk/government/news/phe-statement-on-delayed-reporting-of-covid-19-cases",
    days=days,
    questions=[
        Question(
            "laboratory",
            "How many cases did the laboratory find from 25 September to 2 October?",
            "select sum(value) from (select arg_max(value, published_at) as value "
            f"from {LABORATORY.format(table='published_values')} group by area_code, event_date)",
            SHOWN_OF_LABORATORY,
        ),
        Question(
            "steepest",
            "How many more cases than the day before, on the day of the steepest rise?",
            STEEPEST.format("from published_values where series_id = 'new_uk_cases'"),
            STEEPEST_BY_SPECIMEN,
        ),
    ],
    answers=[
        KnownAnswer("the UK reports before the cut", 6_634, figure(REPORT, UK, WHOLE), after=WHOLE),
        KnownAnswer(
            "cases that the cut file lost",
            15_841,
            "select sum(value) filter (where published_at = '2020-10-03') "
            "- sum(value) filter (where published_at = '2020-10-02') "
            f"from {LABORATORY.format(table='published_values')}",
            of="naive",
        ),
        KnownAnswer("of the cut file Trigpoint shows", None, SHOWN_OF_LABORATORY, after=CUT),
        KnownAnswer(
            "of the whole file Trigpoint shows",
            KEPT_OF_THE_FIRST + 15_841,
            SHOWN_OF_LABORATORY,
            after=FOUND,
        ),
        KnownAnswer(
            "of them from 2 October", 4_786, f"{SHOWN_OF_LABORATORY} and event_date = '{CUT}'"
        ),
        KnownAnswer(
            "England's cases by specimen date that came late, explained",
            15_841,
            changed(SPECIMEN, ENGLAND.code, FOUND, where="event_text is not null"),
        ),
        KnownAnswer(
            "of them with specimens of 2 October",
            4_786,
            changed(SPECIMEN, ENGLAND.code, FOUND, where=f"event_date = '{CUT}'"),
        ),
        KnownAnswer("the UK's cases reported on 3 October", 12_872, figure(REPORT, UK, FOUND)),
        KnownAnswer("the UK's cases reported on 4 October", 22_961, figure(REPORT, UK, REST)),
        KnownAnswer(
            "of both days' numbers, those that an event explains",
            12_872 + 22_961,
            changed(REPORT, UK, FOUND, REST, where="event_id = 'xls-truncation-report'"),
        ),
        KnownAnswer("the steepest rise by specimen date", RISE, STEEPEST_BY_SPECIMEN),
    ],
    watched=[(SPECIMEN, ENGLAND.code), (REPORT, UK)],
    # The two smaller files say whatever the cut one does, so nobody waits for it after them.
    breakers={CUT: ("row_cap",)},
    verdict=(
        "A naive store would have shown a rise of {naive_steepest:,.0f} cases from one day to "
        "the next, and until then a laboratory that had found 1,204 cases in eight days; "
        "Trigpoint held the cut file, showed {trigpoint_laboratory:,.0f} once it was whole, named "
        "15,841 late cases on 3 and 4 October, and by specimen date showed no rise above "
        "{trigpoint_steepest:,.0f}."
    ),
)
