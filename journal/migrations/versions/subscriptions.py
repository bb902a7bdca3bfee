"""Subscriptions: what people want to be sent, and what was sent of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the two tables, and the index by which a person's own subscriptions are found."""
    _subscriptions()
    _sent()


def _subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("alerts", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("metric_id", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("quiet_from", WHOLE, nullable=True),
        sa.Column("quiet_to", WHOLE, nullable=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind in ('brief', 'alert')", name=op.f("ck_subscriptions_kind")),
        sa.CheckConstraint(
            "(kind = 'alert') = (length(alerts) > 0)", name=op.f("ck_subscriptions_alerts")
        ),
        sa.CheckConstraint(
            "length(trim(area_id)) > 0 and length(area_id) <= 12",
            name=op.f("ck_subscriptions_area_id"),
        ),
        sa.CheckConstraint(
            "channel in ('mail', 'slack', 'teams')", name=op.f("ck_subscriptions_channel")
        ),
        sa.CheckConstraint(
            "length(trim(address)) > 0 and length(address) <= 2000",
            name=op.f("ck_subscriptions_address"),
        ),
        sa.CheckConstraint(
            "(quiet_from is null) = (quiet_to is null)", name=op.f("ck_subscriptions_quiet")
        ),
        sa.CheckConstraint("quiet_from between 0 and 23", name=op.f("ck_subscriptions_quiet_from")),
        sa.CheckConstraint(
            "quiet_to between 0 and 23 and quiet_to <> quiet_from",
            name=op.f("ck_subscriptions_quiet_to"),
        ),
        sa.CheckConstraint(
            "ended_at is null or ended_at >= made_at", name=op.f("ck_subscriptions_ended_at")
        ),
        sa.ForeignKeyConstraint(
            ["subject"], ["people.subject"], name=op.f("fk_subscriptions_subject")
        ),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("pk_subscriptions")),
    )
    op.create_index("ix_subscriptions_subject", "subscriptions", ["subject"])


def _sent() -> None:
    op.create_table(
        "sent",
        sa.Column("subscription_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "length(trim(key)) > 0 and length(key) <= 2000", name=op.f("ck_sent_key")
        ),
        sa.CheckConstraint("sent_at is null or sent_at >= found_at", name=op.f("ck_sent_sent_at")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["subscriptions.subscription_id"],
            name=op.f("fk_sent_subscription_id"),
        ),
        sa.PrimaryKeyConstraint("subscription_id", "key", name=op.f("pk_sent")),
    )
