"""Attempts, of which there may be only so many: to sign in, to take a file."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the index by which it is counted."""
    op.create_table(
        "attempts",
        sa.Column("attempt_id", WHOLE, nullable=False),
        sa.Column("limit_name", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("length(who) = 64", name=op.f("ck_attempts_who")),
        sa.PrimaryKeyConstraint("attempt_id", name=op.f("pk_attempts")),
    )
    op.create_index("ix_attempts_who", "attempts", ["limit_name", "who", "made_at"])
