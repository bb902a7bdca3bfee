"""A question in SQL to the current release, answered on the terminal or as a file."""

import sys
from pathlib import Path

import duckdb
import polars as pl
from rich.console import Console

from journal.audit import Question
from pipeline.asking import asking, given
from pipeline.terminal import Table, say_if_to_come
from store.errors import WrongUse
from store.exports import to_csv, to_json, to_parquet
from store.moments import parse_moment
from store.paths import Home, drafted, require_outside
from store.reader import open_reader
from store.viewer import EVERYONE, Viewer

# A table on the screen is a question in SQL; every other form is a file of its kind.
EXITS = {"table": "sql"}
FORMATS = ("table", "csv", "json", "parquet")
SHOWN_ROWS = 200
# What Python and Polars say of a value for which they have no form; a panic is no usual exception.
NOT_WRITTEN = (ValueError, OverflowError, pl.exceptions.PolarsError, pl.exceptions.PanicException)
WIDE = 10_000


def answer(
    home: Home,
    question: str,
    as_of: str | None,
    form: str,
    output: Path | None,
    viewer: Viewer = EVERYONE,
) -> None:
    """Print or write the answer. Raises `WrongUse` for another format or more than a select."""
    require_form(form, output)
    if output is not None:
        require_outside(home, output)
    moment = parse_moment(as_of) if as_of is not None else None
    say_if_to_come(moment)
    asked = Question(EXITS.get(form, form), question, as_of=moment)
    with asking(home, asked, viewer) as audited, open_reader(home, viewer, as_of=moment) as reader:
        _require_one_select(question)
        rows = reader.ask(question)
        audited.given(given(rows, reader.release.release_id))
    give(rows, form, output)


def give(rows: pl.DataFrame, form: str, output: Path | None) -> None:
    """Print the rows, or write them as a file. Raises `WrongUse` where they have no such form."""
    try:
        if form == "table" and output is None:
            print_rows(rows)
        else:
            write_rows(rows, form, output)
    except NOT_WRITTEN as fault:
        told = " ".join(str(fault).split())[:200]
        raise WrongUse(
            f"the answer cannot be written as {form} ({told}); cast its columns to varchar"
        ) from None


def require_form(form: str, output: Path | None) -> None:
    """Raises `WrongUse` for a form that there is not, or that is not for a screen."""
    if form not in FORMATS:
        raise WrongUse(f"--format {form} is not known; choose one of {', '.join(FORMATS)}")
    if form == "parquet" and output is None and sys.stdout.isatty():
        raise WrongUse("Parquet is not for a screen; add --output FILE")


def _require_one_select(question: str) -> None:
    try:
        statements = duckdb.extract_statements(question)
    except duckdb.Error as fault:
        raise WrongUse(f"the question cannot be read: {str(fault).splitlines()[0]}") from None
    kinds = {statement.type for statement in statements}
    if len(statements) != 1 or kinds != {duckdb.StatementType.SELECT}:
        raise WrongUse("ask one select statement; nothing can be changed through this door")


def _as_bytes(rows: pl.DataFrame, form: str) -> bytes:
    match form:
        case "parquet":
            return to_parquet(rows)
        case "json":
            return (to_json(rows) + "\n").encode()
        case _:
            return to_csv(rows).encode()


def write_rows(rows: pl.DataFrame, form: str, output: Path | None) -> None:
    """Rows in one of `FORMATS` to a file or to standard output; a table in a file is CSV."""
    content = _as_bytes(rows, form)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    elif output.exists() and not output.is_file():
        output.write_bytes(content)
    else:
        with drafted(output.resolve(), makes_folder=False) as draft:
            draft.write_bytes(content)


def print_rows(rows: pl.DataFrame) -> None:
    """Rows as a table on the terminal, the first of them where there are many."""
    table = Table(box=None, pad_edge=False)
    for name, dtype in rows.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left", overflow="fold")
    for row in rows.head(SHOWN_ROWS).iter_rows():
        table.add_row(*("" if value is None else _shown(value) for value in row))
    # On a terminal the table fits the window; in a pipe it must not be cut.
    # Published text is shown as it is: `[c]` is a mark for a hidden count, not a style.
    width = None if sys.stdout.isatty() else WIDE
    console = Console(width=width, markup=False, emoji=False, highlight=False)
    console.print(table)
    if rows.height > SHOWN_ROWS:
        console.print(f"showing {SHOWN_ROWS} of {rows.height:,} rows; --format csv gives all")


def _shown(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return str(value)
