"""Questions in SQL: every run, what is kept under a name, and what is shared.

The table of saved queries that stood here from the first had no way in, so nothing is lost with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table and the index by which a person's own queries are found."""
    op.drop_table("saved_queries")
    op.create_table(
        "queries",
        sa.Column("query_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("sql", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("release_id", sa.Text(), nullable=True),
        sa.Column("rows", WHOLE, nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("shared_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        *_checks(),
        sa.ForeignKeyConstraint(["subject"], ["people.subject"], name=op.f("fk_queries_subject")),
        sa.PrimaryKeyConstraint("query_id", name=op.f("pk_queries")),
    )
    op.create_index("ix_queries_subject", "queries", ["subject", "asked_at"])


def _checks() -> list[sa.CheckConstraint]:
    outcomes = "'given', 'refused', 'stopped', 'too_long', 'not_answered'"
    rules = {
        "sql": "length(trim(sql)) > 0 and length(sql) <= 20000",
        "name": "length(trim(name)) > 0 and length(name) <= 200",
        "kind": "(name is null) = (outcome is not null)",
        "outcome": f"outcome in ({outcomes})",
        "given": "(outcome = 'given') = (rows is not null)",
        "rows": "rows is null or rows >= 0",
        "seconds": "seconds is null or seconds >= 0",
        "shared_at": "shared_at is null or shared_at >= asked_at",
        "ended_at": "ended_at is null or ended_at >= asked_at",
    }
    return [
        sa.CheckConstraint(rule, name=op.f(f"ck_queries_{name}")) for name, rule in rules.items()
    ]
