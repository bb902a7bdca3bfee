"""What a release hides and why, counted: no cell is named and no interval given.

`proof.parquet` says more than any reader is shown, so what leaves here is numbers of figures, and
how many counts at least remain possible for each one that is to stay hidden.
"""

import polars as pl

from store.disclosure.showing import LEFT_OUT, WHY, Shown
from store.releases import Release

SMALL, DERIVED, DAY = "small", "derived", "day"
# A count that the rule hides; one held back so that such a count cannot be derived; a whole day.
STAGES = {
    WHY[Shown.HIDDEN]: SMALL,
    WHY[Shown.MERGED]: DERIVED,
    WHY[Shown.WITHHELD]: DERIVED,
    LEFT_OUT: DAY,
}
SCHEMA = {
    "metric_id": pl.String(),
    "rule": pl.String(),
    "stage": pl.String(),
    "shown": pl.String(),
    "why": pl.String(),
    "figures": pl.Int64(),
    "fewest_counts_left": pl.Int64(),
}


def summary(proof: pl.DataFrame) -> pl.DataFrame:
    """How many figures show which words and why, one row each, columns as `SCHEMA`.

    `proof` is as `store.disclosure.proof.read` gives it. `fewest_counts_left` is the narrowest
    interval that anybody can tell of a count that is to stay hidden; null where there is no limit.
    """
    width = (pl.col("any_high") - pl.col("any_low") + 1).filter("is_guarded")
    stage = pl.col("why").replace_strict(STAGES, default=DERIVED, return_dtype=pl.String)
    counted = (
        proof.with_columns(stage=stage)
        .group_by("metric_id", "rule", "stage", "shown", "why")
        .agg(figures=pl.len().cast(pl.Int64), fewest_counts_left=width.min())
    )
    order = pl.col("stage").replace_strict({SMALL: 0, DERIVED: 1, DAY: 2}, return_dtype=pl.Int8)
    return counted.sort("metric_id", order, "shown", "why").select(*SCHEMA)


def left_out(release: Release) -> list[str]:
    """A sentence for each metric of which days are not shown at all."""
    return [
        f"Withheld outside its areas: {left['metric_id']} on {left['days']} "
        f"{'day' if left['days'] == 1 else 'days'} (the first: {left['first_day']}), because "
        "beside what was shown before a small count could be narrowed"
        for left in release.left_out
    ]
