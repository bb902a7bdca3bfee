"""Deciding: which source a disputed cell follows, and which held file may go.

The next build obeys a decision; on a cell it ends when a source says something else about it.
"""

import uuid
from typing import Any

from journal import audit
from journal.audit import Question
from pipeline.asking import about, asker, asking
from pipeline.check import Breaker
from store.decisions import Decision, keep
from store.errors import WrongUse
from store.moments import now
from store.paths import Home
from store.reader import Reader, open_reader


def decide(home: Home, figure_id: str, source_id: str, reason: str, person: str) -> Decision:
    """Let a disputed cell follow one of the sources that speak of it.

    Raises `WrongUse` when the figure is not known, no sign-off is asked for its metric, the source
    says nothing about it, or no reason is given.
    """
    _require_reason(reason)
    said = f"{person}: {figure_id} follows {source_id}, because {reason}"
    with asking(home, Question("decision", said, *about(figure_id))):
        with open_reader(home) as reader:
            cell = _cell(reader, figure_id)
            _require_claim(reader, figure_id, source_id)
        decision = Decision(_new_id(), "cell", source_id, reason, person, now(), **cell)
        keep(home, [decision])
    return decision


def let_go(
    home: Home, held: list[Breaker], breaker_id: str, reason: str, person: str
) -> list[Decision]:
    """Let every file go that one breaker holds.

    Raises `WrongUse` when the breaker holds nothing or no reason is given.
    """
    _require_reason(reason)
    found = [one for one in held if one.breaker_id == breaker_id and one.severity == "hold"]
    if not found:
        names = sorted({one.breaker_id for one in held if one.severity == "hold"})
        holding = f"these hold something: {', '.join(names)}" if names else "none does"
        raise WrongUse(f"breaker {breaker_id} holds nothing now; {holding}")
    decisions = [
        Decision(
            *(_new_id(), "let_go", one.source_id, reason, person, now()),
            breaker_id=breaker_id,
            file_sha256=one.file_sha256,
        )
        for one in found
    ]
    said = f"{person}: let go what {breaker_id} holds, because {reason}"
    # A file can be held before there is a first release.
    with audit.asking(home, asker(), Question("decision", said)):
        keep(home, decisions)
    return decisions


def _cell(reader: Reader, figure_id: str) -> dict[str, Any]:
    found = reader.ask(
        """
        select
            figures.metric_id,
            figures.area_id,
            figures.stratum_id,
            figures.event_date,
            metrics.needs_sign_off
        from figures
        inner join metrics using (metric_id)
        where figures.figure_id = $figure_id
        """,
        figure_id=figure_id,
    )
    if found.is_empty():
        raise WrongUse(f"there is no figure {figure_id} in the release that is shown")
    cell = found.row(0, named=True)
    if not cell.pop("needs_sign_off"):
        raise WrongUse(
            f"{cell['metric_id']} follows its rules without a sign-off; to change who is believed, "
            "change dbt_project/seeds/precedence.csv"
        )
    return cell


def _require_claim(reader: Reader, figure_id: str, source_id: str) -> None:
    said = reader.ask(
        "select distinct source_id from claims "
        "where figure_id = $figure_id and superseded_at is null and value is not null "
        "order by source_id",
        figure_id=figure_id,
    )["source_id"].to_list()
    if source_id not in said:
        raise WrongUse(f"{source_id} says nothing about {figure_id}; {', '.join(said)} do")


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise WrongUse('a decision needs its reason: --because "…"')


def _new_id() -> str:
    return f"decision-{uuid.uuid4().hex[:12]}"
