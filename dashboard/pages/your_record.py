"""Your record: what whoever is signed in asked of the store, and the tokens of their programs."""

from dash import html
from flask import abort

from dashboard import audit_filters, looking
from dashboard.asked import Asked
from dashboard.audit_filters import Filters
from dashboard.components import audit
from dashboard.components.bar import form
from dashboard.components.page import frame, noted
from dashboard.components.tokens import tokens
from dashboard.opening import made
from dashboard.queries import audit as queries
from dashboard.registry import register
from journal import reading
from journal.reading import Wanted
from people import tokens as kept
from people.settings import SignIn
from store.settings import Settings

PATH = "/your-record"


def layout(**query: str) -> html.Div:
    """One's own entries on the audit; `from`, `to` and `before`."""
    filters, rest = audit_filters.split(query)
    return made(PATH, rest, lambda asked: build(asked, filters))


def build(asked: Asked, filters: Filters) -> html.Div:
    """The newest first. Nobody is asked for but who is signed in, whatever the address names."""
    person = looking.person()
    if person is None:
        abort(401)
    home, own = Settings.read().home, Wanted(person=person.subject)
    only = Filters(before=filters.before)
    wanted = Wanted(person.subject, first_day=asked.start, last_day=asked.end)
    found = queries.entries(wanted, only.before, audit.A_PAGE + 1)
    counted, whole = reading.count(home, wanted), reading.count(home, own)
    content = [
        noted([*asked.notes, *filters.notes]),
        html.H1("Your record"),
        html.P(
            "What you asked of the store. It cannot be changed. Beside you, the data protection "
            "officer sees it.",
            className="lede",
        ),
        html.P(f"{counted:,} of your {whole:,} questions, the newest first. {audit.TWICE}"),
        form(PATH, "Which entries", *audit.days(asked)),
        html.Section(
            [
                html.H2("Entries", className="unseen"),
                audit.entries(found.head(audit.A_PAGE), "What you asked", None)
                if found.height
                else html.P("You asked nothing on these days."),
                audit.pages(found, only, asked, PATH),
            ],
            id="audit",
        ),
        tokens(kept.of_person(home, person.subject, SignIn.read()), person.role),
    ]
    return frame(asked, PATH, content)


register(__name__, PATH, "Your record \u2013 Trigpoint", layout, "page.your_record")
