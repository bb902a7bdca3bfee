"""The tables as they are made by the steps, and what they refuse whoever writes to them."""

import stat
from datetime import date, datetime, timedelta

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, text

from journal import standups
from journal.engine import JournalUnavailable, _engine, address, journal_of
from journal.migrating import HEAD, configuration
from journal.tables import Action, KeptQuery, Note, Person, Problem, SignedIn, Table, Token
from store.errors import TrigpointError, WrongUse
from store.paths import Home

THEN = datetime(2026, 11, 23, 9, 30)
CELL = {
    "metric_id": "cases_by_specimen_date",
    "area_id": "E92000001",
    "stratum_id": "all",
    "event_date": date(2020, 7, 1),
    "as_of": THEN,
    "release_id": "20261123-052259-128",
}
PERSON = Person(
    subject="local|amina",
    name="Amina",
    role="analyst",
    scope="E92000001",
    state="active",
    created_at=THEN,
    changed_at=THEN,
)


def person(**changes):
    columns = {c.name: getattr(PERSON, c.name) for c in Person.__table__.columns}
    return Person(**(columns | changes))


def session(**changes):
    columns = {
        "token_hash": "a" * 64,
        "subject": "local|amina",
        "role": "analyst",
        "scope": "E92000001",
        "created_at": THEN,
        "last_seen_at": THEN,
        "ends_at": THEN + timedelta(hours=8),
    }
    return SignedIn(**(columns | changes))


def token(**changes):
    columns = {"token_id": "token-1", "token_hash": "b" * 64, "subject": "local|amina"}
    columns |= {"role": "analyst", "scope": "E92000001", "name": "Weekly report", "uses": "read"}
    return Token(**(columns | {"made_at": THEN, "ends_at": THEN + timedelta(days=30)} | changes))


def note(**changes):
    columns = {"note_id": "note-1", "author": "Amina", "text": "Two trusts are late."}
    return Note(**(CELL | columns | {"written_at": THEN} | changes))


def action(**changes):
    columns = {"action_id": "action-1", "text": "Ring them.", "owner": "Bed manager"}
    times = {"due_at": THEN, "opened_by": "Amina", "opened_at": THEN}
    return Action(**(CELL | columns | times | changes))


def problem(**changes):
    columns = {"problem_id": "PR-0A1B2C3D", "kind": "counted_twice", "wrong": "Counted twice."}
    times = {"reporter": "local|amina", "reported_by": "Amina", "reported_at": THEN}
    columns["state"] = "reported"
    return Problem(**(CELL | columns | times | changes))


DECIDED = {"decided_at": THEN, "decided_by": "Amina", "reason": "True."}
CORRECTED = {"value": 72.0, "expires_on": date(2026, 12, 1), "guard_source_id": "phe"}


def query(**changes):
    columns = {"query_id": "query-1", "subject": "local|amina", "name": "Beds"}
    asked = {"sql": "select 1", "parameters": "{}", "asked_at": THEN}
    return KeptQuery(**(columns | asked | changes))


def keep(journal, *rows):
    with journal.writing() as session:
        for row in rows:
            session.add(row)
            session.flush()


def test_the_steps_make_what_the_classes_say(journal):
    with journal.reading() as session:
        context = MigrationContext.configure(session.connection())
        assert compare_metadata(context, Table.metadata) == []
        steps = ScriptDirectory.from_config(configuration(session.connection()))
        assert steps.get_heads() == [context.get_current_revision()] == [HEAD]


def test_a_row_that_is_right_is_kept_and_read_back(journal):
    keep(
        journal, person(), session(), token(), note(), action(note_id="note-1"), problem(), query()
    )
    with journal.reading() as reading:
        assert reading.get(Person, "local|amina").role == "analyst"
        assert reading.get(Note, "note-1").written_at == THEN


