"""Answers as files: CSV for people and programs, JSON, Parquet."""

import io
import json
from datetime import date, datetime

import polars as pl

# A spreadsheet would run a text that starts with one of these as a formula.
RUNS_AS_FORMULA = "^[=+\\-@\t\r\0]"


def to_csv(frame: pl.DataFrame) -> str:
    """CSV with a header; a text that a spreadsheet would run gets an apostrophe in front."""
    flat = frame.with_columns(
        pl.col(name).list.eval(pl.element().cast(pl.String)).list.join("; ")
        for name, dtype in frame.schema.items()
        if isinstance(dtype, pl.List)
    )
    safe = flat.with_columns(
        pl.when(pl.col(pl.String).str.contains(RUNS_AS_FORMULA))
        .then(pl.lit("'") + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )
    return safe.write_csv()


def to_json(frame: pl.DataFrame) -> str:
    """A JSON list with one object a row; dates and times as ISO text."""
    return json.dumps(frame.to_dicts(), default=_as_text, ensure_ascii=False)


def to_parquet(frame: pl.DataFrame) -> bytes:
    """The same rows with their types."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def _as_text(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)
