"""What releases hide, as it was put down beside each when it was published."""

import polars as pl

from store import releases
from store.disclosure import proof
from store.disclosure.summary import summary
from store.errors import DamagedRecord
from store.reader import Reader
from store.releases import Release
from store.settings import Settings

NAMES = "select metric_id, metric_name from metrics order by metric_id"


def kept() -> list[Release]:
    """Every kept release, the newest first."""
    return releases.kept(Settings.read().home)[::-1]


def names(reader: Reader) -> dict[str, str]:
    """What each metric of a release is called."""
    return dict(reader.ask(NAMES).iter_rows())


def hidden(reader: Reader) -> pl.DataFrame:
    """How many figures of a release are hidden and why, as `summary` counts them, with metric_name.

    Raises `DamagedRecord` where what was put down cannot be read.
    """
    folder = releases.folder(Settings.read().home, reader.release.release_id)
    try:
        found = summary(proof.read(folder))
    except (OSError, pl.exceptions.PolarsError):
        raise DamagedRecord(
            f"the proof of release {reader.release.release_id}, {folder.name}/{proof.FILE}, cannot "
            "be read; put it back from a backup"
        ) from None
    called = pl.col("metric_id").replace(names(reader))
    return found.with_columns(metric_name=called)
