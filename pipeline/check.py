"""What stands against publishing: failing tests stop everything, breakers hold arrivals."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from pipeline.build import Progress, require_build, test
from store.errors import TrigpointError
from store.paths import Home, drafted


@dataclass(frozen=True)
class Breaker:
    """One thing that a breaker says; `since` is naive UTC.

    Files are held beside what others say, so a sentence may tell of every source in `tells_of`.
    """

    breaker_id: str
    severity: str
    source_id: str
    file_sha256: str
    since: datetime
    sentence: str
    tells_of: tuple[str, ...] = ()


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
        return [_breaker(row) for row in rows]
    except (ValueError, TypeError, KeyError):
        raise TrigpointError(
            f"what the last check found cannot be read from {_said(home)}; run `trigpoint check`"
        ) from None


def _said(home: Home) -> Path:
    return home.root / "dbt" / "breakers.json"


def _breaker(row: dict[str, Any]) -> Breaker:
    since = datetime.fromisoformat(row["since"])
    return Breaker(**row | {"since": since, "tells_of": tuple(row["tells_of"])})


def _breakers(home: Home) -> list[Breaker]:
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.sql(
            """
            with speaking as (select distinct metric_id, source_id from main.claims),
            told as (
                select seen.breaker_id, seen.source_id, seen.file_sha256,
                    list(distinct speaking.source_id order by speaking.source_id) as tells_of
                from main.breaker_rows as seen inner join speaking using (metric_id)
                group by all
            )
            select breaker_id, severity, source_id, file_sha256, since, sentence,
                coalesce(tells_of, [])
            from main.breakers left join told using (breaker_id, source_id, file_sha256)
            where is_open order by severity, source_id, since
            """
        ).fetchall()
    return [replace(Breaker(*said), tells_of=tuple(told)) for *said, told in rows]
