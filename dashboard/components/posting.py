"""Forms that change something: they bring along what only a page of this session knows."""

from datetime import datetime
from typing import Any

from dash import dcc, html

from dashboard import gate, looking
from dashboard.seen import Seen
from people import sessions
from store.moments import written


def posting(
    action: str, *controls: Any, button: str, is_quiet: bool = False, style: str = "posting"
) -> html.Form | None:
    """A form that posts to `action` with one button, or None where nobody is signed in."""
    token = looking.token()
    if token is None:
        return None
    press = html.Button(
        button,
        type="submit",
        className="button quiet" if is_quiet else "button",
        name=gate.FORM_TOKEN,
        value=sessions.form_token(token),
    )
    return html.Form([*controls, press], action=action, method="POST", className=style)


def carried(name: str, value: str) -> Any:
    """A value that the form carries and nobody sees."""
    return dcc.Input(type="hidden", name=name, value=value)


def brings_back(seen: Seen, as_of: datetime | None) -> list[Any]:
    """What leads back to the release that somebody looked at, and to a moment."""
    moment = written(as_of) if as_of else ""
    return [carried("release", seen.asked.release or ""), carried("as_of", moment)]
