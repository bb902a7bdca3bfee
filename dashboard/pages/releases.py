"""Releases: what is shown now, what each changed, and the way back."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.components.bar import bar, find
from dashboard.components.kept_releases import releases_table, roll_back
from dashboard.components.page import page
from dashboard.components.sources_menu import menu
from dashboard.opening import opened
from dashboard.queries import kept
from dashboard.registry import register
from dashboard.seen import Seen

PATH = "/sources/releases"
EXPLAINED = (
    "Each release is compared with the one that was shown when it was published. A figure has "
    "changed when its number, or its reason for having none, is another one. One that changed for "
    "two reasons stands under both; of one that is not public no reason is told. \u201cHeld\u201d "
    "counts files that a breaker kept out of the release."
)


def layout(**query: str) -> html.Div:
    """The releases that are kept; `as_of` leaves out those that were published later."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """Every kept release, and, for whoever may, the button that goes back to one."""
    found, now = kept.kept(seen.asked.as_of), kept.current()
    content: list[Any] = [
        html.H1("Releases"),
        html.P(_told(found, now), className="lede"),
        menu(seen),
    ]
    if found:
        table = releases_table(seen, found, now, kept.shown(seen.reader))
        content += [table, html.P(EXPLAINED, className="small")]
    if not seen.asked.as_of and not seen.asked.release:
        content.append(roll_back(found, now))
    return page(seen, *content, bar=bar(seen, find()))


def _told(found: list[Any], now: str | None) -> str:
    if not found:
        return "No release that is kept had been published by then."
    told = words.counted(len(found), "release is", "releases are")
    shown = [one for one in found if one.release_id == now]
    if not shown:
        return words.sentence(f"{told} kept")
    newer = sum(one.released_at > shown[0].released_at for one in found)
    published = f"{shown[0].released_at:%H:%M} on {words.day(shown[0].released_at)}"
    rolled = f", although {newer} published later {'is' if newer == 1 else 'are'} kept"
    return words.sentence(
        f"{told} kept; the one shown now was published at {published}{rolled if newer else ''}"
    )


register(__name__, PATH, "Releases \u2013 Trigpoint", layout, "page.releases")
