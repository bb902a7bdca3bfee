"""What tables and columns mean, in the words that the warehouse's own documents give them."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

PROJECT = Path(__file__).parents[1] / "dbt_project"
DOCUMENT = re.compile(r"\{% docs (\w+) %\}\s*(.*?)\s*\{% enddocs %\}", re.DOTALL)
NAMED = re.compile(r"""\{\{\s*doc\(["'](\w+)["']\)\s*\}\}""")
# Tables that every reader has and no model makes.
OWN = {
    "releases": "The release that answers: its id, and when it was built and published.",
    "figures_shown": "What was on the pages of each figure, from when until when.",
    "releases_shown": "Which release was shown, from when until when.",
}


@cache
def tables() -> dict[str, str]:
    """What every table of a release holds, by its name."""
    said = {one["name"]: _text(one) for one in _models()}
    return {**said, **OWN}


@cache
def columns() -> dict[tuple[str, str], str]:
    """What a column means, by the names of its table and itself."""
    return {
        (one["name"], column["name"]): _text(column)
        for one in _models()
        for column in one.get("columns", [])
    }


def _text(described: dict[str, Any]) -> str:
    """A description as one line; one that is only named is found where it is written."""
    said = " ".join(str(described.get("description", "")).split())
    return NAMED.sub(lambda found: _documents().get(found[1], ""), said).replace("`", "")


@cache
def _documents() -> dict[str, str]:
    text = (PROJECT / "docs" / "columns.md").read_text(encoding="utf-8")
    return {name: " ".join(said.split()) for name, said in DOCUMENT.findall(text)}


@cache
def _models() -> list[dict[str, Any]]:
    files = [*PROJECT.glob("models/marts/*.yml"), *PROJECT.glob("seeds/*.yml")]
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) or {} for path in files]
    return [
        one for document in read for kind in ("models", "seeds") for one in document.get(kind, [])
    ]
