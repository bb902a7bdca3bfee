"""The reader behind a page: one viewer's scope, the current release, at most one past moment."""

from collections import OrderedDict
from datetime import datetime
from threading import Lock

from store.reader import Reader, Viewer, open_reader
from store.releases import current
from store.settings import Settings

KEPT = 8
NATIONAL = "E92000001"


class Readers:
    """Open readers by release and moment, the least used let go first.

    Opening a reader costs more than most questions put to it, so each process keeps a few. A new
    release has a new id and so a new reader; the old one lives until its last answer is given.
    """

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str, str, datetime | None], Reader] = OrderedDict()
        self._lock = Lock()

    def at(self, as_of: datetime | None) -> Reader:
        """The reader of the release that is current now; raises `NoRelease` where there is none."""
        home = Settings.read().home
        key = (str(home.root), current(home).release_id, as_of)
        with self._lock:
            if key not in self._open:
                self._open[key] = open_reader(home, viewer(), as_of)
                self._forget()
            self._open.move_to_end(key)
            return self._open[key]

    def _forget(self) -> None:
        while len(self._open) > KEPT:
            self._open.popitem(last=False)


def viewer() -> Viewer:
    """Who is looking: until people sign in, everyone reads at the national scope."""
    return Viewer(scope=NATIONAL)


_readers = Readers()


def reader_at(as_of: datetime | None = None) -> Reader:
    """The reader a page or file answers from, now or as known at a past moment (UTC)."""
    return _readers.at(as_of)
