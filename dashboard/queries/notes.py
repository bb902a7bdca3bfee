"""What people wrote on figures, as whoever looks may see it."""

from datetime import datetime
from typing import Any

from dashboard.seen import Seen
from journal import notes
from store import passport

Row = dict[str, Any]


def on_figure(seen: Seen, figure_id: str) -> list[Row]:
    """The notes on a figure, oldest first; at a past moment those that were written by then."""
    if seen.is_replay:
        return []
    return notes.for_reader(seen.reader, figure_id, seen.asked.as_of)


def written(seen: Seen, area_ids: set[str], since: datetime, until: datetime) -> list[Row]:
    """The notes written on figures of these areas between two moments, each with its `figure`."""
    found = notes.between(seen.reader.home, since, until)
    return [_told(seen, note) for note in found if note["area_id"] in area_ids]


def _told(seen: Seen, note: Row) -> Row:
    figure_id = note["figure_id"]
    [told] = notes.without_text([note], passport.withheld(seen.reader, figure_id))
    return told | {"figure": passport.figure(seen.reader, figure_id)}
