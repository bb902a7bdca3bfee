"""Reading the audit: a row for each question, with what became of it."""

import re
from typing import Any

import polars as pl
from sqlalchemy import select
from sqlalchemy.orm import aliased

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


def questions(home: Home, who: str | None = None, when: str | None = None) -> pl.DataFrame:
    """Every question on the audit, the newest first; columns as `SCHEMA`.

    `who` is a person, `when` a year, month, day, hour or minute (UTC): `2026-11-23`. `outcome` is
    `given`, why it was refused, or empty where no answer came. Raises `WrongUse` for another form
    of time, `JournalUnavailable`.
    """
    if when is not None and not WHEN.fullmatch(when):
        raise WrongUse(f"{when!r} is no time; write it as 2026, 2026-11, 2026-11-23 or …T09")
    became = aliased(AuditEntry)
    asked = select(AuditEntry, became).outerjoin(became, became.asked_id == AuditEntry.entry_id)
    asked = asked.where(AuditEntry.kind == "asked").order_by(AuditEntry.entry_id.desc())
    if who is not None:
        asked = asked.where(AuditEntry.person == who)
    if when is not None:
        asked = asked.where(AuditEntry.written_at.startswith(when, autoescape=True))
    with journal_of(home).reading() as session:
        rows = [_row(question, answer) for question, answer in session.execute(asked)]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _row(asked: AuditEntry, became: AuditEntry | None) -> dict[str, Any]:
    row = {name: getattr(asked, name) for name in SCHEMA}
    if became is None:
        return row
    row |= {"outcome": "given" if became.kind == "given" else became.outcome, "rows": became.rows}
    # What was given is better known than what was asked for.
    known = {name: getattr(became, name) for name in ("areas", "metrics", "release_id")}
    return row | {name: value for name, value in known.items() if value and value != NOTHING_NAMED}
