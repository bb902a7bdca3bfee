"""What must hold of every decision, whatever was published: on worlds drawn at random.

The models run as dbt compiled them, from published values to figures, on DuckDB in memory. Each
property is also shown to break where the model that holds it is broken.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

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
    decided_worlds,
    let_go_worlds,
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
KNOWN = (
    "figures",
    "figure_versions",
    "figure_changes",
    "claims",
    "disagreements",
    "publications",
    "unlisted_areas",
    "breakers",
    "breaker_versions",
    "held_spells",
)
WANTED = (*KNOWN, "held_files")
Property = Callable[..., None]


def several(of: st.SearchStrategy[Any]) -> st.SearchStrategy[list[Any]]:
    """One run of the models decides them all, and costs hardly more than one alone would."""
    return st.lists(of, min_size=5, max_size=12)


@pytest.fixture(scope="module")
def warehouse(empty_home: Home) -> Iterator[Warehouse]:
    made = Warehouse(empty_home)
    for table in KNOWN:
        made.connection.execute(macro(table, "warehouse"))
    yield made
    made.connection.close()


def decide(
    warehouse: Warehouse,
    variants: Mapping[str, Sequence[World]],
    altered: Altered | None = None,
    shuffled: Random | None = None,
    severity: str | None = None,
) -> None:
    """Make what follows from worlds and variants of them; `shuffled`: from rows in any order."""
    made = tables(
        {f"{at}{variant}": world for variant, of in variants.items() for at, world in enumerate(of)}
    )
    if shuffled:
        made = {
            table: rows.sample(fraction=1, shuffle=True, seed=shuffled.randrange(10**6))
            for table, rows in made.items()
        }
    fill(warehouse, made, severity)
    warehouse.run(WANTED, altered)


def asked(warehouse: Warehouse, sql: str) -> pl.DataFrame:
    """The answer by number and variant of the world, under names that all worlds share."""
    rows = warehouse.connection.sql(sql).pl()
    named = pl.col("source_id").str.extract_groups(r"@(?<world>\d+)(?<variant>.*)")
    return rows.select(
        named.struct.unnest(),
        pl.col(pl.String).str.replace_all(r"@\w+", ""),
        pl.exclude(pl.String),
    )


def as_known(warehouse: Warehouse, table: str) -> pl.DataFrame:
    """What was known of the worlds at each of the moments, with the moment."""
    moments = ", ".join(f"(timestamp '{moment}')" for moment in MOMENTS)
    return asked(
        warehouse, f"from (values {moments}) as moments (moment), {table}_as_known(moment)"
    )


def of_variant(rows: pl.DataFrame, variant: str) -> pl.DataFrame:
    return rows.filter(variant=variant).drop("variant")


def require_equal(found: pl.DataFrame, expected: pl.DataFrame) -> None:
    for rows, others in ((found, expected), (expected, found)):
        odd = rows.join(others, on=found.columns, how="anti", nulls_equal=True)
        assert odd.is_empty(), odd
    assert found.height == expected.height


def all_as_known_equals_a_fresh_store(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    untils = pl.DataFrame(
        {"moment": MOMENTS, "variant": [f"until{at}" for at in range(len(MOMENTS))]}
    )
    then = {until: [world.until(moment) for world in drawn] for moment, until in untils.iter_rows()}
    decide(warehouse, {"": drawn, **then}, altered)
    for table in KNOWN:
        known = of_variant(as_known(warehouse, table), "").join(untils, on="moment").drop("moment")
        fresh = asked(warehouse, f"from main.{table}").filter(pl.col("variant") != "")
        require_equal(known.select(fresh.columns), fresh)


def the_order_of_rows_never_matters(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    decided = []
    for shuffled in (None, Random(len(drawn[0].files))):
        decide(warehouse, {"": drawn}, altered, shuffled)
        decided.append([asked(warehouse, f"from main.{table}") for table in KNOWN])
    for in_order, in_any_order in zip(*decided, strict=True):
        require_equal(in_any_order, in_order)


def the_order_of_landing_never_matters(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    late = [world.landed_backwards() for world in drawn]
    decide(warehouse, {"": drawn, "late": late}, altered)
    for table in KNOWN:
        rows = asked(warehouse, f"from main.{table}").drop("landed_at", "since", strict=False)
        require_equal(of_variant(rows, "late"), of_variant(rows, ""))


def repetition_never_matters(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    """Neither that of what is said nor that of the very bytes; it only shows that they came."""
    twice = [world.told_twice() for world in drawn]
    bytes_twice = [world.told_twice(same_bytes=True) for world in drawn]
    # A breaker may hold what repeats itself; here it may only say so.
    variants = {"": drawn, "twice": twice, "bytes": bytes_twice}
    decide(warehouse, variants, altered, severity="warn")
    for table in ("figure_versions", "figure_changes", "claims", "disagreements"):
        rows = asked(warehouse, f"from main.{table}")
        require_equal(of_variant(rows, "twice"), of_variant(rows, ""))
        require_equal(of_variant(rows, "bytes"), of_variant(rows, ""))


def what_others_say_never_matters(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    """What is said of one metric decides nothing about another."""
    decided = []
    for worlds_beside in (drawn, drawn[:1]):
        decide(warehouse, {"": worlds_beside}, altered)
        decided.append([asked(warehouse, f"from main.{table}") for table in KNOWN])
    for beside, alone in zip(*decided, strict=True):
        require_equal(beside.filter(world="0"), alone)


def parts_always_add_up(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    decide(warehouse, {"": drawn}, altered)
    cell = ["moment", "world", "figure_id"]
    amounts = as_known(warehouse, "figure_changes").group_by(cell).agg(pl.sum("amount"))
    figures = as_known(warehouse, "figures")
    unequal = figures.join(amounts, on=cell, how="full").filter(
        pl.col("value").fill_null(0) != pl.col("amount").fill_null(0)
    )
    assert unequal.is_empty(), unequal


def a_withdrawal_never_resurrects(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    """A shown value is what its source said last about the cell, in any file that speaks of it.

    Where it waits for a person it is what was said last when it was signed.
    """
    decide(warehouse, {"": drawn}, altered)
    held = set(
        asked(warehouse, f"select source_id, {FILE} from work.held_files")
        .select("world", "source_id", FILE)
        .rows()
    )
    signed_at = pl.when(pl.col("awaits_decision").not_()).then("known_from").forward_fill()
    versions = asked(warehouse, "from main.figure_versions").sort("known_from")
    shown = versions.with_columns(signed_at=signed_at.over("world", "figure_id"))
    for row in shown.drop_nulls("value").iter_rows(named=True):
        files = [
            file
            for file in drawn[int(row["world"])].files
            if file.source == row["source_id"]
            and file.published_at <= row["signed_at"]
            and (row["world"], file.source, file.name) not in held
        ]
        assert last_said(files, (row["area_id"], row["event_date"])) == row["value"], row


def last_said(files: list[File], cell: Cell) -> float | str | None:
    speaking = [
        file
        for file in files
        if cell not in file.contradicted
        and (
            cell in file.said
            or (
                ABSENCE[file.source] == "withdrawn"
                and file.covers(cell)
                and not file.has_quarantined_rows
            )
        )
    ]
    last = max(speaking, key=lambda file: (file.published_at, file.landed_at))
    return last.said.get(cell)


def an_open_dispute_changes_nothing(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    """Where a metric asks for a sign-off, a disputed figure stays what it was, or has no value."""
    decide(warehouse, {"": drawn}, altered)
    versions = asked(warehouse, "from main.figure_versions").sort("version")
    before = pl.col("value").shift().over("world", "figure_id")
    waiting = versions.with_columns(value_before=before).filter("awaits_decision")
    changed_meanwhile = waiting.filter(pl.col("value").ne_missing(pl.col("value_before")))
    assert changed_meanwhile.is_empty(), changed_meanwhile


def a_changed_rule_starts_an_interval_and_rewrites_none(
    warehouse: Warehouse,
    drawn: list[tuple[World, date, tuple[Rule, ...]]],
    altered: Altered | None = None,
) -> None:
    variants = {
        "": [world for world, _, _ in drawn],
        "new": [world.ruled_anew(after, day) for world, day, after in drawn],
    }
    decide(warehouse, variants, altered)
    days = pl.DataFrame(
        [{"world": str(at), "changed_at": day} for at, (_, day, _) in enumerate(drawn)]
    ).cast({"changed_at": pl.Datetime("us")})
    versions = asked(warehouse, "from main.figure_versions").join(days, on="world")
    before, after = of_variant(versions, ""), of_variant(versions, "new")
    kept = before.filter(pl.col("known_from") < pl.col("changed_at")).with_columns(
        known_to=pl.min_horizontal("known_to", "changed_at")
    )
    require_equal(after.filter(pl.col("known_from") < pl.col("changed_at")), kept)
    started = after.filter(pl.col("known_from") == pl.col("changed_at"))
    not_started = kept.join(started, on=["world", "figure_id"], how="anti")
    assert not_started.is_empty(), not_started


def letting_go_rewrites_nothing(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    """Until the first file is let go everything is as if none ever were."""
    held = [world.holding_on() for world in drawn]
    decide(warehouse, {"": drawn, "held": held}, altered)
    first = pl.DataFrame(
        {
            "world": [str(at) for at in range(len(drawn))],
            "decided_at": [
                min((one.decided_at for one in world.let_go), default=max(MOMENTS))
                for world in drawn
            ],
        }
    )
    for table in KNOWN:
        known = as_known(warehouse, table).join(first, on="world")
        before = known.filter(pl.col("moment") < pl.col("decided_at"))
        require_equal(of_variant(before, ""), of_variant(before, "held"))


def letting_go_keeps_what_is_newer(
    warehouse: Warehouse, drawn: list[World], altered: Altered | None = None
) -> None:
    """What counts of a source is never older than a good file that speaks of the cell."""
    decide(warehouse, {"": drawn}, altered)
    claims = asked(warehouse, "from main.claims where superseded_at is null")
    held = set(
        asked(warehouse, f"select source_id, {FILE} from work.held_files")
        .select("world", "source_id", FILE)
        .rows()
    )
    for row in claims.drop_nulls("value").iter_rows(named=True):
        files = [
            file
            for file in drawn[int(row["world"])].files
            if file.source == row["source_id"]
            and (row["world"], file.source, file.name) not in held
        ]
        assert last_said(files, (row["area_id"], row["event_date"])) == row["value"], row


changed = st.tuples(worlds() | decided_worlds(), days_of_change(), rules())
worlds_under_two_boards = changed.map(lambda drawn: drawn[0].ruled_anew(drawn[2], drawn[1]))
any_worlds = worlds() | decided_worlds() | worlds_under_two_boards
any_or_let_go = any_worlds | let_go_worlds()


@EXAMPLES
@given(drawn=several(any_or_let_go))
def test_as_known_at_any_time_equals_a_fresh_store_fed_only_what_had_been_published_by_then(
    warehouse: Warehouse, drawn: list[World]
):
    all_as_known_equals_a_fresh_store(warehouse, drawn)


@EXAMPLES
@given(drawn=several(any_or_let_go))
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
@given(drawn=several(any_worlds))
def test_repetition_never_matters(warehouse: Warehouse, drawn: list[World]):
    repetition_never_matters(warehouse, drawn)


@EXAMPLES
@given(drawn=several(any_or_let_go))
def test_what_is_said_of_other_metrics_never_matters(warehouse: Warehouse, drawn: list[World]):
    what_others_say_never_matters(warehouse, drawn)


@EXAMPLES
@given(drawn=several(any_or_let_go))
def test_parts_of_changes_add_up_to_the_figure_at_any_time(
    warehouse: Warehouse, drawn: list[World]
):
    parts_always_add_up(warehouse, drawn)


@EXAMPLES
@given(drawn=several(any_worlds))
def test_a_withdrawal_never_resurrects(warehouse: Warehouse, drawn: list[World]):
    a_withdrawal_never_resurrects(warehouse, drawn)


@EXAMPLES
@given(drawn=several(any_worlds))
def test_an_open_dispute_changes_nothing(warehouse: Warehouse, drawn: list[World]):
    an_open_dispute_changes_nothing(warehouse, drawn)


@EXAMPLES
@given(drawn=several(changed))
def test_a_changed_rule_starts_a_new_interval_and_rewrites_none(
    warehouse: Warehouse, drawn: list[tuple[World, date, tuple[Rule, ...]]]
):
    a_changed_rule_starts_an_interval_and_rewrites_none(warehouse, drawn)


@EXAMPLES
@given(drawn=several(let_go_worlds()))
def test_letting_a_file_go_rewrites_nothing(warehouse: Warehouse, drawn: list[World]):
    letting_go_rewrites_nothing(warehouse, drawn)


@EXAMPLES
@given(drawn=several(let_go_worlds()))
def test_letting_a_file_go_speaks_over_nothing_newer(warehouse: Warehouse, drawn: list[World]):
    letting_go_keeps_what_is_newer(warehouse, drawn)


SEEN = """
    select status as what, source_id from main.figure_versions
    union all
    select kind, source_id from main.figure_changes
    union all
    select 'held as ' || breaker_id, source_id from work.held_files
    union all
    select case when value is null then 'awaited without' else 'awaited with' end, source_id
    from main.figure_versions where awaits_decision
    union all
    select 'decided by a person', versions.source_id
    from main.figure_versions as versions
    inner join main.decisions as decisions on versions.rule_id = decisions.decision_id
    union all
    select case when settled_at is null then 'provisional' else 'settled' end, source_id
    from main.figure_versions
    union all
    select 'expected', source_id from main.figure_versions where expected_low is not null
    union all
    select 'learned how long it grows', source_id from work.growth_ends
    union all
    select case when listed_from is null then 'not listed' else 'listed again' end, source_id
    from main.unlisted_areas
    union all
    select 'contradicted', source_id from work.said_in_files where is_conflicting
    union all
    select 'counts since it was let go', source_id
    from main.claims where counts_from > published_at
    union all
    select 'overtaken', source_id from work.overtaken
    union all
    select case when is_open then 'open' else 'replaced' end, source_id
    from main.breakers where severity = 'hold' and not is_let_go
