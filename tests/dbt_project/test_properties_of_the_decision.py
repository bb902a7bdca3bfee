"""What must hold of every decision, whatever was published: on worlds drawn at random.

The models run as dbt compiled them, from published values to figures, on DuckDB in memory. Each
property is also shown to break where the model that holds it is broken.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from bench.warehouse import Altered, Warehouse
from store.paths import Home
from store.reader import macro
from tests.dbt_project.world_tables import FILE, fill, tables
from tests.dbt_project.worlds import (
    ABSENCE,
    MOMENTS,
    Cell,
    File,
    Rule,
    World,
    days_of_change,
    rules,
    steady_worlds,
    worlds,
)

# The same examples each time; whoever looks for rarer ones raises the number.
EXAMPLES = settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
BROKEN = settings(EXAMPLES, max_examples=40, phases=[Phase.generate])
WANTED = ("figures", "figure_changes", "claims", "held_files")
Property = Callable[..., None]
Frames = dict[str, pl.DataFrame]
IN_EACH = 6


def several(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    return st.lists(of, min_size=IN_EACH, max_size=IN_EACH)


@pytest.fixture(scope="module")
def warehouse(empty_home: Home) -> Iterator[Warehouse]:
    made = Warehouse(empty_home)
    yield made
    made.connection.close()


def decide(
    warehouse: Warehouse,
    named: Mapping[str, World],
    altered: Altered | None = None,
    shuffled: Random | None = None,
    severity: str | None = None,
) -> None:
    """Make what follows from the worlds; with `shuffled`, from the same rows in another order."""
    made = tables(named)
    if shuffled:
        made = {
            table: rows.sample(fraction=1, shuffle=True, seed=shuffled.randrange(10**6))
            for table, rows in made.items()
        }
    fill(warehouse, made, severity)
    warehouse.run(WANTED, altered)


def asked(warehouse: Warehouse, sql: str) -> pl.DataFrame:
    return warehouse.connection.sql(sql).pl()


def by_world(rows: pl.DataFrame) -> Frames:
    """Rows by the world they are of, in one order, under the names that all worlds share."""
    world = pl.col("metric_id").str.extract("@(.*)").alias("world")
    parts = rows.with_columns(world).partition_by("world", as_dict=True, include_key=False)
    return {
        str(name): part.with_columns(pl.col(pl.String).str.replace_all(r"@\w+", "")).sort(pl.all())
        for (name,), part in parts.items()
    }


def as_known(warehouse: Warehouse, table: str, moment: datetime) -> pl.DataFrame:
    warehouse.connection.execute(macro(table, "warehouse"))
    return asked(warehouse, f"from {table}_as_known(timestamp '{moment}')")


def require_equal(found: Frames, expected: Frames, of: Mapping[str, str]) -> None:
    """Each world's rows are those of another."""
    for world, other in of.items():
        if world in found or other in expected:
            assert world in found and other in expected, f"{world} or {other} has no rows"
            assert_frame_equal(found[world], expected[other])


