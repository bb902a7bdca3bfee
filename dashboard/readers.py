"""The reader behind a page: one viewer's scope, one release, at most one past moment."""

from contextlib import suppress
from datetime import datetime

from dashboard import replaying
from dashboard.looking import viewer
from store import kept_readers
from store.errors import TrigpointError
from store.reader import Reader
from store.releases import current
from store.scopes import ENGLAND
from store.settings import Settings
from store.viewer import Viewer

FIRST_TO_LOOK = Viewer(role="national_leader", scope=ENGLAND)


def reader_at(
    as_of: datetime | None = None, release_id: str | None = None, replay: str | None = None
) -> Reader:
    """The reader a page or file answers from, now or as known at a past moment (UTC)."""
    return kept_readers.reader_for(replaying.home(replay), viewer(), as_of, release_id)


def get_to_know() -> Reader | None:
    """The reader of those who look first, opened before they do; it is kept for them.

    None where the release cannot be opened: that is told to whoever asks for it.
    """
    with suppress(TrigpointError):
        return kept_readers.reader_for(Settings.read().home, FIRST_TO_LOOK)
    return None


def is_current(release_id: str, replay: str | None = None) -> bool:
    """Whether this release is the one that is shown."""
    return current(replaying.home(replay)).release_id == release_id
