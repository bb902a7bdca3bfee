"""A guarded England, tokens of people who look at it, and a client that brings them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from werkzeug.test import TestResponse

from api.limits import limits
from dashboard.app import server
from people import accounts, tokens
from people.personas import personas
from people.settings import SignIn
from store.paths import Home
from tests.dashboard.signed_in import Apart
from tests.homes import once
from tests.mailing.guarded_england import filled

# The tests ask more often than people may.
UNHURRIED = replace(limits(), requests_a_minute=100_000, wrong_tokens=100_000)
Ask = Callable[..., TestResponse]


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return once(tmp_path_factory, "guarded", lambda root: filled(Home(root)))


@pytest.fixture(autouse=True)
def place(guarded: Home, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("TRIGPOINT_HOME", str(guarded.root))
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", "demonstration")
    monkeypatch.setattr("api.gate.limits", lambda: UNHURRIED)
    return guarded


def token_of(home: Home, persona: str = "analyst", uses: tuple[str, ...] = ("read", "sql")) -> str:
    """A new token of a persona who signed in once."""
    found = personas()[persona]
    known = accounts.Known(f"demonstration|{found.id}", found.name, found.role, found.scope)
    accounts.enter(home, known)
    possible = {use.use_id for use in tokens.uses_for(found.role)}
    for one in tokens.of_person(home, known.subject, SignIn.read()):
        tokens.end(home, known.subject, one.token_id)
    wanted = [use for use in uses if use in possible]
    return tokens.make(home, known.subject, "A test", wanted, 1, SignIn.read())


def asking(token: str | None) -> Ask:
    """Asks an address below /api/v1 with a token, or with none."""
    client = Apart(server, server.response_class)

    def ask(address: str, method: str = "GET", **more: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= more.pop("headers", {})
        return client.open(f"/api/v1{address}", method=method, headers=headers, **more)

    return ask


@pytest.fixture
def ask(place: Home) -> Ask:
    """Asks as an analyst of England."""
    return asking(token_of(place))
