"""Who is sent something, as they are at this moment: their role, their scope, what they may take.

Whoever reads along in a channel of a team has shown nobody who they are, so a channel is sent what
everybody may see, whoever subscribed it.
"""

from dataclasses import dataclass
from datetime import datetime

from journal.audit import NOT_STATED, Asker
from journal.subscriptions import BRIEF, Subscribed, Wanted
from mailing.alerts import ABOUT_SOURCES, ANSWERED
from people import accounts, addresses, sessions
from people.accounts import DEMONSTRATION, Known
from people.exits import Exit, register
from people.roles import role
from people.settings import PROVIDER, SignIn
from store.errors import TrigpointError, WrongUse
from store.paths import Home
from store.viewer import EVERYONE, Viewer

MAIL = {name: register(f"mail.{name}") for name in ("brief", "alert")}
WEBHOOK, SHEET = register("webhook"), register("export.today_pdf")
TODAY, SOURCES = register("page.today"), register("page.sources")
PROBLEMS = register("page.problems")


class NotForThem(TrigpointError):  # noqa: N818
    """Somebody is sent nothing now, and why."""


@dataclass(frozen=True)
class Recipient:
    """Somebody, how the store is opened for them, and by which exit what they are sent leaves."""

    known: Known
    viewer: Viewer
    way: Exit
    takes_sheet: bool

    @property
    def asker(self) -> Asker:
        """As whom they stand on the audit."""
        is_played = self.known.subject.startswith(f"{DEMONSTRATION}|")
        purpose = DEMONSTRATION if is_played else NOT_STATED
        return Asker(self.known.subject, self.known.role, self.known.scope, purpose)

    @property
    def seen_as(self) -> str:
        """As whom they are sent this, in words that stand at its end."""
        if self.viewer == EVERYONE:
            return "What stands here is what everybody may see."
        here = role(self.known.role)
        exact = "exact figures there" if here.sees_exact else "no exact figures"
        return f"You are sent this as {here.name}, {self.known.scope}, with {exact}."


def find(home: Home, subscribed: Subscribed, sign_in: SignIn, at: datetime) -> Recipient:
    """Whom a subscription goes to. Raises `NotForThem` where they may not be sent it now."""
    wanted = subscribed.wanted
    known = accounts.active(home, subscribed.subject)
    if known is None:
        raise NotForThem("this person was removed, so nothing is sent to them")
    if not sign_in.takes(known.subject):
        raise NotForThem("this person signs in by a way that is not in use, so nothing is sent")
    _require_seen(home, known, sign_in, at)
    for way in _ways(wanted):
        if not way.is_open_to(known.role):
            raise NotForThem(f"the role {known.role} may not take {way.name}, so nothing is sent")
    _require_address(wanted)
    is_mail = wanted.channel == "mail"
    return Recipient(
        known,
        accounts.viewer(known) if is_mail else EVERYONE,
        MAIL[wanted.kind] if is_mail else WEBHOOK,
        takes_sheet=is_mail and SHEET.is_open_to(known.role),
    )


def _require_seen(home: Home, known: Known, sign_in: SignIn, at: datetime) -> None:
    """A provider says who somebody is only when they sign in; what it said goes out of date."""
    if sign_in.way != PROVIDER:
        return
    began = sessions.last_began(home, known.subject)
    if began is None or at - began > sign_in.sent_for:
        raise NotForThem(
            f"this person has not signed in for {sign_in.sent_for.days} days, so nothing is sent "
            "until they sign in again"
        )


def _require_address(wanted: Wanted) -> None:
    """What was allowed when they subscribed may not be any more."""
    try:
        addresses.require_address(wanted.channel, wanted.address)
    except WrongUse as fault:
        raise NotForThem(str(fault)) from None


def _ways(wanted: Wanted) -> list[Exit]:
    """Every exit that has to be open: that of the mail, and of each page whose answers it holds."""
    ways = [MAIL[wanted.kind]]
    if wanted.channel != "mail":
        ways.append(WEBHOOK)
    if wanted.kind == BRIEF or {*wanted.alerts} - ABOUT_SOURCES - {ANSWERED}:
        ways.append(TODAY)
    if {*wanted.alerts} & ABOUT_SOURCES:
        ways.append(SOURCES)
    if ANSWERED in wanted.alerts:
        ways.append(PROBLEMS)
    return ways
