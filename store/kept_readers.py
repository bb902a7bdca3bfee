"""Readers that stay open for whoever asks next: pages and the API of one process share them."""

from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from threading import Lock

from store import showings
from store.paths import Home
from store.reader import Reader, Withheld, exact_for, open_reader, withheld_from
from store.releases import current, one_kept
from store.viewer import Viewer

KEPT = 8
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
        self, home: Home, viewer: Viewer, as_of: datetime | None, release_id: str | None
    ) -> Reader:
        """The reader of the current or of a kept release.

        Raises `NoRelease` where there is none, `ReleaseGone` where the one named is not kept.
        """
        release = one_kept(home, release_id) if release_id else current(home)
        own = exact_for(home, release, viewer)
        place = (
            str(home.root),
            release.release_id,
            viewer.scope,
            showings.newest(home),
            as_of,
        )
        key = (*place, withheld_from(home, release, viewer, own))
        with self._lock:
            if key not in self._open:
                opened = open_reader(home, viewer, as_of, release.release_id, remembers=True)
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


def reader_for(
    home: Home, viewer: Viewer, as_of: datetime | None = None, release_id: str | None = None
) -> Reader:
    """An open reader at a viewer's scope, now or as known at a past moment (UTC).

    Raises what `Readers.at` does.
    """
    return _readers.at(home, viewer, as_of, release_id)
