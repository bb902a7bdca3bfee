"""The models as dbt compiled them: a measurement runs the same SQL and never a copy of it."""

import json
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

Graph = dict[str, list[str]]


class Model(NamedTuple):
    """A model as `kind` (table or view), the quoted name of its relation, and its query."""

    kind: str
    relation: str
    query: str

    def create(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Make the relation anew."""
        connection.execute(f"create or replace {self.kind} {self.relation} as {self.query}")


def models(manifest: Path, after: str = "", until: str = "") -> list[Model]:
    """Every model in an order in which it can be run, or those after one and up to another."""
    content = json.loads(manifest.read_text())
    parents: Graph = content["parent_map"]
    wanted = {name for name in parents if name.startswith("model.")}
    if after:
        wanted &= _reached(f"model.trigpoint.{after}", content["child_map"])
    if until:
        last = f"model.trigpoint.{until}"
        wanted &= _reached(last, parents) | {last}
    order = TopologicalSorter({name: parents[name] for name in sorted(wanted)}).static_order()
    return [_model(content["nodes"][name]) for name in order if name in wanted]


def _reached(start: str, graph: Graph) -> set[str]:
    found: set[str] = set()
    ahead = list(graph[start])
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += graph[name]
    return found


def _model(node: dict[str, Any]) -> Model:
    kind = "view" if node["config"]["materialized"] == "view" else "table"
    return Model(kind, node["relation_name"], node["compiled_code"])
