"""Reports handed on, taken back and taken up again; addresses confirmed, and those that refuse."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TEXTS = {
    "problems": ("handed_to", "ended_by", "ended_why", "follows"),
    "people": ("mail",),
    "subscriptions": ("ended_because", "refused_with"),
}
TIMES = {"problems": ("handed_at",), "subscriptions": ("refused_since", "refused_at")}


def upgrade() -> None:
    """Add what no row had so far, and the table of addresses that were asked to be confirmed."""
    for kind, added in ((sa.Text, TEXTS), (sa.DateTime, TIMES)):
        for table, names in added.items():
            for name in names:
                op.add_column(table, sa.Column(name, kind(), nullable=True))
    op.create_table(
        "confirmations",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "length(trim(address)) > 0 and length(address) <= 2000",
            name=op.f("ck_confirmations_address"),
        ),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_confirmations_token_hash")),
        sa.CheckConstraint(
            "(token_hash is null) = (confirmed_at is not null)",
            name=op.f("ck_confirmations_confirmed"),
        ),
        sa.CheckConstraint("ends_at > asked_at", name=op.f("ck_confirmations_ends_at")),
        sa.ForeignKeyConstraint(
            ["subject"], ["people.subject"], name=op.f("fk_confirmations_subject")
        ),
        sa.PrimaryKeyConstraint("subject", "address", name=op.f("pk_confirmations")),
    )
