"""The forms of an answer: JSON, CSV, an Arrow stream or Parquet, as the program accepts them."""

import io
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl
from flask import request

from api.faults import Problem
from store.exports import to_csv, to_parquet

# What Polars says of a value for which a form has none; a panic is no usual exception.
NOT_WRITTEN = (ValueError, OverflowError, pl.exceptions.PolarsError, pl.exceptions.PanicException)


@dataclass(frozen=True)
class Form:
    """One form: its media type, the end of its file names, and how rows are written."""

    name: str
    media_type: str
    ending: str
    written: Callable[[pl.DataFrame], bytes]


def _csv(rows: pl.DataFrame) -> bytes:
    return to_csv(rows).encode()


def _arrow(rows: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    rows.write_ipc_stream(buffer)
    return buffer.getvalue()


JSON = "application/json"
# Beside JSON, which says more than rows.
FORMS = {
    "csv": Form("csv", "text/csv", "csv", _csv),
    "arrow": Form("arrow", "application/vnd.apache.arrow.stream", "arrows", _arrow),
    "parquet": Form("parquet", "application/vnd.apache.parquet", "parquet", to_parquet),
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
