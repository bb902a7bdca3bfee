"""Where mail and messages may go: what the operator of the store allows, and nowhere else.

`TRIGPOINT_MAIL_DOMAINS` and `TRIGPOINT_WEBHOOK_HOSTS` are lists with commas. What they do not name
is refused when somebody subscribes, and again when something would be sent.
"""

import os
import re
from urllib.parse import urlsplit

from people.settings import is_loopback
from store.errors import WrongUse

# What every mail server takes; no blank, no line break, no quotes, no second @, no list.
MAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{0,63}@[A-Za-z0-9.-]{1,253}")
WEBHOOK = re.compile(r"https?://[\x21-\x7e]{1,1990}")
NAMES = {"mail": "TRIGPOINT_MAIL_DOMAINS", "webhook": "TRIGPOINT_WEBHOOK_HOSTS"}
UNSET = "nobody has said where Trigpoint may send to: {name} is not set"


def require_address(channel: str, address: str) -> str:
    """The address, where this store may send to. Raises `WrongUse` in words that say why not."""
    return require_mail(address) if channel == "mail" else require_webhook(address)


def require_mail(address: str) -> str:
    """An address of mail in a domain that is allowed. Raises `WrongUse` for any other."""
    if not MAIL.fullmatch(address):
        raise WrongUse(
            f"{address[:60]!r} is no address of mail; write one, as ada.byron@example.org"
        )
    domain = address.rsplit("@", 1)[1].lower()
    if domain not in _listed(NAMES["mail"]):
        raise WrongUse(
            f"this store sends no mail to {domain}; give an address of your organisation"
        )
    return address


def require_webhook(address: str) -> str:
    """The address of a webhook whose host is allowed, encrypted unless it is of this machine.

    Raises `WrongUse`, which repeats the host alone: the rest of it is a secret.
    """
    if not WEBHOOK.fullmatch(address):
        raise WrongUse("this is no address of a webhook; it begins with https://")
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise WrongUse("this is no address of a webhook: its host cannot be read") from None
    if parts.username or parts.password or parts.fragment:
        raise WrongUse("the address of a webhook holds no name, password or fragment")
    if parts.netloc.lower() not in _listed(NAMES["webhook"]):
        raise WrongUse(f"this store sends no messages to {parts.netloc[:80]}")
    if parts.scheme != "https" and not is_loopback(host):
        raise WrongUse("the address of a webhook has to begin with https://")
    return address


def allowed(channel: str) -> list[str]:
    """The domains of mail, or the hosts of webhooks, that this store sends to; none by default."""
    return sorted(_named(NAMES["mail" if channel == "mail" else "webhook"]))


def told(channel: str, address: str) -> str:
    """An address as it may be shown: whoever has that of a webhook can post to it."""
    if channel == "mail":
        return address
    try:
        return urlsplit(address).netloc
    except ValueError:
        return "a webhook whose host cannot be read"


def _listed(name: str) -> set[str]:
    """The names in a setting. Raises `WrongUse` where it is not set."""
    found = _named(name)
    if not found:
        raise WrongUse(UNSET.format(name=name))
    return found


def _named(name: str) -> set[str]:
    given = os.environ.get(name, "")
    return {part.strip().lower() for part in given.split(",") if part.strip()}
