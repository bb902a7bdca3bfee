"""The audit on the command line: every exit is on it, and none answers without it."""

import json
from pathlib import Path

import polars as pl
import pytest

from journal import chain, reading
from store.paths import Home
from tests.dashboard.small_england import CITED, ENGLAND, write_release


@pytest.fixture(scope="session")
def trigpoint(one_process):
    """What is said and put down does not depend on how often a process starts."""
    return one_process


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, str]:
    root = tmp_path_factory.mktemp("audited")
    return Home(root), write_release(root).release_id


@pytest.fixture(scope="module")
def home(released) -> Home:
    return released[0]


def last(home: Home) -> dict:
    return reading.questions(home).row(0, named=True)


SQL = "select * from figures where metric_id = 'cases_by_specimen_date' limit 3"
EXITS = {
    "sql": ("sql", SQL),
    "csv": ("sql", SQL, "--format", "csv"),
    "json": ("sql", SQL, "--json"),
    "parquet": ("sql", SQL, "--format", "parquet", "--output", "{aside}/answer.parquet"),
    "figure": ("figure", CITED),
    "citation": ("figure", "TP-" + CITED + "-{release}"),
    "note": ("note", CITED),
    "diff": ("diff", "2020-07-23", "2020-08-06", "--metric", "cases_by_specimen_date"),
    "audit": ("audit", "--when", "2026"),
}


@pytest.mark.parametrize("exit_", EXITS)
def test_every_exit_is_on_the_audit(trigpoint, released, exit_, tmp_path):
    home, release_id = released
    asked = [part.format(aside=tmp_path, release=release_id) for part in EXITS[exit_]]
    before = chain.verify(home).entry_id
    ran = trigpoint(*asked, "--home", home.root)
    assert ran.code == 0, ran.error
    assert chain.verify(home).entry_id == before + 2
    found = last(home)
    assert (found["exit"], found["outcome"]) == (exit_, "given")
    assert found["role"] == "local account"
    assert found["rows"] is not None
    if exit_ != "audit":
        assert found["release_id"] == release_id
        assert json.loads(found["metrics"]) == ["cases_by_specimen_date"]


def test_what_is_refused_is_on_it_with_the_reason(trigpoint, home):
    ran = trigpoint("sql", "delete from figures", "--home", home.root)
    assert ran.code == 2
    assert last(home)["outcome"] == ran.error.strip()


@pytest.mark.parametrize(
    "value",
    [
        "cast('x' || value as int)",
        "cast(1000 * value as tinyint)",
        "error('it was ' || value)",
    ],
)
def test_a_fault_that_quotes_a_value_is_told_to_who_asked_alone(trigpoint, home, value):
    """Others read the audit, and may not see what the asker may."""
    ran = trigpoint("sql", f"select {value} from (select 5137.0 as value)", "--home", home.root)
    assert ran.code == 2 and "5137" in ran.error
    outcome = last(home)["outcome"]
    assert outcome.startswith("the question could not be answered: ") and "5137" not in outcome


def test_a_note_is_on_it_with_its_author_also_when_it_is_refused(trigpoint, home):
    for text, outcome in (
        ("They rang.", "given"),
        (" ", "a note is empty; write what there is to say"),
    ):
        trigpoint("note", CITED, text, "--as", "Amina", "--home", home.root)
        found = last(home)
        assert (found["exit"], found["outcome"]) == ("note", outcome)
        assert found["question"] == f"{CITED}: Amina writes"


def test_the_purpose_is_what_the_environment_says(trigpoint, home, monkeypatch):
    monkeypatch.setenv("TRIGPOINT_PURPOSE", "daily stand-up")
    trigpoint("sql", SQL, "--home", home.root)
    assert last(home)["purpose"] == "daily stand-up"


def test_a_decision_is_on_it_before_it_is_taken(trigpoint, home):
    ran = trigpoint(
        *("decide", CITED, "--follow", "owid", "--because", "They rang.", "--by", "Amina"),
        *("--home", home.root),
    )
    assert ran.code == 2  # no sign-off is asked for this measure
    found = last(home)
    assert found["exit"] == "decision"
    assert found["question"] == f"Amina: {CITED} follows owid, because They rang."
    assert json.loads(found["areas"]) == [ENGLAND]


@pytest.mark.parametrize("exit_", ["sql", "csv", "figure", "note", "diff", "audit"])
def test_no_answer_while_the_audit_cannot_be_written(trigpoint, released, exit_, tmp_path):
    home, release_id = released
    head = home.audit_head.read_text() if home.audit_head.exists() else ""
    home.audit_head.write_text("nothing of the kind\n")
    asked = [part.format(aside=tmp_path, release=release_id) for part in EXITS[exit_]]
    ran = trigpoint(*asked, "--home", home.root)
    home.audit_head.write_text(head)
    assert ran.code == 1
    assert ran.out == ""
    assert ran.error.startswith("no answer is given, because the audit failed: ")
    assert len(ran.error.splitlines()) == 1


def test_a_decision_is_not_taken_while_the_audit_cannot_be_written(trigpoint, home):
    head = home.audit_head.read_text()
    home.audit_head.write_text("nothing of the kind\n")
    ran = trigpoint(
        *("decide", CITED, "--follow", "owid", "--because", "They rang.", "--home", home.root)
    )
    home.audit_head.write_text(head)
    assert ran.code == 1
    assert "no answer is given" in ran.error
    assert not list(home.decisions.glob("*.parquet"))


def test_it_is_read_by_person_and_exported(trigpoint, home):
    ran = trigpoint("audit", "--mine", "--format", "csv", "--home", home.root)
    assert ran.code == 0, ran.error
    exported = pl.read_csv(ran.out.encode())
    assert exported["person"].n_unique() == 1
    assert last(home)["question"].endswith("as csv")
    nobody = trigpoint("audit", "--who", "nobody at all", "--json", "--home", home.root)
    assert json.loads(nobody.out) == []


def test_verify_says_that_it_is_whole_and_head_what_to_keep(trigpoint, home):
    ran = trigpoint("audit", "verify", "--json", "--home", home.root)
    assert ran.code == 0, ran.error
    head = trigpoint("audit", "head", "--home", home.root).out.strip()
    assert json.loads(ran.out)["head"] == head
    ran = trigpoint("audit", "verify", "--head", head, "--home", home.root)
    assert ran.out.startswith("The audit is whole: ")
    forged = f"{head.split(':')[0]}:{'0' * 64}"
    ran = trigpoint("audit", "verify", "--head", forged, "--home", home.root)
    assert ran.code == 1
    assert ran.error.startswith(f"the audit is broken at entry {head.split(':')[0]}: ")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("destroy",), "there is no `trigpoint audit destroy`"),
        (("--mine", "--who", "me"), "either --mine or --who"),
        (("--when", "yesterday"), "is no time"),
        (("verify", "--head", "7"), "is no head"),
        (("--format", "docx"), "--format docx is not known"),
    ],
)
def test_wrong_use_is_one_plain_line(trigpoint, home, arguments, why):
    ran = trigpoint("audit", *arguments, "--home", home.root)
    assert ran.code == 2
    assert why in ran.error
    assert len(ran.error.splitlines()) == 1


def test_a_home_that_was_named_by_mistake_gets_no_journal(trigpoint, tmp_path: Path):
    for asked in (("sql", SQL), ("figure", CITED), ("audit",), ("audit", "verify")):
        ran = trigpoint(*asked, "--home", tmp_path)
        assert ran.code == 1
    assert not list(tmp_path.iterdir())
