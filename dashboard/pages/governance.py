"""Governance: may we hold this, what was hidden, who looked, and who may?"""

from typing import Any

from dash import html

from dashboard import audit_filters
from dashboard.asked import Asked
from dashboard.audit_filters import Filters
from dashboard.components import audit
from dashboard.components.access import access
from dashboard.components.agreements import agreements, opt_outs
from dashboard.components.attributes import aria
from dashboard.components.hidden import hidden
from dashboard.components.page import frame, noted, page
from dashboard.opening import made
from dashboard.queries import audit as queries
from dashboard.registry import register
from dashboard.seen import Seen, see
from journal import checks, reading
from journal.reading import Wanted
from people.review import Reviewed
from store import agreements as files
from store.errors import NoRelease
from store.settings import Settings

PATH = "/governance"
SECTIONS = {
    "agreements": "Agreements",
    "opt-outs": "Opt-outs",
    "hidden": "What was hidden and why",
    "audit": "Who looked at what",
    "access": "Who may look",
}


def layout(**query: str) -> html.Div:
    """Everything the data protection officer watches; `release`, and the filters of the audit."""
    filters, rest = audit_filters.split(query)
    return made(PATH, rest, lambda asked: build(asked, filters))


def build(asked: Asked, filters: Filters) -> html.Div:
    """The five sections; what they say of agreements and people needs no release."""
    try:
        seen = see(asked, PATH)
    except NoRelease:
        return frame(
            asked, PATH, [noted([*asked.notes, *filters.notes]), *_sections(asked, None, filters)]
        )
    seen.notes += filters.notes
    return page(seen, *_sections(asked, seen, filters))


def _sections(asked: Asked, seen: Seen | None, filters: Filters) -> list[Any]:
    at_hand, day = files.readable(), files.today()
    people = queries.everybody()
    return [
        html.H1("Governance"),
        html.P("What may be held, what was hidden, who looked, and who may.", className="lede"),
        _contents(),
        agreements(at_hand, files.unreadable(), day),
        opt_outs(at_hand, day),
        hidden(seen),
        _audit(asked, filters, people),
        access(people),
    ]


def _contents() -> html.Nav:
    links = [html.Li(html.A(name, href=f"#{place}")) for place, name in SECTIONS.items()]
    return html.Nav(html.Ul(links), className="contents", **aria(label="On this page"))


def _audit(asked: Asked, filters: Filters, people: list[Reviewed]) -> html.Section:
    home, wanted = Settings.read().home, filters.wanted(asked)
    found = queries.entries(wanted, filters.before, audit.A_PAGE + 1)
    whole = reading.count(home, Wanted())
    counted = whole if wanted == Wanted() else reading.count(home, wanted)
    names = {one.subject: one.name for one in people}
    csv = filters.address(asked, "/files/audit.csv")
    shown = audit.entries(found.head(audit.A_PAGE), "Questions to the store", names)
    return html.Section(
        [
            html.H2(SECTIONS["audit"]),
            html.P([audit.told(wanted, counted, whole), " ", audit.TWICE]),
            audit.choice(filters, asked, queries.on_the_audit(names), reading.exits(home)),
            shown if found.height else None,
            audit.pages(found, filters, asked, PATH),
            html.A("CSV of all that is chosen", href=csv, download="", className="download"),
            *audit.state(checks.last(home), reading.newest(home)),
        ],
        id="audit",
    )


register(__name__, PATH, "Governance \u2013 Trigpoint", layout, "page.governance")
