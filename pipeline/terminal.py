"""Lines and tables on a terminal, or in a pipe, where nothing may be cut off."""

import sys
from datetime import datetime
from typing import Any

import rich.table
from rich.console import Console

from store.exports import visible
from store.moments import now, written

WIDE = 10_000


class Table(rich.table.Table):
    """A table whose texts cannot move the cursor, ring a bell or turn what stands beside them."""

    def add_row(self, *cells: Any, **style: Any) -> None:
        """Add a row; control and direction characters in it are shown by their escapes."""
        super().add_row(
            *(visible(cell) if isinstance(cell, str) else cell for cell in cells), **style
        )


def print_table(table: Table) -> None:
    """In a pipe there is no window to fit into, and nothing may be cut off."""
    width = None if sys.stdout.isatty() else WIDE
    Console(width=width, markup=False, emoji=False, highlight=False).print(table)


def line(text: str) -> None:
    """One line, whatever a publisher's file name holds: no markup, no line breaks."""
    Console(soft_wrap=True, highlight=False).print(on_one_line(text), markup=False, emoji=False)


def on_one_line(text: str) -> str:
    """A text without line breaks, its control and direction characters shown by their escapes."""
    return " ".join(visible(part) for part in text.split())


def say_if_to_come(moment: datetime | None) -> None:
    """Say on standard error that a moment has not come, so that what follows is what is known now.

    A day means its end, so today's is no moment to come.
    """
    if moment is not None and moment.date() > now().date():
        print(f"{written(moment)} has not come yet; this is what is known now", file=sys.stderr)
