"""The chain of the audit: each entry holds the hash of the one before, over all that it says.

A changed, missing or moved entry breaks the chain where it stands. That the end was cut off is seen
from a head: the number and hash of the last entry, kept apart from the journal, and by each check.
"""

import fcntl
import json
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from journal.engine import journal_of
from journal.tables import Action, AuditCheck, AuditEntry, Note, Problem, Standup, Subscription
from store.errors import TrigpointError, WrongUse
from store.paths import Home

COLUMNS = tuple(column for column in AuditEntry.__table__.columns if column.name != "hash")
BEGINNING = "0" * 64
WRITTEN = re.compile(r"(\d{1,18}):([0-9a-f]{64})")
AT_ONCE = 1000
# What is never put down without a question on the audit before it.
WRITTEN_DOWN = {
    Note: "a note",
    Action: "an action",
    Standup: "a stand-up",
    Problem: "a report",
    Subscription: "a subscription",
}


@dataclass(frozen=True)
class Head:
    """The last entry at some moment; its text is what people keep elsewhere."""

    entry_id: int
    hash: str

    def __str__(self) -> str:
        return f"{self.entry_id}:{self.hash}"


class Broken(TrigpointError):  # noqa: N818
    """The audit is not what was written. `entry_id` is the first entry that shows it."""

    def __init__(self, entry_id: int, why: str) -> None:
        super().__init__(f"the audit is broken at entry {entry_id}: {why}")
        self.entry_id = entry_id


def hash_of(values: Sequence[Any]) -> str:
    """The hash of an entry from its values in the order of `COLUMNS`, as a list in JSON."""
    text = json.dumps(list(values), ensure_ascii=True, separators=(",", ":"), default=_bytes)
    return sha256(text.encode()).hexdigest()


def _bytes(value: bytes) -> dict[str, str]:
    """SQLite gives back bytes where somebody put them in place of a text."""
    return {"bytes": value.hex()}


def parse(text: str) -> Head:
    """A head as it is written down. Raises `WrongUse` for any other text."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise WrongUse(f"{text[:80]!r} is no head; `trigpoint audit head` prints one")
    return Head(int(found.group(1)), found.group(2))


def verify(home: Home, heads: Iterable[Head] = ()) -> Head:
    """Read the whole audit again; gives its head. It has to continue every head that was kept.

    Raises `Broken` with the first entry that was changed, taken out, moved or cut off.
    """
    kept = read_head(home)
    told = {*heads, *([kept] if kept else [])}
    with journal_of(home).reading() as session:
        last = walk(session.connection(), told | checked_heads(session))
        if not last.entry_id:
            _require_nothing_done(session)
    if last.entry_id and not told:
        raise Broken(
            last.entry_id,
            f"{home.audit_head} is gone, so nothing says that this entry is the last; "
            "give a head that was kept elsewhere with --head",
        )
    return last


def checked_heads(session: Session) -> set[Head]:
    """The heads that checks of the whole audit found, which stand apart from it."""
    asked = select(AuditCheck.entry_id, AuditCheck.hash).where(AuditCheck.entry_id > 0)
    return {Head(*row) for row in session.execute(asked.where(AuditCheck.hash.is_not(None)))}


def _require_nothing_done(session: Session) -> None:
    """Whatever people wrote down was asked for first, so an audit without entries was emptied."""
    for table, done in WRITTEN_DOWN.items():
        if session.execute(select(table).limit(1)).first():
            raise Broken(1, f"it was emptied; {done} stands in the journal that it does not know")


def walk(connection: Connection, heads: set[Head]) -> Head:
    """Follow the chain in one transaction, to its head. Raises `Broken` as `verify` does."""
    asked = select(*COLUMNS, AuditEntry.hash).order_by(AuditEntry.entry_id)
    last = Head(0, BEGINNING)
    for row in connection.execute(asked.execution_options(yield_per=AT_ONCE)):
        last = _follow(last, row)
        if any(head.entry_id == last.entry_id and head != last for head in heads):
            raise Broken(last.entry_id, "it is another entry than the one of the head kept")
    furthest = max((head.entry_id for head in heads), default=0)
    if furthest > last.entry_id:
        raise Broken(last.entry_id + 1, f"the end was cut off; there was an entry {furthest}")
    return last


def _follow(last: Head, row: Any) -> Head:
    """The row's own head, if it is the entry that follows the last one."""
    *values, kept = row
    expected = last.entry_id + 1
    if row.entry_id != expected:
        raise Broken(expected, f"it is missing, and entry {row.entry_id} follows")
    if row.previous_hash != last.hash:
        raise Broken(expected, "it does not continue the entry before")
    if kept != hash_of(values):
        raise Broken(expected, "what it says is not what was written")
    return Head(expected, kept)


def read_head(home: Home) -> Head | None:
    """The head that this home keeps beside the journal; None before there was one."""
    try:
        text = home.audit_head.read_text()
    except FileNotFoundError:
        return None
    # A loss of power can leave the new file empty.
    return parse_kept(home, text) if text else None


def parse_kept(home: Home, text: str) -> Head:
    """The head in the file. Raises `TrigpointError` when somebody wrote something else there."""
    try:
        return parse(text)
    except WrongUse:
        raise TrigpointError(f"{home.audit_head} holds no head of the audit") from None


def keep_head(home: Home, head: Head) -> None:
    """Keep the head, unless another process has kept a later one in the meantime.

    Not synced to disk: after a loss of power an earlier head stands there, which holds as well.
    """
    descriptor = os.open(home.audit_head, os.O_RDWR | os.O_CREAT, 0o600)
    with open(descriptor, "r+") as file:  # noqa: PTH123
        fcntl.flock(file, fcntl.LOCK_EX)
        text = file.read()
        if text and parse_kept(home, text).entry_id >= head.entry_id:
            return
        file.seek(0)
        file.write(f"{head}\n")
        file.truncate()
