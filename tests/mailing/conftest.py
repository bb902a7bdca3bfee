"""A small England in which one measure is not public, servers that take what is sent, people."""

import email
import email.policy
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from homes import copied

from journal import subscriptions
from journal.subscriptions import Subscribed, Wanted
from people import accounts
from people.accounts import Known
from store.paths import Home
from store.releases import publish
from tests.dashboard import small_england
from tests.dashboard.small_england import ENGLAND, LEICESTER, RELEASED_AT

LONDON = "E12000007"
GUARDED = "cases_by_report_date"
NATIONAL = Known("demonstration|grace", "Grace", "national_leader", ENGLAND)
REGIONAL = Known("demonstration|priya", "Priya", "regional_lead", LONDON)
LOCAL = Known("demonstration|tom", "Tom", "local_official", LEICESTER)
SITE = "http://127.0.0.1:8050"


def tables() -> dict[str, pl.DataFrame]:
    """The small England, of whose cases by report date outsiders see controlled counts."""
    found = small_england.tables()
    is_guarded = pl.col("metric_id") == GUARDED
    rule = pl.when(is_guarded).then(pl.lit("nhs_subnational")).otherwise("disclosure_class")
    upper = pl.col("area_type").is_in(["utla", "unitary"])
    return found | {
        "metrics": found["metrics"].with_columns(disclosure_class=rule),
        "sources": found["sources"].with_columns(
            outside_scope=pl.lit("controlled"), disclosure_rule=pl.lit("published")
        ),
        "areas": found["areas"].with_columns(is_upper_tier=upper),
        "corrections": found["corrections"].with_columns(metric_id=pl.lit(None, pl.String)),
    }


def published(home: Home) -> None:
    publish(home, built_at=RELEASED_AT, build_id="small", is_simulated=False, keep=3)


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = Home(tmp_path_factory.mktemp("mailing") / "home")
    home.root.mkdir()
    with duckdb.connect(str(home.warehouse)) as connection:
        for name, frame in tables().items():
            connection.register("frame", frame.to_arrow())
            connection.execute(f"create table {name} as select * from frame")
            connection.unregister("frame")
    published(home)
    return home.root


@pytest.fixture
def home(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A copy with three people, and settings by which their mail may leave."""
    for name in ("SMTP_USER", "SMTP_PASSWORD", "SMTP_PASSWORD_FILE"):
        monkeypatch.delenv(f"TRIGPOINT_{name}", raising=False)
    home = Home(copied(filled, tmp_path / "home"))
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


class PostBox:
    """A mail server on this machine, which can be stopped, started and told to refuse somebody."""

    def __init__(self, **more: Any) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.mail: list[EmailMessage] = []
        self.envelopes: list[Envelope] = []
        self.sessions: list[Session] = []
        self.refused: set[str] = set()
        self._more = more
        self._controller: Controller | None = None

    def start(self) -> None:
        where = {"hostname": "127.0.0.1", "port": self.port}
        self._controller = Controller(self, **where, **self._more)
        self._controller.start()

    def stop(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, _: list[str]
    ) -> str:
        if address in self.refused:
            return "550 There is nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.mail.append(message)
        self.envelopes.append(envelope)
        self.sessions.append(session)
        return "250 OK"


@pytest.fixture
def post_box(monkeypatch: pytest.MonkeyPatch) -> Iterator[PostBox]:
    box = PostBox()
    monkeypatch.setenv("TRIGPOINT_SMTP", f"127.0.0.1:{box.port}")
    box.start()
    yield box
    box.stop()


@pytest.fixture
def subscribe(home: Home) -> Callable[..., Subscribed]:
    """Put down what one of the three wants; a brief of their own area if nothing else is said."""

    def put(person: Known = NATIONAL, *alerts: str, **more: Any) -> Subscribed:
        name = person.name.lower()
        wanted = {
            "kind": "alert" if alerts else "brief",
            "alerts": alerts,
            "area_id": person.scope,
            "metric_id": None,
            "channel": "mail",
            "address": f"{name}@example.org",
        }
        return subscriptions.subscribe(home, person.subject, Wanted(**(wanted | more)))

    return put


def text_of(message: EmailMessage) -> str:
    """What a reader of plain text is shown."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())
