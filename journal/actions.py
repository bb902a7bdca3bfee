"""Actions: what somebody is to do about a figure, by when; carried over until it is done."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select

from journal.engine import journal_of
from journal.notes import LONGEST_NAME, SeenFigure, cell_of, figure_id_of, readable
from journal.tables import LONGEST_TEXT, Action
from store import passport
from store.errors import WrongUse
from store.moments import now
from store.paths import Home
from store.reader import Reader

SHOWN = (
    *("action_id", "text", "owner", "due_at", "opened_by", "opened_at"),
    *("as_of", "release_id", "done_by", "done_at"),
)
LONGEST_WAIT = timedelta(days=366)
Rows = list[dict[str, Any]]


def take_up(
    home: Home, seen: SeenFigure, text: str, owner: str, due_at: datetime, person: str
) -> dict[str, Any]:
    """Put down what is to be done about a figure, who does it and by when (UTC).

    Raises `WrongUse` for a text or a name that cannot be kept, and for a time that is past or more
    than a year away.
    """
    at = now()
    if not at <= due_at <= at + LONGEST_WAIT:
        raise WrongUse(
            f"an action cannot be due at {due_at:%Y-%m-%d %H:%M}: give a time within the next year"
        )
    action = Action(
        action_id=f"action-{uuid.uuid4().hex[:12]}",
        **cell_of(seen.figure_id),
        as_of=seen.as_of,
        release_id=seen.release_id,
        text=readable("an action", text, LONGEST_TEXT),
        owner=readable("the name of the owner", owner, LONGEST_NAME),
        due_at=due_at,
        opened_by=readable("the name of who opens it", person, LONGEST_NAME),
        opened_at=at,
    )
    with journal_of(home).writing() as session:
        session.add(action)
        session.flush()
        return _shown(action, None)


def finish(home: Home, action_id: str, person: str) -> dict[str, Any]:
    """Put down that an action was done. Raises `WrongUse` for none, or one that was done before."""
    with journal_of(home).writing() as session:
        action = session.get(Action, action_id)
        if action is None:
            raise WrongUse(f"there is no action {action_id[:60]}")
        if action.done_at is not None:
            raise WrongUse(
                f"{action_id} was done already, by {action.done_by} at "
                f"{action.done_at:%Y-%m-%d %H:%M}"
            )
        # The clock of the machine may have been set back since.
        action.done_at, action.done_by = max(now(), action.opened_at), person
        session.flush()
        return _shown(action, None)


def open_at(home: Home, moment: datetime) -> Rows:
    """All actions that were open at a moment, as they were then, what is due first at the top."""
    open_then = select(Action).where(
        Action.opened_at <= moment, or_(Action.done_at.is_(None), Action.done_at > moment)
    )
    with journal_of(home).reading() as session:
        found = session.scalars(open_then.order_by(Action.due_at, Action.action_id))
        return [_shown(action, moment) for action in found]


def between(home: Home, since: datetime, until: datetime) -> Rows:
    """The actions opened or done after one moment and by another, as they were by then."""
    moved = select(Action).where(
        or_(
            (Action.opened_at > since) & (Action.opened_at <= until),
            (Action.done_at > since) & (Action.done_at <= until),
        )
    )
    with journal_of(home).reading() as session:
        found = session.scalars(moved.order_by(Action.opened_at, Action.action_id))
        return [_shown(action, until) for action in found]


def for_reader(reader: Reader, found: Rows, area_ids: set[str]) -> Rows:
    """The actions on figures of these areas, as this reader may see them.

    A text may name any number, so it is withheld like a note.
    """
    here = [action for action in found if action["area_id"] in area_ids]
    return [_told(action, passport.withheld(reader, action["figure_id"])) for action in here]


def _told(action: dict[str, Any], words: str | None) -> dict[str, Any]:
    return action if words is None else action | {"text": words}


def _shown(action: Action, by: datetime | None) -> dict[str, Any]:
    shown = {name: getattr(action, name) for name in SHOWN}
    cell = {"figure_id": figure_id_of(action), "area_id": action.area_id}
    if by is not None and action.done_at is not None and action.done_at > by:
        return shown | cell | {"done_at": None, "done_by": None}
    return shown | cell