WRONG = {
    "a role that there is not": (person(role="emperor"),),
    "a state that there is not": (person(state="asleep"),),
    "a person without a name to sign in by": (person(subject=" "),),
    "a person who changed before they were there": (person(changed_at=THEN - timedelta(1)),),
    "a session of nobody": (session(subject="local|nobody"),),
    "a token that was kept as it is": (person(), session(token_hash="secret")),
    "a session that ends before it begins": (person(), session(ends_at=THEN)),
    "a token of nobody": (token(subject="local|nobody"),),
    "a token for programs that was kept as it is": (person(), token(token_hash="tp_secret")),
    "a token that may do nothing": (person(), token(uses="")),
    "a token without a name": (person(), token(name=" ")),
    "a token that ends before it begins": (person(), token(ends_at=THEN)),
    "a token used before it was made": (person(), token(last_used_at=THEN - timedelta(1))),
    "a token ended before it was made": (person(), token(ended_at=THEN - timedelta(1))),
    "two tokens with one hash": (person(), token(), token(token_id="token-2")),
    "a note without a word": (note(text=" "),),
    "a note of more than a page": (note(text="x" * 2001),),
    "a note that nobody withdrew": (note(withdrawn_at=THEN),),
    "a note withdrawn before it was written": (
        note(withdrawn_at=THEN - timedelta(1), withdrawn_by="Amina"),
    ),
    "an action for a note that there is not": (action(note_id="note-9"),),
    "an action that nobody did": (action(done_at=THEN),),
    "a problem that was accepted by nobody": (problem(state="accepted"),),
    "a problem decided and still open": (
        problem(decided_at=THEN, decided_by="Amina", reason="True."),
    ),
    "a problem of a kind that there is not": (problem(kind="odd"),),
    "a problem accepted without a value": (
        problem(state="accepted", decided_at=THEN, decided_by="Amina", reason="True."),
    ),
    "a correction without a guard": (
        problem(state="accepted", value=72.0, expires_on=date(2026, 12, 1), **DECIDED),
    ),
    "a problem that ended for no reason": (
        problem(state="ended", ended_at=THEN, **CORRECTED, **DECIDED),
    ),
    "a query of nobody": (query(),),
    "a query without a word": (person(), query(sql=" ")),
    "a run with a name": (person(), query(outcome="given", rows=1)),
    "neither a run nor a name": (person(), query(name=None)),
    "an answer without rows": (person(), query(name=None, outcome="given")),
    "an end that there is not": (person(), query(name=None, outcome="asleep")),
    "a query shared before it was asked": (person(), query(shared_at=THEN - timedelta(1))),
}


@pytest.mark.parametrize("named", WRONG)
def test_a_row_that_is_wrong_is_refused(journal, named):
    # A row belongs to the session that it was given to, so each test makes its own.
    rows = [
        type(row)(**{c.name: getattr(row, c.name) for c in type(row).__table__.columns})
        for row in WRONG[named]
    ]
    with pytest.raises(JournalUnavailable):
        keep(journal, *rows)
    with journal.reading() as reading:
        assert all(not reading.query(type(row)).count() for row in rows)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("delete from notes", "withdrawn, never deleted"),
        ("update notes set text = 'Nothing is late.'", "never rewritten"),
        ("update notes set author = 'Bert'", "never rewritten"),
        ("update notes set withdrawn_by = 'Bert' where note_id = 'note-2'", "withdrawn before"),
    ],
)
def test_a_note_is_never_rewritten(journal, statement, why):
    keep(journal, note(), note(note_id="note-2", withdrawn_at=THEN, withdrawn_by="Amina"))
    with pytest.raises(JournalUnavailable, match=why), journal.writing() as session:
        session.execute(text(statement))


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("delete from queries", "ended, never deleted"),
        ("update queries set sql = 'select 2'", "never rewritten"),
        ("update queries set rows = 3", "never rewritten"),
    ],
)
def test_a_query_is_never_rewritten(journal, statement, why):
    keep(journal, person(), query())
    with pytest.raises(JournalUnavailable, match=why), journal.writing() as session:
        session.execute(text(statement))


