"""Releases that are kept: what each changed, what is held in it, and the way back to one."""

from typing import Any

from dash import html

from dashboard import looking, words
from dashboard.components.bar import native
from dashboard.components.posting import posting
from dashboard.components.table import table
from dashboard.queries.kept import Spell
from dashboard.seen import Seen
from people.exits import register
from store.release_changes import UNTOLD
from store.releases import Release

HEAD = ["Release", "Published", "Shown", "Figures changed", "Why they changed", "Held and let go"]
ROLL_BACK = register("action.roll_back")
MOST_SPELLS = 3
LONGEST_REASON = 300


def releases_table(
    seen: Seen, found: list[Release], now: str | None, shown: dict[str, list[Spell]]
) -> html.Div:
    """One row a release, the newest first; `now` is the one that is shown."""
    rows = [_row(seen, one, now, shown.get(one.release_id, [])) for one in found]
    return table("Releases that are kept, newest first", HEAD, rows, numeric=(3,))


def _row(seen: Seen, one: Release, now: str | None, spells: list[Spell]) -> list[Any]:
    opened = seen.asked.link("/", release=one.release_id, as_of=None)
    is_shown = html.Span("Shown now", className="badge used")
    return [
        [
            html.A(html.Code(one.release_id), href=opened, className="when"),
            html.Div(is_shown, className="state") if one.release_id == now else None,
        ],
        f"{one.released_at:%H:%M} on {words.day(one.released_at)}",
        [html.Div(_spell(spell), className="small") for spell in spells[-MOST_SPELLS:]]
        or "not on record",
        _changed(one),
        _kinds(one),
        _held(one),
    ]


def _spell(spell: Spell) -> str:
    start = f"{spell.shown_from:%H:%M} on {words.day(spell.shown_from)}"
    if spell.shown_to is None:
        return f"since {start}"
    return f"{start} to {spell.shown_to:%H:%M} on {words.day(spell.shown_to)}"


def _changed(one: Release) -> str:
    if one.previous_release_id is None:
        return "first release"
    if one.changes is None or one.changes.figures is None:
        return "not known"
    return f"{one.changes.figures:,}"


def _kinds(one: Release) -> Any:
    kinds = one.changes.kinds if one.changes else {}
    if not kinds:
        return "\u2013"
    return html.Ul(
        [html.Li(f"{count:,}: {_kind(kind)}") for kind, count in kinds.items()], className="small"
    )


def _kind(kind: str) -> str:
    return "no reason told" if kind == UNTOLD else words.kind(kind)


def _held(one: Release) -> str:
    if one.changes is None:
        return "not known"
    told = [
        words.counted(one.changes.held, "file held", "files held") if one.changes.held else "",
        words.counted(one.changes.let_go, "file", "files") + " published despite a breaker"
        if one.changes.let_go
        else "",
    ]
    return "; ".join(part for part in told if part) or "nothing"


def roll_back(found: list[Release], now: str | None) -> html.Section | None:
    """The way back, for whoever may take it; on a form of their session."""
    others = [one for one in found if one.release_id != now]
    if not looking.may(ROLL_BACK):
        return None
    content: list[Any] = [html.H2("Roll back")]
    if not others:
        return html.Section([*content, html.P("No other release is kept.")], id="roll-back")
    options = [
        (one.release_id, f"{one.released_at:%H:%M} on {words.day(one.released_at)}")
        for one in others
    ]
    way = posting(
        "/sources/releases/roll-back",
        native("select", "to", "Release published", options[0][0], options=options),
        native(
            "text", "because", "Reason", hint="for the audit", required=True, longest=LONGEST_REASON
        ),
        button="Roll back to this release",
        style="check roll-back",
    )
    told = (
        "Everybody then sees the figures of that release at once. Nothing is rebuilt or lost, and "
        "the release shown now is kept too. Your name and the reason are put on the audit first."
    )
    return html.Section([*content, html.P(told), way], id="roll-back")
