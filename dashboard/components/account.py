"""Who is signed in, in the header of every page, and the way out."""

from dash import html

from dashboard import looking, words
from dashboard.components.attributes import aria
from dashboard.components.posting import posting
from people.accounts import Known
from people.roles import role


def account(place: str | None = None) -> html.Div | None:
    """Name, role and scope (by name where `place` says it), their own record, and the way out."""
    person = looking.person()
    if person is None:
        return None
    return html.Div(
        [
            html.P([html.Strong(person.name), html.Br(), _looks_as(person, place)]),
            html.A("Your record", href="/your-record"),
            html.A("Your mail", href="/subscriptions"),
            posting("/sign-out", button="Sign out", is_quiet=True, style=""),
        ],
        className="who",
        role="group",
        **aria(label="Your account"),
    )


def _looks_as(person: Known, place: str | None) -> str:
    """A code says nothing to a reader, so where no release names the place it is left out."""
    here = role(person.role)
    return f"{here.name}, {words.place(place)}" if place and here.sees_exact else here.name
