"""A release as a package that explains itself: README.md and datapackage.json beside its Parquet.

`datapackage.json` is a Frictionless Data Package: every table and column in words, types, primary
keys, publishers and licences, and of each file its size and hash, so that whoever is handed a copy
can prove that it is whole.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pyarrow.types as arrow

from store import dictionary
from store.exporting.marks import MEANINGS
from store.release_tables import KEYS
from store.releases import Release

README, DESCRIPTOR = "README.md", "datapackage.json"
PARQUET = "application/vnd.apache.parquet"
PIECE_BYTES = 1 << 20
# What is asked of a release to describe it: who published, under which licence, what is counted.
SOURCES = """
    select source_id, title, publisher, licence, agreement_ends
    from sources where is_agreed order by source_id
"""
METRICS = """
    select metric_id, metric_name, definition, not_counted, unit, grain
    from metrics order by metric_id
"""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class File:
    """One table of a package as it lies in a file; `schema` is that of Arrow."""

    table: str
    schema: Any
    rows: int
    bytes: int
    sha256: str

    @property
    def name(self) -> str:
        """The name of the file within the package."""
        return f"{self.table}.parquet"


@dataclass(frozen=True)
class About:
    """What a package says of its release; rows as `SOURCES` and `METRICS` give them."""

    release: Release
    sources: list[Row]
    metrics: list[Row]


def describe(tables: Path, controlled: Path, release: Release) -> None:
    """Write the two documents beside the Parquet files of a release that is being published."""
    with duckdb.connect(str(controlled), read_only=True) as connection:
        about = About(
            release,
            *(connection.sql(sql).to_arrow_table().to_pylist() for sql in (SOURCES, METRICS)),
        )
    found = [_read(path) for path in sorted(tables.glob("*.parquet"))]
    for name, text in documents(about, found).items():
        (tables / name).write_text(text, encoding="utf-8")


def documents(about: About, found: Iterable[File]) -> dict[str, str]:
    """Both documents by the names of their files."""
    listed = sorted(found, key=lambda file: file.table)
    content = json.dumps(descriptor(about, listed), indent=2, ensure_ascii=False)
    return {README: readme(about, listed), DESCRIPTOR: content + "\n"}


def descriptor(about: About, found: list[File]) -> dict[str, Any]:
    """The Data Package descriptor."""
    release = about.release
    invented = " Simulated: its numbers are invented." if release.is_simulated else ""
    return {
        "name": f"trigpoint-release-{release.release_id}",
        "title": f"Trigpoint release {release.release_id}",
        "description": "Figures after disclosure control, the claims behind them, and what they "
        f"mean. Read README.md first.{invented}",
        "version": release.release_id,
        "created": f"{release.released_at.isoformat(timespec='seconds')}Z",
        "sources": [
            {"title": f"{row['publisher']}: {row['title']}", "licence": row["licence"]}
            for row in about.sources
        ],
        "licenses": [
            {"name": re.sub(r"[^A-Za-z0-9.]+", "-", title).strip("-"), "title": title}
            for title in sorted({str(row["licence"]) for row in about.sources})
        ],
        "contributors": [
            {"title": title, "role": "publisher"}
            for title in sorted({str(row["publisher"]) for row in about.sources})
        ],
        "resources": [_resource(file) for file in found],
    }


def _resource(file: File) -> dict[str, Any]:
    key = KEYS.get(file.table)
    return {
        "name": file.table,
        "description": dictionary.tables().get(file.table, ""),
        "path": file.name,
        "format": "parquet",
        "mediatype": PARQUET,
        "rows": file.rows,
        "bytes": file.bytes,
        "hash": f"sha256:{file.sha256}",
        "schema": {
            "fields": [_field(file.table, column) for column in file.schema],
            **({"primaryKey": list(key)} if key else {}),
        },
    }


def _field(table: str, column: Any) -> dict[str, Any]:
    described = dictionary.columns(table).get(column.name)
    said = {"description": described.meaning} if described else {}
    return {"name": column.name, "type": _kind(column.type)} | said


def _kind(kind: Any) -> str:
    """A type of Arrow as Frictionless names it."""
    kinds = {
        "integer": arrow.is_integer,
        "number": lambda one: arrow.is_floating(one) or arrow.is_decimal(one),
        "boolean": arrow.is_boolean,
        "date": arrow.is_date,
        "datetime": arrow.is_timestamp,
        "array": arrow.is_list,
        "object": arrow.is_struct,
    }
    return next((name for name, is_one in kinds.items() if is_one(kind)), "string")


def readme(about: About, found: list[File]) -> str:
    """What somebody has to know who is handed these files and nothing else."""
    release = about.release
    parts = [
        f"# Trigpoint release {release.release_id}",
        f"Published {release.released_at:%d %B %Y, %H:%M} UTC; built {release.built_at:%d %B %Y}."
        + (" **Simulated England: invented numbers.**" if release.is_simulated else ""),
        ABOUT,
        "## Tables",
        *_tables(found),
        "## Marks",
        "Trigpoint's pages and CSV files put these beside a value. Here they follow from "
        "`value`, `missing_reason`, `is_provisional` and `is_corrected`.",
        "\n".join(f"- [{mark}] {meaning}" for mark, meaning in MEANINGS.items()),
        "## Measures",
        *(metric(row) for row in about.metrics),
        "## Publishers and licences",
        "\n".join(source(row) for row in about.sources),
        "## Cite it",
        f"A release: *Trigpoint release {release.release_id}*. One figure: `TP-<figure_id>-"
        f"{release.release_id}`, which Trigpoint opens at `/cite/<citation>` for ever.",
    ]
    return "\n\n".join(parts) + "\n"


ABOUT = """\
Every figure here is as everybody may see it, **after disclosure control**: counts that could tell
of a person are hidden or rounded, and what is worked out from a figure is worked out from what is
shown. A figure is one decision on one cell: a measure, an area, a part of the population, a day.
`claims` holds what each source said of it, `figure_versions` every decision with the time for which
it held.

