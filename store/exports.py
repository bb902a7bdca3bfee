"""Answers as files: CSV for people and programs, JSON, Parquet."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from unicodedata import category

import polars as pl
import polars.selectors as cs

from store.text_sizes import at_most_as_text

# A spreadsheet would run such a text as a formula: it passes over blanks in front, reads the
# full-width signs of East Asian keyboards, and sends what a | leads to another program.
RUNS_AS_FORMULA = r"^(?:[\t\r\n\x00]|[\s\x00]*[=+\-@|\uff1d\uff0b\uff0d\uff20])"

# Controls, marks of direction and of format, separators of lines, and halves of a character.
NOT_SEEN = {"Cc", "Cf", "Zl", "Zp", "Cs"}
# No more of an answer is in memory as text, or as values of Python, than about so much of it.
ROWS_AT_ONCE, LARGEST_PIECE = 5_000, 4_000_000


def to_csv(frame: pl.DataFrame) -> str:
    """CSV with a header; a text that a spreadsheet would run gets an apostrophe in front."""
    return b"".join(csv_pieces(frame)).decode()


def csv_pieces(frame: pl.DataFrame) -> Iterator[bytes]:
    """The same CSV, piece by piece: its header, and then whole lines."""
    yield csv_header(frame.columns)
    for piece in _pieces(frame):
        yield for_people(piece).write_csv(include_header=False).encode()


def csv_header(names: Iterable[str]) -> bytes:
    """The first line of CSV: headings are run by a spreadsheet as much as any other cell."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(map(for_spreadsheets, names))
    return text.getvalue().encode()


def for_people(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows as a spreadsheet may read them: nothing nested, and no text that it would run."""
    flat = frame.with_columns(
        _flat(frame[name])
        for name, dtype in frame.schema.items()
        if dtype.is_nested() or dtype == pl.Binary
    ).with_columns(pl.col(pl.Categorical, pl.Enum).cast(pl.String))
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
    return b"".join(json_pieces(frame)).decode()


def json_pieces(frame: pl.DataFrame) -> Iterator[bytes]:
    """The same JSON, piece by piece."""
    before = "["
    for piece in _pieces(frame):
        finite = piece.with_columns(pl.when(cs.float().is_finite()).then(cs.float()).name.keep())
        rows = json.dumps(finite.to_dicts(), default=in_json, ensure_ascii=False)
        yield f"{before}{rows[1:-1]}".encode()
        before = ", "
    yield b"[]" if before == "[" else b"]"


def whole_or_pieces(pieces: Iterable[bytes]) -> bytes | Iterator[bytes]:
    """What a response takes: all of it where it is small, and else as it is written.

    Raises what the first pieces raise, so that a fault of a form is told before anything leaves.
    """
    left, taken = iter(pieces), [b""]
    for piece in left:
        taken.append(piece)
        if sum(map(len, taken)) > LARGEST_PIECE:
            return itertools.chain(taken, left)
    return b"".join(taken)


def _pieces(frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
    for part in frame.iter_slices(ROWS_AT_ONCE):
        yield from _small(part)


def _small(part: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows in pieces that are small as text, or of one row."""
    batches = part.to_arrow(compat_level=pl.CompatLevel.oldest()).to_batches()
    if part.height < 2 or sum(map(at_most_as_text, batches)) <= LARGEST_PIECE:
        if part.height:
            yield part
        return
    half = part.height // 2
    yield from _small(part[:half])
    yield from _small(part[half:])


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
    told = values.to_list()  # all the way down; a value by itself would hold a series
    texts = [None if value is None else json.dumps(value, default=in_json) for value in told]
    return pl.Series(values.name, texts, dtype=pl.String)


def in_json(value: object) -> str | int | float:
    """What JSON has no sign for: decimals as numbers, times as ISO text, bytes in hex."""
    if isinstance(value, Decimal):
        return int(value) if value.as_tuple().exponent == 0 else float(value)
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, date | datetime | time) else str(value)
