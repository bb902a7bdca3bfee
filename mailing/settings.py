"""How mail leaves this store, from the environment; see docs/mail.md."""

import os
from dataclasses import dataclass

from people.addresses import MAIL
from people.settings import SignIn, is_loopback
from store.errors import WrongUse
from store.secrets import secret

STARTTLS, TLS, NONE = "starttls", "tls", "none"
EARLIEST = "6"


@dataclass(frozen=True)
class MailServer:
    """The server that takes our mail, how the way there is encrypted, and who we are to it."""

    host: str
    port: int
    encryption: str
    user: str | None
    password: str | None
    sender: str


@dataclass(frozen=True)
class Mailing:
    """Where readers reach the pages, from which hour (UTC) a brief leaves, and by which server.

    Without a server only messages to webhooks leave.
    """

    site: str
    brief_hour: int
    server: MailServer | None
    sign_in: SignIn

    @classmethod
    def read(cls) -> "Mailing":
        """From the environment. Raises `WrongUse` for a setting that cannot be used."""
        sign_in = SignIn.read()
        if sign_in.address is None:
            raise WrongUse(
                "TRIGPOINT_ADDRESS is not set, so no mail could lead to the pages; "
                "see docs/mail.md for what it holds"
            )
        return cls(sign_in.address, _hour(), _server(), sign_in)


def _hour() -> int:
    given = os.environ.get("TRIGPOINT_BRIEF_HOUR") or EARLIEST
    if not given.isascii() or not given.isdigit() or int(given) > 23:
        raise WrongUse(f"TRIGPOINT_BRIEF_HOUR is {given[:40]!r}; it has to be an hour from 0 to 23")
    return int(given)


def _server() -> MailServer | None:
    given = os.environ.get("TRIGPOINT_SMTP")
    if not given:
        return None
    host, _, port = given.rpartition(":")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise WrongUse(f"TRIGPOINT_SMTP is {given[:80]!r}; write it as mail.example.org:587")
    user = os.environ.get("TRIGPOINT_SMTP_USER") or None
    password = secret("TRIGPOINT_SMTP_PASSWORD")
    if (user is None) != (password is None):
        raise WrongUse(
            "TRIGPOINT_SMTP_USER and TRIGPOINT_SMTP_PASSWORD_FILE belong together; set both or none"
        )
    return MailServer(host, int(port), _encryption(host), user, password, _sender())


def _encryption(host: str) -> str:
    given = os.environ.get("TRIGPOINT_SMTP_ENCRYPTION") or STARTTLS
    if given not in {STARTTLS, TLS, NONE}:
        raise WrongUse(
            f"TRIGPOINT_SMTP_ENCRYPTION is {given[:40]!r}; it has to be {STARTTLS}, {TLS} or {NONE}"
        )
    if given == NONE and not is_loopback(host):
        raise WrongUse(f"mail to {host[:80]} has to be encrypted: {NONE} is for this machine alone")
    return given


def _sender() -> str:
    given = os.environ.get("TRIGPOINT_MAIL_FROM") or ""
    if not MAIL.fullmatch(given):
        raise WrongUse(f"TRIGPOINT_MAIL_FROM is {given[:60]!r}; write it as trigpoint@example.org")
    return given
