"""The proof beside a release: every figure that does not show its number, and what can be told.

`protected_low` and `protected_high` are the counts that the rule keeps open, `public_*` what
everyone can derive from all that was ever shown, `any_*` the narrowest that any audience can of
what is not its own; no bound means no limit. `is_guarded` is true of small counts and of what looks
like one. It is no reader's: its intervals say more than is shown.
"""

from pathlib import Path

import polars as pl

FILE = "proof.parquet"
OWNER_ONLY = 0o600
BOUNDS = tuple(
    f"{whose}_{end}" for whose in ("protected", "public", "any") for end in ("low", "high")
)
COLUMNS: dict[str, type[pl.DataType]] = {
    "metric_id": pl.String,
    "area_id": pl.String,
    "stratum_id": pl.String,
    "event_date": pl.Date,
    "form": pl.String,
    "shown": pl.String,
    "why": pl.String,
    "is_guarded": pl.Boolean,
    **dict.fromkeys(BOUNDS, pl.Int64),
    "rule": pl.String,
}


def write(proof: pl.DataFrame, release: Path) -> None:
    """Write it into the folder of a release, readable by its owner only."""
    path = release / FILE
    path.touch(OWNER_ONLY)
    proof.write_parquet(path)


def read(release: Path) -> pl.DataFrame:
    """What stands beside a release; nothing where everything in it is public."""
    path = release / FILE
    return pl.read_parquet(path) if path.exists() else pl.DataFrame(schema=COLUMNS)
