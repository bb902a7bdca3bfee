"""Who is signed in, in the header of every page, and the way out."""

from dash import html

from dashboard import gate, looking, words
from dashboard.components.attributes import aria
from people import sessions
from people.accounts import Known
from people.roles import role


def account(place: str | None = None) -> html.Div | None:
    """Name, role and scope (by name where `place` says it), their own record, and the way out."""
    person, token = looking.person(), looking.token()
    if person is None or token is None:
        return None
    return html.Div(
        [
            html.P([html.Strong(person.name), html.Br(), _looks_as(person, place)]),
            html.A("Your record", href="/your-record"),
            _out(token),
        ],
        className="who",
        role="group",
        **aria(label="Your account"),
    )


def _looks_as(person: Known, place: str | None) -> str:
    here = role(person.role)
    where = words.place(place) if place else person.scope
    return f"{here.name}, {where}" if here.sees_exact else here.name


def _out(token: str) -> html.Form:
    """The button brings along what only a page of this session knows."""
    button = html.Button(
        "Sign out",
        type="submit",
        className="button quiet",
        name=gate.FORM_TOKEN,
        value=sessions.form_token(token),
    )
    return html.Form(button, action="/sign-out", method="POST")
