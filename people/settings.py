"""How people sign in to this store, from the environment; nothing here is guessed for them."""

import os
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from people.accounts import DEMONSTRATION, LOCAL
from store.errors import WrongUse
from store.secrets import secret

PROVIDER = "provider"
WAYS = (LOCAL, PROVIDER, DEMONSTRATION)
SHORTEST_SECRET = 32
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider, as it knows us; `claims` is the file of who gets in as what."""

    issuer: str
    client_id: str
    client_secret: str
    claims: Path
    called: str


@dataclass(frozen=True)
class SignIn:
    """The way of signing in, the address by which browsers reach us, and how long a session holds.

    Without an address only browsers of this machine are answered. Nothing is sent to whoever a
    provider vouches for once their last sign-in is longer ago than `sent_for`: only then does it
    say who they are now.
    """

    way: str
    address: str | None
    idle: timedelta
    longest: timedelta
    exports_a_minute: int
    proxies: int
    sent_for: timedelta = timedelta(days=30)

    @classmethod
    def read(cls) -> "SignIn":
        """From the environment. Raises `WrongUse` for a setting that cannot be used."""
        way = os.environ.get("TRIGPOINT_SIGN_IN") or LOCAL
        if way not in WAYS:
            raise WrongUse(
                f"TRIGPOINT_SIGN_IN is {way[:40]!r}; it has to be one of {', '.join(WAYS)}"
            )
        return cls(
            way,
            _address(),
            timedelta(minutes=_whole("TRIGPOINT_SESSION_IDLE_MINUTES", 30, 1, 24 * 60)),
            timedelta(hours=_whole("TRIGPOINT_SESSION_HOURS", 12, 1, 24 * 7)),
            _whole("TRIGPOINT_EXPORTS_A_MINUTE", 60, 1, 10_000),
            _whole("TRIGPOINT_PROXIES", 0, 0, 9),
            timedelta(days=_whole("TRIGPOINT_MAIL_SIGNED_IN_DAYS", 30, 1, 365)),
        )

    @property
    def is_secure(self) -> bool:
        """Whether browsers reach us encrypted, so that cookies may insist on it."""
        return self.address is not None and self.address.startswith("https://")

    def takes(self, subject: str) -> bool:
        """Whether whoever is known by this subject signs in by this way."""
        begins = subject.split("|", 1)[0]
        return begins == self.way if self.way != PROVIDER else begins not in {LOCAL, DEMONSTRATION}


def require_sound(settings: SignIn, host: str) -> None:
    """Refuse to listen where this way of signing in protects nobody. Raises `WrongUse`."""
    if settings.way == PROVIDER:
        provider(), cookie_secret()
    if is_loopback(host):
        return
    if settings.way == DEMONSTRATION:
        raise WrongUse(
            f"the demonstration lets anybody in as anybody, so it is not served on {host}; "
            "leave --host out, or set TRIGPOINT_SIGN_IN to local or provider"
        )
    if not settings.is_secure:
        raise WrongUse(
            f"to be served on {host}, TRIGPOINT_ADDRESS has to hold the https:// address "
            "by which browsers reach this store, so that passwords and cookies travel encrypted"
        )


def provider() -> Provider:
    """The provider to sign in with. Raises `WrongUse` naming what is not set."""
    issuer = _required("TRIGPOINT_PROVIDER")
    if not _is_encrypted(issuer):
        raise WrongUse(f"TRIGPOINT_PROVIDER is {issuer[:80]!r}; it has to begin with https://")
    return Provider(
        issuer,
        _required("TRIGPOINT_PROVIDER_CLIENT"),
        strong_secret("TRIGPOINT_PROVIDER_SECRET"),
        Path(_required("TRIGPOINT_CLAIMS")),
        os.environ.get("TRIGPOINT_PROVIDER_NAME") or urlsplit(issuer).netloc,
    )


def cookie_secret() -> str:
    """What signs the cookie that a browser carries on its way to the provider and back."""
    return strong_secret("TRIGPOINT_SECRET")


def strong_secret(name: str) -> str:
    """A secret that nobody guesses. Raises `WrongUse`, which does not repeat it."""
    found = secret(name)
    if found is None:
        raise WrongUse(f"{name} is not set; put it, or the file that holds it in {name}_FILE")
    if len(found) < SHORTEST_SECRET or len(set(found)) < 10:
        raise WrongUse(
            f"{name} is too short or repeats itself; make one of {SHORTEST_SECRET} characters or "
            "more, with `openssl rand -hex 32`"
        )
    return found


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address, or is meant by the name of a host."""
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _address() -> str | None:
    given = (os.environ.get("TRIGPOINT_ADDRESS") or "").rstrip("/")
    if not given:
        return None
    parts = urlsplit(given)
    if not _is_encrypted(given) or parts.path or parts.query or parts.fragment or parts.username:
        raise WrongUse(
            f"TRIGPOINT_ADDRESS is {given[:80]!r}; write it as https://trigpoint.example.org, "
            "with nothing after the name"
        )
    return given


def _is_encrypted(address: str) -> bool:
    parts = urlsplit(address)
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or ""))
    )


def _required(name: str) -> str:
    found = os.environ.get(name)
    if not found:
        raise WrongUse(f"{name} is not set; see docs/how-to/sign-in.md for what it holds")
    return found


def _whole(name: str, usual: int, least: int, most: int) -> int:
    given = os.environ.get(name) or str(usual)
    if not given.isascii() or not given.isdigit() or not least <= int(given) <= most:
        raise WrongUse(f"{name} is {given[:40]!r}; it has to be a number from {least} to {most}")
    return int(given)
