"""One run over all subscriptions: what is due is found, put down, sent, and put down as sent.

What cannot be sent now, in quiet hours or because a server is away, waits under its name and with
the release in which it was found, and is told in one mail later.
"""

import fcntl
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from journal import audit, confirmations, subscriptions
from journal.audit import AuditNotWritten, Question
from journal.subscriptions import BRIEF, REST, Subscribed, Waiting, Wanted
from mailing import alerts, letters, recipients, webhooks
from mailing.alerts import Alert
from mailing.letters import Letter
from mailing.mail import Post, RefusedForGood
from mailing.recipients import NotForThem, Recipient
from mailing.settings import Mailing
from people.addresses import told as shown
from store.errors import NoRelease, ReleaseGone, TrigpointError, UnknownScope, WrongUse
from store.paths import Home
from store.reader import Reader, open_reader

SENT, DUE, WAITS, NOTHING = "sent", "due", "waits", "nothing"
FAILED, NOT_SENT = "failed", "not_sent"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of a subscription in a run; `state` is one of the six above."""

    subscription_id: str
    subject: str
    where: str
    kind: str
    state: str
    told: str

    def as_row(self) -> dict[str, Any]:
        """For a report."""
        return asdict(self)


def send_due(
    home: Home, mailing: Mailing, at: datetime, *, is_tried: bool = False
) -> list[Outcome]:
    """Send what is due at a moment (UTC); one outcome a subscription, the oldest first.

    With `is_tried` nothing is sent, nothing put down. Raises `AuditNotWritten`: then nothing more
    leaves; and `TrigpointError` while another run goes on.
    """
    with _one_at_a_time(home), _Readers(home) as readers:
        sending = _Round(home, mailing, at, Post(mailing.server), readers, is_tried)
        return [sending.serve(one) for one in subscriptions.running(home)]


@contextmanager
def _one_at_a_time(home: Home) -> Iterator[None]:
    if not home.root.is_dir():
        raise WrongUse(f"there is no store at {home.root}; give the folder of one with --home")
    with (home.root / ".mailing").open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise TrigpointError(
                f"mail of {home.root} is being sent already; wait until that has ended"
            ) from None
        yield


class _Readers:
    """Readers of the current release to find things with, one for all who see the same."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._open: dict[tuple[str, str | None], Reader] = {}

    def __enter__(self) -> "_Readers":
        return self

    def __exit__(self, *_: object) -> None:
        for reader in self._open.values():
            reader.close()

    def of(self, recipient: Recipient) -> Reader:
        """The reader as this recipient; raises what `open_reader` does."""
        place = (recipient.viewer.role, recipient.viewer.scope)
        if place not in self._open:
            self._open[place] = open_reader(self._home, recipient.viewer)
        return self._open[place]


