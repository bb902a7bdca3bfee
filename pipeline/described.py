"""A dbt project as it was compiled: what it says of itself, its SQL, and every column it made."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from loaders.sources import all_sources
from store.paths import Home

Row = dict[str, Any]
# The tables that no model makes: the store writes them itself.
STORE = "store"


@dataclass(frozen=True)
class Described:
    """A dbt project as it was compiled: its manifest, its SQL, and the columns of every table."""

    manifest: Mapping[str, Any]
    compiled: Path
    columns: Mapping[str, dict[str, str]]

    def nodes(self, *kinds: str) -> Iterator[Row]:
        """Every node of these kinds, in the order of their names."""
        nodes = [n for n in self.manifest["nodes"].values() if n["resource_type"] in kinds]
        yield from sorted(nodes, key=lambda node: str(node["name"]))

    def stored(self) -> Iterator[Row]:
        """Every table that no model makes and dbt has read, or that it only describes."""
        yield from sorted(self.manifest["sources"].values(), key=source_name)

    def sql(self, node: Row, names: Iterable[tuple[str, str]]) -> str:
        """The compiled SQL of a model, in which every table bears the name that it has here."""
        path = self.compiled / str(node["original_file_path"])
        text = path.read_text(encoding="utf-8")
        for relation, name in names:
            text = text.replace(relation, f'"{name}"')
        return text

    def names(self) -> list[tuple[str, str]]:
        """How compiled SQL calls each table and how it is called here, the longest first."""
        found = [(node["relation_name"], node["name"]) for node in self.nodes("model", "seed")]
        found += [(source["relation_name"], source_name(source)) for source in self.stored()]
        return sorted(found, key=lambda pair: -len(pair[0]))


def as_compiled(home: Home, connection: duckdb.DuckDBPyConnection) -> Described:
    """What dbt has compiled in this home, with the columns of the warehouse that it made."""
    target = home.root / "dbt" / "target"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    columns: dict[str, dict[str, str]] = {}
    for table, column, kind in connection.sql(
        "select table_name, column_name, lower(data_type) from duckdb_columns() "
        "where not internal and table_name not like 'catalogue\\_%' escape '\\' "
        "order by table_name, column_index"
    ).fetchall():
        columns.setdefault(table, {})[column] = kind
    for source in manifest["sources"].values():
        if source["columns"]:
            held = {c["name"]: c["data_type"] for c in source["columns"].values()}
        else:
            told = connection.sql(f"describe from {source['relation_name']}").fetchall()
            held = {row[0]: str(row[1]).lower() for row in told}
        columns[source_name(source)] = held
    return Described(manifest, target / "compiled" / manifest["metadata"]["project_name"], columns)


def source_name(source: Row) -> str:
    """What a stored table is called here: `raw_<source>__<table>`, `kept_…`, or its own name."""
    room, name = str(source["source_name"]), str(source["name"])
    if room in all_sources():
        return f"raw_{room}__{name}"
    return name if room == STORE else f"kept_{name}"
