"""The catalogue of a release: what every table and column says, what it is made from, its tests.

It is read from what dbt has compiled, from the promises of the loaders and from the policy seeds,
so that it says what this very warehouse was built by. It holds no figure.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from loaders.sources import all_sources
from pipeline import lineage
from pipeline.artifacts import artifacts
from pipeline.described import STORE, Described, as_compiled, source_name
from store.paths import Home
from store.release_tables import CATALOGUE, RELEASED
from store.search_terms import terms

PROJECT = Path(__file__).parents[1] / "dbt_project"
Row = dict[str, Any]
# The columns of every table, in a form that can be remembered by.
Known = tuple[tuple[str, tuple[str, ...]], ...]
# The model in which whatever the sources state is laid together.
STATED = "published_values"
# What the loader adds to each row of a file.
ADDED = {
    "_file_sha256": "The hash of the file that the row is from.",
    "_row": "The row of the file, from 1, headings included.",
    "_sheet": "The sheet of the workbook; empty of any other file.",
    "_published_at": "When the publisher said it, UTC.",
    "_landed_at": "When the store held the file, UTC.",
    "_published_precision": "Whether the day or the second of publication is known.",
}
TYPES: dict[str, dict[str, Any]] = {
    "catalogue_entries": dict.fromkeys(("kind", "name", "title", "about"), pl.String),
    "catalogue_terms": {
        **dict.fromkeys(("kind", "name", "term"), pl.String),
        **dict.fromkeys(("weight", "length"), pl.Float64),
    },
    "catalogue_synonyms": {"said": pl.String, "means": pl.String},
    "catalogue_tables": {
        **dict.fromkeys(("table_name", "title", "layer", "source_id", "description"), pl.String),
        "is_released": pl.Boolean,
        **dict.fromkeys(("path", "code"), pl.String),
    },
    "catalogue_columns": {
        **dict.fromkeys(("table_name", "column_name"), pl.String),
        "place": pl.Int64,
        **dict.fromkeys(("data_type", "description", "published_as", "where_it_stands"), pl.String),
    },
    "catalogue_lineage": {
        **dict.fromkeys(("table_name", "column_name", "from_table", "from_column"), pl.String),
        "is_carried": pl.Boolean,
    },
    "catalogue_tests": dict.fromkeys(("table_name", "column_name", "kind", "says"), pl.String),
    "catalogue_series": {
        **dict.fromkeys(("source_id", "series_id", "metric_id"), pl.String),
        **dict.fromkeys(("published_from", "published_until", "reason"), pl.String),
        "is_cumulative_to_daily": pl.Boolean,
        **dict.fromkeys(("table_name", "from_table", "from_column"), pl.String),
    },
    "catalogue_artifacts": {"artifact": pl.String, "content": pl.String},
}


def describe(home: Home) -> None:
    """Write the catalogue into the warehouse that dbt has just built."""
    with duckdb.connect(str(home.warehouse)) as connection:
        tables = catalogue(as_compiled(home, connection))
        for name, frame in tables.items():
            connection.register("described", frame.to_arrow())
            connection.execute(f"create or replace table main.{name} as from described")
            connection.unregister("described")


def catalogue(described: Described) -> dict[str, pl.DataFrame]:
    """Every table of the catalogue, by name, in the columns of `TYPES`."""
    tables, columns = list(_tables(described)), list(_columns(described))
    edges, said = _lineage(described)
    entries = list(_entries(tables, columns))
    rows: dict[str, Iterable[Row]] = {
        "catalogue_entries": entries,
        "catalogue_terms": words_of(entries),
        "catalogue_synonyms": seed("search_words"),
        "catalogue_tables": tables,
        "catalogue_columns": columns,
        "catalogue_lineage": edges,
        "catalogue_tests": _tests(described),
        "catalogue_series": _series(said),
        "catalogue_artifacts": artifacts(described),
    }
    return {name: frame(name, rows[name]) for name in CATALOGUE}


def frame(name: str, rows: Iterable[Row]) -> pl.DataFrame:
    """Rows as a table of the catalogue; what a row does not say is empty."""
    types = TYPES[name]
    return pl.DataFrame([{c: row.get(c) for c in types} for row in rows], schema=types)


def seed(name: str) -> list[dict[str, str]]:
    """The rows of a policy seed as text."""
    with (PROJECT / "seeds" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _tables(described: Described) -> Iterator[Row]:
    for node in described.nodes("model", "seed"):
        yield {
            "table_name": node["name"],
            "title": node["name"],
            "layer": _layer(node),
            "source_id": node["fqn"][2] if _layer(node) == "staging" else None,
            "description": _said_of(node),
            "is_released": node["name"] in RELEASED,
            "path": f"dbt_project/{node['original_file_path']}",
            "code": node["raw_code"] or None,
        }
    for source in described.stored():
        yield _stored(source)


def _stored(source: Row) -> Row:
    source_id, table = source["source_name"], source["name"]
    is_raw = source_id in all_sources()
    about = f"Rows of files from {source_id} as they were published, typed and not interpreted."
    return {
        "table_name": source_name(source),
        "title": f"raw/{source_id}/{table}" if is_raw else table,
        "layer": "raw" if is_raw else ("released" if source_id == STORE else "kept"),
        "source_id": source_id if is_raw else None,
        "description": source["description"] or (about if is_raw else ""),
        "is_released": source_id == STORE,
        "path": f"loaders/sources/{source_id}.py" if is_raw else None,
    }


def _layer(node: Row) -> str:
    if node["name"] in RELEASED:
        return "released"
    return "policy" if node["resource_type"] == "seed" else str(node["fqn"][1])


def _said_of(node: Row) -> str:
    """The description of a model, else the comment with which its SQL begins."""
    if node["description"]:
        return " ".join(node["description"].split())
    lines = [line.strip() for line in node["raw_code"].splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("{{ config")]
    comment = []
    for line in lines:
        if not line.startswith("--"):
            break
        comment.append(line.removeprefix("--").strip())
    return " ".join(comment)


def _columns(described: Described) -> Iterator[Row]:
    texts = _texts(described)
    published = {
        (f"raw_{row['source_id']}__{row['table_name']}", row["column_name"]): row
        for row in seed("published_columns")
    }
    for node in (*described.nodes("model", "seed"), *described.stored()):
        table = source_name(node) if "source_name" in node else node["name"]
        for place, (column, kind) in enumerate(described.columns[table].items(), start=1):
            own = node["columns"].get(column, {})
            about = published.get((table, column), {})
            yield {
                "table_name": table,
                "column_name": column,
                "place": place,
                "data_type": own.get("data_type") or kind,
                "description": _one_line(own.get("description")) or _inherited(column, texts),
                "published_as": about.get("published_as") or None,
                "where_it_stands": about.get("where_it_stands") or None,
            }


def _texts(described: Described) -> dict[str, str]:
    """What the shared columns mean, by their names: each is described once for all tables."""
    return {
        doc["name"]: _one_line(doc["block_contents"])
        for doc in described.manifest["docs"].values()
        if doc["package_name"] == described.manifest["metadata"]["project_name"]
    }


def _inherited(column: str, texts: Mapping[str, str]) -> str:
    return ADDED.get(column) or texts.get(column, "")


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _lineage(described: Described) -> tuple[list[Row], list[lineage.Said]]:
    known = tuple((table, tuple(held)) for table, held in described.columns.items())
    names = described.names()
    edges: list[lineage.Edge] = []
    said: list[lineage.Said] = []
    for node in described.nodes("model"):
        sql = described.sql(node, names)
        edges += _edges(node["name"], sql, known)
        said += _said(node["name"], sql, known) if _layer(node) == "staging" else []
    stated = {edge.from_table for edge in edges if edge.table == STATED}
    rows = [_edge(edge) for edge in edges if edge.table != edge.from_table]
    return rows, [one for one in said if one.table in stated]


# A process that builds day after day, as a replay does, follows each model once.
@lru_cache(maxsize=1024)
def _edges(table: str, sql: str, known: Known) -> list[lineage.Edge]:
    return lineage.edges(table, sql, dict(known))


@lru_cache(maxsize=1024)
def _said(table: str, sql: str, known: Known) -> list[lineage.Said]:
    return lineage.said(table, sql, dict(known))


def _edge(edge: lineage.Edge) -> Row:
    return {
        "table_name": edge.table,
        "column_name": edge.column,
        "from_table": edge.from_table,
        "from_column": edge.from_column,
        "is_carried": edge.is_carried,
    }


def _tests(described: Described) -> Iterator[Row]:
    for node in described.nodes("test"):
        about = node.get("test_metadata")
        says = _says(about) if about else _in_words(node["name"])
        for unique_id in _guarded(node):
            table = unique_id.split(".")[2]
            column = node.get("column_name")
            yield {"table_name": table, "column_name": column, "kind": "check", "says": says}
    for unit in described.manifest["unit_tests"].values():
        says = _in_words(unit["name"])
        yield {"table_name": unit["model"], "kind": "worked example", "says": says}


def _guarded(node: Row) -> list[str]:
    """The tables that a test is about: the one it stands at, else every one that it asks."""
    attached = node.get("attached_node")
    asked = node["depends_on"]["nodes"]
    return [attached] if attached else [one for one in asked if not one.startswith("source.")]


def _says(about: Mapping[str, Any]) -> str:
    match about["name"], about["kwargs"]:
        case "not_null", _:
            return "It is never empty."
        case "unique", _:
            return "No value stands in it twice."
        case "relationships", {"to": to, "field": field}:
            other = str(to).split("'")[1]
            return f"Each value stands in {other}.{field}."
        case "accepted_values", {"values": values}:
            return f"It is one of: {', '.join(map(str, values))}."
    return _in_words(about["name"])


def _in_words(name: str) -> str:
    text = name.replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}."


def _series(said: Iterable[lineage.Said]) -> Iterator[Row]:
    """Each row of the seed `series` with the raw column in which its numbers stand."""
    by_source: dict[str, list[lineage.Said]] = {}
    for one in said:
        by_source.setdefault(one.table.removeprefix("stg_").split("__")[0], []).append(one)
    for row in seed("series"):
        known = by_source.get(row["source_id"], [])
        named = [one for one in known if one.series_id == row["series_id"]]
        for one in named or [one for one in known if not one.series_id]:
            yield {
                **row,
                "is_cumulative_to_daily": row["is_cumulative_to_daily"] == "true",
                "table_name": one.table,
                "from_table": one.from_table,
                "from_column": one.from_column,
            }


def _entries(tables: Iterable[Row], columns: Iterable[Row]) -> Iterator[Row]:
    """Everything that has a page and can be searched for: measures, tables, columns, sources."""
    for row in seed("metrics"):
        yield _entry("metric", row["metric_id"], row["metric_name"], row["definition"])
    released = {row["table_name"]: row for row in tables if row["is_released"]}
    for name, row in released.items():
        yield _entry("table", name, name, row["description"])
    for name, module in all_sources().items():
        source = module.SOURCE
        yield _entry("source", name, source.title, f"{source.publisher}. {module.__doc__}")
    seen: set[tuple[str, str]] = set()
    for row in sorted(columns, key=lambda row: _order(row["table_name"])):
        key = (row["column_name"], row["description"])
        # A column that is the same in several tables is found once, where it is met first.
        if row["table_name"] in released and key not in seen:
            seen.add(key)
            name = f"{row['table_name']}.{row['column_name']}"
            yield _entry("column", name, name, row["description"])


def _order(table: str) -> int:
    return RELEASED.index(table) if table in RELEASED else len(RELEASED)


def _entry(kind: str, name: str, title: str, about: str) -> Row:
    return {"kind": kind, "name": name, "title": title, "about": _one_line(about)}


TITLE_WEIGHT = 3.0
KIND_NAMES = {"metric": "", "table": "table", "source": "source publisher", "column": "column"}


def words_of(entries: Iterable[Row]) -> Iterator[Row]:
    """How often each word stands in an entry; words of its name and title count for more."""
    for entry in entries:
        counted: Counter[str] = Counter()
        for term in terms(f"{entry['title']} {_apart(entry['name'])} {KIND_NAMES[entry['kind']]}"):
            counted[term] += 1
        weights = {term: TITLE_WEIGHT * min(times, 2) for term, times in counted.items()}
        for term, times in Counter(terms(entry["about"])).items():
            weights[term] = weights.get(term, 0.0) + times
        length = sum(weights.values())
        for term, weight in sorted(weights.items()):
            yield {**entry, "term": term, "weight": weight, "length": length}


def _apart(name: str) -> str:
    return name.replace("_", " ").replace(".", " ")
