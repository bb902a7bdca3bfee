"""A data day run again: its files go, day by day, through the pipeline into a home of their own.

The clock steps on days of publication only. After each of them Trigpoint and a naive store are
asked the same (`pipeline/verdict.py`); a replay whose known answers do not come out has failed.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline import build as building
from pipeline import check as checking
from pipeline.load import Stated, is_simulated, load
from pipeline.verdict import Verdict, closing_sentence, read_day
from simulation.replays import all_replays
from simulation.replays.story import PublicationDay, Replay
from store import releases
from store.errors import TrigpointError, WrongUse
from store.lock import writing
from store.paths import Home
from store.reader import open_reader
from store.replayed import Day, Replayed, keep

# A home that a replay made may be made anew; any other is left alone.
MARKER = ".replay"
Progress = Callable[[int, int, str], None]


def find_replay(replay_id: str) -> Replay:
    """The replay of that id. Raises `WrongUse` with the ids that there are."""
    known = all_replays()
    if replay_id not in known:
        raise WrongUse(f"there is no replay {replay_id!r}; there are {', '.join(known)}")
    return known[replay_id]


def play(replay: Replay, home: Home, progress: Progress) -> Verdict:
    """Run a replay's days in a home of its own, which is made anew.

    Raises `WrongUse` when the home holds anything but a replay, and `TrigpointError` when a file of
    the replay itself was not taken in.
    """
    _make_anew(home)
    days = list(replay.days())
    played = []
    with writing(home):
        for place, day in enumerate(days):
            progress(place, len(days), f"{day.published_on}")
            breakers = _publish(day, home, replay, keep=len(days))
            before, is_last = days[place - 1] if place else None, place == len(days) - 1
            played.append(read_day(home, replay, day, before, breakers, is_last=is_last))
        progress(len(days), len(days), "")
    sentence = closing_sentence(replay, played[-1])
    told = tuple(Day(day.published_on, day.happened) for day in days)
    keep(home, Replayed(replay.replay_id, replay.title, sentence, _greatest_area(home), told))
    return Verdict(replay.replay_id, replay.title, replay.source, str(home.root), played, sentence)


def _greatest_area(home: Home) -> str:
    """Where the pages open: the area of which most people are told."""
    with open_reader(home) as reader:
        asked = "select area_id from figures group by all order by sum(value) desc, area_id limit 1"
        return str(reader.ask(asked).item())


def _make_anew(home: Home) -> None:
    is_filled = home.root.exists() and any(home.root.iterdir())
    if is_filled and not (home.root / MARKER).exists():
        raise WrongUse(f"{home.root} holds something other than a replay; choose another --home")
    if is_filled:
        shutil.rmtree(home.root)
    home.root.mkdir(parents=True, exist_ok=True)
    (home.root / MARKER).touch()


def _publish(
    day: PublicationDay, home: Home, replay: Replay, *, keep: int
) -> list[checking.Breaker]:
    """A day's files on their usual way to a release; the breakers that stand open then."""
    loaded = load(home, _written(day, home, replay), [], Stated(), lambda *_: None)
    for receipt in loaded.receipts:
        if receipt.verdict != "landed" or receipt.rows_quarantined:
            why = receipt.reason or f"{receipt.rows_quarantined} rows were set aside"
            raise TrigpointError(f"{replay.replay_id}: {receipt.file_name} did not go in: {why}")
    built = building.build(home, full_refresh=False, progress=_unseen)
    found = checking.check(home, _unseen)
    releases.publish(
        home,
        built_at=built.moment,
        build_id=built.build_id,
        is_simulated=is_simulated(home),
        keep=keep,
    )
    return found


def _unseen(place: int, total: int, doing: str) -> None:
    """The parts of one build: a replay tells its days, not these."""


def _written(day: PublicationDay, home: Home, replay: Replay) -> Path:
    """The day's files in a folder with one sub-folder a source, marked as not really published."""
    folder = home.root / "published" / f"{day.published_on}"
    for source_id, files in day.files.items():
        (folder / source_id).mkdir(parents=True)
        for file in files:
            (folder / source_id / file.name).write_bytes(file.content)
    (folder / "simulation.json").write_text(json.dumps({"replay": replay.replay_id}) + "\n")
    return folder
