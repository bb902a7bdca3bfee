"""Clients that signed in as a browser does, in the demonstration."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context
from typing import Any

from flask.testing import FlaskClient

from dashboard import gate, looking
from dashboard.app import server
from people.accounts import Known
from people.personas import personas

HERE = {"Origin": "http://localhost"}


class Apart(FlaskClient):
    """A client whose requests know nothing of one that the test itself is in."""

    def open(self, *address: Any, **more: Any) -> Any:
        return Context().run(super().open, *address, **more)


def signed_in(persona: str = "national_leader") -> FlaskClient:
    """A client with a session, which sends what a page of that session does."""
    client = Apart(server, server.response_class, use_cookies=True)
    answer = client.post("/sign-in/as", data={"persona": persona}, headers=HERE)
    assert answer.status_code == 303
    brought = client.get_cookie(gate.FORM_TOKEN)
    assert brought is not None
    client.environ_base["HTTP_X_TRIGPOINT_FORM"] = brought.value
    return client


@contextmanager
def looking_at(address: str, persona: str = "national_leader") -> Iterator[None]:
    """A request in progress, let in by the gate."""
    found = personas()[persona]
    with server.test_request_context(address):
        known = Known(f"demonstration|{found.id}", found.name, found.role, found.scope)
        looking.let_in(known, "a token")
        yield
