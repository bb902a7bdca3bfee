"""Reading the audit: a row for each question, with what became of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeVar

import polars as pl
from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from journal.engine import journal_of
from journal.tables import AuditEntry
from store.errors import WrongUse
from store.paths import Home

WHEN = re.compile(r"\d{4}(-\d{2}(-\d{2}(T\d{2}(:\d{2})?)?)?)?")
SCHEMA = {
    "entry_id": pl.Int64(),
    "written_at": pl.String(),
    "person": pl.String(),
    "role": pl.String(),
    "scope": pl.String(),
    "purpose": pl.String(),
    "exit": pl.String(),
    "question": pl.String(),
    "areas": pl.String(),
    "metrics": pl.String(),
    "release_id": pl.String(),
    "as_of": pl.String(),
    "outcome": pl.String(),
    "rows": pl.Int64(),
}
NOTHING_NAMED = "[]"
# What became of a question: an answer, a refusal, or nothing because the program ended before.
Outcome = Literal["given", "refused", "none"]
OUTCOMES: tuple[Outcome, ...] = ("given", "refused", "none")
Asked = TypeVar("Asked", bound=tuple[Any, ...])
became = aliased(AuditEntry)
# What was given is better known than what was asked for.
KNOWN = ("areas", "metrics", "release_id")
BECAME = [
    getattr(became, name).label(f"became_{name}") for name in ("kind", "outcome", "rows", *KNOWN)
]


@dataclass(frozen=True)
class Wanted:
    """Which questions are looked for; what is None is not asked about. Days are in UTC."""

    person: str | None = None
    exit: str | None = None
    outcome: Outcome | None = None
    first_day: date | None = None
    last_day: date | None = None
    when: str | None = None


def questions(home: Home, who: str | None = None, when: str | None = None) -> pl.DataFrame:
    """Every question on the audit, the newest first; columns as `SCHEMA`.

    `who` is a person, `when` a year, month, day, hour or minute (UTC): `2026-11-23`. `outcome` is
    `given`, why it was refused, or empty where no answer came. Raises `WrongUse` for another form
    of time, `JournalUnavailable`.
    """
    if when is not None and not WHEN.fullmatch(when):
        raise WrongUse(f"{when!r} is no time; write it as 2026, 2026-11, 2026-11-23 or …T09")
    return found(home, Wanted(person=who, when=when))


def found(
    home: Home, wanted: Wanted, before: int | None = None, most: int | None = None
) -> pl.DataFrame:
    """The questions wanted, the newest first, columns as in `questions`; at most so many.

    `before` is the number of an entry: only older ones are given, which makes the next page.
    """
    chosen = _chosen(select(AuditEntry), wanted)
    if before is not None:
        chosen = chosen.where(AuditEntry.entry_id < before)
    # Chosen first and then joined, or PostgreSQL would join the whole audit for one page.
    asked = aliased(AuditEntry, chosen.order_by(AuditEntry.entry_id.desc()).limit(most).subquery())
    columns = [getattr(asked, name) for name in SCHEMA if name not in {"outcome", "rows"}]
    joined = select(*columns, *BECAME).outerjoin(became, became.asked_id == asked.entry_id)
    with journal_of(home).reading() as session:
        rows = [_row(row) for row in session.execute(joined.order_by(asked.entry_id.desc()))]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def count(home: Home, wanted: Wanted) -> int:
    """How many questions there are of those wanted."""
    counted = _chosen(select(func.count()).select_from(AuditEntry), wanted)
    with journal_of(home).reading() as session:
        return session.scalars(counted).one()


def newest(home: Home) -> int:
    """The number of the last entry; 0 where there is none."""
    with journal_of(home).reading() as session:
        return session.scalar(select(func.max(AuditEntry.entry_id))) or 0


def people(home: Home) -> list[str]:
    """Everybody who stands on the audit, in order."""
    return _each(home, AuditEntry.person)


def exits(home: Home) -> list[str]:
    """Every exit that stands on the audit, in order."""
    return _each(home, AuditEntry.exit)


def _chosen(statement: Select[Asked], wanted: Wanted) -> Select[Asked]:
    chosen = statement.where(*_conditions(wanted))
    if wanted.outcome is None:
        return chosen
    chosen = chosen.outerjoin(became, became.asked_id == AuditEntry.entry_id)
    if wanted.outcome == "none":
        return chosen.where(became.entry_id.is_(None))
    return chosen.where(became.kind == wanted.outcome)


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    yield AuditEntry.kind == "asked"
    if wanted.person is not None:
        yield AuditEntry.person == wanted.person
    if wanted.exit is not None:
        yield AuditEntry.exit == wanted.exit
    if wanted.when is not None:
        yield AuditEntry.written_at.startswith(wanted.when, autoescape=True)
    if wanted.first_day is not None:
        yield AuditEntry.written_at >= wanted.first_day.isoformat()
    if wanted.last_day is not None and wanted.last_day < date.max:
        yield AuditEntry.written_at < (wanted.last_day + timedelta(days=1)).isoformat()


def _each(home: Home, column: InstrumentedAttribute[str]) -> list[str]:
    """The different values of an indexed column, each found from the one before it.

    A plain `distinct` reads every entry, and there are few people and very many entries.
    """
    first = select(func.min(column).label("value")).cte("each_value", recursive=True)
    following = select(func.min(column)).where(column > first.c.value).scalar_subquery()
    each = first.union_all(select(following).where(first.c.value.is_not(None)))
    with journal_of(home).reading() as session:
        return list(session.scalars(select(each.c.value).where(each.c.value.is_not(None))))


def _row(found: Row[Any]) -> dict[str, Any]:
    row = {name: getattr(found, name, None) for name in SCHEMA}
    if found.became_kind is None:
        return row | {"rows": None}
    row["outcome"] = "given" if found.became_kind == "given" else found.became_outcome
    row["rows"] = found.became_rows
    known = {name: getattr(found, f"became_{name}") for name in KNOWN}
    return row | {name: value for name, value in known.items() if value and value != NOTHING_NAMED}