@dataclass(frozen=True)
class _Round:
    home: Home
    mailing: Mailing
    at: datetime
    post: Post
    readers: _Readers
    is_tried: bool

    def serve(self, one: Subscribed) -> Outcome:
        """One subscription; whatever happens with it, the others are served too."""
        try:
            state, told = self._served(one)
        except (AuditNotWritten, NoRelease):
            raise
        except (NotForThem, UnknownScope) as fault:
            state, told = NOT_SENT, str(fault)
        except RefusedForGood as fault:
            state, told = FAILED, self._refused(one, fault)
        except TrigpointError as fault:
            state, told = FAILED, str(fault)
        except Exception:
            log.exception("%s could not be served", one.subscription_id)
            state, told = FAILED, "the fault is on our side and has been written down"
        where = shown(one.wanted.channel, one.wanted.address)
        return Outcome(one.subscription_id, one.subject, where, one.wanted.kind, state, told)

    def _served(self, one: Subscribed) -> tuple[str, str]:
        if subscriptions.one(self.home, one.subscription_id).ended_at is not None:
            raise NotForThem("it was ended just now")
        recipient = recipients.find(self.home, one, self.mailing.sign_in, self.at)
        if one.refused_at is not None and self.at - one.refused_at < REST:
            return WAITS, f"{one.refused_with}; it is tried again a day after"
        if self._is_unconfirmed(one):
            return self._confirmed_first(one, recipient)
        return self._told_what_is_new(one, recipient)

    def _told_what_is_new(self, one: Subscribed, recipient: Recipient) -> tuple[str, str]:
        waiting = self._waiting(one, self.readers.of(recipient))
        if not waiting:
            return NOTHING, "there is nothing new to tell"
        if (when := self._when(one.wanted)) is not None:
            return WAITS, f"{len(waiting)} to tell {when}"
        if self.is_tried:
            return DUE, f"{len(waiting)} to tell"
        self._send(one, recipient, waiting)
        return SENT, f"{len(waiting)} told"

    def _when(self, wanted: Wanted) -> str | None:
        """When this leaves, where it does not now."""
        if wanted.is_quiet(self.at):
            return "after the quiet hours"
        if wanted.kind == BRIEF and not self._is_morning:
            return f"from {self.mailing.brief_hour:02d}:00 UTC"
        return None

    @property
    def _is_morning(self) -> bool:
        return self.at.hour >= self.mailing.brief_hour

    def _refused(self, one: Subscribed, fault: RefusedForGood) -> str:
        kept = subscriptions.keep_refused(self.home, one.subscription_id, str(fault), self.at)
        return f"{fault}; it was so for a week, so this ends" if kept.ended_at else str(fault)

    def _is_unconfirmed(self, one: Subscribed) -> bool:
        """Whether nobody has shown that an address of mail is of whoever gave it."""
        where = one.wanted.address
        is_mail = one.wanted.channel == "mail"
        return is_mail and not confirmations.is_confirmed(self.home, one.subject, where)

    def _confirmed_first(self, one: Subscribed, recipient: Recipient) -> tuple[str, str]:
        """Nothing but a link goes there, and that once."""
        asked = confirmations.asked(self.home, one.subject, one.wanted.address)
        if asked is not None and self.at < asked.ends_at:
            return WAITS, "the address is not confirmed yet"
        if asked is not None:
            raise NotForThem("the address was not confirmed within 48 hours, so nothing is sent")
        if self.is_tried:
            return DUE, "a link to confirm the address"
        self._ask_to_confirm(one, recipient)
        return SENT, "a link to confirm the address"

    def _ask_to_confirm(self, one: Subscribed, recipient: Recipient) -> None:
        token, address = confirmations.new_token(), one.wanted.address
        said = f"a link to confirm {address}, for {one.subscription_id}"
        question = Question(recipient.way.name, said)
        with audit.asking(self.home, recipient.asker, question):
            self.post.send(letters.confirmation(recipient, token, self.mailing.site), address)
            confirmations.keep(self.home, one.subject, address, token, self.at)

    def _waiting(self, one: Subscribed, reader: Reader) -> list[Waiting]:
        """What is to be told: what waited before, and what is new."""
        release_id = reader.release.release_id
        before = subscriptions.waiting(self.home, one.subscription_id)
        known = {each.key for each in before}
        known |= subscriptions.keys_sent(self.home, one.subscription_id)
        known |= self._told_already(one)
        new = [key for key in self._keys(one, reader) if key not in known]
        if not self.is_tried:
            subscriptions.keep_waiting(self.home, one.subscription_id, new, release_id, self.at)
        return before + [Waiting(key, release_id) for key in new]

    def _told_already(self, one: Subscribed) -> set[str]:
        """What is said of a source, or of a report, is the same for every area: it is told once."""
        keys = subscriptions.keys_sent_there(self.home, one)
        return {key for key in keys if alerts.is_of_every_area(key)}

    def _keys(self, one: Subscribed, reader: Reader) -> list[str]:
        if one.wanted.kind == BRIEF:
            return [f"{BRIEF}.{self.at:%Y-%m-%d}"] if self._is_morning else []
        return [alert.key for alert in alerts.found(reader, one.wanted, one.subject)]

    def _send(self, one: Subscribed, recipient: Recipient, waiting: Sequence[Waiting]) -> None:
        """On the audit before it leaves; the store is opened anew, as they may see it now."""
        wanted = one.wanted
        with open_reader(self.home, recipient.viewer) as reader:
            where = shown(wanted.channel, wanted.address)
            question = Question(
                recipient.way.name,
                f"{wanted.kind} of {one.subscription_id} to {where}, {wanted.channel}",
                [wanted.area_id],
                alerts.metrics(reader, wanted),
                reader.release.release_id,
            )
            with audit.asking(self.home, recipient.asker, question):
                self._deliver(one, self._letter(one, recipient, reader, waiting))
                keys = [each.key for each in waiting]
                subscriptions.keep_sent(self.home, one.subscription_id, keys, self.at)

    def _deliver(self, one: Subscribed, letter: Letter) -> None:
        channel, address = one.wanted.channel, one.wanted.address
        if channel == "mail":
            self.post.send(letter, address)
        else:
            webhooks.post(channel, letter, address)

    def _letter(
        self, one: Subscribed, recipient: Recipient, reader: Reader, waiting: Sequence[Waiting]
    ) -> Letter:
        site = self.mailing.site
        if one.wanted.kind == BRIEF:
            return letters.brief(reader, one.wanted, recipient, site)
        told = self._told(one, recipient, reader, waiting)
        over = len(waiting) - len(told)
        return letters.alert(reader, one.wanted, recipient, told, over, site)

    def _told(
        self, one: Subscribed, recipient: Recipient, reader: Reader, waiting: Sequence[Waiting]
    ) -> list[tuple[Alert, str | None]]:
        """What is so now, and what is over as the release that showed it tells it."""
        keys = {each.key for each in waiting}
        now_so = [
            alert for alert in alerts.found(reader, one.wanted, one.subject) if alert.key in keys
        ]
        told: list[tuple[Alert, str | None]] = [(alert, None) for alert in now_so]
        over = keys - {alert.key for alert in now_so}
        for release_id in sorted({each.release_id for each in waiting if each.key in over}):
            there = {each.key for each in waiting if each.release_id == release_id} & over
            for alert in self._as_shown(one, recipient, release_id):
                if alert.key in there:
                    told.append((alert, release_id))
        return told

    def _as_shown(self, one: Subscribed, recipient: Recipient, release_id: str) -> list[Alert]:
        try:
            opened = open_reader(self.home, recipient.viewer, release_id=release_id)
        except ReleaseGone:
            return []
        with opened as reader:
            return alerts.found(reader, one.wanted, one.subject)


def is_failed(outcomes: Sequence[Outcome]) -> bool:
    """Whether something that was due did not leave."""
    return any(outcome.state == FAILED for outcome in outcomes)
