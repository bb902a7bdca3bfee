"""One release laid out in memory, and the answers to questions about it, in parts."""

import json
from bisect import bisect_left
from collections.abc import Iterator
from datetime import datetime
from threading import Condition, Thread
from time import monotonic
from typing import Any

import duckdb
import pyarrow.lib as arrow
from pyarrow.ipc import new_stream

from store.confined import frames, grammar
from store.confined.faults import refusal
from store.confined.grammar import NotAQuestion
from store.confined.layers import LayerMissing
from store.connection import Config, Layout, lock, look_from, opened
from store.text_sizes import as_text, at_most_as_text, names_within

# Few, because a single row may be large.
ROWS_AT_ONCE = 8192
LONGEST_NAME = 200
# An answer takes more room as text than in the engine's own form; so many times more it may.
TEXT_FOR_A_BYTE = 4
LARGEST_ROW = 8_000_000
CONFIG: Config = {
    "threads": 1,
    "memory_limit": "512MB",
    "max_expression_depth": 250,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "allow_persistent_secrets": False,
    "python_enable_replacements": False,
    "python_scan_all_frames": False,
    "errors_as_json": True,
}
PLANNED = "explain "
Parameters = dict[str, frames.Parameter]
Answer = Iterator[tuple[frames.Message, bytes]]


class Confined:
    """A release at one scope, behind an engine that opens no file any more.

    `words` are a layout and the most seconds that a question may take. Raises what `opened` does,
    and `LayerMissing` where the engine still opens a file after it was locked.
    """

    def __init__(self, words: frames.Message) -> None:
        layout = Layout.from_json(words["layout"])
        self._layout = layout
        self.files = tuple(path for path, _ in layout.files)
        self._connection = opened(layout, CONFIG)
        self._as_of: datetime | None = None
        _warm(self._connection)
        # The engine's own clock counts milliseconds.
        lock(self._connection, [f"set max_execution_time = {int(words['seconds'] * 1000)}"])
        _require_locked(self._connection, self.files)
        self._known = grammar.names(self._connection)
        self._alarm = Alarm()

    def answers(self, words: frames.Message) -> Answer:
        """The parts of the answer to one question, and at its end how it went."""
        sql = words["sql"]
        # Outside of what is answered with a no: a process between two moments must end.
        self._look_from(words["as_of"])
        try:
            yield from self._answer(words, sql)
        except NotAQuestion as no:
            yield _refusal(no), b""
        except duckdb.InterruptException:
            yield {"too_long": True}, b""
        except Exception as fault:
            yield _refusal(refusal(fault, sql)), b""

    def _answer(self, words: frames.Message, sql: str) -> Answer:
        cursor = self._connection.cursor()
        try:
            allowed = grammar.question(cursor, sql, self._known)
            given = {name: frames.understood(v) for name, v in words["parameters"].items()}
            self._alarm.set(words["seconds"], cursor)
            # A relation gives its rows as they come; `execute` would gather all of them first.
            asked = _bound(cursor, allowed, given)
            if words["counts"]:
                asked = asked.aggregate("count(*) as rows")
            reader = asked.to_arrow_reader(ROWS_AT_ONCE)
            yield from _parts(reader, words["rows"], words["bytes"])
        finally:
            self._alarm.clear()
            cursor.close()

    def _look_from(self, as_of: str | None) -> None:
        moment = datetime.fromisoformat(as_of) if as_of else None
        if moment != self._as_of:
            look_from(self._connection, self._layout, moment)
            self._as_of = moment


def _bound(cursor: duckdb.DuckDBPyConnection, sql: str, given: Parameters) -> Any:
    """A question as the engine understood it; raises `NotAQuestion` with the line where it cannot.

    The engine tells where a fault lies of a plan, which costs little, and not of a relation.
    """
    try:
        return cursor.sql(sql, params=given or None)
    except duckdb.Error as fault:
        try:
            cursor.execute(PLANNED + sql, given or None).fetchall()
        except type(fault) as placed:
            raise refusal(placed, sql, len(PLANNED)) from None
        except duckdb.Error:
            pass
        raise


def _refusal(no: NotAQuestion) -> frames.Message:
    # What filled the memory may keep it, so such a process takes no further question.
    is_spent = no.kind == "memory"
    return {"refused": no.kind, "said": str(no), "line": no.line, "spent": is_spent}


