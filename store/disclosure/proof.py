"""The proof beside a release: every figure that does not show its number, and what can be told.

`protected_low` and `protected_high` are the counts that the rule keeps open, `public_*` what
everyone can derive from all that was ever shown, `any_*` the narrowest that any audience can of
what is not its own; no bound means no limit. `is_guarded` is true of small counts and of what looks
like one. It is no reader's: its intervals say more than is shown. Once an agreement keeps a source
back its cells say no more than that.
"""

from pathlib import Path

import duckdb
import polars as pl

from store import releases, withheld
from store.paths import Home
from store.releases import Release
from store.viewer import Viewer

FILE = "proof.parquet"
OFFICER = Viewer(role="data_protection_officer")
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
    """What stands beside a kept release in its folder; nothing where everything in it is public.

    Cells of a metric of which a source is withheld have words in `shown` and `why`, and no bounds.
    Raises `NoRelease` where the release is damaged or gone.
    """
    path = release / FILE
    if not path.exists():
        return pl.DataFrame(schema=COLUMNS)
    home = Home(release.parents[1])
    closed, words = _closed(home, releases.one_kept(home, release.name))
    is_closed = pl.col("metric_id").is_in(closed)
    told = {name: pl.lit(words) for name in ("shown", "why")}
    return pl.read_parquet(path).with_columns(
        pl.when(is_closed).then(told.get(name, pl.lit(None))).otherwise(pl.col(name)).alias(name)
        for name in (*told, "is_guarded", *BOUNDS)
    )


def _closed(home: Home, release: Release) -> tuple[list[str], str | None]:
    """The metrics of which a source is withheld today, and the words for it."""
    file = releases.controlled_file(home, release.release_id)
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            rules = connection.sql("select metric_id, source_id from precedence").fetchall()
    except duckdb.Error:
        raise releases.damaged(home, release.release_id) from None
    guarded = [(metric, source) for metric, source in rules if metric in (release.guarded or {})]
    sources = {source for _, source in guarded}
    hidden = withheld.barred(home, sources, OFFICER, is_exact=False)
    names = {one.source_id for one in hidden}
    metrics = {metric for metric, source in guarded if source in names}
    return sorted(metrics), withheld.in_words(hidden)
