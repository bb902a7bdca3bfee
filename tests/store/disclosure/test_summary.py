"""What is hidden, counted by stage; nothing of it names a cell or an interval."""

from datetime import date

import polars as pl

from store.disclosure import proof
from store.disclosure.showing import LEFT_OUT, WHY, Shown
from store.disclosure.summary import DAY, DERIVED, SCHEMA, SMALL, summary

# shown, why, guarded, the narrowest interval that any audience can tell
ROWS = [
    ("1 to 7", WHY[Shown.HIDDEN], True, (1, 7)),
    ("1 to 7", WHY[Shown.HIDDEN], True, (1, 9)),
    ("0 to 7", WHY[Shown.MERGED], True, (0, 7)),
    ("withheld", WHY[Shown.WITHHELD], False, (40, 41)),
    ("withheld", WHY[Shown.WITHHELD], True, (0, 60)),
    ("withheld", LEFT_OUT, True, (None, None)),
]


def proved() -> pl.DataFrame:
    rows = [
        {
            "metric_id": "admissions",
            "area_id": f"E0600000{number}",
            "stratum_id": "all",
            "event_date": date(2020, 4, 1),
            "form": "daily",
            "shown": shown,
            "why": why,
            "is_guarded": is_guarded,
            "any_low": low,
            "any_high": high,
            "rule": "nhs_subnational",
        }
        for number, (shown, why, is_guarded, (low, high)) in enumerate(ROWS)
    ]
    return pl.DataFrame(rows, schema_overrides=proof.COLUMNS)


def test_figures_are_counted_by_stage_with_the_fewest_counts_left_of_a_guarded_one():
    rows = summary(proved()).select("stage", "shown", "figures", "fewest_counts_left").rows()
    assert rows == [
        (SMALL, "1 to 7", 2, 7),
        (DERIVED, "0 to 7", 1, 8),
        (DERIVED, "withheld", 2, 61),
        (DAY, "withheld", 1, None),
    ]


def test_no_cell_and_no_interval_is_in_it():
    assert {*summary(proved()).columns} == {*SCHEMA}
    assert not {*SCHEMA} & {"area_id", "event_date", "stratum_id", "is_guarded", *proof.BOUNDS}


def test_where_everything_is_public_there_is_nothing_to_count():
    assert summary(pl.DataFrame(schema=proof.COLUMNS)).is_empty()
