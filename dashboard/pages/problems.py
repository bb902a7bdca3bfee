"""Problems: report one, look into those that wait, and see what came of one's own."""

from typing import Any

from dash import html

from dashboard import asked, looking
from dashboard.components import problems
from dashboard.components.page import page
from dashboard.exits import may_take
from dashboard.opening import opened
from dashboard.queries import problems as queries
from dashboard.registry import register
from dashboard.seen import Seen
from journal.problems import UNDER_QUERY
from people.accounts import Known
from store import passport

PATH = problems.PATH
IN_A_REPLAY = (
    "This is a replay of a data day: nothing can be reported in it. Leave the replay to see what "
    "was reported here and to report a problem."
)


def layout(**query: str) -> html.Div:
    """The reports of whoever looks and those that they may look into; `problem` brings the form."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """The form for a figure if one is named, the queue for whoever works on it, one's own."""
    person = looking.person()
    if person is None:
        return page(seen, html.H1("Reported problems"))
    if seen.is_replay:
        return page(seen, html.H1("Reported problems"), html.P(IN_A_REPLAY))
    figure = _figure(seen)
    return page(
        seen,
        html.H1("Report a problem" if figure else "Reported problems"),
        problems.report_form(seen, figure, person) if figure else None,
        *(_queue(seen, person) if may_take("action.triage") else []),
        _section("What you reported", problems.own(seen, queries.own(seen, person))),
    )


def _figure(seen: Seen) -> dict[str, Any] | None:
    """The figure that is asked for, if whoever looks may report on it."""
    if seen.asked.problem is None or not may_take("action.report"):
        return None
    figure = passport.figure(seen.reader, seen.asked.problem)
    if figure is None:
        seen.notes.append(asked.unknown("figure", seen.asked.problem))
    return figure


def _queue(seen: Seen, person: Known) -> list[Any]:
    waiting = queries.queue(seen, person, *UNDER_QUERY)
    holding = queries.queue(seen, person, "corrected")
    closed = queries.closed(seen, person)
    may_accept = may_take("action.accept")
    return [
        _section(
            "To look into, oldest first",
            problems.queue(seen, waiting, may_accept=may_accept)
            if waiting
            else html.P("No report waits for anybody."),
        ),
        _section("Corrections that hold", problems.holding(seen, holding)) if holding else None,
        problems.closed(seen, closed) if closed else None,
    ]


def _section(title: str, content: Any) -> html.Section:
    return html.Section([html.H2(title), content])


register(__name__, PATH, "Reported problems \u2013 Trigpoint", layout, "page.problems")
