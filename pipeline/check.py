"""What stands against publishing: failing tests stop everything, breakers hold arrivals."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from pipeline.build import Progress, require_build, test
from store.errors import TrigpointError
from store.paths import Home, drafted


@dataclass(frozen=True)
class Breaker:
    """One thing that a breaker says; `since` is naive UTC."""

    breaker_id: str
    severity: str
    source_id: str
    file_sha256: str
    since: datetime
    sentence: str


def check(home: Home, progress: Progress) -> list[Breaker]:
    """Run the data tests, then read the breakers, holds first.

    Raises `TrigpointError` when no build has ended, a claim has no rule, or a test of the whole
    store fails.
    """
    require_build(home)
    _require_rules(home)
    test(home, progress)
    found = _breakers(home)
    with drafted(_said(home)) as draft:
        draft.write_text(json.dumps([asdict(breaker) for breaker in found], default=str) + "\n")
    return found


def _require_rules(home: Home) -> None:
    """A claim that no rule ranks must not be decided by chance: name its metric and source."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.sql(
            "select metric_id, source_id, first_moment from work.unruled_claims order by all"
        ).fetchall()
    if rows:
        pairs = "; ".join(
            f"{metric} by {source} (from {moment:%Y-%m-%d})" for metric, source, moment in rows
        )
        raise TrigpointError(
            f"no rule says how far to believe {pairs}: add a row for each to "
            "dbt_project/seeds/precedence.csv"
        )


def last_found(home: Home) -> list[Breaker]:
    """What the last check found, holds first; the warehouse stays shut, so a build may go on."""
    if not _said(home).exists():
        return []
    try:
        rows = json.loads(_said(home).read_text())
        return [Breaker(**row | {"since": datetime.fromisoformat(row["since"])}) for row in rows]
    except (ValueError, TypeError, KeyError):
        raise TrigpointError(
            f"what the last check found cannot be read from {_said(home)}; run `trigpoint check`"
        ) from None


def _said(home: Home) -> Path:
    return home.root / "dbt" / "breakers.json"


def _breakers(home: Home) -> list[Breaker]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.sql(
            "select breaker_id, severity, source_id, file_sha256, since, sentence "
            "from main.breakers "
            "where is_open order by severity, source_id, since"
        ).fetchall()
    return [Breaker(*row) for row in rows]
