"""Tokens by which a person's own programs ask the HTTP API."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
ROLES = (
    "role in ('national_leader', 'regional_lead', 'local_official', 'operations', 'analyst', "
    "'data_protection_officer', 'engineer')"
)
CHECKS = {
    "token_hash": "length(token_hash) = 64",  # nosec B105: a condition of a table
    "role": ROLES,
    "name": "length(trim(name)) > 0 and length(name) <= 100",
    "uses": "length(uses) > 0",
    "ends_at": "ends_at > made_at",
    "last_used_at": "last_used_at is null or last_used_at >= made_at",
    "ended_at": "ended_at is null or ended_at >= made_at",
}


def upgrade() -> None:
    """Make the table and the index by which a person's tokens are found."""
    op.create_table(
        "tokens",
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("token_id", "token_hash", "subject", "role", "scope", "name", "uses")
        ),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("last_used_at", sa.DateTime(), nullable=True),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        *(
            sa.CheckConstraint(rule, name=op.f(f"ck_tokens_{name}"))
            for name, rule in CHECKS.items()
        ),
        sa.ForeignKeyConstraint(["subject"], ["people.subject"], name=op.f("fk_tokens_subject")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_tokens_token_hash")),
        sa.PrimaryKeyConstraint("token_id", name=op.f("pk_tokens")),
    )
    op.create_index("ix_tokens_subject", "tokens", ["subject"])
