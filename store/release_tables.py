"""The tables of a release: what the controlled file holds of each, and what an exact file holds.

A table with a rule in `GUARDED` has rows that tell of figures which are not public. Every other
table is policy or reference, or says only that something arrived, and is released whole.
"""

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from store.disclosure.policy import Policy
from store.paths import quoted

if TYPE_CHECKING:
    # Its arithmetic takes a second to import, and only who publishes needs it.
    from store.disclosure.release import Protected

ORDERED_BY = {
    "figures": "metric_id, area_id, stratum_id, event_date",
    "figure_versions": "metric_id, area_id, stratum_id, event_date, known_from",
    "claims": "metric_id, area_id, stratum_id, event_date, published_at, source_id",
    "disagreements": "quantity_id, area_id, event_date, metric_id, source_id",
    "figure_changes": "metric_id, area_id, stratum_id, event_date, changed_at",
    "expectation_scores": "source_id, metric_id, age_days, scored_on",
}
# The columns that name a row of a table; a table that is not here has rows without a name.
KEYS = {
    "figures": ("figure_id",),
    "figure_versions": ("figure_id", "version"),
    "claims": ("claim_id",),
    "metrics": ("metric_id",),
    "area_successions": ("from_area_id", "to_area_id", "happened_on"),
    "disagreements": ("figure_id", "source_id"),
    "strata": ("stratum_id",),
    "areas": ("area_id",),
    "sources": ("source_id",),
    "precedence": ("rule_id",),
    "events": ("event_id",),
    "corrections": ("correction_id",),
    "arrivals": ("receipt_id",),
    "decisions": ("decision_id",),
    "releases": ("release_id",),
}
RELEASED = (
    "figures",
    "figure_versions",
    "claims",
    "metrics",
    "strata",
    "areas",
    "area_parts",
    "area_successions",
    "sources",
    "precedence",
    "events",
    "corrections",
    "arrivals",
    "quarantined",
    "disagreements",
    "figure_changes",
    "expectation_scores",
    "publications",
    "unlisted_areas",
    "breakers",
    "breaker_rows",
    "breaker_versions",
    "held_spells",
    "due_days",
    "decisions",
)
# What every table and column says and is made from. They are written after dbt, from what it
# compiled, and hold no figure.
CATALOGUE = (
    "catalogue_entries",
    "catalogue_terms",
    "catalogue_synonyms",
    "catalogue_tables",
    "catalogue_columns",
    "catalogue_lineage",
    "catalogue_tests",
    "catalogue_series",
    "catalogue_artifacts",
)
# Tables that an exact file holds: whatever tells of one figure. The order is that of dependence.
EXACT = ("figure_versions", "figures", "claims", "figure_changes", "disagreements")
# Of these people outside an area are given rows made from what is shown of the figure.
CONTROLLED = ("figure_versions", "figures", "claims")
# Of these each row names the file that it is from.
WITH_FILES = ("figure_versions", "figures", "claims")
NOT_TOLD = "not told outside the area"
TRIPPED = "source_id || ': ' || breaker_id"


def select(table: str, policy: Policy, salt: str) -> str:
    """The rows of a warehouse's table that everybody may see, but for those that are controlled."""
    changed = _changed(table, policy, salt)
    return f"select *{changed} from warehouse.main.{table}{_kept(table, policy)}"


def marked(table: str, salt: str) -> str:
    """The columns of a table of an exact file: files have a mark in place of their hash.

    By the hash of a file whoever knows all of it but a count can tell the count, and by that of a
    return with one count anybody can. Marks are of one release: nobody keeps its salt.
    """
    return f"* replace ({_mark(salt)} as file_sha256)" if table in WITH_FILES else "*"


def _mark(salt: str) -> str:
    return f"sha256('{salt}' || file_sha256)"


def _kept(table: str, policy: Policy) -> str:
    told_by_metric = (*EXACT, "expectation_scores", "corrections")
    if not policy.guarded or table not in told_by_metric:
        return ""
    return f" where coalesce(metric_id, '') not in {_listed(policy.metric_ids)}"


def _changed(table: str, policy: Policy, salt: str) -> str:
    """What tells values of sources that are not public, or is said of a figure that is not.

    Texts, and of their files the hash and the size, by which a guess at what they hold is proved.
    """
    if not policy.guarded:
        return ""
    from_closed = f"source_id in {_listed(policy.sources)}"
    is_guarded = f"coalesce(metric_id, '') in {_listed(policy.metric_ids)}"
    texts = {
        "quarantined": ("row_text", from_closed, f"'{NOT_TOLD}'"),
        "breakers": ("sentence", from_closed, f"{TRIPPED} || ', {NOT_TOLD}'"),
        "breaker_rows": ("seen", from_closed, f"'{NOT_TOLD}'"),
        "breaker_versions": ("sentence", from_closed, f"{TRIPPED} || ', {NOT_TOLD}'"),
        "arrivals": ("reason", f"verdict = 'refused' and {from_closed}", f"'{NOT_TOLD}'"),
        "decisions": ("reason", f"{from_closed} or {is_guarded}", f"'{NOT_TOLD}'"),
    }
    if table not in texts:
        return ""
    changes = [texts[table], ("file_sha256", from_closed, _mark(salt))]
    changes += [("bytes", from_closed, "null")] if table == "arrivals" else []
    replaced = ", ".join(
        f"case when {condition} then {told} else {column} end as {column}"
        for column, condition, told in changes
    )
    return f" replace ({replaced})"


def write(warehouse: Path, draft: Path, protected: "Protected", salt: str) -> dict[str, int]:
    """Write the controlled file and its tables as Parquet; gives the rows of each table.

    `salt` is what makes the marks of files that are not public, as in `marked`.
    """
    with duckdb.connect(str(draft / "controlled.duckdb")) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute(f"attach {quoted(warehouse)} as warehouse (read_only)")
        _make_controlled(connection, protected)
        policy = protected.policy
        tables = (*RELEASED, *CATALOGUE)
        return {table: _write(connection, table, draft, policy, salt) for table in tables}


def _make_controlled(connection: duckdb.DuckDBPyConnection, protected: "Protected") -> None:
    """What people outside see of figures that are not public, as temporary tables."""
    connection.register("given", protected.versions.to_arrow())
    connection.execute("create temp table shown_versions as from given")
    connection.unregister("given")
    for table in CONTROLLED:
        query = files("store").joinpath("sql", f"controlled_{table}.sql").read_text()
        connection.execute(f"create temp table controlled_{table} as {query}")


def _write(
    connection: duckdb.DuckDBPyConnection, table: str, draft: Path, policy: Policy, salt: str
) -> int:
    order = f" order by {ORDERED_BY[table]}" if table in ORDERED_BY else ""
    rows = select(table, policy, salt)
    if policy.guarded and table in CONTROLLED:
        rows = f"{rows} union all by name from controlled_{table}"
    connection.execute(f"create table {table} as from ({rows}){order}")
    target = quoted(draft / "tables" / f"{table}.parquet")
    connection.execute(f"copy {table} to {target} (format parquet, compression zstd)")
    return count(connection, table)


def count(connection: duckdb.DuckDBPyConnection, table: str) -> int:
    """How many rows a table has."""
    return int(connection.sql(f"select count(*) from {table}").fetchall()[0][0])


def _listed(names: tuple[str, ...]) -> str:
    return "(" + ", ".join("'" + name.replace("'", "''") + "'" for name in names) + ")"
