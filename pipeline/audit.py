"""The audit on the terminal: reading it, which is put on it too, and looking for breaks."""

import os

from journal import audit, chain, reading
from journal.audit import Question
from journal.chain import Head
from pipeline.asking import asker, given
from pipeline.questions import give, require_form
from store.errors import TrigpointError
from store.paths import Home


def read(home: Home, who: str | None, when: str | None, form: str) -> None:
    """Print or write who asked for what, the newest first.

    Raises `WrongUse` for a form or a time that there is not, `AuditNotWritten`.
    """
    require_form(form, None)
    _require_journal(home)
    about = f"audit of {who or 'everybody'}, {when or 'at any time'}, as {form}"
    with audit.asking(home, asker(), Question("audit", about)) as asked:
        found = reading.questions(home, who, when)
        asked.given(given(found))
    give(found, form, None)


def verify(home: Home, heads: list[str]) -> Head:
    """The head of the audit, which was read whole. Raises `Broken` at its first break.

    Nothing is put on the audit: a broken one is not grown.
    """
    _require_journal(home)
    return chain.verify(home, [chain.parse(text) for text in heads])


def head(home: Home) -> Head:
    """The last entry, from this home's own mark. Raises `TrigpointError` where there is none."""
    found = chain.read_head(home)
    if found is None:
        raise TrigpointError(f"nothing was put on an audit from {home.root} yet")
    return found


def _require_journal(home: Home) -> None:
    """A home that was named by mistake must not be given a journal."""
    if not os.environ.get("TRIGPOINT_JOURNAL") and not home.journal.exists():
        raise TrigpointError(f"there is no journal in {home.root}; nobody asked anything there")
