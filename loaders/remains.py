"""What stands in a home and does not count: put aside with the reason, so that nothing reads it.

Raw rows without a receipt that stands are never deleted. They are of a load that was stopped, of a
file that was refused half way, or of a date that was taken back; anything else means that receipts
are gone, and then nothing goes on.
"""

from datetime import datetime
from pathlib import Path

import polars as pl

from loaders.publications import bytes_hash
from loaders.receipts import SCHEMA_ONLY, read_receipts, standing
from store.errors import TrigpointError
from store.moments import now
from store.paths import Home

STOPPED = "a load that was stopped left it: its file is read again when it is loaded again"
NOT_STANDING = "its receipt says that it was refused, or that its date was taken back"


def clear(home: Home) -> None:
    """Remove drafts, and put raw rows aside that no standing receipt speaks of.

    Raises `TrigpointError` where rows are older than the newest receipt of their source and have
    none.
    """
    for folder in (home.landing, home.raw, home.quarantine, home.receipts):
        for draft in folder.rglob(".*.draft"):
            draft.unlink()
    receipts = read_receipts(home)
    kept = {*standing(receipts).select("source_id", "file_sha256").rows()}
    files = [file for file in home.raw.glob("*/*/*.parquet") if file.stem != SCHEMA_ONLY]
    without = [file for file in files if (file.parts[-3], file.stem) not in kept]
    if without:
        _put_aside({file: _why(file, receipts) for file in without}, home)


def _why(file: Path, receipts: pl.DataFrame) -> str:
    """Why rows that stand without a standing receipt may be put aside."""
    own = receipts.filter(source_id=file.parts[-3])
    ended = own.filter(pl.col("verdict").is_in(["refused", "taken_back"]))
    if bytes_hash(file.stem) in {bytes_hash(sha256) for sha256 in ended["file_sha256"]}:
        return NOT_STANDING
    landed, newest = _landed_at(file), own["landed_at"].max()
    if landed is None or not isinstance(newest, datetime) or landed > newest:
        return STOPPED
    raise TrigpointError(
        f"{file} holds rows that landed at {landed:%Y-%m-%d %H:%M} UTC and their receipt is gone: "
        "put the receipts back from a copy; nothing is loaded, built or published without them"
    )


def _landed_at(file: Path) -> datetime | None:
    """When the rows of a file landed; nothing where there are none, or they cannot be read."""
    try:
        landed = pl.scan_parquet(file).select(pl.col("_landed_at").max()).collect().item()
    except (OSError, pl.exceptions.PolarsError):
        return None
    return landed if isinstance(landed, datetime) else None


def _put_aside(reasons: dict[Path, str], home: Home) -> None:
    folder = home.aside / f"{now():%Y%m%dT%H%M%S%f}"
    folder.mkdir(parents=True)
    with (folder / "reasons.txt").open("w", encoding="utf-8") as said:
        for file, reason in sorted(reasons.items()):
            place = file.relative_to(home.root)
            said.write(f"{place}: {reason}\n")
            (folder / place).parent.mkdir(parents=True, exist_ok=True)
            file.rename(folder / place)
