"""Workspace: questions of one's own in SQL, answered at one's own scope."""

from dataclasses import replace
from typing import Any

from dash import dcc, html

from dashboard import looking, running
from dashboard.asked import unknown
from dashboard.components import workspace as parts
from dashboard.components.bar import copy_link
from dashboard.components.page import page
from dashboard.opening import opened
from dashboard.putting_down import whoever
from dashboard.queries import workspace
from dashboard.registry import register
from dashboard.seen import Seen, see
from journal import queries
from journal.queries import Kept
from store import sandbox
from store.settings import Settings

PATH = parts.PATH
STORES = (running.ASKED, running.STOPPED, running.COUNTING)


def layout(**query: str) -> html.Div:
    """The editor, `query` in it by its id, at `as_of`."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """What can be asked on the left; the query, its answer and what was asked before."""
    kept = _kept(seen)
    if kept and kept.text.as_of and running.moment(kept, seen.asked) != seen.asked.as_of:
        seen = see(replace(seen.asked, as_of=kept.text.as_of), PATH)
    limits = sandbox.limits_of(whoever().role)
    tables, measures = workspace.tables(seen.reader), workspace.measures(seen.reader)
    first = parts.first(seen, tables, measures, looking.own_area())
    text = kept.text.sql if kept else first
    main = [
        parts.editor(seen, kept, text, limits),
        _shared(seen, kept),
        html.Div(id=running.RESULTS),
        *([] if seen.is_replay else _before(seen)),
    ]
    catalogue = parts.catalogue(tables, measures)
    return page(
        seen,
        html.H1("Workspace"),
        html.P(_lede(seen), className="lede"),
        html.P(parts.limits_told(limits, running.ON_SCREEN), className="small limits"),
        html.Div([html.Div(main, className="asking"), catalogue], className="workspace"),
        *(dcc.Store(id=name) for name in STORES),
    )


def _kept(seen: Seen) -> Kept | None:
    """The query that the address names; a note where there is none that this reader may open."""
    wanted = seen.asked.query
    if wanted is None or seen.is_replay:
        return None
    found = queries.one(Settings.read().home, wanted, whoever().subject)
    if found is None:
        seen.notes.append(unknown("query", wanted))
    return found


def _lede(seen: Seen) -> str:
    own = looking.person()
    if seen.reader.exact and own:
        return "Ask the data yourself, in SQL. Counts are exact where they are yours to see."
    return "Ask the data yourself, in SQL. Small counts are hidden here as on every page."


def _shared(seen: Seen, kept: Kept | None) -> html.Div | None:
    """That others can open it, and the link for them; whose it is where it is another's."""
    if kept is None or not kept.is_shared:
        return None
    is_own = kept.subject == whoever().subject
    told = (
        "Whoever may open the workspace can open this query by its link, and sees what is theirs "
        "to see."
        if is_own
        else "Somebody shared this query. Its answer is what you may see."
    )
    return html.Div([html.P(told, className="small"), *copy_link(seen)], className="check")


def _before(seen: Seen) -> list[Any]:
    home, subject = Settings.read().home, whoever().subject
    return [
        html.Section([html.H2("Saved"), parts.saved(seen, queries.named(home, subject))]),
        html.Section(
            [
                html.H2("History"),
                html.Div(parts.history(seen, queries.history(home, subject)), id=running.HISTORY),
            ]
        ),
    ]


register(__name__, PATH, "Workspace \u2013 Trigpoint", layout, "page.workspace")
