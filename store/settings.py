"""What can be set from outside, read once: where the store lives and how much it keeps."""

import os
from dataclasses import dataclass
from pathlib import Path

from store.paths import Home

DEFAULT_HOME = "data"
DEFAULT_KEEP_RELEASES = 14


@dataclass(frozen=True)
class Settings:
    """The store's home folder and the number of releases that stay on disk."""

    home: Home
    keep_releases: int = DEFAULT_KEEP_RELEASES

    @classmethod
    def read(cls, home: Path | None = None) -> "Settings":
        """From the argument, else from `TRIGPOINT_HOME`, else `./data`."""
        root = home or Path(os.environ.get("TRIGPOINT_HOME", DEFAULT_HOME))
        keep = int(os.environ.get("TRIGPOINT_KEEP_RELEASES", DEFAULT_KEEP_RELEASES))
        return cls(Home(root.resolve()), keep)
