"""Stand-ups: which release everybody of a scope looked at, from when until when."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table and the index by which the last one of a scope is found."""
    op.create_table(
        "standups",
        sa.Column("standup_id", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.Column("started_by", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "length(trim(scope)) > 0 and length(scope) <= 12", name=op.f("ck_standups_scope")
        ),
        sa.CheckConstraint(
            "length(trim(started_by)) > 0 and length(started_by) <= 255",
            name=op.f("ck_standups_started_by"),
        ),
        sa.CheckConstraint(
            "(ended_at is null) = (ended_by is null)", name=op.f("ck_standups_ended")
        ),
        sa.CheckConstraint(
            "ended_at is null or ended_at >= started_at", name=op.f("ck_standups_ended_at")
        ),
        sa.PrimaryKeyConstraint("standup_id", name=op.f("pk_standups")),
    )
    op.create_index("ix_standups_scope", "standups", ["scope", "started_at"])
