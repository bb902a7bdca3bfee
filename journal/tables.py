"""The journal's tables, one definition for SQLite and PostgreSQL; all times are naive UTC.

Each is made by a step in `journal/migrations`; a test holds the steps and these classes together.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from store.viewer import ROLES

LONGEST_TEXT = 2000
# What may be wrong with a figure, and what may have become of a report of it.
PROBLEM_KINDS = (
    *("too_high", "too_low", "missing", "counted_twice"),
    *("other_place", "other_day", "other_definition", "something_else"),
)
PROBLEM_STATES = ("reported", "taken_up", "accepted", "rejected", "corrected", "ended")
# What may have become of a question in SQL.
QUERY_OUTCOMES = ("given", "refused", "stopped", "too_long", "not_answered")
# In SQLite only this name makes a column that counts the rows themselves.
WHOLE = BigInteger().with_variant(Integer(), "sqlite")
NAMING = {
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
}


class Table(DeclarativeBase):
    """What every table has in common."""

    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text(),
        int: WHOLE,
        float: Float(),
        datetime: DateTime(),
    }


Table.metadata.naming_convention = NAMING


def one_of(column: str, names: tuple[str, ...]) -> str:
    """The condition that a column holds one of these names."""
    listed = ", ".join(f"'{name}'" for name in names)
    return f"{column} in ({listed})"


def filled(column: str, longest: int = LONGEST_TEXT) -> str:
    """The condition that a text says something, and no more than a page of it."""
    return f"length(trim({column})) > 0 and length({column}) <= {longest}"


def together(*columns: str) -> str:
    """The condition that these columns are all empty or all filled."""
    return " and ".join(f"({columns[0]} is null) = ({column} is null)" for column in columns[1:])


class AboutFigure:
    """The figure that a row is about: its cell, and the release in which somebody saw it.

    `as_of` is the past moment at which they looked; empty where they saw what the release shows.
    """

    metric_id: Mapped[str]
    area_id: Mapped[str]
    stratum_id: Mapped[str]
    event_date: Mapped[date]
    as_of: Mapped[datetime | None]
    release_id: Mapped[str]


class Person(Table):
    """Somebody who may sign in. `subject` is the name by which the provider knows them.

    `mail` is the address that the provider vouched for when they last signed in.
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint(one_of("role", ROLES), "role"),
        CheckConstraint(one_of("state", ("active", "suspended", "ended")), "state"),
        CheckConstraint(filled("subject", 255), "subject"),
        CheckConstraint(filled("scope", 12), "scope"),
        CheckConstraint("changed_at >= created_at", "changed_at"),
    )

    subject: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    role: Mapped[str]
    scope: Mapped[str]
    state: Mapped[str]
    password_hash: Mapped[str | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    mail: Mapped[str | None]


class SignedIn(Table):
    """One session of a person, with the role and scope that held when they signed in.

    The token itself is never kept: `token_hash` is its SHA-256 in hexadecimal.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", "token_hash"),
        CheckConstraint(one_of("role", ROLES), "role"),
        CheckConstraint("ends_at > created_at", "ends_at"),
        CheckConstraint("last_seen_at >= created_at", "last_seen_at"),
        CheckConstraint("revoked_at is null or revoked_at >= created_at", "revoked_at"),
    )

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(ForeignKey("people.subject"), index=True)
    role: Mapped[str]
    scope: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Token(Table):
    """A token of a person for their own programs, on the role and scope that held when it was made.

    The token itself is never kept: `token_hash` is its SHA-256 in hexadecimal. `uses` are the names
    of what it may do, with a comma between them.
    """

    __tablename__ = "tokens"
    __table_args__ = (
        CheckConstraint("length(token_hash) = 64", "token_hash"),
        CheckConstraint(one_of("role", ROLES), "role"),
        CheckConstraint(filled("name", 100), "name"),
        CheckConstraint("length(uses) > 0", "uses"),
        CheckConstraint("ends_at > made_at", "ends_at"),
        CheckConstraint("last_used_at is null or last_used_at >= made_at", "last_used_at"),
        CheckConstraint("ended_at is null or ended_at >= made_at", "ended_at"),
        UniqueConstraint("token_hash"),
    )

    token_id: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str]
    subject: Mapped[str] = mapped_column(ForeignKey("people.subject"), index=True)
    role: Mapped[str]
    scope: Mapped[str]
    name: Mapped[str]
    uses: Mapped[str]
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Attempt(Table):
    """That somebody tried something of which there may be too much; `who` is a hash."""

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint("length(who) = 64", "who"),
        Index("ix_attempts_who", "limit_name", "who", "made_at"),
    )

    attempt_id: Mapped[int] = mapped_column(primary_key=True)
    limit_name: Mapped[str]
    who: Mapped[str]
    made_at: Mapped[datetime]


class Note(AboutFigure, Table):
    """What somebody wrote on a figure; never changed, at most withdrawn."""

    __tablename__ = "notes"
    __table_args__ = (
        CheckConstraint(filled("author", 255), "author"),
        CheckConstraint(filled("text"), "text"),
        CheckConstraint(together("withdrawn_at", "withdrawn_by"), "withdrawn"),
        CheckConstraint("withdrawn_at is null or withdrawn_at >= written_at", "withdrawn_at"),
        Index("ix_notes_figure", "metric_id", "area_id", "stratum_id", "event_date"),
    )

    note_id: Mapped[str] = mapped_column(primary_key=True)
    author: Mapped[str]
    text: Mapped[str]
    written_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]


class Action(AboutFigure, Table):
    """What somebody is to do about a figure, by when, and that it was done."""

    __tablename__ = "actions"
    __table_args__ = (
        CheckConstraint(filled("text"), "text"),
        CheckConstraint(filled("owner", 255), "owner"),
        CheckConstraint(together("done_at", "done_by"), "done"),
        CheckConstraint("done_at is null or done_at >= opened_at", "done_at"),
        Index("ix_actions_open", "done_at", "due_at"),
    )

    action_id: Mapped[str] = mapped_column(primary_key=True)
    note_id: Mapped[str | None] = mapped_column(ForeignKey("notes.note_id"))
    text: Mapped[str]
    owner: Mapped[str]
    due_at: Mapped[datetime]
    opened_by: Mapped[str]
    opened_at: Mapped[datetime]
    done_by: Mapped[str | None]
    done_at: Mapped[datetime | None]


class Problem(AboutFigure, Table):
    """A figure that somebody reported as wrong, and what came of it.

    `guard_value` is what `guard_source_id` said of the figure when the report was accepted.
    `handed_to` is who looks into it since `handed_at`, in place of whoever took it up. A report
    that `follows` another is that report, taken up again after it was closed.
    """

    __tablename__ = "problems"
    __table_args__ = (
        CheckConstraint(one_of("kind", PROBLEM_KINDS), "kind"),
        CheckConstraint(one_of("state", PROBLEM_STATES), "state"),
        CheckConstraint(filled("wrong"), "wrong"),
        CheckConstraint(filled("reporter", 255), "reporter"),
        CheckConstraint(together("taken_up_at", "taken_up_by"), "taken_up"),
        CheckConstraint(together("decided_at", "decided_by", "reason"), "decided"),
        CheckConstraint(together("value", "expires_on", "guard_source_id"), "correction"),
        CheckConstraint(together("ended_at", "ended_because"), "ended"),
        CheckConstraint(
            "(state in ('reported', 'taken_up')) = (decided_at is null)", "decided_state"
        ),
        CheckConstraint(
            "(state in ('accepted', 'corrected', 'ended')) = (value is not null)", "value_state"
        ),
        CheckConstraint("state <> 'corrected' or corrected_at is not null", "corrected_state"),
        CheckConstraint("(state = 'ended') = (ended_at is not null)", "ended_state"),
        CheckConstraint("decided_at is null or decided_at >= reported_at", "decided_at"),
        Index("ix_problems_state", "state"),
        Index("ix_problems_reporter", "reporter", "reported_at"),
        Index("ix_problems_figure", "metric_id", "area_id", "stratum_id", "event_date"),
    )

    problem_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    wrong: Mapped[str]
    expected: Mapped[str | None]
    evidence: Mapped[str | None]
    contact: Mapped[str | None]
    reporter: Mapped[str]
    reported_by: Mapped[str]
    reported_at: Mapped[datetime]
    state: Mapped[str]
    taken_up_by: Mapped[str | None]
    taken_up_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    value: Mapped[float | None]
    expires_on: Mapped[date | None]
    guard_source_id: Mapped[str | None]
    guard_value: Mapped[float | None]
    corrected_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None]
    handed_to: Mapped[str | None]
    handed_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
    ended_why: Mapped[str | None]
    follows: Mapped[str | None]


class Decided(Table):
    """A person's word on a cell or a held file, in the columns of `store.decisions`."""

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("cell", "let_go")), "kind"),
        CheckConstraint(filled("reason"), "reason"),
        CheckConstraint(filled("person", 255), "person"),
        CheckConstraint(together("metric_id", "area_id", "stratum_id", "event_date"), "cell"),
        CheckConstraint("(kind = 'cell') = (metric_id is not null)", "cell_kind"),
        CheckConstraint("(kind = 'let_go') = (breaker_id is not null)", "breaker_kind"),
    )

    decision_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    source_id: Mapped[str]
    reason: Mapped[str]
    person: Mapped[str]
    decided_at: Mapped[datetime]
    metric_id: Mapped[str | None]
    area_id: Mapped[str | None]
    stratum_id: Mapped[str | None]
    event_date: Mapped[date | None]
    breaker_id: Mapped[str | None]
    file_sha256: Mapped[str | None]