`value` is empty where there is none, and never zero for absent: `missing_reason` says why. All
times are UTC. `datapackage.json` says what every column means, and the size and hash of every file.

A source is left out from the day on which its agreement ends, and so are copies that Trigpoint
hands out from then on. Whoever holds an older copy takes it away or asks for a new one: the days
stand under *Publishers and licences*.

```sh
duckdb -c "select event_date, value from 'figures.parquet' where area_id = 'E92000001'"
python -c "import polars; print(polars.read_parquet('figures.parquet'))"
Rscript -e "print(arrow::read_parquet('figures.parquet'))"
```"""


def _tables(found: list[File]) -> list[str]:
    lines = [
        f"| `{file.name}` | {file.rows:,} | {dictionary.tables().get(file.table, '')} |"
        for file in found
    ]
    return ["\n".join(["| file | rows | what it holds |", "| --- | ---: | --- |", *lines])]


def metric(row: Row) -> str:
    """What a measure counts and does not, as one paragraph."""
    return (
        f"**{row['metric_name']}** (`{row['metric_id']}`, {row['unit']} by {row['grain']}). "
        f"{row['definition']} *Not counted:* {row['not_counted']}"
    )


def source(row: Row) -> str:
    """Who published, under which licence, and until when it may be used, as one line."""
    ends = f"; agreement ends {row['agreement_ends']}" if row["agreement_ends"] else ""
    return f"- {row['publisher']}: {row['title']} (`{row['source_id']}`). {row['licence']}{ends}"


def sha256_of(path: Path) -> str:
    """The hash of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            digest.update(piece)
    return digest.hexdigest()


def _read(path: Path) -> File:
    found = pq.ParquetFile(path)
    rows, size = found.metadata.num_rows, path.stat().st_size
    return File(path.stem, found.schema_arrow, rows, size, sha256_of(path))
