"""The audit: who asked for what, written before the store is asked, and what they were given.

A question is one entry. What became of it is a second one, linked to the first and written before
the answer leaves, when its rows are known: counting first would run each question twice, and an
entry only afterwards would not know of a question that brought the process down.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from journal.chain import BEGINNING, COLUMNS, Head, checked_heads, hash_of, keep_head, read_head
from journal.engine import journal_of
from journal.tables import AuditEntry
from store.errors import TrigpointError
from store.moments import now
from store.paths import Home
from store.reader import count_rows

MOST_NAMED = 100
LONGEST_REASON = 500
NOT_STATED = "not stated"
INSERT = insert(AuditEntry.metadata.tables["audit"])


class AuditNotWritten(TrigpointError):  # noqa: N818
    """What was asked cannot be put on the audit, so it is not answered."""


@dataclass(frozen=True)
class Asker:
    """Who asks, in which role, for which area, and why."""

    person: str
    role: str
    scope: str
    purpose: str = NOT_STATED


@dataclass(frozen=True)
class Question:
    """What is asked, and by which exit the answer would leave.

    `question` is the page's address, the query or the command; areas and metrics are those that it
    names.
    """

    exit: str
    question: str
    areas: Sequence[str] = ()
    metrics: Sequence[str] = ()
    release_id: str | None = None
    as_of: datetime | None = None


@dataclass(frozen=True)
class Given:
    """What an answer holds: its rows, and what they are about where that shows."""

    rows: int | None = None
    areas: Sequence[str] = ()
    metrics: Sequence[str] = ()
    release_id: str | None = None


@dataclass
class Asked:
    """A question that stands on the audit, until what became of it does too."""

    home: Home
    asker: Asker
    exit: str
    entry_id: int
    is_open: bool = field(default=True)

    def given(self, given: Given) -> None:
        """Put down what the answer holds, before it leaves. Raises `AuditNotWritten`."""
        self._close("given", given, None)

    def refused(self, why: str) -> None:
        """Put down that there was no answer, and why. Raises `AuditNotWritten`."""
        self._close("refused", Given(), plain(" ".join(why.split())[:LONGEST_REASON]))

    def _close(self, kind: str, given: Given, outcome: str | None) -> None:
        self.is_open = False
        columns = _columns(kind, self.asker, Question(self.exit, "", given.areas, given.metrics))
        more = {"asked_id": self.entry_id, "rows": given.rows, "release_id": given.release_id}
        _append(self.home, columns | more | {"outcome": outcome})


def ask(home: Home, asker: Asker, question: Question) -> Asked:
    """Put a question on the audit. Raises `AuditNotWritten`: then it must not be answered."""
    head = _append(home, _columns("asked", asker, question))
    return Asked(home, asker, question.exit, head.entry_id)


@contextmanager
def asking(home: Home, asker: Asker, question: Question) -> Iterator[Asked]:
    """Put a question on the audit around finding its answer, and a refusal where there is none.

    The answer is handed out after the block. Within it `given` may say what it holds; else that is
    the rows that readers gave.
    """
    asked, tally = ask(home, asker, question), count_rows()
    try:
        yield asked
    except Exception as fault:
        if asked.is_open:
            said = fault.on_record if isinstance(fault, TrigpointError) else str(fault)
            asked.refused(said or type(fault).__name__)
        raise
    if asked.is_open:
        asked.given(Given(tally.rows))


def named(names: Sequence[str]) -> str:
    """Names as a list in JSON, in order and each once; very many are counted."""
    unique = sorted(set(names))
    more = [f"and {len(unique) - MOST_NAMED} more"] if len(unique) > MOST_NAMED else []
    return json.dumps(unique[:MOST_NAMED] + more, ensure_ascii=True)


def _columns(kind: str, asker: Asker, question: Question) -> dict[str, Any]:
    return {
        "kind": kind,
        "person": plain(asker.person),
        "role": plain(asker.role),
        "scope": plain(asker.scope),
        "purpose": plain(asker.purpose),
        "exit": question.exit,
        "question": plain(question.question),
        "areas": named(question.areas),
        "metrics": named(question.metrics),
        "release_id": question.release_id,
        "as_of": question.as_of.isoformat(timespec="microseconds") if question.as_of else None,
    }


def plain(text: str) -> str:
    """A text that each engine keeps as it is: NUL and halves of characters are written out."""
    return text.encode(errors="backslashreplace").decode().replace("\x00", "\\x00")


def _append(home: Home, said: dict[str, Any]) -> Head:
    try:
        with journal_of(home).writing() as session:
            head = _add(session, said, _last(session, home))
        keep_head(home, head)
    except TrigpointError as fault:
        raise AuditNotWritten(f"no answer is given, because the audit failed: {fault}") from None
    except OSError as fault:
        raise AuditNotWritten(
            f"no answer is given, because the audit failed: {fault.filename}: {fault.strerror}"
        ) from None
    return head


def _add(session: Session, said: dict[str, Any], last: Head) -> Head:
    entry = {column.name: said.get(column.name) for column in COLUMNS} | {
        "entry_id": last.entry_id + 1,
        "written_at": now().isoformat(timespec="microseconds"),
        "previous_hash": last.hash,
    }
    head = Head(last.entry_id + 1, hash_of([entry[column.name] for column in COLUMNS]))
    session.execute(INSERT, entry | {"hash": head.hash})
    return head


def _last(session: Session, home: Home) -> Head:
    """The entry to go on from; it has to continue the head that this home kept.

    So an audit of which the end was cut off is not grown over until nobody can tell.
    """
    asked = select(AuditEntry.entry_id, AuditEntry.hash)
    found = session.execute(asked.order_by(AuditEntry.entry_id.desc()).limit(1)).first()
    last = Head(*found) if found else Head(0, BEGINNING)
    kept = read_head(home) or _last_checked(session)
    if kept is None or kept == last:
        return last
    there = session.execute(asked.where(AuditEntry.entry_id == kept.entry_id)).first()
    if there is None or Head(*there) != kept:
        raise TrigpointError(
            f"it does not continue entry {kept.entry_id}, which was written for certain; "
            "run `trigpoint audit verify`"
        )
    return last


def _last_checked(session: Session) -> Head | None:
    """Where the home's own head is gone: the furthest that a check of the audit has seen."""
    return max(checked_heads(session), key=attrgetter("entry_id"), default=None)
