"""From a reader to files in a folder: the rows, and the note that goes with them.

Both are drafts until they are whole, so that half a file is never taken for all of it.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from store.exporting.forms import csv_of, parquet_of
from store.exporting.note import note
from store.exporting.rows import Batch, Rows, Schema, rows_of
from store.exporting.wanted import WHOLE, Wanted, counted, file_name, statement
from store.paths import drafted
from store.reader import Reader
from store.release_package import METRICS, SOURCES, About, File, documents, sha256_of


@dataclass
class Progress:
    """How far a file is. `told` is called after each piece and may raise, which ends it.

    `current` is the answer in hand, by which another thread can stop it.
    """

    told: Callable[["Progress"], None]
    rows: int = 0
    bytes: int = 0
    current: Rows | None = None


@dataclass(frozen=True)
class Written:
    """What was written: the name of the file, its rows, size and hash."""

    name: str
    rows: int
    bytes: int
    sha256: str


def note_name(name: str) -> str:
    """How the note that goes with a file is called."""
    return f"{name}.txt"


def rows_wanted(wanted: Wanted, reader: Reader) -> int:
    """How many rows an export is going to have."""
    if wanted.what == WHOLE:
        each = [f"(select count(*) from {table})" for table in _tables(reader)]
        return _one(reader, f"select {' + '.join(each)} as rows", {})
    return _one(reader, *counted(wanted))


def _one(reader: Reader, sql: str, values: dict[str, Any]) -> int:
    """The one number of an answer, which may take longer than a page would wait."""
    with rows_of(reader, sql, values) as rows:
        return int(next(iter(rows)).column(0)[0].as_py())


def write(wanted: Wanted, reader: Reader, folder: Path, progress: Progress) -> Written:
    """Write the file and its note into a folder."""
    name = file_name(wanted, reader)
    with drafted(folder / name) as draft:
        with draft.open("wb") as file:
            fill = _package if wanted.what == WHOLE else _rows
            columns = fill(wanted, reader, file, progress)
        done = Written(name, progress.rows, draft.stat().st_size, sha256_of(draft))
    said = note(wanted, reader, name, columns, done.rows, done.sha256)
    with drafted(folder / note_name(name)) as draft:
        draft.write_text(said, encoding="utf-8")
    return done


def _rows(wanted: Wanted, reader: Reader, file: IO[bytes], progress: Progress) -> list[str]:
    """One kind of rows; gives the names of its columns."""
    form = parquet_of if wanted.form == "parquet" else csv_of
    with rows_of(reader, *statement(wanted)) as rows:
        _put(form(_Counted(rows, progress)), file, progress)
        return list(rows.schema.names)


def _package(_: Wanted, reader: Reader, file: IO[bytes], progress: Progress) -> list[str]:
    """Every table as Parquet beside what describes them; Parquet is not squeezed once more."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as package:
        found = [_table(reader, table, package, progress) for table in _tables(reader)]
        sources, metrics = (reader.ask(sql).to_dicts() for sql in (SOURCES, METRICS))
        about = About(reader.release, [*sources], [*metrics])
        for name, text in documents(about, found).items():
            package.writestr(name, text)
    return []


def _table(reader: Reader, table: str, package: zipfile.ZipFile, progress: Progress) -> File:
    before = progress.rows
    with (
        rows_of(reader, f"select * from {table}") as rows,
        package.open(f"{table}.parquet", "w", force_zip64=True) as into,
    ):
        size, sha256 = _put(parquet_of(_Counted(rows, progress)), into, progress)
        return File(table, rows.schema, progress.rows - before, size, sha256)


def _tables(reader: Reader) -> list[str]:
    return sorted({*reader.release.rows, "releases"})


def _put(pieces: Iterator[bytes], into: IO[bytes], progress: Progress) -> tuple[int, str]:
    """Write pieces, telling after each; gives their bytes and their hash."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces:
        into.write(piece)
        digest.update(piece)
        size += len(piece)
        progress.bytes += len(piece)
        progress.told(progress)
    return size, digest.hexdigest()


class _Counted:
    """Rows that are counted where they pass."""

    def __init__(self, rows: Rows, progress: Progress) -> None:
        self.schema: Schema = rows.schema
        self._rows, self._progress = rows, progress
        progress.current = rows

    def __iter__(self) -> Iterator[Batch]:
        for part in self._rows:
            self._progress.rows += part.num_rows
            yield part
