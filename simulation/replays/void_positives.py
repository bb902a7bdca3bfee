"""27 November 2020: positive results of one laboratory are void, 1,283 cases go.

Positive tests that one laboratory had reported for samples of 11 to 23 November were withdrawn:
1,283 cases in about 100 authorities of England were taken out of the series by specimen date. The
totals by report date were not changed.

The 1,283 cases, the days of their samples and "about 100 authorities" are published (the
dashboard's note of 27 November 2020). Which authorities, here exactly 100, how many cases each
lost, and all counts around them are made up.
"""

from datetime import date

from simulation.places import read_places
from simulation.publishers.published import PublishedFile
from simulation.replays.asking import changed, newest_changed, newest_step
from simulation.replays.formats import (
    ENGLAND,
    Daily,
    Place,
    daily_indicators,
    days_between,
    specimen_cases,
)
from simulation.replays.story import KnownAnswer, PublicationDay, Question, Replay

BEFORE, THE_DAY = date(2020, 11, 26), date(2020, 11, 27)
FIRST = date(2020, 11, 1)
VOID_DAYS = days_between(date(2020, 11, 11), date(2020, 11, 23))
AUTHORITIES, VOID = 100, 1_283
A_DAY_IN_ENGLAND, A_DAY_IN_AN_AUTHORITY = 15_000, 40
REPORTED_BEFORE, REPORTED = 1_350_000, 1_365_000

SPECIMEN, REPORT = "cases_by_specimen_date", "cases_by_report_date"


def days() -> list[PublicationDay]:
    """PHE's files by specimen date and its indicators by report date, of two days."""
    first, second = {BEFORE: REPORTED_BEFORE}, {THE_DAY: REPORTED}
    return [
        PublicationDay(
            BEFORE, "One laboratory's cases are among the others.", _files(BEFORE, first)
        ),
        PublicationDay(
            THE_DAY,
            "1,283 of them are void, with samples of 11 to 23 November.",
            _files(THE_DAY, first | second),
        ),
    ]


def _files(published: date, reported: dict[date, int]) -> dict[str, list[PublishedFile]]:
    totals = {day: {"EnglandCases": total} for day, total in reported.items()}
    return {
        "phe_cases_vintages": [specimen_cases(published, _cases(published))],
        "phe_utla_daily_csv": [daily_indicators(published, totals)],
    }


def _cases(published: date) -> dict[Place, Daily]:
    """England and the authorities concerned, by specimen date, in the file of a day."""
    dates = days_between(FIRST, published)
    void = [_void(at) if published == THE_DAY else {} for at in range(AUTHORITIES)]
    authorities = {
        place: {day: A_DAY_IN_AN_AUTHORITY - lost.get(day, 0) for day in dates}
        for place, lost in zip(_concerned(), void, strict=True)
    }
    england = {day: A_DAY_IN_ENGLAND - sum(lost.get(day, 0) for lost in void) for day in dates}
    return {ENGLAND: england, **authorities}


def _void(at: int) -> dict[date, int]:
    """What one authority loses: one case a day, the last ones none on the last day."""
    to_spare = AUTHORITIES * len(VOID_DAYS) - VOID
    return dict.fromkeys(VOID_DAYS[:-1] if at < to_spare else VOID_DAYS, 1)


def _concerned() -> list[Place]:
    names = read_places().areas.select("area_id", "area_name").head(AUTHORITIES)
    return [Place(code, name, "lower") for code, name in names.iter_rows()]


REPLAY = Replay(
    replay_id="void-positives",
    title="One laboratory's positives are void",
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
    ],
    answers=[
        KnownAnswer(
            "cases taken out in England",
            -VOID,
            changed(SPECIMEN, ENGLAND.code, THE_DAY, where="event_id = 'void-positives'"),
        ),
        KnownAnswer(
            "cases taken out in the authorities",
            -VOID,
            f"select sum(amount) from figure_changes where metric_id = '{SPECIMEN}' "
            f"and area_id <> '{ENGLAND.code}' and event_id = 'void-positives'",
        ),
        KnownAnswer(
            "authorities in which they are taken out",
            AUTHORITIES,
            f"select count(distinct area_id) from figure_changes where metric_id = '{SPECIMEN}' "
            f"and area_id <> '{ENGLAND.code}' and event_id = 'void-positives'",
        ),
        KnownAnswer(
            "of the parts, those that are no correction of samples of 11 to 23 November",
            0,
            "select count(*) from figure_changes where event_id = 'void-positives' and not "
            "(kind = 'correction' and event_date between '2020-11-11' and '2020-11-23')",
        ),
        KnownAnswer(
            "figures by report date that changed",
            0,
            f"select count(*) from figure_changes where metric_id like '{REPORT}%' "
            "and kind <> 'new'",
        ),
        KnownAnswer(
            "a naive store's new cases in England",
            A_DAY_IN_ENGLAND - VOID,
            newest_step(["cumulative_cases"], ENGLAND.code),
            of="naive",
        ),
    ],
    watched=[(SPECIMEN, ENGLAND.code), (REPORT, ENGLAND.code)],
    verdict=(
        "A naive store would have shown {naive_england:,.0f} new cases in England; Trigpoint "
        "showed {trigpoint_england:,.0f}, and 1,283 older ones of 100 authorities taken out."
    ),
)
