"""Lines and tables on a terminal, or in a pipe, where nothing may be cut off."""

import sys

from rich.console import Console
from rich.table import Table

WIDE = 10_000


def print_table(table: Table) -> None:
    """In a pipe there is no window to fit into, and nothing may be cut off."""
    width = None if sys.stdout.isatty() else WIDE
    Console(width=width, markup=False, emoji=False, highlight=False).print(table)


def line(text: str) -> None:
    """One line, whatever a publisher's file name holds: no markup, no line breaks."""
    Console(soft_wrap=True, highlight=False).print(
        " ".join(text.split()), markup=False, emoji=False
    )
