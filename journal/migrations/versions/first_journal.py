"""The first journal: people, sessions, notes, actions, problems, decisions, queries, audit.

Triggers hold what no program has to be trusted with: a note is never rewritten, and a line of the
audit is never changed, taken away, or put anywhere but at the end.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
WHOLE = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
# What may change in a note is that it is withdrawn, once.
WRITTEN = (
    "note_id, metric_id, area_id, stratum_id, event_date, as_of, release_id, author, text, "
    "written_at"
)

IS_A_ROLE = (
    "role in ('national_leader', 'regional_lead', 'local_official', 'operations', 'analyst', "
    "'data_protection_officer', 'engineer')"
)
REWRITTEN = "a note is never rewritten: withdraw it and write another"
MISPLACED = "a line of the audit goes to its end, with the hash of the line before"
AT_THE_END = (
    "new.entry_id = (select coalesce(max(entry_id), 0) + 1 from audit) and new.previous_hash = "
    "coalesce((select hash from audit order by entry_id desc limit 1), new.previous_hash)"
)


def upgrade() -> None:
    """Make every table, then the triggers of the engine at hand."""
    for make in (
        _people,
        _sessions,
        _notes,
        _actions,
        _problems,
        _decisions,
        _saved_queries,
        _audit,
    ):
        make()
    triggers = _sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()
    for trigger in triggers:
        op.execute(trigger)


def _sqlite() -> list[str]:
    def forbid(name: str, when: str, why: str, condition: str = "true") -> str:
        return (
            f"create trigger {name} before {when} when {condition} "
            f"begin select raise(abort, '{why}'); end"
        )

    return [
        forbid("audit_never_changed", "update on audit", "the audit is never changed"),
        forbid("audit_never_deleted", "delete on audit", "nothing is taken from the audit"),
        # An insert that replaces a row fires no trigger on the row that it replaces.
        forbid("audit_only_at_the_end", "insert on audit", MISPLACED, f"not ({AT_THE_END})"),
        forbid("notes_never_deleted", "delete on notes", "a note is withdrawn, never deleted"),
        forbid("notes_never_rewritten", f"update of {WRITTEN} on notes", REWRITTEN),
        forbid(
            *("notes_withdrawn_once", "update on notes", "this note was withdrawn before"),
            "old.withdrawn_at is not null",
        ),
        forbid(
            *("notes_never_replaced", "insert on notes", REWRITTEN),
            "exists (select 1 from notes where note_id = new.note_id)",
        ),
    ]


def _postgresql() -> list[str]:
    def forbid(name: str, when: str, why: str, condition: str = "true", each: str = "row") -> str:
        return (
            f"create function {name}() returns trigger language plpgsql as $$ begin "
            f"if {condition} then raise exception '{why}'; end if; return new; end $$; "
            f"create trigger {name} before {when} for each {each} execute function {name}()"
        )

    return [
        forbid("audit_never_changed", "update on audit", "the audit is never changed"),
        forbid("audit_never_deleted", "delete on audit", "nothing is taken from the audit"),
        forbid(
            *("audit_never_emptied", "truncate on audit", "nothing is taken from the audit"),
            each="statement",
        ),
        forbid("audit_only_at_the_end", "insert on audit", MISPLACED, f"not ({AT_THE_END})"),
        forbid("notes_never_deleted", "delete on notes", "a note is withdrawn, never deleted"),
        forbid(
            *("notes_never_emptied", "truncate on notes", "a note is withdrawn, never deleted"),
            each="statement",
        ),
        forbid("notes_never_rewritten", f"update of {WRITTEN} on notes", REWRITTEN),
        forbid(
            *("notes_withdrawn_once", "update on notes", "this note was withdrawn before"),
            "old.withdrawn_at is not null",
        ),
    ]


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            IS_A_ROLE,
            name=op.f("ck_people_role"),
        ),
        sa.CheckConstraint(
            "state in ('active', 'suspended', 'ended')", name=op.f("ck_people_state")
        ),
        sa.CheckConstraint("changed_at >= created_at", name=op.f("ck_people_changed_at")),
        sa.CheckConstraint(
            "length(trim(scope)) > 0 and length(scope) <= 12", name=op.f("ck_people_scope")
        ),
        sa.CheckConstraint(
            "length(trim(subject)) > 0 and length(subject) <= 255", name=op.f("ck_people_subject")
        ),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_people")),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(), nullable=False),
        sa.Column("ends_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            IS_A_ROLE,
            name=op.f("ck_sessions_role"),
        ),
        sa.CheckConstraint("ends_at > created_at", name=op.f("ck_sessions_ends_at")),
        sa.CheckConstraint("last_seen_at >= created_at", name=op.f("ck_sessions_last_seen_at")),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_sessions_token_hash")),
        sa.CheckConstraint(
            "revoked_at is null or revoked_at >= created_at", name=op.f("ck_sessions_revoked_at")
        ),
        sa.ForeignKeyConstraint(["subject"], ["people.subject"], name=op.f("fk_sessions_subject")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sessions")),
    )
    op.create_index(op.f("ix_sessions_subject"), "sessions", ["subject"], unique=False)


def _notes() -> None:
    op.create_table(
        "notes",
        sa.Column("note_id", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_by", sa.Text(), nullable=True),
        sa.Column("metric_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("stratum_id", sa.Text(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(withdrawn_at is null) = (withdrawn_by is null)", name=op.f("ck_notes_withdrawn")
        ),
        sa.CheckConstraint(
            "length(trim(author)) > 0 and length(author) <= 255", name=op.f("ck_notes_author")
        ),
        sa.CheckConstraint(
            "length(trim(text)) > 0 and length(text) <= 2000", name=op.f("ck_notes_text")
        ),
        sa.CheckConstraint(
            "withdrawn_at is null or withdrawn_at >= written_at", name=op.f("ck_notes_withdrawn_at")
        ),
        sa.PrimaryKeyConstraint("note_id", name=op.f("pk_notes")),
    )
    op.create_index(
        "ix_notes_figure",
        "notes",
        ["metric_id", "area_id", "stratum_id", "event_date"],
        unique=False,
    )


def _actions() -> None:
    op.create_table(
        "actions",
        sa.Column("action_id", sa.Text(), nullable=False),
        sa.Column("note_id", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("opened_by", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("metric_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("stratum_id", sa.Text(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.CheckConstraint("(done_at is null) = (done_by is null)", name=op.f("ck_actions_done")),
        sa.CheckConstraint(
            "done_at is null or done_at >= opened_at", name=op.f("ck_actions_done_at")
        ),
        sa.CheckConstraint(
            "length(trim(owner)) > 0 and length(owner) <= 255", name=op.f("ck_actions_owner")
        ),
        sa.CheckConstraint(
            "length(trim(text)) > 0 and length(text) <= 2000", name=op.f("ck_actions_text")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["notes.note_id"], name=op.f("fk_actions_note_id")),
        sa.PrimaryKeyConstraint("action_id", name=op.f("pk_actions")),
    )
    op.create_index("ix_actions_open", "actions", ["done_at", "due_at"], unique=False)


def _problems() -> None:
    op.create_table(
        "problems",
        sa.Column("problem_id", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Text(), nullable=False),
        sa.Column("expected", sa.Text(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=True),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("metric_id", sa.Text(), nullable=False),
        sa.Column("area_id", sa.Text(), nullable=False),
        sa.Column("stratum_id", sa.Text(), nullable=False),
        sa.Column("event_date", sa.Date(), nullable=False),
        sa.Column("as_of", sa.DateTime(), nullable=True),
        sa.Column("release_id", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state in ('accepted', 'rejected')) = (decided_at is not null)",
            name=op.f("ck_problems_decided_state"),
        ),
        sa.CheckConstraint(
            "state in ('reported', 'taken_up', 'accepted', 'rejected')",
            name=op.f("ck_problems_state"),
        ),
        sa.CheckConstraint(
            "(decided_at is null) = (decided_by is null) "
            "and (decided_at is null) = (reason is null)",
            name=op.f("ck_problems_decided"),
        ),
        sa.CheckConstraint(
            "length(trim(wrong)) > 0 and length(wrong) <= 2000", name=op.f("ck_problems_wrong")
        ),
        sa.PrimaryKeyConstraint("problem_id", name=op.f("pk_problems")),
    )
    op.create_index("ix_problems_state", "problems", ["state"], unique=False)


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("metric_id", sa.Text(), nullable=True),
        sa.Column("area_id", sa.Text(), nullable=True),
        sa.Column("stratum_id", sa.Text(), nullable=True),
        sa.Column("event_date", sa.Date(), nullable=True),
        sa.Column("breaker_id", sa.Text(), nullable=True),
        sa.Column("file_sha256", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(kind = 'cell') = (metric_id is not null)", name=op.f("ck_decisions_cell_kind")
        ),
        sa.CheckConstraint(
            "(kind = 'let_go') = (breaker_id is not null)", name=op.f("ck_decisions_breaker_kind")
        ),
        sa.CheckConstraint("kind in ('cell', 'let_go')", name=op.f("ck_decisions_kind")),
        sa.CheckConstraint(
            "(metric_id is null) = (area_id is null) "
            "and (metric_id is null) = (stratum_id is null) "
            "and (metric_id is null) = (event_date is null)",
            name=op.f("ck_decisions_cell"),
        ),
        sa.CheckConstraint(
            "length(trim(person)) > 0 and length(person) <= 255", name=op.f("ck_decisions_person")
        ),
        sa.CheckConstraint(
            "length(trim(reason)) > 0 and length(reason) <= 2000", name=op.f("ck_decisions_reason")
        ),
        sa.PrimaryKeyConstraint("decision_id", name=op.f("pk_decisions")),
    )


def _saved_queries() -> None:
    op.create_table(
        "saved_queries",
        sa.Column("query_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("changed_at >= created_at", name=op.f("ck_saved_queries_changed_at")),
        sa.CheckConstraint(
            "length(trim(name)) > 0 and length(name) <= 200", name=op.f("ck_saved_queries_name")
        ),
        sa.CheckConstraint(
            "length(trim(question)) > 0 and length(question) <= 20000",
            name=op.f("ck_saved_queries_question"),
        ),
        sa.PrimaryKeyConstraint("query_id", name=op.f("pk_saved_queries")),
        sa.UniqueConstraint("owner", "name", name=op.f("uq_saved_queries_owner")),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("entry_id", WHOLE, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("asked_id", WHOLE, nullable=True),
        sa.Column("written_at", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("exit", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("areas", sa.Text(), nullable=False),
        sa.Column("metrics", sa.Text(), nullable=False),
        sa.Column("rows", WHOLE, nullable=True),
        sa.Column("release_id", sa.Text(), nullable=True),
        sa.Column("as_of", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.CheckConstraint("(kind = 'asked') = (asked_id is null)", name=op.f("ck_audit_asked_id")),
        sa.CheckConstraint("kind in ('asked', 'given', 'refused')", name=op.f("ck_audit_kind")),
        sa.CheckConstraint("asked_id < entry_id", name=op.f("ck_audit_asked_before")),
        sa.CheckConstraint("entry_id > 0", name=op.f("ck_audit_entry_id")),
        sa.CheckConstraint("length(hash) = 64", name=op.f("ck_audit_hash")),
        sa.CheckConstraint("length(previous_hash) = 64", name=op.f("ck_audit_previous_hash")),
        sa.CheckConstraint("rows is null or rows >= 0", name=op.f("ck_audit_rows")),
        sa.ForeignKeyConstraint(["asked_id"], ["audit.entry_id"], name=op.f("fk_audit_asked_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_person", "audit", ["person", "written_at"], unique=False)
    op.create_index("ix_audit_written_at", "audit", ["written_at"], unique=False)
