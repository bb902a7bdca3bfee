"""What rows become on their way out: CSV for people and programs, or Parquet with types."""

import io
from collections.abc import Iterator
from typing import Protocol

import polars as pl
import pyarrow.parquet as pq

from store.exporting.rows import Batch, Schema
from store.exports import csv_header, for_people
from store.reader import within_the_calendar

# Text takes many times the room of the values that it says.
LINES_AT_ONCE = 20_000


class Batches(Protocol):
    """What gives rows a part at a time: `Rows`, or a `RecordBatchReader` of Arrow."""

    @property
    def schema(self) -> Schema:
        """The columns, known before the first part."""

    def __iter__(self) -> Iterator[Batch]: ...


def csv_of(rows: Batches) -> Iterator[bytes]:
    """CSV with a header, piece by piece: each piece is whole lines, safe for spreadsheets."""
    yield csv_header(rows.schema.names)
    for part in rows:
        frame = within_the_calendar(pl.DataFrame(part))
        for piece in frame.iter_slices(LINES_AT_ONCE):
            yield _lines(piece)


def _lines(frame: pl.DataFrame) -> bytes:
    return for_people(frame).write_csv(include_header=False).encode()


def parquet_of(rows: Batches) -> Iterator[bytes]:
    """A Parquet file, piece by piece: each part is a group of rows; the end is the last piece."""
    drain = _Drain()
    writer = pq.ParquetWriter(drain, rows.schema, compression="zstd")
    try:
        for part in rows:
            writer.write_batch(part)
            yield drain.taken()
    finally:
        writer.close()
    yield drain.taken()


class _Drain(io.RawIOBase):
    """A file that is only ever added to, and whose bytes are taken away as they come."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._written = 0

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._written

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        self._written += len(piece)
        return len(piece)

    def taken(self) -> bytes:
        """What was written since it was last asked."""
        taken, self._pieces = b"".join(self._pieces), []
        return taken
