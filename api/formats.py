"""The forms of an answer: JSON, CSV, an Arrow stream or Parquet, as the program accepts them."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl
from flask import request

from api.faults import Problem
from store.exports import csv_pieces, to_parquet

# What Polars says of a value for which a form has none; a panic is no usual exception.
NOT_WRITTEN = (ValueError, OverflowError, pl.exceptions.PolarsError, pl.exceptions.PanicException)


@dataclass(frozen=True)
class Form:
    """One form: its media type, the end of its file names, and how rows are written in pieces."""

    name: str
    media_type: str
    ending: str
    written: Callable[[pl.DataFrame], Iterator[bytes]]


def _arrow(rows: pl.DataFrame) -> Iterator[bytes]:
    buffer = io.BytesIO()
    rows.write_ipc_stream(buffer)
    yield buffer.getvalue()


def _parquet(rows: pl.DataFrame) -> Iterator[bytes]:
    yield to_parquet(rows)


JSON = "application/json"
# Beside JSON, which says more than rows.
FORMS = {
    "csv": Form("csv", "text/csv", "csv", csv_pieces),
    "arrow": Form("arrow", "application/vnd.apache.arrow.stream", "arrows", _arrow),
    "parquet": Form("parquet", "application/vnd.apache.parquet", "parquet", _parquet),
}
MEDIA_TYPES = (JSON, *(form.media_type for form in FORMS.values()))
NAMES = {JSON: "json"} | {form.media_type: form.name for form in FORMS.values()}


def chosen(asked: str | None) -> str:
    """The name of the form to answer in: what `format` says, else the best that is accepted.

    Raises a problem where none of them is.
    """
    if asked is not None:
        return asked
    return NAMES[_accepted(MEDIA_TYPES)]


def require_json() -> None:
    """Raises a problem where the program does not accept JSON, and there is nothing else."""
    _accepted((JSON,))


def _accepted(offered: tuple[str, ...]) -> str:
    if not request.headers.get("Accept", "").strip():
        return offered[0]
    best = request.accept_mimetypes.best_match(offered)
    if best is None:
        raise Problem(406, f"This can be given as {', '.join(offered)}; Accept names none of them.")
    return best
