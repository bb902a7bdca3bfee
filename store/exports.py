"""Answers as files: CSV for people and programs, JSON, Parquet."""

import io
import json
import re
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from unicodedata import category

import polars as pl
import polars.selectors as cs

# A spreadsheet would run such a text as a formula: it passes over blanks in front, reads the
# full-width signs of East Asian keyboards, and sends what a | leads to another program.
RUNS_AS_FORMULA = r"^(?:[\t\r\n\x00]|[\s\x00]*[=+\-@|\uff1d\uff0b\uff0d\uff20])"

# Controls, marks of direction and of format, separators of lines, and halves of a character.
NOT_SEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}


def to_csv(frame: pl.DataFrame) -> str:
    """CSV with a header; a text that a spreadsheet would run gets an apostrophe in front."""
    return for_people(frame).write_csv()


def for_people(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows as a spreadsheet may read them: nothing nested, and no text that it would run."""
    flat = frame.with_columns(
        _flat(frame[name])
        for name, dtype in frame.schema.items()
        if dtype.is_nested() or dtype == pl.Binary
    )
    return flat.with_columns(
        pl.when(pl.col(pl.String).str.contains(RUNS_AS_FORMULA))
        .then(pl.lit("'") + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )


def to_json(frame: pl.DataFrame) -> str:
    """A JSON list with one object a row; dates and times as ISO text.

    JSON has no sign for what is not a number or infinite: both become null.
    """
    finite = frame.with_columns(pl.when(cs.float().is_finite()).then(cs.float()).name.keep())
    return json.dumps(finite.to_dicts(), default=in_json, ensure_ascii=False)


def document_to_json(content: dict[str, Any]) -> str:
    """One nested document as JSON text, for people to read; dates and times as ISO text."""
    return json.dumps(content, default=in_json, ensure_ascii=False, indent=2) + "\n"


def to_parquet(frame: pl.DataFrame) -> bytes:
    """The same rows with their types."""
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    return buffer.getvalue()


def for_spreadsheets(text: str) -> str:
    """A text that a spreadsheet would run as a formula, with an apostrophe in front."""
    return f"'{text}" if re.match(RUNS_AS_FORMULA, text) else text


def visible(text: str) -> str:
    """A text with the characters that cannot be seen as escapes: `\\x1b`, `\\n`, `\\u202e`.

    They can move a terminal's cursor or turn the direction of what is read beside them.
    """
    if text.isprintable():  # as nearly all are, and a page holds thousands
        return text
    return "".join(_escaped(one) if category(one) in NOT_SEEN else one for one in text)


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode()


def _flat(values: pl.Series) -> pl.Series:
    """A list of plain values as `a; b`; what is nested more deeply as JSON; bytes in hex."""
    if values.dtype == pl.Binary:
        return values.bin.encode("hex")
    if values.dtype == pl.List(pl.Binary):
        values = values.list.eval(pl.element().bin.encode("hex"))
    if isinstance(values.dtype, pl.List) and not values.dtype.inner.is_nested():
        return values.list.eval(pl.element().cast(pl.String)).list.join("; ")
    texts = [None if value is None else json.dumps(value, default=in_json) for value in values]
    return pl.Series(values.name, texts, dtype=pl.String)


def in_json(value: object) -> str | int | float:
    """What JSON has no sign for: decimals as numbers, times as ISO text, bytes in hex."""
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)
