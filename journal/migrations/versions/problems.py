"""Reported problems as they are worked on: who took one up, what was accepted, and how it ended.

The table of the first journal had no such columns, and no program ever wrote to it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

CONDITIONS = {
    "kind": "kind in ('too_high', 'too_low', 'missing', 'counted_twice', 'other_place', "
    "'other_day', 'other_definition', 'something_else')",
    "state": "state in ('reported', 'taken_up', 'accepted', 'rejected', 'corrected', 'ended')",
    "wrong": "length(trim(wrong)) > 0 and length(wrong) <= 2000",
    "reporter": "length(trim(reporter)) > 0 and length(reporter) <= 255",
    "taken_up": "(taken_up_at is null) = (taken_up_by is null)",
    "decided": "(decided_at is null) = (decided_by is null) "
    "and (decided_at is null) = (reason is null)",
    "correction": "(value is null) = (expires_on is null) "
    "and (value is null) = (guard_source_id is null)",
    "ended": "(ended_at is null) = (ended_because is null)",
    "decided_state": "(state in ('reported', 'taken_up')) = (decided_at is null)",
    "value_state": "(state in ('accepted', 'corrected', 'ended')) = (value is not null)",
    "corrected_state": "state <> 'corrected' or corrected_at is not null",
    "ended_state": "(state = 'ended') = (ended_at is not null)",
    "decided_at": "decided_at is null or decided_at >= reported_at",
}


def upgrade() -> None:
    """Make the table anew, with the indexes by which a state, a reporter and a figure are found."""
    op.drop_index("ix_problems_state", "problems")
    op.drop_table("problems")
    op.create_table(
        "problems",
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("contact", sa.Text(), nullable=True),
        sa.Column("reporter", sa.Text(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("taken_up_by", sa.Text(), nullable=True),
        sa.Column("taken_up_at", sa.DateTime(), nullable=True),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("value", sa.Float(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("guard_source_id", sa.Text(), nullable=True),
        sa.Column("guard_value", sa.Float(), nullable=True),
        sa.Column("corrected_at", sa.DateTime(), nullable=True),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_because", sa.Text(), nullable=True),
        sa.Column("metric_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("stratum_id", sa.Text(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("release_id", sa.Text(), nullable=False),
        *(
            sa.CheckConstraint(condition, name=op.f(f"ck_problems_{name}"))
            for name, condition in CONDITIONS.items()
        ),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_problems")),
    )
    op.create_index("ix_problems_state", "problems", ["state"])
    op.create_index("ix_problems_reporter", "problems", ["reporter", "reported_at"])
    op.create_index(
        "ix_problems_figure", "problems", ["metric_id", "area_id", "stratum_id", "event_date"]
    )
