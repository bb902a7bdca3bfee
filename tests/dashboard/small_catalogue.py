"""A small catalogue: six tables from a file to a release, and the words of a small England."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from pipeline.catalogue import frame, words_of

RAW, STAGED = "raw_phe_cases_vintages__cases", "stg_phe_cases_vintages__cases"
COUNT = (
    "The number, in the unit of the metric. Empty when there is none; `missing_reason` says why."
)
# Table, layer, source, what one row is.
TABLES = (
    (RAW, "raw", "phe_cases_vintages", "Rows of files as they were published."),
    (STAGED, "staging", "phe_cases_vintages", "One row for each area and specimen date."),
    ("stated", "claims", None, "What every source states."),
    ("claims", "released", None, "Every claim by every source."),
    ("figures", "released", None, "One row a cell: the figure that holds now."),
    ("quarantined", "released", None, "Rows of which no claim was made, with every reason."),
)
# Table, column, what it means.
COLUMNS = (
    (RAW, "daily_cases", ""),
    (STAGED, "value", COUNT),
    ("stated", "value", COUNT),
    ("claims", "value", COUNT),
    ("figures", "value", COUNT),
    ("figures", "status", "How far the sources agree, as `single` or `disputed`."),
    ("quarantined", "reasons", "Every reason, one after another."),
)
# What is made, from what, and whether its content comes out in it.
MADE = (
    (STAGED, "value", RAW, "daily_cases", True),
    ("stated", "value", STAGED, "value", True),
    ("claims", "value", "stated", "value", True),
    ("figures", "value", "claims", "value", True),
    ("figures", "status", "claims", "value", False),
)


def tables(
    metrics: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]]
) -> dict[str, pl.DataFrame]:
    """Every table of the catalogue, by name."""
    entries = list(_entries(metrics, sources))
    rows: dict[str, list[dict[str, Any]]] = {
        "catalogue_entries": entries,
        "catalogue_terms": list(words_of(entries)),
        "catalogue_synonyms": [{"said": "infections", "means": "cases specimen"}],
        "catalogue_tables": [_table(*told) for told in TABLES],
        "catalogue_columns": [_column(*told) for told in COLUMNS],
        "catalogue_lineage": [dict(zip(_LINEAGE, made, strict=True)) for made in MADE],
        "catalogue_tests": [
            {"table_name": "figures", "kind": "check", "says": "One figure a cell."},
            {
                "table_name": "figures",
                "column_name": "value",
                "kind": "worked example",
                "says": "A withdrawn value gives way.",
            },
        ],
        "catalogue_series": [_SERIES],
        "catalogue_artifacts": [
            {"artifact": name, "content": json.dumps({"told": f"{name} </script>"})}
            for name in ("manifest", "catalog")
        ],
    }
    return {name: frame(name, told) for name, told in rows.items()}


_LINEAGE = ("table_name", "column_name", "from_table", "from_column", "is_carried")
_SERIES = {
    "source_id": "phe_cases_vintages",
    "series_id": "daily_cases",
    "metric_id": "cases_by_specimen_date",
    "reason": "Published day by day for each specimen date.",
    "is_cumulative_to_daily": False,
    "table_name": STAGED,
    "from_table": RAW,
    "from_column": "daily_cases",
}


def _entries(
    metrics: Sequence[Mapping[str, Any]], sources: Sequence[Mapping[str, Any]]
) -> list[dict[str, str]]:
    rows = [("metric", m["metric_id"], m["metric_name"], m["definition"]) for m in metrics]
    rows += [("table", name, name, says) for name, layer, _, says in TABLES if layer == "released"]
    rows += [("source", s["source_id"], s["title"], s["publisher"]) for s in sources]
    released = {name for name, layer, *_ in TABLES if layer == "released"}
    rows += [
        ("column", f"{table}.{column}", f"{table}.{column}", says)
        for table, column, says in COLUMNS
        if table in released
    ]
    return [dict(zip(("kind", "name", "title", "about"), row, strict=True)) for row in rows]


def _table(name: str, layer: str, source_id: str | None, says: str) -> dict[str, Any]:
    is_raw = layer == "raw"
    return {
        "table_name": name,
        "title": "raw/phe_cases_vintages/cases" if is_raw else name,
        "layer": layer,
        "source_id": source_id,
        "description": says,
        "is_released": layer == "released",
        "path": f"dbt_project/models/{name}.sql",
        "code": None if is_raw else "select value from somewhere",
    }


def _column(table: str, column: str, says: str) -> dict[str, Any]:
    return {
        "table_name": table,
        "column_name": column,
        "place": 1 + [name for name, *_ in COLUMNS].count(table),
        "data_type": "string" if column in {"status", "reasons"} else "double",
        "description": says,
        "published_as": "Daily lab-confirmed cases" if table == RAW else None,
    }
