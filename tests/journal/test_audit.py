"""The audit: written before the answer, only added to, and any break in it is found."""

import json
import multiprocessing
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, NullPool, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from journal import actions, audit, chain, checks, problems, reading, subscriptions
from journal.audit import Asker, AuditNotWritten, Given, Question
from journal.chain import BEGINNING, Broken, Head
from journal.engine import journal_of
from journal.notes import SeenFigure
from journal.problems import Report, Reporter
from journal.subscriptions import Wanted
from journal.tables import AuditEntry
from people import accounts
from people.accounts import Known
from store.errors import TrigpointError, WrongUse
from store.moments import now
from store.paths import Home

AMINA = Asker("amina", "analyst", "E92000001", "stand-up")
QUESTION = Question(
    "csv", "select 'Hüll \u2603'", ["E92000001"], ["cases_by_specimen_date"], "20261123-052259-128"
)
SEEN = SeenFigure("cases_by_specimen_date.E92000001.all.2020-07-02", "20261123-052259-128", None)
COLUMNS = [column.name for column in AuditEntry.__table__.columns]
ROOT = Path(__file__).parents[2]
TRIGGERS = {
    "sqlite": (
        "drop trigger audit_never_changed",
        "drop trigger audit_never_deleted",
        "drop trigger audit_only_at_the_end",
    ),
    "postgresql": (
        "alter table audit disable trigger user",
        "alter table audit drop constraint ck_audit_kind, drop constraint ck_audit_asked_id, "
        "drop constraint ck_audit_asked_before, drop constraint ck_audit_hash, "
        "drop constraint ck_audit_previous_hash, drop constraint fk_audit_asked_id",
    ),
}


def filled(home: Home, questions: int = 3) -> None:
    """Three questions, each answered, are six entries."""
    for number in range(questions):
        audit.ask(home, AMINA, QUESTION).given(Given(number, ["E92000001"]))


def owned(home: Home, journal) -> Engine:
    """The database as whoever owns the machine opens it: without our settings."""
    if journal.engine.dialect.name == "postgresql":
        return journal.engine
    return create_engine(f"sqlite:///{home.journal}", poolclass=NullPool)


def tamper(home: Home, journal, *statements: str) -> None:
    with owned(home, journal).begin() as connection:
        if connection.dialect.name == "sqlite":
            connection.execute(text("pragma ignore_check_constraints = on"))
        for statement in statements:
            connection.execute(text(statement))


def untriggered(home: Home, journal) -> None:
    tamper(home, journal, *TRIGGERS[journal.engine.dialect.name])


def entries(journal):
    with journal.reading() as session:
        rows = session.query(AuditEntry).order_by(AuditEntry.entry_id)
        return [
            {c.name: getattr(row, c.name) for c in AuditEntry.__table__.columns} for row in rows
        ]


class TestWriting:
    def test_a_question_and_its_answer_are_two_linked_entries(self, home, journal):
        asked = audit.ask(home, AMINA, QUESTION)
        (question,) = entries(journal)
        assert question["question"] == QUESTION.question
        assert (question["person"], question["role"]) == ("amina", "analyst")
        assert (question["scope"], question["purpose"]) == ("E92000001", "stand-up")
        assert json.loads(question["metrics"]) == ["cases_by_specimen_date"]
        asked.given(Given(7))
        answer = entries(journal)[1]
        assert (answer["kind"], answer["asked_id"], answer["rows"]) == ("given", 1, 7)
        assert answer["previous_hash"] == question["hash"]
        assert question["previous_hash"] == BEGINNING

    def test_what_fails_is_put_down_as_refused(self, home, journal):
        with pytest.raises(WrongUse), audit.asking(home, AMINA, QUESTION):
            raise WrongUse("there is\nno such table")
        assert [entry["kind"] for entry in entries(journal)] == ["asked", "refused"]
        assert entries(journal)[1]["outcome"] == "there is no such table"

    def test_any_text_is_kept_and_verifies(self, home, journal):
        for said in ("a\x00b", "\ud800", "\U0001f600", "'; drop table audit; --", "x" * 50_000):
            audit.ask(home, AMINA, Question("sql", said)).refused(said)
        assert chain.verify(home).entry_id == 10

    def test_very_many_names_are_counted(self):
        names = json.loads(audit.named([f"E{number:08}" for number in range(300)]))
        assert len(names) == 101
        assert names[-1] == "and 200 more"


