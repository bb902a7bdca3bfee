"""Every way out of the store, and who may take it, as `people/exits.csv` states it.

An exit is a page, a callback, a file or anything else by which an answer leaves. Each registers
itself under its name where it is made. One without a row there cannot be made, and who has no `yes`
in a row may not take that exit.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

from store.errors import TrigpointError
from store.viewer import ROLES

View = TypeVar("View", bound=Callable[..., Any])
KINDS = (
    *("open", "frame", "page", "callback", "citation", "lookup"),
    *("export", "action", "mail", "api"),
)
# They hold no figure, so nothing that is asked of them goes on the audit.
WITHOUT_FIGURES = ("open", "frame")
# What costs much, so that nobody takes it as often as they like.
LIMITED = ("export", "action")
SIGNED_OUT = "signed_out"


@dataclass(frozen=True)
class Exit:
    """One way out: `who` are the roles that may take it, and `signed_out` where anybody may."""

    name: str
    kind: str
    what: str
    who: frozenset[str]

    def is_open_to(self, role_id: str | None) -> bool:
        """Whether this role, or nobody in particular, may take it."""
        return (role_id or SIGNED_OUT) in self.who


@cache
def ruled() -> dict[str, Exit]:
    """Every exit that has a row, by name. Raises `TrigpointError` for a table that is not whole."""
    table = files("people").joinpath("exits.csv").read_text()
    rows = list(csv.DictReader(table.splitlines()))
    found = {row["exit"]: _exit(row) for row in rows}
    if len(found) != len(rows):
        raise TrigpointError("people/exits.csv names an exit twice")
    return found


def _exit(row: dict[str, str]) -> Exit:
    columns = (SIGNED_OUT, *ROLES)
    if {*row} != {"exit", "kind", "what", *columns}:
        raise TrigpointError(f"people/exits.csv needs a column for each of {', '.join(columns)}")
    said = {row[column] for column in columns} | {"yes", ""}
    if said != {"yes", ""} or row["kind"] not in KINDS:
        raise TrigpointError(
            f"people/exits.csv, {row['exit']}: a cell is `yes` or empty, a kind one of "
            f"{', '.join(KINDS)}"
        )
    who = frozenset(column for column in columns if row[column] == "yes")
    return Exit(row["exit"], row["kind"], row["what"], who)


_registered: dict[str, Exit] = {}


def register(name: str) -> Exit:
    """Make an exit known. Raises `TrigpointError` where nobody has said who may take it."""
    if name not in ruled():
        raise TrigpointError(
            f"nobody has said who may take the exit {name}: give it a row in people/exits.csv"
        )
    return _registered.setdefault(name, ruled()[name])


def leaves_by(name: str) -> Callable[[View], View]:
    """Let a view or a callback be an exit of this name."""
    way = register(name)

    def named(view: View) -> View:
        view.way_out = way  # type: ignore[attr-defined]
        return view

    return named


def way_of(view: Callable[..., Any]) -> Exit | None:
    """The exit that a view is; None for one that was not said to be any."""
    found: Exit | None = getattr(view, "way_out", None)
    return found


def registered() -> dict[str, Exit]:
    """Every exit that was made in this process, by name."""
    return dict(_registered)
