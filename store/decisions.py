"""What people decided: which source a disputed cell follows, and which held file goes.

Decisions are only ever added, one Parquet file each time somebody decides, and each names a person
and a reason.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Literal

import polars as pl

from store.paths import Home, drafted

SCHEMA = {
    "decision_id": pl.String(),
    "kind": pl.String(),
    "metric_id": pl.String(),
    "area_id": pl.String(),
    "stratum_id": pl.String(),
    "event_date": pl.Date(),
    "source_id": pl.String(),
    "breaker_id": pl.String(),
    "file_sha256": pl.String(),
    "reason": pl.String(),
    "person": pl.String(),
    "decided_at": pl.Datetime("us"),
}
# The columns alone, so that a store in which nobody decided anything is an empty table.
COLUMNS_ONLY = "_schema"


@dataclass(frozen=True)
class Decision:
    """One person's word: a cell follows a source (`cell`), or a held file goes (`let_go`)."""

    decision_id: str
    kind: Literal["cell", "let_go"]
    source_id: str
    reason: str
    person: str
    decided_at: datetime
    metric_id: str = ""
    area_id: str = ""
    stratum_id: str = ""
    event_date: date | None = None
    breaker_id: str = ""
    file_sha256: str = ""


def prepare(home: Home) -> None:
    """Give the table its columns before anybody decided anything."""
    _write(pl.DataFrame(schema=SCHEMA), home, COLUMNS_ONLY)


def read(home: Home) -> pl.DataFrame:
    """Every decision of this home, oldest first; columns as `SCHEMA`."""
    files = sorted(home.decisions.glob("*.parquet"))
    if not files:
        return pl.DataFrame(schema=SCHEMA)
    return pl.read_parquet(files).sort("decided_at", "decision_id")


def keep(home: Home, decisions: list[Decision]) -> None:
    """Add what was decided, at once or not at all."""
    frame = pl.DataFrame([asdict(decision) for decision in decisions], schema=SCHEMA)
    _write(frame, home, decisions[0].decision_id)


def _write(frame: pl.DataFrame, home: Home, name: str) -> None:
    with drafted(home.decisions / f"{name}.parquet") as draft:
        frame.write_parquet(draft)
