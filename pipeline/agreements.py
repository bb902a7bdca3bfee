"""What `trigpoint agreements` says: each agreement, what ends soon, which sources are left out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.build import standings
from pipeline.terminal import Table, line, print_table
from store import agreements, register
from store.agreements import WARNED_DAYS, Agreement, Standing
from store.errors import DONE, HELD
from store.exports import document_to_json
from store.paths import drafted


@dataclass(frozen=True)
class Overview:
    """The agreements at hand, and where each source stands, on one day (UTC)."""

    day: date
    at_hand: Mapping[str, Agreement]
    standings: list[Standing]

    @property
    def left_out(self) -> list[Standing]:
        """The sources that may not be used."""
        return [one for one in self.standings if one.why_not]

    @property
    def ending(self) -> list[Agreement]:
        """The agreements that end within the days of warning, the first to end first."""
        soon = [one for one in self.at_hand.values() if one.ends_soon(self.day)]
        return sorted(soon, key=lambda one: one.expires)


def overview() -> Overview:
    """All of it as of today. Raises `WrongUse` for an agreement that cannot be read."""
    return _of(agreements.read())


def as_enforced() -> Overview:
    """The same as the door sees it: what cannot be read is named on standard error and is none."""
    return _of(agreements.readable())


def _of(at_hand: Mapping[str, Agreement]) -> Overview:
    return Overview(agreements.today(), at_hand, standings(at_hand))


def report(found: Overview, *, as_json: bool) -> int:
    """Say it, and give the exit code: held where a source is left out, else done."""
    if as_json:
        print(document_to_json(_content(found)), end="")
    else:
        print_table(_table(found))
        warn(found)
    return HELD if found.left_out else DONE


def warn(found: Overview) -> None:
    """A line for each agreement that ends soon and for each source that is left out."""
    for one in found.ending:
        days = (one.expires - found.day).days
        line(
            f"Ends in {days} {'day' if days == 1 else 'days'}: agreement {one.agreement_id}, on "
            f"{one.expires}. Renew it, or its sources are withheld from that day on: "
            f"{', '.join(one.sources)}."
        )
    for left in found.left_out:
        line(f"Left out: {left.source_id}, because {left.why_not}.")


def write_register(found: Overview, folder: Path) -> list[Path]:
    """The public register and the record of processing, each as HTML and CSV, in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in register.files(found.at_hand.values(), found.day).items():
        with drafted(folder / name) as draft:
            # A byte order mark, by which spreadsheets know that a CSV file is UTF-8.
            draft.write_text(text, encoding="utf-8-sig" if name.endswith(".csv") else "utf-8")
        written.append(folder / name)
    return written


def _content(found: Overview) -> dict[str, Any]:
    return {
        "day": found.day,
        "agreements": [
            one.model_dump(mode="json")
            | {"why_not": one.why_not(found.day), "days_left": (one.expires - found.day).days}
            for one in found.at_hand.values()
        ],
        "ending": [one.agreement_id for one in found.ending],
        "left_out": [asdict(one) for one in found.left_out],
    }


def _table(found: Overview) -> Table:
    """Those that end first come first."""
    heads = ("agreement", "controller", "ends", "days", "sources", "opt-out", "state")
    table = Table(*heads, box=None)
    for one in sorted(found.at_hand.values(), key=lambda one: (one.expires, one.agreement_id)):
        days = max((one.expires - found.day).days, 0)
        facts = one.agreement_id, one.controller.name, str(one.expires), f"{days:,}"
        said = one.opt_out_in_words, _state(one, found.day)
        table.add_row(*facts, str(len(one.sources)), *said)
    return table


def _state(one: Agreement, day: date) -> str:
    soon = f"ends within {WARNED_DAYS} days" if one.ends_soon(day) else "holds"
    return one.why_not(day) or soon
