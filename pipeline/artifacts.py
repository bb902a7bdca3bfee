"""dbt's own account of the warehouse as its pages and other tools read it, fit to be handed out.

dbt writes its artifacts for the machine that it runs on: they hold where files lie, when and as
whom it ran, and several hundred macros of its own. What a release carries of them says what was
built and nothing of where, so that one project gives the same text on every machine.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from pipeline.described import Described, source_name

Row = dict[str, Any]
MANIFEST, CATALOG = "manifest", "catalog"
CATALOG_SCHEMA = "https://schemas.getdbt.com/dbt/catalog/v1.json"
# Of a node, what names, describes and makes it. Only this is handed on: where the files lie, when
# dbt read them and how it was set stays behind, whatever a newer dbt adds.
KEPT = (
    *("unique_id", "resource_type", "name", "alias", "package_name", "path", "original_file_path"),
    *("fqn", "description", "columns", "tags", "docs", "raw_code", "language", "access", "group"),
    *("database", "schema", "relation_name", "constraints", "version", "test_metadata"),
    *("attached_node", "column_name", "source_name", "source_description", "loader", "identifier"),
    *("refs", "model", "given", "expect", "macro_sql", "arguments", "block_contents"),
)
OF_THE_CONFIG = ("enabled", "materialized", "contract")
# Of the run, what names the project and the form of the artifact.
TOLD = ("dbt_schema_version", "dbt_version", "project_name", "project_id", "adapter_type")
# By unique id; of the macros and texts only those of the project are kept.
NODES = ("nodes", "sources", "unit_tests", "macros", "docs")
OF_THE_PROJECT = ("macros", "docs")
# Of these there are none; dbt's pages look for them all the same.
NONE = ("groups", "disabled", "exposures", "metrics", "semantic_models", "saved_queries")
# What is made from what; dbt gives it in the order in which it happened to read the files.
MAPS = ("parent_map", "child_map")


def artifacts(described: Described) -> list[Row]:
    """dbt's manifest and catalog as JSON text, one row each."""
    parts = {MANIFEST: _manifest(described), CATALOG: _catalog(described)}
    return [
        {"artifact": name, "content": json.dumps(content, sort_keys=True)}
        for name, content in parts.items()
    ]


def _manifest(described: Described) -> Row:
    given, names = described.manifest, described.names()
    kept = {part: _kept(described, part) for part in NODES}
    for node in kept["nodes"].values():
        if node["resource_type"] == "model":
            node["compiled_code"] = described.sql(node, names)
    return {
        "metadata": _metadata(given),
        **{part: {} for part in NONE},
        **{part: {name: sorted(ids) for name, ids in given[part].items()} for part in MAPS},
        **kept,
    }


def _metadata(manifest: Mapping[str, Any]) -> Row:
    return {name: manifest["metadata"][name] for name in TOLD}


def _kept(described: Described, part: str) -> dict[str, Row]:
    project = described.manifest["metadata"]["project_name"]
    return {
        unique_id: _shown(node)
        for unique_id, node in described.manifest[part].items()
        if part not in OF_THE_PROJECT or node["package_name"] == project
    }


def _shown(node: Mapping[str, Any]) -> Row:
    """What is handed on of a node; where a table lies is its name here."""
    shown = {name: node[name] for name in KEPT if name in node} | {"meta": {}}
    config = node.get("config", {})
    shown["config"] = {name: config[name] for name in OF_THE_CONFIG if name in config}
    if "depends_on" in node:
        shown["depends_on"] = {kind: sorted(ids) for kind, ids in node["depends_on"].items()}
    if node["resource_type"] == "source":
        shown["relation_name"] = source_name(shown)
    return shown


def _catalog(described: Described) -> Row:
    nodes = described.nodes("model", "seed")
    return {
        "metadata": {"dbt_schema_version": CATALOG_SCHEMA},
        "nodes": _held(described, ((node, node["name"]) for node in nodes)),
        "sources": _held(described, ((node, source_name(node)) for node in described.stored())),
        "errors": None,
    }


def _held(described: Described, listed: Iterable[tuple[Row, str]]) -> dict[str, Row]:
    return {
        node["unique_id"]: {
            "unique_id": node["unique_id"],
            "metadata": {
                "type": "table",
                **{name: node[name] for name in ("database", "schema", "name")},
                **dict.fromkeys(("comment", "owner")),
            },
            "columns": {
                column: {"name": column, "type": kind, "index": place, "comment": None}
                for place, (column, kind) in enumerate(described.columns[name].items(), start=1)
            },
            "stats": {},
        }
        for node, name in listed
    }
