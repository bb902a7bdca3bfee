"""The passport of a figure with what people wrote on it."""

from datetime import datetime
from typing import Any

from journal.notes import on_figure
from store import figure_document
from store.figure_document import Opened
from store.paths import Home


def document(
    home: Home, opened: Opened, named: str, as_of: datetime | None = None
) -> dict[str, Any]:
    """What `store.figure_document.document` gives, and `notes`: those written by that moment.

    Raises what that raises, and `JournalUnavailable` when the notes cannot be read.
    """
    found = figure_document.document(opened, named, as_of)
    return found | {"notes": on_figure(home, found["figure_id"], as_of)}
