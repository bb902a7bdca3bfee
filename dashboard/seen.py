"""One request in progress: what was asked, the reader that answers, what is to be noted."""

from dataclasses import dataclass, field

from dashboard.asked import Asked
from store.reader import Reader


@dataclass
class Seen:
    """What a page builds from; it may add `notes`, which stand at the top of the page."""

    asked: Asked
    reader: Reader
    path: str
    notes: list[str] = field(default_factory=list)

    def link(self, path: str, **changes: str | None) -> str:
        """An address at the same moment."""
        return self.asked.link(path, **changes)

    def area_link(self, area_id: str) -> str:
        """The area's page at the same moment."""
        return self.link(f"/areas/{area_id}")
