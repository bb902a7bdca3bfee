"""Checks of the whole audit that a person asked for, and what the last one found.

To read 100,000 entries takes more than a second, so pages show the last check and do not make one
at each look.
"""

import time
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import insert, select

from journal import chain
from journal.chain import Broken
from journal.engine import journal_of
from journal.tables import AuditCheck
from store.moments import now
from store.paths import Home

INSERT = insert(AuditCheck.metadata.tables["audit_checks"])


@dataclass(frozen=True)
class Checked:
    """One check: whole up to `entry_id`, or `broken` there, in one sentence."""

    checked_at: datetime
    person: str
    took_ms: int
    entry_id: int
    hash: str | None
    broken: str | None


def check(home: Home, person: str) -> Checked:
    """Read the whole audit and put down what was found; a break is found and not raised.

    Raises `JournalUnavailable`.
    """
    began = time.monotonic()
    try:
        head = chain.verify(home)
        entry_id, hash_, broken = head.entry_id, head.hash, None
    except Broken as fault:
        entry_id, hash_, broken = fault.entry_id, None, str(fault)
    took_ms = round((time.monotonic() - began) * 1000)
    checked = Checked(now(), person, took_ms, entry_id, hash_, broken)
    with journal_of(home).writing() as session:
        session.execute(INSERT, asdict(checked))
    return checked


def last(home: Home) -> Checked | None:
    """What the last check found; None before the first."""
    newest = select(AuditCheck).order_by(AuditCheck.check_id.desc()).limit(1)
    with journal_of(home).reading() as session:
        row = session.scalar(newest)
        return _checked(row) if row else None


def _checked(row: AuditCheck) -> Checked:
    return Checked(row.checked_at, row.person, row.took_ms, row.entry_id, row.hash, row.broken)
