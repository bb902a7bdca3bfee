"""The audit as it is looked at: by exit, with what became of each question, and checked whole."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the indexes by which entries are found, and the table of checks."""
    op.create_index("ix_audit_asked_id", "audit", ["asked_id", "kind"])
    op.create_index("ix_audit_exit", "audit", ["exit", "entry_id"])
    op.create_table(
        "audit_checks",
        sa.Column("check_id", WHOLE, nullable=False),
        sa.Column("checked_at", sa.DateTime(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("took_ms", WHOLE, nullable=False),
        sa.Column("entry_id", WHOLE, nullable=False),
        sa.Column("hash", sa.Text(), nullable=True),
        sa.Column("broken", sa.Text(), nullable=True),
        sa.CheckConstraint("entry_id >= 0", name=op.f("ck_audit_checks_entry_id")),
        sa.CheckConstraint("took_ms >= 0", name=op.f("ck_audit_checks_took_ms")),
        sa.CheckConstraint("hash is null or length(hash) = 64", name=op.f("ck_audit_checks_hash")),
        sa.CheckConstraint(
            "(hash is null) = (broken is not null)", name=op.f("ck_audit_checks_broken")
        ),
        sa.PrimaryKeyConstraint("check_id", name=op.f("pk_audit_checks")),
    )
