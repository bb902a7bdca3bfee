"""The releases that are kept, and when each was shown."""

from datetime import datetime
from typing import NamedTuple

from store import releases
from store.errors import NoRelease, TrigpointError
from store.reader import Reader
from store.releases import Release
from store.settings import Settings


class Spell(NamedTuple):
    """From when until when a release was shown; without an end it is shown still."""

    shown_from: datetime
    shown_to: datetime | None


def kept(until: datetime | None) -> list[Release]:
    """Every release that is kept and was published by then, the newest first."""
    found = releases.kept(Settings.read().home)[::-1]
    return [one for one in found if until is None or one.released_at <= until]


def current() -> str | None:
    """The release that is shown now."""
    try:
        return releases.current(Settings.read().home).release_id
    except NoRelease:
        return None


def shown(reader: Reader) -> dict[str, list[Spell]]:
    """When each release was shown, by its id; empty where the record cannot be read."""
    try:
        found = reader.ask("select * from releases_shown order by shown_from")
    except TrigpointError:
        return {}
    spells: dict[str, list[Spell]] = {}
    for row in found.to_dicts():
        spells.setdefault(row["release_id"], []).append(Spell(row["shown_from"], row["shown_to"]))
    return spells