FORBIDDEN = {
    "changed": "update audit set person = 'bert' where entry_id = 2",
    "deleted": "delete from audit where entry_id = 6",
    "emptied": "delete from audit",
    "put in between": "insert into audit select * from audit where entry_id = 3",
    "put where there is none": "insert into audit select 99, kind, asked_id, written_at, person, "
    "role, scope, purpose, exit, question, areas, metrics, rows, release_id, as_of, outcome, "
    "previous_hash, hash from audit where entry_id = 3",
    "not continued": "insert into audit select 7, kind, asked_id, written_at, person, role, scope, "
    "purpose, exit, question, areas, metrics, rows, release_id, as_of, outcome, previous_hash, "
    "hash from audit where entry_id = 3",
}


@pytest.mark.parametrize("named", FORBIDDEN)
def test_the_database_forbids_it(home, journal, named):
    filled(home)
    before = entries(journal)
    with pytest.raises(DBAPIError, match="audit"):
        tamper(home, journal, FORBIDDEN[named])
    assert entries(journal) == before


def test_an_insert_that_replaces_is_forbidden(home, journal):
    filled(home)
    if journal.engine.dialect.name == "sqlite":
        statement = "insert or replace into audit select * from audit where entry_id = 3"
    else:
        statement = "truncate audit"
    with pytest.raises(DBAPIError, match="audit"):
        tamper(home, journal, statement)
    assert chain.verify(home).entry_id == 6


SWAP = (
    "update audit set entry_id = 100 where entry_id = 3",
    "update audit set entry_id = 3 where entry_id = 4",
    "update audit set entry_id = 4 where entry_id = 100",
)
BREAKS = {
    "changed": (("update audit set question = 'select 1' where entry_id = 3",), 3),
    "taken from the middle": (("delete from audit where entry_id = 3",), 3),
    "taken from the beginning": (("delete from audit where entry_id <= 2",), 1),
    "cut off": (("delete from audit where entry_id > 4",), 5),
    "emptied": (("delete from audit",), 1),
    "moved": (SWAP, 3),
    "closed up": (
        (
            "delete from audit where entry_id = 3",
            "update audit set entry_id = entry_id - 1 where entry_id = 4",
            "update audit set entry_id = entry_id - 1 where entry_id = 5",
            "update audit set entry_id = entry_id - 1 where entry_id = 6",
        ),
        3,
    ),
}


@pytest.mark.parametrize("named", BREAKS)
def test_verify_finds_the_first_entry_that_is_broken(home, journal, named):
    filled(home)
    assert chain.verify(home).entry_id == 6
    statements, first = BREAKS[named]
    untriggered(home, journal)
    tamper(home, journal, *statements)
    with pytest.raises(Broken) as broken:
        chain.verify(home)
    assert broken.value.entry_id == first
    assert f"entry {first}:" in str(broken.value)


def rewritten(home: Home, journal) -> None:
    """Change an entry and compute every hash after it anew, as a patient forger would."""
    untriggered(home, journal)
    last = BEGINNING
    for entry in entries(journal):
        entry["person"] = "bert"
        entry["previous_hash"] = last
        last = chain.hash_of([entry[column.name] for column in chain.COLUMNS])
        with journal.writing() as session:
            session.query(AuditEntry).filter_by(entry_id=entry["entry_id"]).update(
                {"person": "bert", "previous_hash": entry["previous_hash"], "hash": last}
            )


def test_an_audit_that_was_forged_whole_is_found_by_a_head(home, journal):
    filled(home)
    head = chain.verify(home)
    rewritten(home, journal)
    with pytest.raises(Broken, match="another entry than the one of the head"):
        chain.verify(home)
    home.audit_head.unlink()
    with pytest.raises(Broken, match=r"audit\.head is gone"):
        chain.verify(home)
    with pytest.raises(Broken, match="another entry than the one of the head"):
        chain.verify(home, [head])


def test_a_head_kept_elsewhere_finds_an_end_that_was_cut_off(home, journal):
    filled(home)
    head = chain.verify(home)
    untriggered(home, journal)
    tamper(home, journal, "delete from audit where entry_id > 4")
    chain_at_4 = Head(4, entries(journal)[3]["hash"])
    home.audit_head.write_text(f"{chain_at_4}\n")
    assert chain.verify(home) == chain_at_4
    with pytest.raises(Broken) as broken:
        chain.verify(home, [chain.parse(str(head))])
    assert broken.value.entry_id == 5


def test_an_audit_that_was_cut_is_not_grown(home, journal):
    filled(home)
    untriggered(home, journal)
    tamper(home, journal, "delete from audit where entry_id > 4")
    with pytest.raises(AuditNotWritten, match="does not continue entry 6"):
        audit.ask(home, AMINA, QUESTION)
    assert len(entries(journal)) == 4