def test_a_note_is_not_replaced_by_an_insert(journal):
    keep(journal, note())
    insert = "insert or replace" if journal.engine.dialect.name == "sqlite" else "insert"
    columns = ", ".join(c.name for c in Note.__table__.columns)
    statement = f"{insert} into notes ({columns}) select {columns} from notes"
    with pytest.raises(JournalUnavailable), journal.writing() as session:
        session.execute(text(statement))


def test_an_empty_database_is_brought_up_and_a_second_start_changes_nothing(home, journal):
    keep(journal, note())
    with journal.writing() as session:
        command.upgrade(configuration(session.connection()), "head")
    assert journal_of(home) is journal
    with journal.reading() as session:
        assert session.query(Note).count() == 1


def test_a_journal_of_the_version_before_is_brought_up_with_what_is_in_it(home):
    url = address(home)
    if url.drivername == "sqlite":
        home.journal.touch()
    engine = _engine(url)
    with engine.begin() as connection:
        command.upgrade(configuration(connection), "0003")
        columns = [column.name for column in Note.__table__.columns]
        connection.execute(insert(Note), {name: getattr(note(), name) for name in columns})
    engine.dispose()
    with journal_of(home).reading() as session:
        assert session.query(Note).count() == 1
        assert MigrationContext.configure(session.connection()).get_current_revision() == HEAD
    assert standups.going_on(home, "E92000001") is None


def test_a_journal_of_a_newer_version_is_refused_in_one_sentence(home, journal):
    with journal.writing() as session:
        session.execute(text("update alembic_version set version_num = '0999'"))
    with pytest.raises(TrigpointError) as refused:
        type(journal)(journal.engine.url)
    assert "newer Trigpoint (version 0999" in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1


def test_nobody_else_on_the_machine_reads_the_file(tmp_path, monkeypatch):
    monkeypatch.delenv("TRIGPOINT_JOURNAL", raising=False)
    opened = journal_of(Home(tmp_path))
    keep(opened, note())
    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept] == [f"journal.sqlite{end}" for end in ("", "-shm", "-wal")]
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in kept)


def test_a_file_that_was_taken_away_is_not_made_anew_in_silence(tmp_path, monkeypatch):
    monkeypatch.delenv("TRIGPOINT_JOURNAL", raising=False)
    opened = journal_of(Home(tmp_path))
    opened.engine.dispose()
    Home(tmp_path).journal.unlink()
    with pytest.raises(JournalUnavailable, match="unable to open database file"):
        keep(opened, note())


class TestAddress:
    @pytest.fixture(autouse=True)
    def nothing_set(self, monkeypatch):
        for name in ("", "_PASSWORD", "_PASSWORD_FILE"):
            monkeypatch.delenv(f"TRIGPOINT_JOURNAL{name}", raising=False)

    @pytest.mark.parametrize(
        "given", ["mysql://a@b/c", "journal.sqlite", "", "postgresql://a@b/c?password=secret"]
    )
    def test_what_is_no_postgresql_is_refused(self, home, monkeypatch, given):
        monkeypatch.setenv("TRIGPOINT_JOURNAL", given or " ")
        with pytest.raises(WrongUse) as refused:
            journal_of(home)
        assert "secret" not in str(refused.value)

    def test_a_password_comes_from_a_file_that_nobody_else_may_read(
        self, home, monkeypatch, tmp_path
    ):
        file = tmp_path / "password"
        file.write_text("s3cret\n")
        file.chmod(0o640)
        monkeypatch.setenv("TRIGPOINT_JOURNAL", "postgresql://a@127.0.0.1:9/c")
        monkeypatch.setenv("TRIGPOINT_JOURNAL_PASSWORD_FILE", str(file))
        with pytest.raises(WrongUse, match="chmod 600"):
            journal_of(home)
        file.chmod(0o600)
        with pytest.raises(JournalUnavailable) as refused:
            journal_of(home)
        assert "postgresql://a:***@127.0.0.1:9/c" in str(refused.value)
        assert "s3cret" not in str(refused.value)