"""
WORTH_SEEING = {
    *("single", "agreed", "within_tolerance", "explained", "disputed"),
    *("new", "late_return", "backfill", "correction", "redefinition", "reallocation"),
    *("source_switch", "withdrawal", "suppression"),
    *("held as row_cap", "awaited without", "awaited with", "decided by a person"),
    *("provisional", "settled", "expected", "learned how long it grows"),
    *("not listed", "listed again", "contradicted"),
    *("counts since it was let go", "overtaken", "open", "replaced"),
}


def test_worlds_hold_everything_that_the_properties_are_about(warehouse: Warehouse):
    seen: set[str] = set()

    @settings(EXAMPLES, max_examples=10, phases=[Phase.generate])
    @given(drawn=several(any_or_let_go))
    def look(drawn: list[World]):
        decide(warehouse, {"": drawn})
        seen.update(asked(warehouse, SEEN)["what"].drop_nulls())

    look()
    assert seen >= WORTH_SEEING, WORTH_SEEING - seen
    assert any(what.startswith("held as ") for what in seen - {"held as row_cap"})


IN_ORDER = "order by published_at, landed_at, file_row"
AGREED = "saying.known_from >= precedence.agreed_on"
BREAKS: dict[str, tuple[Property, st.SearchStrategy[Any], str, str, str]] = {
    "a hold that ends when a better file comes": (
        all_as_known_equals_a_fresh_store,
        worlds(),
        "holds",
        "thresholds.severity = 'hold'",
        "thresholds.severity = 'hold' and (trips.source_id, trips.file_sha256) in "
        "(select source_id, file_sha256 from work.file_order where next_published_at is null)",
    ),
    "a hold that was let go before it was": (
        letting_go_rewrites_nothing,
        let_go_worlds(),
        "stated",
        "coalesce(holds.let_go_at, said.published_at)",
        "said.published_at",
    ),
    "a stand-in that goes before the hold is let go": (
        letting_go_rewrites_nothing,
        let_go_worlds(),
        "file_spells",
        "least(known_until, let_go_at) as known_until",
        "least(known_until, let_go_at - (let_go_at - known_from)) as known_until",
    ),
    "a file let go that speaks over newer ones": (
        letting_go_keeps_what_is_newer,
        let_go_worlds(),
        "stated",
        "where overtaken.file_sha256 is null",
        "",
    ),
    "a breaker that knows what replaces the file": (
        all_as_known_equals_a_fresh_store,
        worlds(),
        "breaker_versions",
        "replaced.replaced_at > seen.known_from",
        "false",
    ),
    "a breaker that looks ahead": (
        all_as_known_equals_a_fresh_store,
        steady_worlds(),
        "file_order",
        "row_number() over (",
        "count(*) over () + 1 - row_number() over (",
    ),
    "a rule that was always agreed": (
        all_as_known_equals_a_fresh_store,
        worlds_under_two_boards,
        "ranked",
        AGREED,
        "true",
    ),
    "a decision that always held": (
        all_as_known_equals_a_fresh_store,
        decided_worlds(),
        "ranked",
        "saying.known_from >= decisions.holds_from",
        "true",
    ),
    "a growth that is learned before it is known": (
        all_as_known_equals_a_fresh_store,
        steady_worlds(),
        "learned_growth",
        "growth.learned_from <= weeks.learned_on",
        "true",
    ),
    "a day that the calendar settles": (
        all_as_known_equals_a_fresh_store,
        worlds(),
        "settlings",
        "spoken_at as settled_at",
        "cast(provisional_until as timestamp) as settled_at",
    ),
    "a retired rule that still gives reasons": (
        all_as_known_equals_a_fresh_store,
        worlds_under_two_boards,
        "disagreements",
        "precedence.retired_on is null",
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
    "one winner for all metrics": (
        what_others_say_never_matters,
        worlds(),
        "decided",
        "partition by metric_id, area_id",
        "partition by area_id",
    ),
    "a part left out": (
        parts_always_add_up,
        worlds(),
        "change_parts",
        "value - coalesce(restated_before, stated_amount) as amount",
        "value - value_before as amount",
    ),
    "withdrawals not heard": (
        a_withdrawal_never_resurrects,
        worlds(),
        "claim_spells",
        'from "warehouse"."work"."claims_changed"',
        'from "warehouse"."work"."claims_changed" where value is not null',
    ),
    "a dispute that is shown": (
        an_open_dispute_changes_nothing,
        worlds(),
        "signed",
        "first_value(",
        "last_value(",
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
        "ranked",
        AGREED,
        "true",
    ),
}


@pytest.mark.long  # it tries the properties and not the models
@pytest.mark.parametrize("what", BREAKS)
def test_the_property_breaks_where_its_model_is_broken(warehouse: Warehouse, what: str):
    holds, drawn, model, text, broken = BREAKS[what]

    is_broken = False

    @settings(EXAMPLES, max_examples=20, phases=[Phase.generate])
    @given(example=several(drawn))
    def search(example: list[Any]):
        nonlocal is_broken
        try:
            if not is_broken:
                holds(warehouse, example, altered={model: (text, broken)})
        except AssertionError:
            is_broken = True

    search()
    assert is_broken
