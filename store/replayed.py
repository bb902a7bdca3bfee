"""Data days that were run again, each in a home of its own below the store's."""

import json
import re
from dataclasses import asdict, dataclass
from datetime import date, datetime, time

from store.errors import WrongUse
from store.paths import Home, drafted

REPLAY_ID = re.compile(r"[a-z][a-z-]{1,39}")
TOLD = "replay.json"


@dataclass(frozen=True)
class Day:
    """One day of publication and what happened on it; `closes_at` is its last moment, naive UTC."""

    published_on: date
    happened: str

    @property
    def closes_at(self) -> datetime:
        """Until when a page that shows the day may know of anything."""
        return datetime.combine(self.published_on, time.max)


@dataclass(frozen=True)
class Replayed:
    """A replay that ran to its end in an area; `sentence` sets a naive store beside this one."""

    replay_id: str
    title: str
    sentence: str
    area_id: str
    days: tuple[Day, ...]


def home_of(home: Home, replay_id: str) -> Home:
    """Where a replay of that id has its own store. Raises `WrongUse` for what is no id of one."""
    if not REPLAY_ID.fullmatch(replay_id):
        raise WrongUse("there is no such replay")
    return Home(home.root / "replays" / replay_id)


def keep(own: Home, replayed: Replayed) -> None:
    """Put down in a replay's own home that it ended."""
    with drafted(own.root / TOLD) as draft:
        draft.write_text(json.dumps(asdict(replayed), default=str) + "\n")


def ended(home: Home) -> dict[str, Replayed]:
    """The replays below this home that ran to their end and can be read, by id."""
    found = (_read(path.parent.name, home) for path in sorted(home.root.glob(f"replays/*/{TOLD}")))
    return {one.replay_id: one for one in found if one is not None}


def _read(replay_id: str, home: Home) -> Replayed | None:
    try:
        told = json.loads((home_of(home, replay_id).root / TOLD).read_text())
        days = tuple(
            Day(date.fromisoformat(day["published_on"]), day["happened"]) for day in told["days"]
        )
        return Replayed(replay_id, told["title"], told["sentence"], told["area_id"], days)
    except (WrongUse, OSError, ValueError, KeyError, TypeError):
        return None
