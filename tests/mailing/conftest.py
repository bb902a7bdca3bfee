"""A store of its own for each test, servers that take what is sent, and what people want."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from journal import confirmations, subscriptions
from journal.subscriptions import Subscribed, Wanted
from people import accounts
from people.accounts import Known
from store.moments import now
from store.paths import Home
from tests.homes import copied
from tests.mailing.guarded_england import LOCAL, NATIONAL, REGIONAL, SITE, filled
from tests.mailing.posted import Channel, PostBox, answering


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("mailing") / "home")
    filled(home)
    return home.root


@pytest.fixture
def home(whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy with three people, and settings by which their mail may leave."""
    for name in ("SMTP_USER", "SMTP_PASSWORD", "SMTP_PASSWORD_FILE"):
        monkeypatch.delenv(f"TRIGPOINT_{name}", raising=False)
    home = Home(copied(whole, tmp_path / "home"))
    settings = {
        "HOME": str(home.root),
        "SIGN_IN": "demonstration",
        "ADDRESS": SITE,
        "MAIL_DOMAINS": "example.org",
        "MAIL_FROM": "trigpoint@example.org",
        "SMTP_ENCRYPTION": "none",
        "BRIEF_HOUR": "6",
    }
    for name, value in settings.items():
        monkeypatch.setenv(f"TRIGPOINT_{name}", value)
    for person in (NATIONAL, REGIONAL, LOCAL):
        accounts.enter(home, person)
    return home


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    box = PostBox()
    monkeypatch.setenv("TRIGPOINT_SMTP", f"127.0.0.1:{box.port}")
    box.start()
    yield box
    box.stop()


def confirm(home: Home, subject: str, address: str) -> None:
    """As if somebody had used the link that was sent to an address."""
    token = confirmations.new_token()
    confirmations.keep(home, subject, address, token, now())
    confirmations.confirm(home, subject, token)


@pytest.fixture
def subscribe(home: Home) -> Callable[..., Subscribed]:
    """Put down what one of the three wants; a brief of their own area if nothing else is said.

    Their address is confirmed, unless it is said otherwise.
    """

    def put(
        person: Known = NATIONAL, *alerts: str, is_confirmed: bool = True, **more: Any
    ) -> Subscribed:
        name = person.name.lower()
        wanted: dict[str, Any] = {
            "kind": "alert" if alerts else "brief",
            "alerts": alerts,
            "area_id": person.scope,
            "metric_id": None,
            "channel": "mail",
            "address": f"{name}@example.org",
        }
        wanted |= more
        if is_confirmed and wanted["channel"] == "mail":
            confirm(home, person.subject, wanted["address"])
        return subscriptions.subscribe(home, person.subject, Wanted(**wanted))

    return put


@pytest.fixture
def channel(home: Home, monkeypatch: pytest.MonkeyPatch) -> Iterator[Channel]:
    with answering() as found:
        monkeypatch.setenv("TRIGPOINT_WEBHOOK_HOSTS", f"hooks.example.org, {found.host}")
        yield found
