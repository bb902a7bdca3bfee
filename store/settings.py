"""What can be set from outside, read once: where the store lives and how much it keeps."""

import os
from dataclasses import dataclass
from pathlib import Path

from store.errors import WrongUse
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
        """From the argument, else from `TRIGPOINT_HOME`, else `./data`.

        Raises `WrongUse` when `TRIGPOINT_KEEP_RELEASES` is no number of releases.
        """
        root = home or Path(os.environ.get("TRIGPOINT_HOME") or DEFAULT_HOME)
        return cls(Home(root.resolve()), _releases_to_keep())


def _releases_to_keep() -> int:
    text = os.environ.get("TRIGPOINT_KEEP_RELEASES") or str(DEFAULT_KEEP_RELEASES)
    if not text.isdecimal() or int(text) < 1:
        raise WrongUse(f"TRIGPOINT_KEEP_RELEASES is {text!r}; give a number of releases from 1 on")
    return int(text)
