"""Questions in SQL: every run, what is kept under a name, and what is shared.

The table of saved queries that stood here from the first had no way in, so nothing is lost with it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
WRITTEN = (
    "query_id, subject, name, sql, parameters, as_of, asked_at, release_id, rows, seconds, outcome"
)
FORBIDDEN = (
    ("queries_never_deleted", "delete on queries", "a query is ended, never deleted"),
    ("queries_never_rewritten", f"update of {WRITTEN} on queries", "a query is never rewritten"),
)
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the table, the index by which a person's own are found, and what keeps it as it is."""
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
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in map(_sqlite if is_sqlite else _postgresql, *zip(*FORBIDDEN, strict=True)):
        op.execute(trigger)


def _sqlite(name: str, when: str, why: str) -> str:
    return f"create trigger {name} before {when} begin select raise(abort, '{why}'); end"


def _postgresql(name: str, when: str, why: str) -> str:
    return (
        f"create function {name}() returns trigger language plpgsql as $$ begin "
        f"raise exception '{why}'; end $$; "
        f"create trigger {name} before {when} for each row execute function {name}()"
    )


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
