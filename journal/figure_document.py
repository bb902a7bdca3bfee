"""The passport of a figure with what people wrote on it."""

from datetime import datetime
from typing import Any

from journal.notes import on_figure, without_text
from store import figure_document, passport
from store.figure_document import Opened
from store.paths import Home


def document(
    home: Home, opened: Opened, named: str, as_of: datetime | None = None
) -> dict[str, Any]:
    """What `store.figure_document.document` gives, and `notes`: those written by that moment.

    They are told by what may be read of the figure today, whichever release it is asked of.

    Raises what that raises, and `JournalUnavailable` when the notes cannot be read.
    """
    found = figure_document.document(opened, named, as_of)
    notes = on_figure(home, found["figure_id"], as_of)
    if not notes:
        return found | {"notes": []}
    words = passport.withheld(opened(None, None), found["figure_id"])
    return found | {"notes": without_text(notes, words)}
