"""What the address asks for: the same names on every page, bad values noted and ignored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote, urlencode

from dashboard import words
from store.errors import WrongUse
from store.moments import now, parse_moment, written
from store.releases import RELEASE_ID
from store.replayed import REPLAY_ID

AREA = re.compile(r"[A-Z0-9]{3,12}")
NAME = re.compile(r"[a-z][a-z0-9_]{1,79}")
FIGURE = re.compile(r"[A-Za-z0-9_.\-]{5,200}")
QUERY = re.compile(r"query-[0-9a-f]{12}")
KNOWN = (
    *("area", "measure", "from", "to", "as_of", "release", "replay"),
    *("figure", "problem", "query", "table", "column", "find", "compare", "view", "sort"),
)
# What names something: how that is called in a note, and what it looks like.
TEXTS = {
    "area": ("area", AREA),
    "measure": ("measure", NAME),
    "release": ("release", RELEASE_ID),
    "replay": ("replay", REPLAY_ID),
    "figure": ("figure", FIGURE),
    "problem": ("figure", FIGURE),
    "query": ("query", QUERY),
    "table": ("table", NAME),
    "column": ("column", NAME),
}


@dataclass(frozen=True)
class Asked:
    """One request: `start` and `end` are `from` and `to`; `notes` say what is wrong with it.

    `figure` is the one whose drawer is open, `problem` the one that somebody would report, `query`
    the one that the workspace shows, `table` and `column` what its first one is about.
    `as_of` asks for what was known then (`is_now` where the address says so, and nothing that was
    kept may say otherwise), `release` for what that kept release shows, `replay` for a
    data day that was run again.
    """

    area: str | None = None
    measure: str | None = None
    start: date | None = None
    end: date | None = None
    as_of: datetime | None = None
    is_now: bool = False
    release: str | None = None
    replay: str | None = None
    figure: str | None = None
    problem: str | None = None
    query: str | None = None
    table: str | None = None
    column: str | None = None
    find: str | None = None
    view: str | None = None
    notes: tuple[str, ...] = ()

    def noting(self, note: str) -> "Asked":
        """The same with one more note for the top of the page."""
        return replace(self, notes=(*self.notes, note))

    def link(self, path: str, **changes: str | None) -> str:
        """An address that keeps moment and release, and what `changes` names (None drops it)."""
        moment = {
            "as_of": written(self.as_of) if self.as_of else None,
            "release": self.release,
            "replay": self.replay,
        }
        kept = {key: value for key, value in (moment | changes).items() if value}
        return f"{quote(path)}?{urlencode(kept)}" if kept else quote(path)


def read(query: Mapping[str, Any]) -> Asked:
    """The request in a page's query parameters; nothing here raises.

    A name that is given twice comes as a list.
    """
    asked, once = Asked(), {name: value for name, value in query.items() if _is_one(value)}
    for name in query:
        if name not in KNOWN:
            asked = asked.noting(
                f"\u201c{name[:40]}\u201d is not something that can be asked here."
            )
        elif name not in once:
            asked = asked.noting(f"\u201c{name}\u201d takes one value.")
    asked = replace(asked, view=once.get("view") or None)
    asked = replace(asked, find=(once.get("find") or "").strip()[:80] or None)
    asked = _texts(asked, once)
    asked = _dates(asked, once)
    return _moment(asked, once.get("as_of"))


def _is_one(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _texts(asked: Asked, query: Mapping[str, str | None]) -> Asked:
    for name, (what, pattern) in TEXTS.items():
        text = query.get(name)
        if text and not pattern.fullmatch(text):
            asked = asked.noting(unknown(what, text))
        elif text:
            changed: dict[str, Any] = {name: text}
            asked = replace(asked, **changed)
    return asked


def _dates(asked: Asked, query: Mapping[str, str | None]) -> Asked:
    for name, field in (("from", "start"), ("to", "end")):
        text = query.get(name)
        if not text:
            continue
        try:
            found = date.fromisoformat(text)
        except ValueError:
            asked = asked.noting(_not_a_date(name, text))
        else:
            asked = replace(asked, start=found) if field == "start" else replace(asked, end=found)
    if asked.start and asked.end and asked.start > asked.end:
        span = f"{asked.start} to {asked.end}"
        asked = replace(asked, start=None, end=None)
        asked = asked.noting(f"The span from {span} ends before it begins.")
    return asked


def _moment(asked: Asked, text: str | None) -> Asked:
    if not text or text == "now":
        return replace(asked, is_now=text == "now")
    try:
        found = parse_moment(text)
    except WrongUse:
        return asked.noting(_not_a_date("as_of", text))
    present = now()
    if found > present:
        is_today = found.date() == present.date()
        return asked if is_today else asked.noting("That moment has not come yet.")
    return replace(asked, as_of=found)


def moment_in_words(value: datetime) -> str:
    """`the end of 1 July 2020`, or the time itself."""
    if value.time() == time.max:
        return f"the end of {words.day(value)}"
    return words.moment(value)


def unknown(what: str, value: str) -> str:
    """The note on a value that names nothing here."""
    return f"There is no {what} \u201c{value[:40]}\u201d here."


def _not_a_date(name: str, text: str) -> str:
    return f"\u201c{text[:40]}\u201d is not a date for \u201c{name}\u201d; write it as 2020-07-01."