def all_as_known_equals_a_fresh_store(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    now = {f"w{at}": world for at, world in enumerate(drawn)}
    then = {
        f"{name}u{since}": world.until(moment)
        for name, world in now.items()
        for since, moment in enumerate(MOMENTS)
    }
    decide(warehouse, now | then, altered)
    for table in ("figures", "claims"):
        fresh = by_world(asked(warehouse, f"from main.{table}"))
        for since, moment in enumerate(MOMENTS):
            known = by_world(as_known(warehouse, table, moment))
            require_equal(known, fresh, {name: f"{name}u{since}" for name in now})


def the_order_of_rows_never_matters(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    named = {f"w{at}": world for at, world in enumerate(drawn)}
    decided: list[Frames] = []
    for shuffled in (None, Random(len(drawn[0].files))):
        decide(warehouse, named, altered, shuffled)
        versions = by_world(asked(warehouse, "from main.figure_versions"))
        changes = by_world(asked(warehouse, "from main.figure_changes"))
        decided.append(versions | {f"{name}-changes": rows for name, rows in changes.items()})
    require_equal(*decided, of={name: name for name in decided[0] | decided[1]})


def the_order_of_landing_never_matters(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    named = {f"w{at}": world for at, world in enumerate(drawn)}
    late = {f"{name}late": world.landed_backwards() for name, world in named.items()}
    decide(warehouse, named | late, altered)
    found = by_world(asked(warehouse, "select * exclude landed_at from main.figure_versions"))
    require_equal(found, found, {name: f"{name}late" for name in named})


def repetition_never_matters(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    named = {f"w{at}": world for at, world in enumerate(drawn)}
    twice = {f"{name}twice": world.told_twice() for name, world in named.items()}
    # A breaker may hold what repeats itself; here it may only say so.
    decide(warehouse, named | twice, altered, severity="warn")
    found = by_world(asked(warehouse, "from main.figure_versions"))
    require_equal(found, found, {name: f"{name}twice" for name in named})


def parts_always_add_up(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    decide(warehouse, {f"w{at}": world for at, world in enumerate(drawn)}, altered)
    for moment in MOMENTS:
        as_known(warehouse, "figures", moment)
        unequal = asked(
            warehouse,
            f"""
            with changed as (
                select figure_id, sum(amount) as amount from main.figure_changes
                where changed_at <= timestamp '{moment}' group by figure_id
            )
            select figure_id, figures.value, changed.amount
            from figures_as_known(timestamp '{moment}') as figures
            full join changed using (figure_id)
            where coalesce(figures.value, 0) is distinct from coalesce(changed.amount, 0)
            """,
        )
        assert unequal.is_empty(), unequal


def a_withdrawal_never_resurrects(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    """A shown value is what its source said last about the cell, in any file that speaks of it."""
    named = {f"w{at}": world for at, world in enumerate(drawn)}
    decide(warehouse, named, altered)
    held = set(asked(warehouse, f"select source_id, {FILE} from work.held_files").rows())
    for moment in MOMENTS:
        shown = as_known(warehouse, "figures", moment).filter(pl.col("value").is_not_null())
        for row in shown.iter_rows(named=True):
            source, name = row["source_id"].split("@")
            files = [
                file
                for file in named[name].files
                if file.source == source
                and file.published_at <= moment
                and (row["source_id"], file.name) not in held
            ]
            assert last_said(files, (row["area_id"], row["event_date"])) == row["value"], row


def last_said(files: list[File], cell: Cell) -> float | str | None:
    speaking = [
        file
        for file in files
        if cell in file.said
        or (
            ABSENCE[file.source] == "withdrawn"
            and file.covers(cell)
            and not file.has_quarantined_rows
        )
    ]
    last = max(speaking, key=lambda file: (file.published_at, file.landed_at))
    return last.said.get(cell)


def a_changed_rule_starts_an_interval_and_rewrites_none(
    warehouse: Warehouse,
    drawn: list[tuple[World, date, tuple[Rule, ...]]],
    altered: Altered | None = None,
) -> None:
    old = {f"w{at}": world for at, (world, _, _) in enumerate(drawn)}
    new = {
        f"w{at}new": world.ruled_anew(after, day) for at, (world, day, after) in enumerate(drawn)
    }
    decide(warehouse, old | new, altered)
    versions = by_world(asked(warehouse, "from main.figure_versions"))
    for at, (_, day, _) in enumerate(drawn):
        changed_at = datetime(day.year, day.month, day.day)
        begun = pl.col("known_from") < changed_at
        before, after = (versions.get(f"w{at}{kind}") for kind in ("", "new"))
        if before is None or after is None:
            assert before is after
            continue
        ended = pl.min_horizontal("known_to", pl.lit(changed_at)).alias("known_to")
        kept = before.filter(begun).with_columns(ended)
        assert_frame_equal(after.filter(begun), kept.select(after.columns), check_row_order=False)
        started = after.filter(pl.col("known_from") == changed_at)
        assert set(kept["figure_id"]) <= set(started["figure_id"])


changed = st.tuples(worlds(), days_of_change(), rules())
worlds_under_two_boards = changed.map(lambda drawn: drawn[0].ruled_anew(drawn[2], drawn[1]))


@EXAMPLES
@given(drawn=several(worlds() | worlds_under_two_boards))
def test_as_known_at_any_time_equals_a_fresh_store_fed_only_what_had_been_published_by_then(
    warehouse: Warehouse, drawn: list[World]
):
    all_as_known_equals_a_fresh_store(warehouse, drawn)


@EXAMPLES
@given(drawn=several(worlds()))
def test_the_order_of_rows_never_matters_not_even_where_times_tie(
    warehouse: Warehouse, drawn: list[World]
):
    the_order_of_rows_never_matters(warehouse, drawn)


@EXAMPLES
@given(drawn=several(worlds()))
def test_the_order_of_landing_never_matters_but_among_files_of_one_moment(
    warehouse: Warehouse, drawn: list[World]
):
    the_order_of_landing_never_matters(warehouse, drawn)


@EXAMPLES
@given(drawn=several(worlds()))
def test_repetition_never_matters(warehouse: Warehouse, drawn: list[World]):
    repetition_never_matters(warehouse, drawn)


@EXAMPLES
@given(drawn=several(worlds() | worlds_under_two_boards))
def test_parts_of_changes_add_up_to_the_figure_at_any_time(
    warehouse: Warehouse, drawn: list[World]
):
    parts_always_add_up(warehouse, drawn)


@EXAMPLES
@given(drawn=several(worlds() | worlds_under_two_boards))
def test_a_withdrawal_never_resurrects(warehouse: Warehouse, drawn: list[World]):
    a_withdrawal_never_resurrects(warehouse, drawn)


@EXAMPLES
@given(drawn=several(changed))
def test_a_changed_rule_starts_a_new_interval_and_rewrites_none(
    warehouse: Warehouse, drawn: list[tuple[World, date, tuple[Rule, ...]]]
):
    a_changed_rule_starts_an_interval_and_rewrites_none(warehouse, drawn)


IN_ORDER = "order by published_at, landed_at, file_row"
BREAKS: dict[str, tuple[Property, st.SearchStrategy[Any], str, str, str]] = {
    "a breaker that looks ahead": (
        all_as_known_equals_a_fresh_store,
        steady_worlds(),
        "file_order",
        "order by published_at, landed_at",
        "order by published_at desc, landed_at desc",
    ),
    "a rule that was always agreed": (
        all_as_known_equals_a_fresh_store,
        worlds_under_two_boards,
        "candidates",
        "saying.known_from >= precedence.agreed_on",
        "true",
    ),
    "ties left open": (
        the_order_of_rows_never_matters,
        worlds(),
        "claims_changed",
        IN_ORDER,
        "order by published_at",
    ),
    "the last to land has the word": (
        the_order_of_landing_never_matters,
        worlds(),
        "claims_changed",
        IN_ORDER,
        "order by landed_at",
    ),
    "every statement a claim": (
        repetition_never_matters,
        worlds(),
        "claims_changed",
        "place = 1",
        "place > 0",
    ),
    "a part left out": (
        parts_always_add_up,
        worlds(),
        "change_parts",
        "value - restated_before as amount",
        "value - value_before as amount",
    ),
    "withdrawals not heard": (
        a_withdrawal_never_resurrects,
        worlds(),
        "claim_spells",
        'from "warehouse"."work"."claims_changed"',
        'from "warehouse"."work"."claims_changed" where value is not null',
    ),
    "rules that begin no interval": (
        a_changed_rule_starts_an_interval_and_rewrites_none,
        changed,
        "moments",
        "where rule_changes.changed_at > first_spoken.first_known",
        "where false",
    ),
    "a new rule for the past": (
        a_changed_rule_starts_an_interval_and_rewrites_none,
        changed,
        "candidates",
        "saying.known_from >= precedence.agreed_on",
        "true",
    ),
}


@pytest.mark.parametrize("what", BREAKS)
def test_the_property_breaks_where_its_model_is_broken(warehouse: Warehouse, what: str):
    holds, drawn, model, text, broken = BREAKS[what]

    def breaks(example: list[Any]) -> bool:
        try:
            holds(warehouse, example, altered={model: (text, broken)})
        except AssertionError:
            return True
        return False

    assert find(several(drawn), breaks, settings=BROKEN)
