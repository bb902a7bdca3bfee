"""One request in progress: what was asked, the reader that answers, what is to be noted."""

from dataclasses import dataclass, field, replace

from dashboard import replaying
from dashboard.asked import Asked
from dashboard.readers import is_current, reader_at
from store.errors import ReleaseGone
from store.reader import Reader


@dataclass
class Seen:
    """What a page builds from; it may add `notes`, which stand at the top of the page.

    `gone` says which release was asked for and cannot be opened; the reader is then the current
    one, and `asked.release` is empty, as it is where the release asked for is the current one.
    """

    asked: Asked
    reader: Reader
    path: str
    notes: list[str] = field(default_factory=list)
    gone: ReleaseGone | None = None

    @property
    def is_replay(self) -> bool:
        """Whether a data day that was run again answers: nobody reads or writes a journal there."""
        return self.asked.replay is not None

    def link(self, path: str, **changes: str | None) -> str:
        """An address at the same moment."""
        return self.asked.link(path, **changes)

    def area_link(self, area_id: str) -> str:
        """The area's page at the same moment."""
        return self.link(f"/areas/{area_id}")


def see(asked: Asked, path: str) -> Seen:
    """The request with its reader: of the release it names, else of the current one.

    Raises `NoRelease` where nothing has been published.
    """
    asked = replaying.allowed(asked)
    if asked.release is None:
        return Seen(asked, reader_at(asked.as_of, None, asked.replay), path)
    current = replace(asked, release=None)
    try:
        reader = reader_at(asked.as_of, asked.release, asked.replay)
    except ReleaseGone as gone:
        return Seen(current, reader_at(asked.as_of, None, asked.replay), path, gone=gone)
    is_shown = is_current(asked.release, asked.replay)
    return Seen(current if is_shown else asked, reader, path)
