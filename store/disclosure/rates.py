"""Rates from what is shown, never from what was counted."""

import polars as pl

PER_PEOPLE = 100_000


def with_rates(cells: pl.DataFrame, people: pl.DataFrame) -> pl.DataFrame:
    """Add rate per 100,000 people to controlled cells, from the rounded count alone.

    `people` has area_id and population. `rate` is null where no number is shown or nobody lives;
    `rate_low` and `rate_high` come from the bounds that the cell shows.
    """
    of = {"rate": "shown_value", "rate_low": "low", "rate_high": "high"}
    inhabited = pl.when(pl.col("population") > 0).then("population")
    return (
        cells.join(people.select("area_id", "population"), on="area_id", how="left")
        .with_columns(
            (pl.col(count) * PER_PEOPLE / inhabited).alias(rate) for rate, count in of.items()
        )
        .drop("population")
    )