def emptied(home, journal) -> None:
    untriggered(home, journal)
    tamper(home, journal, "delete from audit")
    home.audit_head.unlink()


def test_an_audit_emptied_together_with_its_head_is_found_by_an_earlier_check(home, journal):
    filled(home)
    assert checks.check(home, "amina").broken is None
    emptied(home, journal)
    with pytest.raises(Broken, match="there was an entry 6"):
        chain.verify(home)
    with pytest.raises(AuditNotWritten, match="does not continue entry 6"):
        audit.ask(home, AMINA, QUESTION)
    assert not entries(journal)


def test_an_emptied_audit_is_found_by_what_people_wrote(home, journal):
    filled(home)
    actions.take_up(home, SEEN, "Ring the trust", "Bo", now() + timedelta(hours=1), "Amina")
    emptied(home, journal)
    with pytest.raises(Broken, match="an action stands in the journal") as broken:
        chain.verify(home)
    assert broken.value.entry_id == 1


def reported(home):
    told = Report("too_high", "One laboratory sent its file twice.")
    problems.report(home, SEEN, told, Reporter("local|tom", "Tom"))


def subscribed(home):
    accounts.add(
        home, Known("local|tom", "Tom", "analyst", "E92000001"), "a long word of this test"
    )
    wanted = Wanted("brief", (), "E92000001", None, "mail", "tom@example.org")
    subscriptions.subscribe(home, "local|tom", wanted)


@pytest.mark.parametrize(
    ("write", "what"), [(reported, "a report stands"), (subscribed, "a subscription stands")]
)
def test_reports_and_subscriptions_tell_of_an_emptied_audit_too(home, journal, write, what):
    filled(home)
    write(home)
    emptied(home, journal)
    with pytest.raises(Broken, match=what):
        chain.verify(home)


def test_an_older_head_after_a_loss_of_power_holds_as_well(home, journal):
    filled(home, 1)
    older = home.audit_head.read_text()
    filled(home, 2)
    home.audit_head.write_text(older)
    filled(home, 1)
    assert chain.verify(home) == chain.read_head(home) == Head(8, entries(journal)[7]["hash"])


def test_only_its_owner_reads_the_head(home, journal):
    filled(home, 1)
    assert stat.S_IMODE(home.audit_head.stat().st_mode) == 0o600


def changed(value: str, place: int, byte: int) -> str:
    """The text with one byte changed to another that is a character of its own."""
    place %= len(value)
    new = chr(32 + byte)
    return value[:place] + (new if new != value[place] else "\x7f") + value[place + 1 :]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    entry_id=st.integers(1, 6),
    column=st.sampled_from(COLUMNS),
    place=st.integers(0, 10_000),
    byte=st.integers(0, 94),
)
def test_any_byte_that_was_changed_is_found(home, journal, entry_id, column, place, byte):
    if not entries(journal):
        filled(home)
        untriggered(home, journal)
    value = entries(journal)[entry_id - 1][column]
    new = chr(32 + byte) if value in {None, ""} else changed(str(value), place, byte)
    kept_as, is_number = "text", column in {"entry_id", "asked_id", "rows"}
    if column == "entry_id" or (is_number and journal.engine.dialect.name == "postgresql"):
        kept_as, new = "bigint", str((value or 0) + 10 + byte)  # it takes nothing but a number
    with owned(home, journal).connect() as connection, connection.begin() as transaction:
        if connection.dialect.name == "sqlite":
            connection.execute(text("pragma ignore_check_constraints = on"))
        connection.execute(
            text(f"update audit set {column} = cast(:new as {kept_as}) where entry_id = :entry_id"),
            {"new": new, "entry_id": entry_id},
        )
        with pytest.raises(Broken) as broken:
            chain.walk(connection, set())
        transaction.rollback()
    assert broken.value.entry_id <= entry_id


