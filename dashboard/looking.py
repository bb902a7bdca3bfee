"""Who is looking: the person whom the gate let in, for this request and no longer."""

from flask import abort, g, has_request_context

from dashboard.queries.reference import ENGLAND
from people import accounts
from people.accounts import Known
from people.exits import Exit
from store.viewer import EVERYONE, Viewer


def let_in(person: Known | None, token: str | None) -> None:
    """Say who this request is from, or that nobody is signed in; only the gate does."""
    g.person, g.token = person, token


def person() -> Known | None:
    """Who is signed in."""
    found: Known | None = g.get("person")
    return found


def own_area() -> str:
    """The area of whoever looks, England where nobody in particular does."""
    known = person() if has_request_context() else None
    return known.scope if known else ENGLAND


def token() -> str | None:
    """The token of their session."""
    found: str | None = g.get("token")
    return found


def viewer() -> Viewer:
    """How the door knows them: by their scope, where their role sees exact figures.

    Outside of a request it is everybody; within one, nobody is answered who is not signed in.
    """
    if not has_request_context():
        return EVERYONE
    known = person()
    if known is None:
        abort(401)
    return accounts.viewer(known)


def may(way: Exit) -> bool:
    """Whether who is looking may take this exit."""
    known = person()
    return way.is_open_to(known.role if known else None)
