"""One source: its files, its rows in quarantine, what changed in its columns, its breakers."""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import polars as pl

from store.reader import Reader

# Names after a day or a number come with every file of some publishers.
OF_A_DAY = re.compile(r"\d{1,4}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}|^[\d.\s]+$")
DIGITS = re.compile(r"\d+")


class Layout(NamedTuple):
    """A file whose columns are not those of the one before it that is called alike."""

    file_name: str
    published_at: Any
    appeared: list[str]
    gone: list[str]


def source(reader: Reader, source_id: str) -> dict[str, Any] | None:
    """One row of `sources`, or None where there is no such source."""
    found = reader.ask("select * from sources where source_id = $source", source=source_id)
    return found.row(0, named=True) if found.height else None


def loads(reader: Reader, source_id: str, limit: int) -> pl.DataFrame:
    """The newest files of a source as they arrived, with what a breaker says that holds one."""
    return reader.ask(
        """
        with held as (
            select file_sha256, min(sentence) as held_because
            from breakers
            where source_id = $source and severity = 'hold' and is_open
            group by file_sha256
        )

        select arrivals.*, held.held_because
        from arrivals
        left join held using (file_sha256)
        where arrivals.source_id = $source
        order by
            coalesce(arrivals.published_at, arrivals.landed_at) desc,
            arrivals.landed_at desc,
            arrivals.receipt_id
        limit $rows
        """,
        source=source_id,
        rows=limit,
    )


def verdicts(reader: Reader, source_id: str) -> dict[str, int]:
    """How many files of a source ended in which verdict."""
    found = reader.ask(
        """
        select verdict, count(*) as files
        from arrivals
        where source_id = $source
        group by verdict
        order by files desc, verdict
        """,
        source=source_id,
    )
    return dict(found.iter_rows())


def reasons(reader: Reader, source_id: str) -> pl.DataFrame:
    """How many rows in quarantine have which reasons: reasons, rows, files; most rows first."""
    return reader.ask(
        """
        select reasons, count(*) as rows, count(distinct file_sha256) as files
        from quarantined
        where source_id = $source
        group by reasons
        order by rows desc, reasons
        """,
        source=source_id,
    )


def quarantined(reader: Reader, source_id: str, limit: int | None = None) -> pl.DataFrame:
    """Rows in quarantine, those of the newest file first, each with the name of its file."""
    return reader.ask(
        f"""
        with names as (
            select file_sha256, min(file_name) as file_name
            from arrivals
            where source_id = $source
            group by file_sha256
        )

        select
            names.file_name,
            quarantined.file_sha256,
            quarantined.published_at,
            quarantined.landed_at,
            quarantined.sheet_name,
            quarantined.file_row,
            quarantined.row_text,
            quarantined.reasons
        from quarantined
        left join names using (file_sha256)
        where quarantined.source_id = $source
        order by
            quarantined.published_at desc nulls last,
            quarantined.landed_at desc,
            names.file_name,
            quarantined.sheet_name,
            quarantined.file_row,
            quarantined.reasons
        {"" if limit is None else f"limit {limit}"}
        """,
        source=source_id,
    )


def layouts(reader: Reader, source_id: str) -> list[Layout] | None:
    """Each change of columns from one file to the next, the newest first.

    A file is compared with the one published before it whose name differs in digits at most, since
    some sources publish several files a day. None where no file says what its columns are called.
    """
    if "published_columns" not in reader.ask("select * from arrivals limit 0").columns:
        return None
    found = reader.ask(
        """
        select file_name, published_at, published_columns
        from arrivals
        where
            source_id = $source
            and published_columns <> ''
            and verdict in ('landed', 'refused')
        order by coalesce(published_at, landed_at), landed_at, receipt_id
        """,
        source=source_id,
    )
    return list(_changed(found))[::-1] if found.height else None


def _changed(files: pl.DataFrame) -> Iterator[Layout]:
    before: dict[str, list[str]] = {}
    for name, published_at, told in files.iter_rows():
        kind = DIGITS.sub("", name)
        columns = [one for one in json.loads(told) if not OF_A_DAY.search(one)]
        known = before.get(kind, columns)
        before[kind] = columns
        appeared = [one for one in columns if one not in known]
        gone = [one for one in known if one not in columns]
        if appeared or gone:
            yield Layout(name, published_at, appeared, gone)


def breakers(reader: Reader, source_id: str) -> pl.DataFrame:
    """What the breakers say of a source's files, what is open first; `file_name` is of the file."""
    return reader.ask(
        """
        with names as (
            select file_sha256, min(file_name) as file_name
            from arrivals
            where source_id = $source
            group by file_sha256
        )

        select breakers.*, names.file_name
        from breakers
        left join names using (file_sha256)
        where breakers.source_id = $source
        order by
            breakers.is_open desc,
            breakers.severity = 'hold' desc,
            breakers.published_at desc,
            breakers.breaker_id
        """,
        source=source_id,
    )


def breaker_rows(reader: Reader, source_id: str) -> pl.DataFrame:
    """What tripped each breaker on a source and still does, with the name of the measure."""
    return reader.ask(
        """
        select
            breaker_rows.breaker_id,
            breaker_rows.file_sha256,
            coalesce(metrics.metric_name, '') as metric_name,
            breaker_rows.seen
        from breaker_rows
        left join metrics using (metric_id)
        where breaker_rows.source_id = $source and breaker_rows.known_to is null
        order by
            breaker_rows.breaker_id,
            breaker_rows.file_sha256,
            metrics.metric_name,
            breaker_rows.seen
        """,
        source=source_id,
    )