class TestSeveralWriters:
    @staticmethod
    def write(root: Path, number: int) -> None:
        for _ in range(number):
            audit.ask(Home(root), Asker(str(os.getpid()), "", ""), QUESTION).given(Given(1))

    def test_processes_that_write_at_once_make_one_chain(self, home, journal):
        context = multiprocessing.get_context("spawn")
        writers = [context.Process(target=self.write, args=(home.root, 20)) for _ in range(3)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(120)
        assert [writer.exitcode for writer in writers] == [0, 0, 0]
        assert chain.verify(home).entry_id == 120
        assert {entry["person"] for entry in entries(journal)} == {str(one.pid) for one in writers}
        assert reading.questions(home)["outcome"].to_list() == ["given"] * 60

    def test_processes_that_start_at_once_make_one_journal(self, tmp_path, monkeypatch):
        monkeypatch.delenv("TRIGPOINT_JOURNAL", raising=False)
        context = multiprocessing.get_context("spawn")
        writers = [context.Process(target=self.write, args=(tmp_path, 2)) for _ in range(4)]
        for writer in writers:
            writer.start()
        for writer in writers:
            writer.join(120)
        assert [writer.exitcode for writer in writers] == [0] * 4
        assert chain.verify(Home(tmp_path)).entry_id == 16


class TestNoAnswerWithoutAudit:
    def test_a_full_disk(self, tmp_path, monkeypatch):
        monkeypatch.delenv("TRIGPOINT_JOURNAL", raising=False)
        home = Home(tmp_path)
        filled(home, 1)
        journal = journal_of(home)
        with journal.engine.connect() as connection:
            pages = connection.execute(text("pragma page_count")).scalar()
        journal.engine.dispose()

        @event.listens_for(journal.engine, "connect")
        def no_more_pages(connection, _):
            connection.execute(f"pragma max_page_count = {pages}").close()

        with pytest.raises(AuditNotWritten) as refused:
            filled(home, 1000)
        assert "no answer is given" in str(refused.value)
        assert "disk is full" in str(refused.value)
        assert chain.verify(home).entry_id >= 2

    def test_a_lock_that_is_not_let_go(self, tmp_path, monkeypatch):
        monkeypatch.delenv("TRIGPOINT_JOURNAL", raising=False)
        home = Home(tmp_path)
        filled(home, 1)
        journal = journal_of(home)
        with journal.writing(), pytest.raises(AuditNotWritten, match="locked"):
            filled(home, 1)
        assert chain.verify(home).entry_id == 2

    def test_a_file_that_cannot_be_written(self, tmp_path, monkeypatch):
        monkeypatch.delenv("TRIGPOINT_JOURNAL", raising=False)
        home = Home(tmp_path)
        filled(home, 1)
        journal_of(home).engine.dispose()
        for path in (*tmp_path.iterdir(), tmp_path):
            path.chmod(0o500 if path.is_dir() else 0o400)
        refused = as_if_no_root(
            "from tests.journal.test_audit import *; filled(Home(Path(sys.argv[1])), 1)", tmp_path
        )
        tmp_path.chmod(0o700)
        assert "AuditNotWritten: no answer is given, because the audit failed" in refused.stderr
        assert "readonly" in refused.stderr or "unable to open" in refused.stderr

    def test_a_server_that_was_stopped(self, postgresql, tmp_path, monkeypatch):
        monkeypatch.setenv("TRIGPOINT_JOURNAL", postgresql.new_database())
        home = Home(tmp_path)
        filled(home, 1)
        postgresql.stop()
        try:
            with pytest.raises(AuditNotWritten) as refused:
                filled(home, 1)
        finally:
            postgresql.start()
        assert "no answer is given" in str(refused.value)
        assert len(str(refused.value).splitlines()) == 1
        filled(home, 1)
        assert chain.verify(home).entry_id == 4

    def test_a_head_that_is_no_head(self, home, journal):
        filled(home, 1)
        home.audit_head.write_text("nothing of the kind\n")
        with pytest.raises(AuditNotWritten, match="holds no head of the audit"):
            filled(home, 1)
        with pytest.raises(TrigpointError, match="holds no head of the audit"):
            chain.verify(home)


def as_if_no_root(program: str, *arguments: Path) -> subprocess.CompletedProcess[str]:
    """Root may write whatever the file says, so it leaves that right behind."""
    without = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*without, sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


class TestReading:
    def test_by_person_and_by_time(self, home, journal):
        filled(home, 2)
        audit.ask(home, Asker("bert", "engineer", "E92000001"), QUESTION).refused("not yours")
        everybody = reading.questions(home)
        assert everybody["person"].to_list() == ["bert", "amina", "amina"]
        assert everybody["outcome"].to_list() == ["not yours", "given", "given"]
        assert reading.questions(home, who="amina")["rows"].to_list() == [1, 0]
        day = everybody["written_at"][0][:10]
        assert reading.questions(home, when=day).height == 3
        assert reading.questions(home, when="1999").is_empty()

    def test_a_question_without_an_answer_is_there(self, home, journal):
        audit.ask(home, AMINA, QUESTION)
        assert reading.questions(home)["outcome"].to_list() == [None]

    @pytest.mark.parametrize("when", ["%", "2026-1", "yesterday", "2026-11-23' or 1=1"])
    def test_another_form_of_time_is_refused(self, home, journal, when):
        with pytest.raises(WrongUse, match="is no time"):
            reading.questions(home, when=when)
