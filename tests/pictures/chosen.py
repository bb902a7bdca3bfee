"""The few pictures that README and docs show, small enough to be kept beside the code."""

from dataclasses import dataclass
from pathlib import Path

from PIL import Image

COLOURS, HEIGHT = 128, 1240
LARGEST = 150_000


@dataclass(frozen=True)
class Chosen:
    """A picture of the tour under the name that it has in docs/pictures."""

    kept_as: str
    data: str
    persona: str
    name: str
    height: int = HEIGHT


CHOSEN = (
    Chosen("today", "simulated", "national_leader", "today", 1500),
    Chosen("today-real", "real", "national_leader", "past", 1400),
    Chosen("standup", "simulated", "operations", "standup"),
    Chosen("wall", "simulated", "operations", "wall"),
    Chosen("area", "simulated", "local_official", "area", 1440),
    Chosen("area-phone", "real", "local_official", "area-390", 1600),
    Chosen("sources", "simulated", "engineer", "sources"),
    Chosen("governance", "simulated", "data_protection_officer", "governance"),
    Chosen("figure", "real", "national_leader", "figure"),
    Chosen("drawer", "simulated", "national_leader", "drawer"),
    Chosen("workspace", "simulated", "analyst", "workspace"),
    Chosen("catalogue", "simulated", "analyst", "catalogue_column"),
    Chosen("replay", "simulated", "national_leader", "replay", 1490),
)


def keep(pictures: Path, into: Path) -> list[str]:
    """Keep those that were taken, cut to the first screen and a palette, and say what is wrong."""
    into.mkdir(parents=True, exist_ok=True)
    wrong = []
    for one in CHOSEN:
        source = pictures / one.data / one.persona / f"{one.name}.png"
        if not source.exists():
            continue
        kept = into / f"{one.kept_as}.png"
        _shrink(source, kept, one.height)
        if kept.stat().st_size > LARGEST:
            wrong.append(f"{kept.name} has {kept.stat().st_size:,} bytes; {LARGEST:,} are allowed")
    return wrong


def _shrink(source: Path, kept: Path, height: int) -> None:
    """Text keeps its edges in a palette: a page has few colours, most of them of its charts."""
    with Image.open(source) as whole:
        cut = whole.convert("RGB").crop((0, 0, whole.width, min(whole.height, height)))
    palette = cut.quantize(COLOURS, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    palette.save(kept, optimize=True)
