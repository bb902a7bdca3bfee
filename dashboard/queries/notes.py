"""What people wrote on a figure."""

from typing import Any

from dashboard.seen import Seen
from journal import notes


def on_figure(seen: Seen, figure_id: str) -> list[dict[str, Any]]:
    """The notes on a figure, oldest first; at a past moment those that were written by then."""
    if seen.is_replay:
        return []
    return notes.for_reader(seen.reader, figure_id, seen.asked.as_of)
