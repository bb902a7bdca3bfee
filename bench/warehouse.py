"""A warehouse in memory: it is given rows and makes what follows, by the models' own SQL.

Dbt builds an empty home once; its tables, seeds and compiled models are all that is taken from it.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import duckdb
import polars as pl

from bench import compiled
from pipeline.build import build
from store.paths import Home

SCHEMAS = ("policy", "staging", "work", "main")
Altered = Mapping[str, tuple[str, str]]


class Warehouse:
    """Every table and seed of a home that was built before any file came, in memory.

    What was given stays as it was given; `run` makes what follows from it. `connection` asks
    questions: schemas and tables bear the names that they have in the warehouse on disk.
    """

    def __init__(self, home: Home, threads: int = 1) -> None:
        self.connection = duckdb.connect(config={"threads": threads})
        self.connection.execute("set enable_progress_bar = false")
        self._manifest = home.root / "dbt" / "target" / "manifest.json"
        self._given: set[str] = set()
        self._plans: dict[tuple[frozenset[str], tuple[str, ...]], list[compiled.Model]] = {}
        self._schemas = self._copy_of(home.warehouse)

    def _copy_of(self, built: Path) -> dict[str, str]:
        """Copy every table of the warehouse on disk; gives the schema of each."""
        for statement in (
            "set TimeZone = 'UTC'",
            "attach ':memory:' as warehouse",
            f"attach '{built}' as built (read_only)",
            *(f"create schema if not exists warehouse.{schema}" for schema in SCHEMAS),
        ):
            self.connection.execute(statement)
        tables = self.connection.sql(
            "select table_name, schema_name from duckdb_tables where database_name = 'built'"
        ).fetchall()
        for table, schema in tables:
            self.connection.execute(
                f"create table warehouse.{schema}.{table} as from built.{schema}.{table}"
            )
        self.connection.execute("detach built")
        self.connection.execute("use warehouse")
        return dict(tables)

    def give(self, table: str, rows: pl.DataFrame) -> None:
        """Replace the rows of a model or a seed; a column that `rows` do not have is null."""
        place = f"warehouse.{self._schemas[table]}.{table}"
        self.connection.execute(f"delete from {place}")
        if not rows.is_empty():
            self.connection.execute(f"insert into {place} by name select * from rows")
        self._given.add(table)

    def run(self, until: Iterable[str], altered: Altered | None = None) -> None:
        """Make the models `until` and all before them that follow from what was given.

        `altered` replaces one text by another in a model's query: whoever wants to see a property
        fail breaks the model so. Raises `ValueError` when the text is not in it.
        """
        for model in self._following(tuple(until)):
            old, new = (altered or {}).get(model.name, ("", ""))
            if old not in model.query:
                raise ValueError(f"{model.name} does not hold {old!r}")
            model._replace(query=model.query.replace(old, new)).create(self.connection)

    def _following(self, until: tuple[str, ...]) -> list[compiled.Model]:
        plan = (frozenset(self._given), until)
        if plan not in self._plans:
            following = compiled.models(self._manifest, after=self._given, until=until)
            self._plans[plan] = [model for model in following if model.name not in self._given]
        return self._plans[plan]


def empty_home(root: Path) -> Home:
    """A home built by dbt before any file came: every table is there, every model compiled."""
    home = Home(root)
    build(home, full_refresh=True, progress=lambda *_: None)
    return home
