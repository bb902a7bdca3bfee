"""Forms that change something: they bring along what only a page of this session knows."""

from typing import Any

from dash import dcc, html

from dashboard import gate, looking
from people import sessions


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
