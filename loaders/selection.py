"""Columns a reader needs before the schema can look, and rows it deliberately leaves out."""

from collections.abc import Iterable

import polars as pl

from loaders.reading import Refused, Skipped

OUTSIDE_UK = "outside the United Kingdom"


def require_columns(frame: pl.DataFrame, columns: Iterable[str], file: str) -> None:
    """Raise `Refused` naming the published columns that the file should have and has not."""
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise Refused(f"missing columns {missing} in {file}")


def keep_only(frame: pl.DataFrame, wanted: pl.Expr, reason: str) -> tuple[pl.DataFrame, Skipped]:
    """Part the rows of one table or sheet into those wanted and, as skipped, all others."""
    marked = frame.with_columns(_wanted=wanted.fill_null(False))
    sheet = frame["_sheet"][0] if "_sheet" in frame.columns and frame.height else ""
    skipped = Skipped.of(marked.filter(~pl.col("_wanted"))["_row"], reason, sheet)
    return marked.filter("_wanted").drop("_wanted"), skipped
