"""Readers that stay open for whoever asks next: pages and the API of one process share them."""

import atexit
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from threading import Lock

from store import showings
from store.errors import NoRelease
from store.paths import Home
from store.reader import Reader, Withheld, exact_for, open_reader, withheld_from
from store.releases import Release, current, one_kept
from store.viewer import Viewer

KEPT = 8
# Of past moments and old releases, of which there are as many as anybody likes to ask for.
KEPT_OF_THE_PAST = 4
Key = tuple[str, str, str | None, Path | None, datetime | None, Withheld]


class Few:
    """So many open readers at most; the one that was least used of late goes first.

    What goes is not closed: it lives until its last answer is given, and no longer.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._open: OrderedDict[Key, Reader] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> Reader | None:
        """The reader that is kept under this key, if one is."""
        with self._lock:
            if key in self._open:
                self._open.move_to_end(key)
            return self._open.get(key)

    def keep(self, key: Key, opened: Reader) -> Reader:
        """Keep a reader; where another was faster, that one, and the new one is closed."""
        with self._lock:
            kept = self._open.setdefault(key, opened)
            self._open.move_to_end(key)
            while len(self._open) > self._most:
                self._open.popitem(last=False)
        if kept is not opened:
            opened.close()
        return kept

    def let_go(self) -> None:
        """Close every one, at the end of the process."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].close()


class Readers:
    """Open readers by release, scope, record, moment and withheld sources.

    Opening a reader costs more than most questions put to it, so each process keeps a few. A new
    release has a new id and so a new reader; the old one lives until its last answer is given. An
    agreement that ends makes another reader too, so that nothing of its sources is shown from then.
    Nobody waits while one is opened for somebody else, and those of the past, which anybody can ask
    for by the microsecond, take no place of those of now.
    """

    def __init__(self) -> None:
        self._now, self._past = Few(KEPT), Few(KEPT_OF_THE_PAST)

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
        is_past = as_of is not None or not _is_current(home, release)
        few = self._past if is_past else self._now
        found = few.find((*place, withheld_from(home, release, viewer, own)))
        if found is not None:
            return found
        opened = open_reader(home, viewer, as_of, release.release_id, remembers=True)
        # Kept for what it withholds, which may be more than it was a moment ago.
        return few.keep((*place, opened.withheld), opened)

    def let_go(self) -> None:
        """Close every reader: an engine that is open when Python ends complains of it at length."""
        self._now.let_go()
        self._past.let_go()


_readers = Readers()
atexit.register(_readers.let_go)


def reader_for(
    home: Home, viewer: Viewer, as_of: datetime | None = None, release_id: str | None = None
) -> Reader:
    """An open reader at a viewer's scope, now or as known at a past moment (UTC).

    Raises what `Readers.at` does.
    """
    return _readers.at(home, viewer, as_of, release_id)


def _is_current(home: Home, release: Release) -> bool:
    """Whether a release is the one that is shown."""
    try:
        return current(home).release_id == release.release_id
    except NoRelease:
        return False