class Standup(Table):
    """A stand-up of one scope: what it looked at from its start on, for all who look."""

    __tablename__ = "standups"
    __table_args__ = (
        CheckConstraint(filled("scope", 12), "scope"),
        CheckConstraint(filled("started_by", 255), "started_by"),
        CheckConstraint(together("ended_at", "ended_by"), "ended"),
        CheckConstraint("ended_at is null or ended_at >= started_at", "ended_at"),
        Index("ix_standups_scope", "scope", "started_at"),
    )

    standup_id: Mapped[str] = mapped_column(primary_key=True)
    scope: Mapped[str]
    release_id: Mapped[str]
    started_by: Mapped[str]
    started_at: Mapped[datetime]
    ended_by: Mapped[str | None]
    ended_at: Mapped[datetime | None]


class Subscription(Table):
    """What somebody wants to be sent, where to, and when not; never deleted, at most ended.

    `alerts` are the names of what an alert may be about, with a comma between them; empty for a
    brief. Without a metric it is about every headline. No mail leaves from the hour `quiet_from`
    until the hour `quiet_to`, both UTC. `refused_since` is when the address first refused for good
    what is sent there, `refused_at` when it last did; both are empty once it takes something.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("brief", "alert")), "kind"),
        CheckConstraint("(kind = 'alert') = (length(alerts) > 0)", "alerts"),
        CheckConstraint(filled("area_id", 12), "area_id"),
        CheckConstraint(one_of("channel", ("mail", "slack", "teams")), "channel"),
        CheckConstraint(filled("address"), "address"),
        CheckConstraint(together("quiet_from", "quiet_to"), "quiet"),
        CheckConstraint("quiet_from between 0 and 23", "quiet_from"),
        CheckConstraint("quiet_to between 0 and 23 and quiet_to <> quiet_from", "quiet_to"),
        CheckConstraint("ended_at is null or ended_at >= made_at", "ended_at"),
    )

    subscription_id: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(ForeignKey("people.subject"), index=True)
    kind: Mapped[str]
    alerts: Mapped[str]
    area_id: Mapped[str]
    metric_id: Mapped[str | None]
    channel: Mapped[str]
    address: Mapped[str]
    quiet_from: Mapped[int | None]
    quiet_to: Mapped[int | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_because: Mapped[str | None]
    refused_since: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    refused_with: Mapped[str | None]


class Confirmation(Table):
    """An address that somebody gave for their mail, and whether it was shown to be theirs.

    The token of the link is never kept: `token_hash` is its SHA-256, and is gone once it was used.
    """

    __tablename__ = "confirmations"
    __table_args__ = (
        CheckConstraint(filled("address"), "address"),
        CheckConstraint("length(token_hash) = 64", "token_hash"),
        CheckConstraint("(token_hash is null) = (confirmed_at is not null)", "confirmed"),
        CheckConstraint("ends_at > asked_at", "ends_at"),
    )

    subject: Mapped[str] = mapped_column(ForeignKey("people.subject"), primary_key=True)
    address: Mapped[str] = mapped_column(primary_key=True)
    token_hash: Mapped[str | None]
    asked_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]


class Sent(Table):
    """What a subscription was to be told once, found in which release; `sent_at` when it was.

    `key` names it, so that it is not sent twice; what waits or failed has no `sent_at` yet.
    """

    __tablename__ = "sent"
    __table_args__ = (
        CheckConstraint(filled("key"), "key"),
        CheckConstraint("sent_at is null or sent_at >= found_at", "sent_at"),
    )

    subscription_id: Mapped[str] = mapped_column(
        ForeignKey("subscriptions.subscription_id"), primary_key=True
    )
    key: Mapped[str] = mapped_column(primary_key=True)
    release_id: Mapped[str]
    found_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]


class KeptQuery(Table):
    """A question in SQL: one that was run, or one that its author keeps under a name.

    A run says what became of it (`outcome`) and is never changed, but for being shared; what has a
    name was not run under it. `shared_at` lets whoever may open the workspace open it by its id, at
    their own scope; `ended_at` takes it out of everybody's sight.
    """

    __tablename__ = "queries"
    __table_args__ = (
        CheckConstraint(filled("sql", 20_000), "sql"),
        CheckConstraint(filled("name", 200), "name"),
        CheckConstraint("(name is null) = (outcome is not null)", "kind"),
        CheckConstraint(one_of("outcome", QUERY_OUTCOMES), "outcome"),
        CheckConstraint("(outcome = 'given') = (rows is not null)", "given"),
        CheckConstraint("rows is null or rows >= 0", "rows"),
        CheckConstraint("seconds is null or seconds >= 0", "seconds"),
        CheckConstraint("shared_at is null or shared_at >= asked_at", "shared_at"),
        CheckConstraint("ended_at is null or ended_at >= asked_at", "ended_at"),
        Index("ix_queries_subject", "subject", "asked_at"),
    )

    query_id: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(ForeignKey("people.subject"))
    name: Mapped[str | None]
    sql: Mapped[str]
    parameters: Mapped[str]
    as_of: Mapped[datetime | None]
    asked_at: Mapped[datetime]
    release_id: Mapped[str | None]
    rows: Mapped[int | None]
    seconds: Mapped[float | None]
    outcome: Mapped[str | None]
    shared_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class AuditEntry(Table):
    """One line of the audit: somebody asked, or what became of it (`asked_id` is the question).

    The time, the areas and the metrics are text, so that what is hashed is what is stored.
    """

    __tablename__ = "audit"
    __table_args__ = (
        CheckConstraint("entry_id > 0", "entry_id"),
        CheckConstraint(one_of("kind", ("asked", "given", "refused")), "kind"),
        CheckConstraint("(kind = 'asked') = (asked_id is null)", "asked_id"),
        CheckConstraint("asked_id < entry_id", "asked_before"),
        CheckConstraint("rows is null or rows >= 0", "rows"),
        CheckConstraint("length(previous_hash) = 64", "previous_hash"),
        CheckConstraint("length(hash) = 64", "hash"),
        Index("ix_audit_person", "person", "written_at"),
        Index("ix_audit_written_at", "written_at"),
        Index("ix_audit_asked_id", "asked_id", "kind"),
        Index("ix_audit_exit", "exit", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str]
    asked_id: Mapped[int | None] = mapped_column(ForeignKey("audit.entry_id"))
    written_at: Mapped[str]
    person: Mapped[str]
    role: Mapped[str]
    scope: Mapped[str]
    purpose: Mapped[str]
    exit: Mapped[str]
    question: Mapped[str]
    areas: Mapped[str]
    metrics: Mapped[str]
    rows: Mapped[int | None]
    release_id: Mapped[str | None]
    as_of: Mapped[str | None]
    outcome: Mapped[str | None]
    previous_hash: Mapped[str]
    hash: Mapped[str]


class AuditCheck(Table):
    """That the audit was read whole: up to which entry, how long it took, and what was found."""

    __tablename__ = "audit_checks"
    __table_args__ = (
        CheckConstraint("entry_id >= 0", "entry_id"),
        CheckConstraint("took_ms >= 0", "took_ms"),
        CheckConstraint("hash is null or length(hash) = 64", "hash"),
        CheckConstraint("(hash is null) = (broken is not null)", "broken"),
    )

    check_id: Mapped[int] = mapped_column(primary_key=True)
    checked_at: Mapped[datetime]
    person: Mapped[str]
    took_ms: Mapped[int]
    entry_id: Mapped[int]
    hash: Mapped[str | None]
    broken: Mapped[str | None]
