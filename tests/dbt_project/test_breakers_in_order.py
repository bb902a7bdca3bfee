"""Breakers judge files in the order of publication, and what they held spoils nothing that follows.

One or more sources publish 21 days of 24 areas every day for ten weeks, on DuckDB in memory, by the
models as dbt compiled them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl
import pytest

from bench.warehouse import Warehouse
from store.paths import Home
from tests.dbt_project.world_tables import FILE

FIRST, DAYS, WINDOW = date(2020, 4, 1), 70, 21
AREAS = [f"A{at:02}" for at in range(24)]
Value = Callable[[int, int, int], float | None]  # of the file of a day, a day, an area
Row = dict[str, Any]


@pytest.fixture(scope="module")
def warehouse(empty_home: Home) -> Iterator[Warehouse]:
    made = Warehouse(empty_home)
    yield made
    made.connection.close()


def usual(file: int, day: int, area: int) -> float:
    """Some 40 people a day and area, who are all known after four days; no two areas are alike."""
    known = (0.4, 0.7, 0.9, 0.97)[file - day - 1] if file - day <= 4 else 1.0
    return round((30 + area + (day * 7 + area * 3) % 5) * known)


def held(warehouse: Warehouse, said: Mapping[str, Value], until: int = DAYS) -> dict[str, set[str]]:
    """The files that are held and the breakers that hold them, if sources say this each day."""
    warehouse.give("areas", pl.DataFrame({"area_id": AREAS, "area_type": ["ltla"] * len(AREAS)}))
    warehouse.give(
        "metrics",
        pl.DataFrame([{"metric_id": "m", "grain": "day", "usual_lag_days": 5, "quantity_id": "q"}]),
    )
    warehouse.give(
        "sources",
        pl.DataFrame([{"source_id": s, "absence": "withdrawn", "is_agreed": True} for s in said]),
    )
    warehouse.give(
        "series",
        pl.DataFrame(
            [
                {
                    "source_id": s,
                    "series_id": "n",
                    "metric_id": "m",
                    "is_cumulative_to_daily": False,
                }
                for s in said
            ]
        ),
    )
    files = [(s, file) for file in range(WINDOW, until) for s in said]
    rows = [row for s, file in files for row in _rows(s, file, said[s])]
    came = {row[FILE] for row in rows}
    arrived = [_arrival(s, file) for s, file in files if f"{s}-{file}" in came]
    warehouse.give("arrivals", pl.DataFrame(arrived))
    warehouse.give("published_values", pl.DataFrame(rows, infer_schema_length=None))
    warehouse.run(["held_files"])
    found: dict[str, set[str]] = {}
    for name, breaker in warehouse.connection.sql(
        f"select {FILE}, breaker_id from work.held_files"
    ).fetchall():
        found.setdefault(name, set()).add(breaker)
    return found


def _arrival(source: str, file: int) -> Row:
    return {
        "source_id": source,
        "file_name": f"{source}-{file}",
        "file_sha256": f"{source}-{file}",
        "verdict": "landed",
        "rows_quarantined": 0,
        "row_cap": 0,
        **_moments(file),
    }


def _rows(source: str, file: int, value: Value) -> Iterator[Row]:
    for day in range(file - WINDOW, file):
        for area, area_id in enumerate(AREAS):
            said = value(file, day, area)
            if said is not None:
                yield {
                    "source_id": source,
                    "series_id": "n",
                    "area_code": area_id,
                    "stratum_id": "all",
                    "event_date": FIRST + timedelta(day),
                    "value": float(said),
                    FILE: f"{source}-{file}",
                    "file_row": area,
                    "sheet_name": "",
                    **_moments(file),
                }


def _moments(file: int) -> Row:
    published = datetime(FIRST.year, FIRST.month, FIRST.day) + timedelta(file)
    return {"published_at": published, "landed_at": published + timedelta(hours=1)}


def names(source: str, *files: int) -> set[str]:
    return {f"{source}-{file}" for file in files}


def but(files: range, value: Value) -> Value:
    """The usual, but for some files."""
    return lambda file, *at: (value if file in files else usual)(file, *at)


def test_what_is_as_usual_is_never_held(warehouse: Warehouse):
    assert held(warehouse, {"s": usual}) == {}


@pytest.mark.parametrize("days", [1, 3, 6])
def test_units_are_held_as_long_as_they_are_wrong_and_no_day_longer(
    warehouse: Warehouse, days: int
):
    wrong = range(50, 50 + days)
    found = held(warehouse, {"s": but(wrong, lambda *at: 10 * usual(*at))})
    assert set(found) == names("s", *wrong)
    assert all("units" in breakers for breakers in found.values())


@pytest.mark.parametrize("others", ["", "t", "tu"])
def test_units_that_stay_wrong_are_never_believed(warehouse: Warehouse, others: str):
    """For fifty days, whoever else speaks: only an event on record makes another level right."""
    said = {"s": but(range(50, 100), lambda *at: 10 * usual(*at))} | dict.fromkeys(others, usual)
    found = held(warehouse, said, until=100)
    assert set(found) == names("s", *range(50, 100))
    assert all("units" in breakers for breakers in found.values())


@pytest.mark.parametrize("share", [0, 1], ids=["an empty file", "two right ones"])
def test_units_that_have_become_usual_are_not_believed_after_a_break(
    warehouse: Warehouse, share: int
):
    """For twenty days they are wrong, and are wrong again after a file or two of something else."""
    pause = range(70, 71 + share)

    def said(file: int, day: int, area: int) -> float:
        return usual(file, day, area) * (share if file in pause else 10 if file >= 50 else 1)

    found = held(warehouse, {"s": said}, until=100)
    again = names("s", *range(pause.stop, 100))
    assert again <= set(found)
    assert all("units" in found[name] for name in again)


def test_units_that_are_mended_in_two_steps_are_mended(warehouse: Warehouse):
    def said(file: int, day: int, area: int) -> float:
        return usual(file, day, area) * (10 if 50 <= file < 53 else 3 if 53 <= file < 56 else 1)

    assert set(held(warehouse, {"s": said})) == names("s", *range(50, 56))


def test_the_first_good_file_after_a_month_of_wrong_ones_is_not_held(warehouse: Warehouse):
    """The weeks before, which it would be held against, were wrong."""
    wrong = range(50, 78)
    found = held(warehouse, {"s": but(wrong, lambda *at: 10 * usual(*at))}, until=100)
    assert set(found) == names("s", *wrong)


def test_growth_since_a_day_was_said_young_is_no_tenfold(warehouse: Warehouse):
    """Of each day something is said on the day after, and all of it when it has been counted."""

    def said(file: int, day: int, area: int) -> float | None:
        return {1: 4.0, 15: 40.0}.get(file - day)

    assert not any("units" in breakers for breakers in held(warehouse, {"s": said}).values())


@pytest.mark.parametrize(
    "silent",
    [range(45, 46), range(45, 47), range(45, 49), range(45, DAYS)],
    ids=["a day", "two days", "four days", "for good"],
)
@pytest.mark.parametrize("who", ["s", "tu", "t"])
def test_who_is_silent_for_a_while_holds_nobody(warehouse: Warehouse, silent: range, who: str):
    def pausing(file: int, day: int, area: int) -> float | None:
        return None if file in silent else usual(file, day, area)

    said = {name: pausing if name in who else usual for name in "stu"}
    assert held(warehouse, said) == {}


def test_who_rests_at_weekends_holds_nobody(warehouse: Warehouse):
    def weekdays(file: int, day: int, area: int) -> float | None:
        return None if file % 7 in (3, 4) else usual(file, day, area)

    assert held(warehouse, {"s": usual, "t": weekdays, "u": weekdays}, until=120) == {}


def test_units_are_mended_where_on_most_days_nobody_is_counted(warehouse: Warehouse):
    """When it goes wrong less than half of the days are empty, when it is mended more."""

    def few(file: int, day: int, area: int) -> float:
        return 0.0 if 38 <= day < 60 else 1.0

    wrong = range(50, 53)

    def said(file: int, day: int, area: int) -> float:
        return few(file, day, area) * (1000 if file in wrong else 1)

    assert set(held(warehouse, {"s": said})) == names("s", *wrong)


WRONG = range(50, 54)
KINDS: dict[str, tuple[Value, str]] = {
    "a fifth more": (lambda *at: round(1.2 * usual(*at)), "total_moved"),
    "an area lost": (
        lambda file, day, area: None if area == 7 else usual(file, day, area),
        "keys_vanished",
    ),
    "a day lost": (
        lambda file, day, area: None if day == file - 9 else usual(file, day, area),
        "rows_missing",
    ),
    "rows lost here and there": (
        lambda file, day, area: None if (day + area) % 9 == 0 else usual(file, day, area),
        "rows_missing",
    ),
    "one day doubled": (
        lambda file, day, area: usual(file, day, area) * (2 if day == 40 else 1),
        "days_moved",
    ),
    "an area three times as large": (
        lambda file, day, area: usual(file, day, area) * (3 if area == 7 else 1),
        "areas_moved",
    ),
    "an old file again": (
        lambda file, day, area: usual(49, day, area) if 49 - WINDOW <= day < 49 else None,
        "nothing_new",
    ),
}


@pytest.mark.parametrize("what", KINDS)
def test_what_is_wrong_for_days_is_held_for_days_under_its_name(warehouse: Warehouse, what: str):
    value, breaker = KINDS[what]
    found = held(warehouse, {"s": but(WRONG, value)})
    assert set(found) == names("s", *WRONG)
    assert all(breaker in breakers for breakers in found.values())


def test_a_newest_day_that_is_missing_is_held_until_it_is_usual(warehouse: Warehouse):
    def behind(file: int, day: int, area: int) -> float | None:
        return None if day == file - 1 else usual(file, day, area)

    found = held(warehouse, {"s": but(range(50, DAYS), behind)})
    assert names("s", 50, 51, 52) <= set(found) <= names("s", *range(50, 56))
    assert all(breakers == {"dated_oddly"} for breakers in found.values())


def test_verdicts_of_a_first_load_are_those_of_a_clock_that_ran_day_by_day(warehouse: Warehouse):
    def value(file: int, day: int, area: int) -> float | None:
        if file in (45, 46):
            return 10 * usual(file, day, area)
        return None if file == 55 and area > 15 else usual(file, day, area)

    said = {"s": value, "t": but(range(50, 57), lambda *at: round(1.3 * usual(*at)))}
    at_once = held(warehouse, said)
    assert names("s", 45, 46, 55) | names("t", *range(50, 57)) <= set(at_once)
    for day in range(WINDOW + 1, DAYS, 4):
        by_then = {name: at_once[name] for name in at_once if int(name.split("-")[1]) < day}
        assert held(warehouse, said, until=day) == by_then


def test_a_source_that_drifts_is_held_when_two_others_do_not(warehouse: Warehouse):
    def drifting(file: int, day: int, area: int) -> float:
        return round(usual(file, day, area) * 1.01 ** max(0, file - 45))

    found = held(warehouse, {"s": drifting, "t": usual, "u": usual})
    assert names("s", *range(60, DAYS)) <= set(found) <= names("s", *range(45, DAYS))


def test_another_source_bears_out_a_step_that_is_real(warehouse: Warehouse):
    def stepped(file: int, day: int, area: int) -> float:
        return usual(file, day, area) * (2 if file >= 50 else 1)

    alone, confirmed = (
        held(warehouse, {"s": stepped}),
        held(warehouse, {"s": stepped, "t": stepped}),
    )
    assert names("s", 50) <= set(alone)
    assert not set(confirmed) & names("s", *range(51, DAYS))


def test_an_event_on_record_says_why_a_history_was_restated(warehouse: Warehouse):
    def restated(file: int, day: int, area: int) -> float:
        return usual(file, day, area) * (2 if file >= 50 else 1)

    warehouse.give(
        "events",
        pl.DataFrame(
            [
                {
                    "event_id": "e",
                    "kind": "redefinition",
                    "metric_id": "m",
                    "happened_on": FIRST + timedelta(50),
                }
            ]
        ),
    )
    try:
        assert held(warehouse, {"s": restated}) == {}
    finally:
        warehouse.give("events", pl.DataFrame())
