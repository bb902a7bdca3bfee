"""Subscriptions: what a person wants to be sent, and what was sent of it; ended, never deleted."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from journal.engine import journal_of
from journal.tables import Person, Sent, Subscription
from store.errors import WrongUse
from store.moments import now
from store.paths import Home

BRIEF, ALERT = "brief", "alert"
# What an alert may be about, in the order in which it is told.
ALERTS = ("special_cause", "disputed", "held", "late", "answered")
CHANNELS = ("mail", "slack", "teams")
MOST_OF_ONE_PERSON = 50
HOURS = range(24)
# An address that refuses for good is tried once a day, and no more after a week.
REST, PATIENCE = timedelta(days=1), timedelta(days=7)
REFUSED = "refused"


@dataclass(frozen=True)
class Wanted:
    """What is to be sent, and where to; `alerts` is empty for a brief.

    Nothing is sent from the hour `quiet[0]` until the hour `quiet[1]` (UTC), also over midnight.
    Without a metric it is about every headline of the area.
    """

    kind: str
    alerts: tuple[str, ...]
    area_id: str
    metric_id: str | None
    channel: str
    address: str
    quiet: tuple[int, int] | None = None

    def is_quiet(self, at: datetime) -> bool:
        """Whether nothing may be sent at a moment."""
        if self.quiet is None:
            return False
        begins, ends = self.quiet
        if begins < ends:
            return begins <= at.hour < ends
        return at.hour >= begins or at.hour < ends


@dataclass(frozen=True)
class Subscribed:
    """What one person wants; `ended_at` is empty while they do.

    `refused_at` is when its address last refused for good what was sent, and with which words.
    """

    subscription_id: str
    subject: str
    wanted: Wanted
    made_at: datetime
    ended_at: datetime | None
    ended_because: str | None
    refused_at: datetime | None
    refused_with: str | None


@dataclass(frozen=True)
class Waiting:
    """What was found in a release and could not be sent yet."""

    key: str
    release_id: str


def subscribe(home: Home, subject: str, wanted: Wanted) -> Subscribed:
    """Keep what a person wants; the same that they have already is given back.

    Raises `WrongUse` for what cannot be sent and for more than `MOST_OF_ONE_PERSON`.
    """
    _require_sound(wanted)
    with journal_of(home).writing() as session:
        theirs = _running(session.scalars(select(Subscription).filter_by(subject=subject)))
        alike = next((row for row in theirs if _wanted(row) == wanted), None)
        if alike is not None:
            return _subscribed(alike)
        if len(theirs) >= MOST_OF_ONE_PERSON:
            raise WrongUse(f"{MOST_OF_ONE_PERSON} subscriptions are the most; end one of yours")
        if session.get(Person, subject) is None:
            raise WrongUse(f"there is nobody {subject[:60]} who could be sent anything")
        row = _row(subject, wanted)
        session.add(row)
        session.flush()
        return _subscribed(row)


def end(home: Home, subject: str, subscription_id: str) -> Subscribed:
    """Send no more of it; only whoever has it can say so. Raises `WrongUse` for any other."""
    with journal_of(home).writing() as session:
        row = session.get(Subscription, subscription_id)
        if row is None or row.subject != subject:
            raise WrongUse(f"you have no subscription {subscription_id[:60]}")
        if row.ended_at is not None:
            raise WrongUse(f"{subscription_id} ended already, at {row.ended_at:%Y-%m-%d %H:%M}")
        # The clock of the machine may have been set back since.
        row.ended_at = max(now(), row.made_at)
        session.flush()
        return _subscribed(row)


def one(home: Home, subscription_id: str) -> Subscribed:
    """A subscription as it is now. Raises `WrongUse` where there is none."""
    with journal_of(home).reading() as session:
        row = session.get(Subscription, subscription_id)
        if row is None:
            raise WrongUse(f"there is no subscription {subscription_id[:60]}")
        return _subscribed(row)


def keep_refused(home: Home, subscription_id: str, told: str, at: datetime) -> Subscribed:
    """Put down that the address takes nothing; it ends where that has lasted for `PATIENCE`."""
    with journal_of(home).writing() as session:
        row = session.get_one(Subscription, subscription_id)
        row.refused_since = row.refused_since or at
        row.refused_at, row.refused_with = at, told
        if at - row.refused_since >= PATIENCE:
            row.ended_at, row.ended_because = max(at, row.made_at), REFUSED
        session.flush()
        return _subscribed(row)


def of_person(home: Home, subject: str) -> list[Subscribed]:
    """Everything that a person ever wanted to be sent, the newest first."""
    asked = select(Subscription).filter_by(subject=subject)
    newest = asked.order_by(Subscription.made_at.desc(), Subscription.subscription_id)
    with journal_of(home).reading() as session:
        return [_subscribed(row) for row in session.scalars(newest)]


def running(home: Home) -> list[Subscribed]:
    """Every subscription that has not ended, the oldest first."""
    asked = select(Subscription).where(Subscription.ended_at.is_(None))
    oldest = asked.order_by(Subscription.made_at, Subscription.subscription_id)
    with journal_of(home).reading() as session:
        return [_subscribed(row) for row in session.scalars(oldest)]


def keys_sent(home: Home, subscription_id: str) -> set[str]:
    """The names of everything that was sent for a subscription."""
    asked = select(Sent.key).filter_by(subscription_id=subscription_id)
    with journal_of(home).reading() as session:
        return {*session.scalars(asked.where(Sent.sent_at.is_not(None)))}


def keys_sent_there(home: Home, subscribed: Subscribed) -> set[str]:
    """The names of everything that was or is to be sent to the same person at the same address.

    What waits for a subscription that has ended is sent to nobody.
    """
    wanted = subscribed.wanted
    asked = (
        select(Sent.key)
        .join(Subscription, Sent.subscription_id == Subscription.subscription_id)
        .where(
            Subscription.subject == subscribed.subject,
            Subscription.channel == wanted.channel,
            Subscription.address == wanted.address,
            or_(Sent.sent_at.is_not(None), Subscription.ended_at.is_(None)),
        )
    )
    with journal_of(home).reading() as session:
        return {*session.scalars(asked)}


def waiting(home: Home, subscription_id: str) -> list[Waiting]:
    """What was found and has not been sent, the oldest first."""
    asked = select(Sent).filter_by(subscription_id=subscription_id).where(Sent.sent_at.is_(None))
    with journal_of(home).reading() as session:
        found = session.scalars(asked.order_by(Sent.found_at, Sent.key))
        return [Waiting(row.key, row.release_id) for row in found]


def keep_waiting(
    home: Home, subscription_id: str, keys: Iterable[str], release_id: str, at: datetime
) -> None:
    """Put down what is to be sent once that can be done; what waits already waits on."""
    with journal_of(home).writing() as session:
        for key in keys:
            if session.get(Sent, (subscription_id, key)) is None:
                session.add(
                    Sent(
                        subscription_id=subscription_id,
                        key=key,
                        release_id=release_id,
                        found_at=at,
                    )
                )


def keep_sent(home: Home, subscription_id: str, keys: Iterable[str], at: datetime) -> None:
    """Put down that what waited was sent, and so that the address takes what is sent."""
    with journal_of(home).writing() as session:
        one = session.get_one(Subscription, subscription_id)
        one.refused_since = one.refused_at = one.refused_with = None
        for key in keys:
            row = session.get_one(Sent, (subscription_id, key))
            row.sent_at = max(at, row.found_at)


def _require_sound(wanted: Wanted) -> None:
    is_alert = wanted.kind == ALERT
    if wanted.kind not in (BRIEF, ALERT) or bool(wanted.alerts) != is_alert:
        raise WrongUse("choose a brief, or what you want to be alerted to")
    if not {*wanted.alerts} <= {*ALERTS}:
        raise WrongUse(f"an alert can be about {', '.join(ALERTS)}")
    if wanted.channel not in CHANNELS:
        raise WrongUse(f"it can be sent by {', '.join(CHANNELS)}")
    if wanted.quiet is None:
        return
    begins, ends = wanted.quiet
    if begins not in HOURS or ends not in HOURS or begins == ends:
        raise WrongUse("quiet hours begin and end at two different hours from 0 to 23")


def _running(rows: Iterable[Subscription]) -> list[Subscription]:
    return [row for row in rows if row.ended_at is None]


def _row(subject: str, wanted: Wanted) -> Subscription:
    quiet_from, quiet_to = wanted.quiet or (None, None)
    return Subscription(
        subscription_id=f"subscription-{uuid.uuid4().hex[:12]}",
        subject=subject,
        kind=wanted.kind,
        alerts=",".join(wanted.alerts),
        area_id=wanted.area_id,
        metric_id=wanted.metric_id,
        channel=wanted.channel,
        address=wanted.address,
        quiet_from=quiet_from,
        quiet_to=quiet_to,
        made_at=now(),
    )


def _wanted(row: Subscription) -> Wanted:
    has_quiet = row.quiet_from is not None and row.quiet_to is not None
    return Wanted(
        row.kind,
        tuple(row.alerts.split(",")) if row.alerts else (),
        row.area_id,
        row.metric_id,
        row.channel,
        row.address,
        (row.quiet_from, row.quiet_to) if has_quiet else None,  # type: ignore[arg-type]
    )


def _subscribed(row: Subscription) -> Subscribed:
    return Subscribed(
        row.subscription_id,
        row.subject,
        _wanted(row),
        row.made_at,
        row.ended_at,
        row.ended_because,
        row.refused_at,
        row.refused_with,
    )
