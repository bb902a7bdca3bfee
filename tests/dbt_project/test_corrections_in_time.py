"""How corrections end, whatever is said and whenever it lands: on cells drawn at random.

What was known of a correction at a moment is what a store knows that was fed only what had been
published by then.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bench import compiled
from bench.warehouse import Altered, Warehouse
from store.paths import Home

MOMENTS = tuple(datetime(2020, 5, 1, 12) + timedelta(hours=36 * step) for step in range(8))
LAST = max(MOMENTS) + timedelta(days=30)
CELL = {"metric_id": "m", "area_id": "A", "stratum_id": "all", "event_date": date(2020, 5, 1)}
RANKS = {"better": 1, "guard": 2, "worse": 3}
VALUES = (27.0, 30.0, None)
GIVEN = {"precedence", "guard_spells", "stg_ground_reports__corrections", "landed_files"}
# Of what follows from these, what corrections are made of; who says what is given here.
MODELS = ("landed_corrections", "objections", "correction_spells")
Row = dict[str, Any]


class Corrections(Warehouse):
    """A warehouse in memory that makes corrections of what is given, and nothing else."""

    def __init__(self, home: Home) -> None:
        super().__init__(home)
        manifest = home.root / "dbt" / "target" / "manifest.json"
        following = compiled.models(manifest, after=GIVEN, until=MODELS[-1:])
        self.models = [model for model in following if model.name in MODELS]

    def decide(self, altered: Altered) -> None:
        for model in self.models:
            old, new = altered.get(model.name, ("", ""))
            assert old in model.query
            model._replace(query=model.query.replace(old, new)).create(self.connection)


def word(source: str) -> st.SearchStrategy[Row]:
    """What a source says, and how much later it lands; where it gives no value it may hide it."""
    return st.fixed_dictionaries(
        {
            "source_id": st.just(source),
            "value": st.sampled_from(VALUES),
            "is_hidden": st.booleans(),
            "published_at": st.sampled_from(MOMENTS),
            "late": st.sampled_from((0, 1, 60)),
        }
    )


words = st.tuples(*(st.lists(word(source), max_size=4) for source in RANKS)).map(
    lambda drawn: [one for of_source in drawn for one in of_source]
)
corrections = st.lists(
    st.fixed_dictionaries(
        {
            "guard_value": st.sampled_from(VALUES),
            "published_at": st.sampled_from(MOMENTS).map(lambda at: at + timedelta(hours=3)),
            "lasts": st.integers(1, 9),
            "taken_back_after": st.sampled_from((None, 1, 4)),
            "is_expiry_told": st.booleans(),
        }
    ),
    min_size=1,
    max_size=2,
    unique_by=lambda one: one["published_at"],
)


@pytest.fixture(scope="module")
def warehouse(empty_home: Home) -> Iterator[Corrections]:
    made = Corrections(empty_home)
    ranked = [{"metric_id": "m", "source_id": one, "rank": rank} for one, rank in RANKS.items()]
    made.give("precedence", pl.DataFrame(ranked))
    yield made
    made.connection.close()


def spells_of(said: list[Row], until: datetime) -> list[Row]:
    """What publishers say of the cell, as far as that was published."""
    rows = []
    for source in RANKS:
        mine = [row for row in said if row["source_id"] == source and row["published_at"] <= until]
        in_order = sorted(mine, key=lambda row: (row["published_at"], row["late"]))
        last = {row["published_at"]: row for row in in_order}
        ends = [*list(last)[1:], *[None][: len(last)]]
        for row, end in zip(last.values(), ends, strict=True):
            hidden = "suppressed_by_publisher" if row["is_hidden"] else "not_reported"
            rows.append(
                CELL
                | {name: row[name] for name in ("source_id", "value", "published_at")}
                | {"missing_reason": hidden if row["value"] is None else None}
                | {"landed_at": row["published_at"] + timedelta(hours=row["late"])}
                | {"superseded_at": end, "file_row": 2}
            )
    return rows


def midnight(moment: datetime, days: int) -> datetime:
    return datetime.combine((moment + timedelta(days=days)).date(), time.min)


def files_of(accepted: list[Row], until: datetime) -> list[Row]:
    """What the store wrote of each correction: that it holds, has expired, was taken back."""
    rows = []
    for at, one in enumerate(accepted):
        day = midnight(one["published_at"], one["lasts"])
        said = {"correction": one["published_at"]}
        if one["taken_back_after"]:
            said["taken_back"] = one["published_at"] + timedelta(days=one["taken_back_after"])
        if one["is_expiry_told"]:
            said["expired"] = day
        rows += [
            CELL
            | {"correction_id": f"pr_{at}", "source_id": "ground_reports", "says": says}
            | {"value": 72.0 if says == "correction" else None, "expires_on": day.date()}
            | {"guard_source_id": "guard", "guard_value": one["guard_value"]}
            | {"published_at": moment, "landed_at": moment}
            | {"file_sha256": f"pr_{at}_{says}", "file_row": 2}
            for says, moment in said.items()
            if moment <= until
        ]
    return rows


def ends_of(
    warehouse: Corrections,
    said: list[Row],
    accepted: list[Row],
    until: datetime,
    altered: Altered = MappingProxyType({}),
) -> dict[str, tuple[datetime | None, str | None]]:
    """How each correction ends for a store that knows what was published by a moment."""
    spells, files = spells_of(said, until), files_of(accepted, until)
    landed = [
        {"source_id": row["source_id"], "published_at": row["published_at"]}
        | {"landed_at": row["landed_at"]}
        | {"file_sha256": row.get("file_sha256", f"{row['source_id']}-{row['published_at']}")}
        for row in (*spells, *files)
    ]
    for table, rows in (
        ("guard_spells", spells),
        ("stg_ground_reports__corrections", files),
        ("landed_files", landed),
    ):
        warehouse.give(table, pl.DataFrame(rows, infer_schema_length=None))
    warehouse.decide(altered)
    found = "select correction_id, ends_at, ended_because from work.correction_spells"
    return {number: (at, why) for number, at, why in warehouse.connection.sql(found).fetchall()}


EXAMPLES = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def what_was_known_is_never_rewritten(
    warehouse: Corrections, said: list[Row], accepted: list[Row], altered: Altered
) -> None:
    whole = ends_of(warehouse, said, accepted, LAST, altered)
    for moment in MOMENTS:
        fresh = ends_of(warehouse, said, accepted, moment, altered)
        known = {
            number: end if end[0] is not None and end[0] <= moment else (None, None)
            for number, end in whole.items()
            if number in fresh
        }
        assert fresh == known, moment


def none_outlasts_its_day_or_what_a_preferred_source_says(
    warehouse: Corrections, said: list[Row], accepted: list[Row], altered: Altered
) -> None:
    ends = ends_of(warehouse, said, accepted, LAST, altered)
    spells, files = spells_of(said, LAST), files_of(accepted, LAST)
    for at, one in enumerate(accepted):
        begins, day = one["published_at"], midnight(one["published_at"], one["lasts"])
        late = [row["published_at"] for row in (*spells, *files) if row["published_at"] >= day]
        preferred = [row for row in spells if row["source_id"] == "better"]
        seen = [
            row["value"]
            for row in preferred
            if max(row["published_at"], row["landed_at"]) <= begins
        ]
        new = [
            row["published_at"]
            for row in preferred
            if row["published_at"] > begins and row["value"] not in (None, *seen[-1:])
        ]
        ended_at = ends[f"pr_{at}"][0]
        assert not (late or new) or (ended_at is not None and ended_at <= min([*late, *new]))


@EXAMPLES
@given(said=words, accepted=corrections)
def test_what_was_known_of_a_correction_is_never_rewritten(
    warehouse: Corrections, said: list[Row], accepted: list[Row]
):
    what_was_known_is_never_rewritten(warehouse, said, accepted, {})


@EXAMPLES
@given(said=words, accepted=corrections)
def test_no_correction_outlasts_its_day_nor_what_a_preferred_source_says(
    warehouse: Corrections, said: list[Row], accepted: list[Row]
):
    none_outlasts_its_day_or_what_a_preferred_source_says(warehouse, said, accepted, {})


BREAKS: dict[str, tuple[Callable[..., None], Altered]] = {
    "a day that the last publication tells": (
        what_was_known_is_never_rewritten,
        {"correction_spells": ("min(files.published_at)", "max(files.published_at)")},
    ),
    "a day that nobody but the journal tells": (
        none_outlasts_its_day_or_what_a_preferred_source_says,
        {"correction_spells": ("files.published_at >= accepted.expires_on", "false")},
    ),
    "a preferred source that is not heard": (
        none_outlasts_its_day_or_what_a_preferred_source_says,
        {"correction_spells": ("where is_preferred", "where false")},
    ),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_a_broken_model_breaks_it(warehouse: Corrections, broken: str):
    holds, altered = BREAKS[broken]

    @settings(EXAMPLES, phases=[Phase.generate], max_examples=200)
    @given(said=words, accepted=corrections)
    def look(said: list[Row], accepted: list[Row]):
        holds(warehouse, said, accepted, altered)

    with pytest.raises(AssertionError):
        look()
