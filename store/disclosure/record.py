"""What was shown under disclosure control, on disk: the newest of it in `HOME/disclosure/`.

A release is put on record before anybody can see it. Should it never be shown after all, the record
knows of more than was shown, which errs on the safe side.
"""

import shutil
from collections.abc import Iterable
from pathlib import Path

from store.disclosure.release import Protected
from store.disclosure.release import keep as keep_parts
from store.errors import DamagedRecord
from store.paths import Home, sync
from store.releases import Release

OWNER_ENTERS = 0o700


def newest(home: Home) -> Path | None:
    """The record as it stands; None before anything was shown under a rule."""
    found = sorted(home.disclosure.glob("[0-9]*"))
    return found[-1] if found else None


def require(home: Home, kept: Iterable[Release]) -> Path | None:
    """The newest record. Raises `DamagedRecord` where a kept release needs one that is gone."""
    found = newest(home)
    shown = [one.release_id for one in kept if {*(one.guarded or {}).values()} - {"hidden"}]
    if found is None and shown:
        raise DamagedRecord(
            f"release {shown[-1]} shows figures under disclosure control, and the record of them "
            f"in {home.disclosure} is gone; put it back from a backup: without it nobody can tell "
            "what a new release would give away"
        )
    return found


def keep(home: Home, protected: Protected, release_id: str) -> None:
    """Put down what a release shows, durably, beside the record that it continues."""
    if not protected.remembered:
        return
    home.disclosure.mkdir(mode=OWNER_ENTERS, parents=True, exist_ok=True)
    draft = home.disclosure / f".draft-{release_id}"
    shutil.rmtree(draft, ignore_errors=True)
    _carry_over(newest(home), draft, protected)
    keep_parts(protected, draft)
    for path in sorted(draft.rglob("*"), reverse=True):
        sync(path)
    sync(draft)
    draft.rename(home.disclosure / f"{_number(newest(home)) + 1:06d}-{release_id}")
    sync(home.disclosure)


def _number(record: Path | None) -> int:
    """Records are counted, so that their order holds although a clock was set back."""
    return int(record.name.partition("-")[0]) if record else 0


def _carry_over(before: Path | None, draft: Path, protected: Protected) -> None:
    """Metrics that this release does not show are remembered as they were."""
    draft.mkdir(mode=OWNER_ENTERS)
    for metric in before.iterdir() if before else ():
        if metric.name not in protected.remembered:
            shutil.copytree(metric, draft / metric.name)


def remove_older(home: Home) -> None:
    """Take away the records that the newest continues, and drafts of commands that were killed."""
    last = newest(home)
    for path in home.disclosure.glob("*"):
        if path != last:
            shutil.rmtree(path)
