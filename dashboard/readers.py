"""The reader behind a page: one viewer's scope, one release, at most one past moment."""

from collections import OrderedDict
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from threading import Lock

from dashboard import replaying
from dashboard.looking import viewer
from store import showings
from store.errors import TrigpointError
from store.paths import Home
from store.reader import Reader, Withheld, exact_for, open_reader, withheld_from
from store.releases import current, one_kept
from store.scopes import ENGLAND
from store.settings import Settings
from store.viewer import Viewer

KEPT = 8
FIRST_TO_LOOK = Viewer(role="national_leader", scope=ENGLAND)
Key = tuple[str, str, str | None, Path | None, datetime | None, Withheld]


class Readers:
    """Open readers by release, scope, record, moment and withheld sources, the least used go first.

    Opening a reader costs more than most questions put to it, so each process keeps a few. A new
    release has a new id and so a new reader; the old one lives until its last answer is given. An
    agreement that ends makes another reader too, so that nothing of its sources is shown from then.
    """

    def __init__(self) -> None:
        self._open: OrderedDict[Key, Reader] = OrderedDict()
        self._lock = Lock()

    def at(
        self, home: Home, looking: Viewer, as_of: datetime | None, release_id: str | None
    ) -> Reader:
        """The reader of the current or of a kept release for a viewer.

        Raises `NoRelease` where there is none, `ReleaseGone` where the one named is not kept.
        """
        release = one_kept(home, release_id) if release_id else current(home)
        own = exact_for(home, release, looking)
        place = (
            str(home.root),
            release.release_id,
            looking.scope,
            showings.newest(home),
            as_of,
        )
        key = (*place, withheld_from(home, release, looking, own))
        with self._lock:
            if key not in self._open:
                opened = open_reader(home, looking, as_of, release.release_id, remembers=True)
                # Kept for what it withholds, which may be more than it was a moment ago.
                key = (*place, opened.withheld)
                self._open[key] = opened
                self._forget()
            self._open.move_to_end(key)
            return self._open[key]

    def _forget(self) -> None:
        while len(self._open) > KEPT:
            self._open.popitem(last=False)


_readers = Readers()


def reader_at(
    as_of: datetime | None = None, release_id: str | None = None, replay: str | None = None
) -> Reader:
    """The reader a page or file answers from, now or as known at a past moment (UTC)."""
    return _readers.at(replaying.home(replay), viewer(), as_of, release_id)


def get_to_know() -> Reader | None:
    """The reader of those who look first, opened before they do; it is kept for them.

    None where the release cannot be opened: that is told to whoever asks for it.
    """
    with suppress(TrigpointError):
        return _readers.at(Settings.read().home, FIRST_TO_LOOK, None, None)
    return None


def is_current(release_id: str, replay: str | None = None) -> bool:
    """Whether this release is the one that is shown."""
    return current(replaying.home(replay)).release_id == release_id
