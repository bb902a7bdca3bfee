"""The models as dbt compiled them: a measurement runs the same SQL and never a copy of it."""

import json
from collections.abc import Collection
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

Graph = dict[str, list[str]]
Names = Collection[str]


class Model(NamedTuple):
    """A model by its name: `kind` (table or view), the quoted name of its relation, its query."""

    name: str
    kind: str
    relation: str
    query: str

    def create(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the relation anew."""
        connection.execute(f"create or replace {self.kind} {self.relation} as {self.query}")


def models(manifest: Path, after: Names = (), until: Names = ()) -> list[Model]:
    """Every model in an order in which it can be run, or those after some and up to others.

    `after` may name seeds as well.
    """
    content = json.loads(manifest.read_text())
    parents: Graph = content["parent_map"]
    wanted = {name for name in parents if name.startswith("model.")}
    if after:
        wanted &= set().union(
            *(_reached(_named(name, parents), content["child_map"]) for name in after)
        )
    if until:
        last = {_named(name, parents) for name in until}
        wanted &= last.union(*(_reached(name, parents) for name in last))
    order = TopologicalSorter({name: parents[name] for name in sorted(wanted)}).static_order()
    files = manifest.parent / "compiled" / "trigpoint"
    return [_model(content["nodes"][name], files) for name in order if name in wanted]


def _named(name: str, graph: Graph) -> str:
    model = f"model.trigpoint.{name}"
    return model if model in graph else f"seed.trigpoint.{name}"


def _reached(start: str, graph: Graph) -> set[str]:
    found: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += graph[name]
    return found


def _model(node: dict[str, Any], files: Path) -> Model:
    """A later command of dbt leaves the queries that it does not need out of the manifest."""
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    query = (files / node["original_file_path"]).read_text()
    return Model(node["name"], kind, node["relation_name"], query)