def _parts(reader: Any, rows: int, size: int) -> Answer:
    """An answer in parts of Arrow's stream, up to as many rows and bytes as it may have."""
    names = _short_names(reader.schema)
    named = zip(reader.schema, names, strict=True)
    schema = arrow.schema([column.with_name(name) for column, name in named])
    yield {"part": 0}, _stream(schema, [])
    sent, text = 0, TEXT_FOR_A_BYTE * size
    for batch in (found.rename_columns(names) for found in reader):
        given = batch.slice(0, min(rows, _fitting(batch, size, text)))
        fits = given.num_rows
        if fits:
            _require_small_rows(given)
            yield {"part": fits}, _stream(schema, [given])
        sent += fits
        if fits < batch.num_rows:
            if not sent and rows:
                raise NotAQuestion("size", "One row of the answer is larger than an answer may be.")
            yield {"done": True, "is_cut": True}, b""
            return
        rows, size, text = rows - fits, size - batch.nbytes, text - as_text(batch)
    yield {"done": True, "is_cut": False}, b""


def _fitting(batch: Any, size: int, text: int) -> int:
    """How many rows of a batch fit in so many bytes, and in so many characters as text."""

    def is_over(rows: int) -> bool:
        part = batch.slice(0, rows)
        return bool(part.nbytes > size or (at_most_as_text(part) > text and as_text(part) > text))

    if not is_over(batch.num_rows):
        return int(batch.num_rows)
    return bisect_left(range(1, batch.num_rows), True, key=is_over)


def _short_names(schema: Any) -> list[str]:
    """The columns' names, cut where the engine made one of a long expression.

    Raises `NotAQuestion` for such a name within a column, which stands there again and again.
    """
    if any(len(name) > LONGEST_NAME for column in schema for name in names_within(column.type)):
        said = f"A name within a column of the answer has more than {LONGEST_NAME} letters; "
        raise NotAQuestion("size", f"{said}call it something shorter.")
    return [
        name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}…" for name in schema.names
    ]


def _require_small_rows(batch: Any) -> None:
    """Raise `NotAQuestion` where one row is so large that whoever writes it cannot hold it."""
    if at_most_as_text(batch) <= LARGEST_ROW:
        return
    if batch.num_rows == 1:
        if as_text(batch) <= LARGEST_ROW:
            return
        said = f"One row of the answer takes more than {LARGEST_ROW / 1e6:.0f} MB as text; "
        raise NotAQuestion("size", f"{said}ask for shorter texts or lists.")
    half = batch.num_rows // 2
    _require_small_rows(batch.slice(0, half))
    _require_small_rows(batch.slice(half))


def _stream(schema: Any, batches: list[Any]) -> bytes:
    sink = arrow.BufferOutputStream()
    with new_stream(sink, schema) as writer:
        for batch in batches:
            writer.write_batch(batch)
    return bytes(sink.getvalue())


def _warm(connection: duckdb.DuckDBPyConnection) -> None:
    """Do once whatever looks for a file when it is first done; later there are none."""
    cursor = connection.cursor()
    text = "select 1 as n, 'x' as t, now() as m, date '2020-01-01' as d, $p as p"
    asked = cursor.sql(text, params={"p": datetime(2020, 1, 1)})
    list(_parts(asked.to_arrow_reader(1), 1, 1000))
    for attempt in ("select nothing", "select cast('x' as int)"):
        try:
            cursor.execute(attempt).fetchall()
        except duckdb.Error as fault:
            refusal(fault, attempt)
    json.dumps(cursor.sql("select json_serialize_sql('select 1')").fetchall())
    cursor.close()


def _require_locked(connection: duckdb.DuckDBPyConnection, files: tuple[str, ...]) -> None:
    """Try to read our own files, as whoever asks might; raises `LayerMissing` where that works."""
    for file in files:
        _must_fail(connection, "select size from read_blob($file)", file)
    _must_fail(connection, "attach '/dev/null' as another")
    _must_fail(connection, "copy (select 1) to '/dev/null'")
    _must_fail(connection, "set enable_external_access = true")
    _must_fail(connection, "set lock_configuration = false")


def _must_fail(connection: duckdb.DuckDBPyConnection, sql: str, file: str | None = None) -> None:
    try:
        connection.execute(sql, {"file": file} if file else None).fetchall()
    except duckdb.Error:
        return
    raise LayerMissing(f"the engine is not locked: it does `{sql}`")


class Alarm:
    """One clock for all questions: it interrupts, again and again, what is past its time.

    Its thread is there from the beginning, because no thread can be started later.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._ends: float | None = None
        self._cursor: duckdb.DuckDBPyConnection | None = None
        Thread(target=self._watch, daemon=True).start()

    def set(self, seconds: float, cursor: duckdb.DuckDBPyConnection) -> None:
        """Give a question its time."""
        with self._changed:
            self._ends, self._cursor = monotonic() + seconds, cursor
            self._changed.notify()

    def clear(self) -> None:
        """A question has ended."""
        with self._changed:
            self._ends = self._cursor = None

    def _watch(self) -> None:
        with self._changed:
            while True:
                if self._ends is None or self._cursor is None:
                    self._changed.wait()
                elif (left := self._ends - monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    self._cursor.interrupt()
                    self._changed.wait(0.1)
