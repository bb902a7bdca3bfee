"""The commands as an operator types them: their answers, their plain lines, their exit codes."""

import csv
import io
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from homes import copied

from loaders.receipts import read_receipts
from loaders.sources import all_sources, phe_cases_vintages
from pipeline.check import check
from pipeline.questions import answer
from store import releases
from store.errors import TrigpointError
from store.lock import writing
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from tests.commands import done, is_plain, parsed, refuse_constant
from tests.dashboard.small_england import CITED, write_release

ROOT = Path(__file__).parents[2]
ENGLAND = "cases_by_specimen_date.E92000001.all"
Running = Callable[..., Any]


# Reports


@pytest.mark.parametrize(
    ("command", "keys"),
    [
        (["status"], {"release", "kept_releases", "build", "arrivals", "refused", "breakers"}),
        (["check"], {"breakers"}),
        (["build"], {"build_id", "built_at", "is_current"}),
        (["status"], {"left_out", "ending_agreements"}),
        (["sources"], {"sources"}),
        (["agreements"], {"agreements", "ending", "left_out"}),
        (["diff", "2020-03-10", "2020-03-20"], {"from", "to", "parts", "elsewhere"}),
    ],
)
def test_every_report_is_json_when_asked(
    command: list[str], keys: set[str], simulated_home: Home, trigpoint: Running
):
    home = [] if command in (["sources"], ["agreements"]) else ["--home", simulated_home.root]
    ran = done(trigpoint(*command, "--json", *home))
    assert keys <= parsed(ran).keys()
    assert "Traceback" not in ran.error


def test_a_load_with_a_refused_file_fails_and_names_it(tmp_path: Path, trigpoint: Running):
    folder = tmp_path / "published" / "phe_cases_vintages"
    folder.mkdir(parents=True)
    (folder / phe_cases_vintages.SAMPLE_NAME).write_text(phe_cases_vintages.SAMPLE)
    (folder / "empty_[bold]_2020-05-05.csv").write_bytes(b"")
    (folder / "page\n2020-05-06.csv").write_text("<html></html>")
    (tmp_path / "published" / "weather").mkdir()
    places = ("--from", folder.parent, "--home", tmp_path / "home")
    ran = trigpoint("load", *places)
    assert ran.code == 1 and "Traceback" not in ran.error
    said = [line for line in ran.out.splitlines() if line.startswith("Refused: ")]
    assert len(said) == 2
    assert "phe_cases_vintages: empty_[bold]_2020-05-05.csv is empty" in said[0]
    assert "Folders that are no known source, passed over: weather." in ran.out
    again = trigpoint("load", "--json", *places)
    report = parsed(again)
    assert again.code == 1
    assert report["counts"] == {"landed": 0, "known": 1, "refused": 2, "passed_over": 0}
    assert report["unknown_folders"] == ["weather"]


def test_the_home_is_given_or_taken_from_the_environment(
    simulated_home: Home,
    empty_home: Home,
    trigpoint: Running,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("TRIGPOINT_HOME", str(simulated_home.root))
    assert parsed(trigpoint("status", "--json"))["home"] == str(simulated_home.root)
    given = trigpoint("status", "--home", empty_home.root)
    assert given.code == 1 and str(empty_home.root) in given.error


def test_status_is_answered_while_another_command_writes(simulated_home: Home, trigpoint: Running):
    with writing(simulated_home), duckdb.connect(str(simulated_home.warehouse)):
        ran = trigpoint("status", "--home", simulated_home.root)
        refused = trigpoint("build", "--home", simulated_home.root)
    assert ran.code == 0 and ran.out.startswith("Release ")
    assert "newest publication" not in ran.out, "an invented England has no age"
    assert refused.code == 1 and is_plain(refused)
    assert "another trigpoint command is writing" in refused.error


def test_an_empty_store_is_not_published(empty_home: Home, tmp_path: Path, trigpoint: Running):
    home = Home(tmp_path / "home")
    copied(empty_home.root, home.root)
    ran = trigpoint("publish", "--home", home.root)
    assert ran.code == 1 and is_plain(ran)
    assert "no file has landed in" in ran.error
    assert releases.kept(home) == []


def test_a_difference_is_shown_and_what_is_not_known_is_said(
    simulated_home: Home, trigpoint: Running
):
    days = ("diff", "2020-03-10", "2020-03-20", "--home", simulated_home.root)
    shown = trigpoint(*days)
    assert shown.code == 0 and "cases_by_specimen_date" in shown.out and "England" in shown.out
    for option in ("--metric", "--area"):
        ran = trigpoint(*days, option, "nowhere")
        assert ran.code == 2 and is_plain(ran) and "nowhere is not known" in ran.error


# Figures and citations


@pytest.fixture(scope="module")
def cited(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Four releases of which the first is pruned; the cited figure is 90, 95, 95, as counted."""
    root = tmp_path_factory.mktemp("cited")
    values = (90.0, 95.0, 95.0, None)
    return root, [write_release(root, cited=value).release_id for value in values]


def test_a_figure_is_told_in_words_and_as_json(simulated_home: Home, trigpoint: Running):
    with open_reader(simulated_home) as reader:
        found = reader.ask(
            "select figure_id, value, file_sha256 from figures where revisions > 1 "
            "order by sources_reporting desc, value desc, figure_id limit 1"
        ).row(0, named=True)
    named = (found["figure_id"], "--home", simulated_home.root)
    passport = parsed(trigpoint("figure", *named, "--json"))
    assert passport["figure"]["value"] == found["value"]
    told = trigpoint("figure", *named)
    assert told.code == 0 and told.error == ""
    assert told.out.startswith(f"{found['value']:,.0f} {passport['figure']['unit']}\n")
    for part in (
        passport["citation"],
        found["file_sha256"],
        passport["definition"]["definition"],
        passport["definition"]["not_counted"],
        passport["rule"]["rule_reason"],
        f"row {passport['file']['file_row']}",
        "What each source says",
        "Every version",
        "What was shown",
    ):
        assert part in told.out
    assert passport["claims"] and len(passport["versions"]) > 2


def test_a_citation_of_a_figure_opens_the_release_that_it_names(
    cited: tuple[Path, list[str]], trigpoint: Running
):
    home, (first, second, _, current) = cited
    told = {
        release: trigpoint("figure", f"TP-{CITED}-{release}", "--home", home)
        for release in (first, second, current)
    }
    assert {ran.code for ran in told.values()} == {0}
    assert told[second].out.startswith("95 cases\n")
    assert f"Release      {second}" in told[second].out
    assert not told[current].out.startswith("95 ")
    gone, number, *_ = told[first].out.splitlines()
    assert gone.startswith(f"Release {first} is no longer kept")
    assert number == f"90 ({CITED})"
    then = trigpoint("figure", CITED, "--as-of", "2020-07-25", "--home", home).out
    assert "only what is current in a release can be cited" in then
    assert "As known at 2020-07-25" in " ".join(then.split())


def test_what_was_shown_of_a_figure_is_asked_in_sql(
    cited: tuple[Path, list[str]], trigpoint: Running
):
    question = "select value, release_id from figures_as_shown('{}') where figure_id = '{}'"
    today = now().date()
    for options in ([], ["--as-of", "2020-01-01"]):
        asked = question.format(today, CITED)
        [row] = parsed(trigpoint("sql", asked, "--json", *options, "--home", cited[0]))
        assert row["release_id"] == cited[1][-1] and row["value"] not in {90, 95}
    asked = question.format(today - timedelta(days=1), CITED)
    assert parsed(trigpoint("sql", asked, "--json", "--home", cited[0])) == []


def test_what_happened_later_explains_nothing_yet(simulated_home: Home, trigpoint: Running):
    """A simulated March knows nothing of the tests that joined the series in July."""
    told = parsed(
        trigpoint("figure", f"{ENGLAND}.2020-03-20", "--json", "--home", simulated_home.root)
    )
    assert told["events"] == []


# Questions


@pytest.fixture(scope="module")
def ask(simulated_home: Home, one_process: Running) -> Running:
    def asking(question: str, *options: str | Path) -> Any:
        return one_process("sql", question, *options, "--home", simulated_home.root)

    return asking


QUESTION = (
    "select area_id, event_date, value from figures "
    f"where figure_id like '{ENGLAND}%' and value is not null order by event_date limit 5"
)


def test_an_answer_is_the_same_in_all_four_formats(ask: Running, tmp_path: Path):
    parquet = tmp_path / "answer.parquet"
    assert ask(QUESTION, "--format", "parquet", "--output", parquet).code == 0
    rows = pl.read_parquet(parquet)
    assert rows.height == 5 and rows["area_id"].unique().to_list() == ["E92000001"]
    as_json = parsed(ask(QUESTION, "--format", "json"))
    as_csv = list(csv.DictReader(io.StringIO(ask(QUESTION, "--format", "csv").out)))
    as_table = [line.split() for line in ask(QUESTION).out.splitlines()]
    texts = [[r["area_id"], r["event_date"].isoformat(), r["value"]] for r in rows.to_dicts()]
    assert [list(row.values()) for row in as_json] == texts
    assert [[*row.values()] for row in as_csv] == [[a, d, str(v)] for a, d, v in texts]
    assert as_table == [rows.columns, *([a, d, f"{v:.0f}"] for a, d, v in texts)]


def test_an_answer_as_known_earlier_is_the_earlier_one(ask: Running):
    question = "select max(event_date) as newest, count(*) as figures from figures"
    [latest] = parsed(ask(question, "--json"))
    [then] = parsed(ask(question, "--json", "--as-of", "2020-03-15"))
    [at_noon] = parsed(ask(question, "--json", "--as-of", "2020-03-15T12:00"))
    assert then["newest"] <= "2020-03-15" < latest["newest"]
    assert 0 < at_noon["figures"] <= then["figures"] < latest["figures"]


def test_published_text_is_shown_as_it_is(ask: Running):
    """`[c]` is a publisher's mark for a hidden count, and :x: no picture."""
    shown = ask("select '[c]' as mark, '[bold]x[/bold] [/oops] :x:' as \"[red]name\"")
    assert shown.code == 0
    assert [line.rstrip() for line in shown.out.splitlines()] == [
        "mark  [red]name",
        "[c]   [bold]x[/bold] [/oops] :x:",
    ]


def test_no_answer_is_written_over_the_store(ask: Running, simulated_home: Home):
    pointer = simulated_home.releases / "current"
    before = pointer.read_text()
    for output in (pointer, simulated_home.root / "new.csv", simulated_home.root / "x/../journal"):
        ran = ask("select 1", "--format", "csv", "--output", output)
        assert ran.code == 2 and is_plain(ran) and "lies in the store" in ran.error
        assert not output.exists() or pointer.read_text() == before


def test_no_answer_is_written_over_the_store_through_a_link(
    ask: Running, simulated_home: Home, tmp_path: Path
):
    (tmp_path / "answer.csv").symlink_to(simulated_home.releases / "current")
    ran = ask("select 1", "--format", "csv", "--output", tmp_path / "answer.csv")
    assert ran.code == 2 and "lies in the store" in ran.error


def test_the_register_is_not_written_into_the_store(
    simulated_home: Home, trigpoint: Running, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("TRIGPOINT_HOME", str(simulated_home.root))
    ran = trigpoint("agreements", "--register", simulated_home.root / "shown")
    assert ran.code == 2 and "lies in the store" in ran.error


def test_an_answer_takes_the_place_of_an_earlier_one_at_once(ask: Running, tmp_path: Path):
    target = tmp_path / "answer.csv"
    target.write_text("an answer that was longer than the one that comes now\n")
    earlier = target.stat().st_ino
    assert ask("select 1 as one", "--format", "csv", "--output", target).code == 0
    assert target.read_text() == "one\n1\n" and target.stat().st_ino != earlier
    assert [path.name for path in tmp_path.iterdir()] == ["answer.csv"]
    assert ask("select 1 as one", "--format", "csv", "--output", "/dev/null").code == 0
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("command", [("sql", "select 1"), ("figure", CITED)])
def test_a_moment_to_come_is_said(
    command: tuple[str, str], cited: tuple[Path, list[str]], trigpoint: Running
):
    asked = (*command, "--home", cited[0], "--as-of")
    ran = done(trigpoint(*asked, "2999-01-01"))
    assert ran.error == "2999-01-01 has not come yet; this is what is known now\n"
    assert done(trigpoint(*asked, f"{now():%Y-%m-%d}")).error == ""


def test_what_cannot_be_seen_is_shown_in_a_table_by_its_escape(ask: Running):
    shown = ask("select 'a' || chr(27) || '[31m' || chr(10) || chr(8238) || 'b' as name")
    assert shown.out.splitlines()[1].rstrip() == "a\\x1b[31m\\n\\u202eb"


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
@pytest.mark.parametrize(
    "value",
    [
        *("{'a': 1, 'b': [null]}", "[[1], [2]]", "map {'a': 1}", "'a'::blob", "array_value(1, 2)"),
        *("'nan'::double", "'-inf'::double", "[1, null]", "time '10:00'", "null", "sum(1)"),
    ],
)
def test_any_value_can_be_written(form: str, value: str, simulated_home: Home, tmp_path: Path):
    target = tmp_path / "answer"
    answer(simulated_home, f"select 1 as place, {value} as value", None, form, target)
    if form == "json":
        assert len(json.loads(target.read_text(), parse_constant=refuse_constant)) == 1
    elif form == "csv":
        assert len(list(csv.DictReader(target.open(newline="")))) == 1
    else:
        assert pl.read_parquet(target).height == 1


@pytest.mark.parametrize(
    ("question", "options", "said"),
    [
        ("delete from figures", [], "ask one select statement"),
        ("select 1; select 2", [], "ask one select statement"),
        ("", [], "ask one select statement"),
        ("copy figures to '/tmp/x.csv'", [], "ask one select statement"),
        ("selec 1", [], "the question cannot be read"),
        ("select * from nothing", [], "the question could not be answered"),
        ("select * from read_csv('/etc/passwd')", [], "the question could not be answered"),
        ("select interval 1 day as lag", [], "as an interval or a union; cast it, as in cast(lag "),
        ("select union_value(a := 1) as u", [], "an interval or a union; cast it, as in cast(u "),
        ("select [interval 1 day] as x", [], "x is or holds what only the engine knows"),
        ("select {'a': interval 1 day} as x", [], "x is or holds what only the engine knows"),
        ("select map(['a'], [interval 1 day]) as x", [], "x is or holds what only the engine"),
        ("select [[{'a': [interval 1 day]}]] as x", [], "x is or holds what only the engine"),
        ("select [union_value(a := 1)] as x", [], "x is or holds what only the engine knows"),
        ("select 1::bignum as x", [], "x is or holds what only the engine knows"),
        ("select 'infinity'::timestamp as x", [], "x holds a day outside the calendar's years"),
        ("select '99999-01-01'::date as x", [], "x holds a day outside the calendar's years"),
        ("select [date '99999-01-01'] as x", [], "cannot be written as table (year 99999 is"),
        ("select 'x'::variant as x", ["--format", "csv"], "cannot be written as csv"),
        ("select 1", ["--as-of", "yesterday"], "is not a moment; write a day as 2020-07-01"),
        ("select 1", ["--as-of", ""], "is not a moment"),
        ("select 1", ["--as-of", "9999-12-31T23:59:59-10:00"], "is not a moment"),
        ("select 1", ["--format", "xml"], "choose one of table, csv, json, parquet"),
        ("select 1", ["--output", "/nowhere/x.csv"], "/nowhere/x.csv: No such file or directory"),
    ],
)
def test_a_question_that_cannot_be_answered_gets_one_line(
    question: str, options: list[str], said: str, simulated_home: Home, one_process: Running
):
    ran = one_process("sql", question, *options, "--home", simulated_home.root)
    assert is_plain(ran) and said in ran.error
    assert ran.code == (1 if "--output" in options else 2)


@pytest.mark.parametrize(
    ("named", "options", "code", "said"),
    [
        ("nonsense", [], 2, "there is no figure nonsense in release"),
        (CITED, ["--as-of", "2020-07-01"], 1, "had not been published by 2020-07-01"),
        (f"TP-{CITED}-20200101-000000-000", [], 2, "is neither kept here nor on the record"),
        (f"TP-{CITED}-20200101-000000-000", ["--as-of", "2020-07-25"], 2, "without a moment"),
    ],
)
def test_a_figure_that_cannot_be_found_gets_one_line(
    named: str,
    options: list[str],
    code: int,
    said: str,
    cited: tuple[Path, list[str]],
    one_process: Running,
):
    ran = one_process("figure", named, *options, "--home", cited[0])
    assert ran.code == code and is_plain(ran) and said in ran.error


# Faults of ours


def faulty(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """A command that meets a fault of ours where it reads its agreements."""
    code = (
        "import pipeline.cli as cli\n"
        "def fail(*_, **__): raise KeyError('gone')\n"
        "cli.report.status = fail\n"
        "cli.main()"
    )
    environment = {key: value for key, value in os.environ.items() if key != "TRIGPOINT_HOME"}
    return subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=cwd,
        env=environment | {"PYTHONPATH": str(ROOT), "TMPDIR": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_trace_of_a_fault_of_ours_lies_in_the_home_of_the_command(tmp_path: Path):
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    ran = faulty("status", "--home", home, cwd=here)
    [trace] = (home / "faults").iterdir()
    assert ran.returncode == 1 and f"the trace is in {trace}" in ran.stderr
    assert "KeyError: 'gone'" in trace.read_text()
    assert list(here.iterdir()) == []


def test_a_fault_of_ours_makes_no_home_where_there_is_none(tmp_path: Path):
    """Nor does it need one that can be written: the trace lies among temporary files then."""
    ran = faulty("status", cwd=tmp_path)
    [trace] = tmp_path.iterdir()
    assert trace.name.startswith("trigpoint-") and f"the trace is in {trace}" in ran.stderr
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "faults").write_text("no folder")
    ran = faulty("status", cwd=tmp_path)
    assert ran.returncode == 1 and f"the trace is in {tmp_path}/trigpoint-" in ran.stderr


# Bad use


BAD_USE = {
    "load --from {folder} --source phe_casses": (2, "unknown source phe_casses; known are ecdc"),
    "load --from {folder} --source owid": (2, "has no sub-folder for owid"),
    "load --from {folder}/nowhere": (2, "there is no folder"),
    "load --from {folder}/phe_cases_vintages": (2, "has no sub-folder for any known source"),
    "load --from {folder} --published-at soon": (2, "--published-at 'soon' is not a day"),
    "load --from {folder} --correct-date": (2, "--correct-date needs the right date"),
    "load": (2, "Missing option '--from'. See `trigpoint load --help`."),
    "run": (2, "either --from FOLDER or --simulate"),
    "run --from {folder} --simulate": (2, "either --from FOLDER or --simulate"),
    "run --simulate --days 3": (2, "Invalid value for '--days'"),
    "launch": (2, "No such command 'launch'."),
    "status": (1, "nothing has been published in"),
    "rollback": (1, "nothing has been published in"),
    "rollback 20200101-000000-000": (1, "nothing has been published in"),
    "publish": (1, "no file has landed in"),
    "check": (1, "nothing has been built in"),
    "diff 2020-03-20 2020-03-10": (2, "2020-03-10 23:59:59.999999; give the earlier moment first"),
    "diff yesterday 2020-03-10": (2, "'yesterday' is not a moment"),
    "diff 2020-03-10 2020-03-20": (1, "nothing has been published in"),
    "figure nonsense": (1, "nothing has been published in"),
    "figure TP-nonsense": (2, "'TP-nonsense' is no citation; one is written as TP-"),
    "figure nonsense --as-of soon": (2, "'soon' is not a moment"),
    "figure": (2, "Missing argument 'FIGURE'. See `trigpoint figure --help`."),
    "serve --port 70000": (2, "Invalid value for '--port'"),
    "serve --host 192.0.2.1": (2, "TRIGPOINT_ADDRESS has to hold the https:// address"),
}


@pytest.mark.parametrize("command", BAD_USE)
def test_bad_use_gets_one_plain_line_and_its_exit_code(
    command: str,
    published: Path,
    tmp_path: Path,
    one_process: Running,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("TRIGPOINT_HOME", str(tmp_path / "home"))
    ran = one_process(*command.format(folder=published).split())
    code, said = BAD_USE[command]
    assert ran.code == code
    assert is_plain(ran), ran.error
    assert said in ran.error
    assert not (tmp_path / "home" / "landing").exists()


def test_a_run_in_which_everything_was_refused_publishes_nothing(
    tmp_path: Path, trigpoint: Running
):
    folder = tmp_path / "published" / "phe_cases_vintages"
    folder.mkdir(parents=True)
    (folder / "cases_2020-05-01.csv").write_text("<html>Service unavailable</html>")
    ran = trigpoint("run", "--from", folder.parent, "--home", tmp_path / "home")
    assert ran.code == 1
    assert "Refused: phe_cases_vintages: cases_2020-05-01.csv" in ran.out
    assert ran.error.splitlines()[-1].startswith("no file has landed in")
    assert releases.kept(Home(tmp_path / "home")) == []


def test_a_claim_without_a_rule_is_named_and_stops_the_check(empty_home: Home, tmp_path: Path):
    home = Home(tmp_path)
    shutil.copytree(empty_home.root / "dbt", tmp_path / "dbt")
    shutil.copy(empty_home.warehouse, home.warehouse)
    with duckdb.connect(str(home.warehouse)) as warehouse:
        warehouse.execute(
            "insert into work.unruled_claims by name select 'population' as metric_id, "
            "'owid' as source_id, timestamp '2020-06-01' as first_moment"
        )
    with pytest.raises(TrigpointError, match=r"population by owid \(from 2020-06-01\): add a row"):
        check(home, lambda *_: None)


def test_no_release_yet_is_said_to_whoever_asks(empty_home: Home, trigpoint: Running):
    ran = trigpoint("sql", "select 1", "--home", empty_home.root)
    assert ran.code == 1 and is_plain(ran)
    assert "nothing has been published" in ran.error and "run `trigpoint run" in ran.error


def test_a_port_that_is_taken_is_said(simulated_home: Home, trigpoint: Running):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = trigpoint("serve", "--port", port, "--home", simulated_home.root)
    assert ran.code == 1 and is_plain(ran)
    assert ran.error.startswith(f"port {port} of 127.0.0.1 is taken; ")


def test_published_files_never_join_a_simulated_home(
    simulated_home: Home, published: Path, trigpoint: Running
):
    before = read_receipts(simulated_home).height
    ran = trigpoint("run", "--from", published, "--home", simulated_home.root)
    assert ran.code == 2 and is_plain(ran)
    assert "holds simulated files; load published ones into another --home" in ran.error
    assert read_receipts(simulated_home).height == before


def test_a_home_that_cannot_be_is_said(tmp_path: Path, published: Path, trigpoint: Running):
    (tmp_path / "file").write_text("")
    for home in (tmp_path / "file", tmp_path / "file" / "below"):
        ran = trigpoint("load", "--from", published, "--home", home)
        assert ran.code == 1 and is_plain(ran)
        assert str(tmp_path / "file") in ran.error


def test_a_number_of_releases_that_is_none_is_said(
    simulated_home: Home, trigpoint: Running, monkeypatch: pytest.MonkeyPatch
):
    for number in ("few", "0", "-1"):
        monkeypatch.setenv("TRIGPOINT_KEEP_RELEASES", number)
        ran = trigpoint("status", "--home", simulated_home.root)
        assert ran.code == 2 and is_plain(ran)
        assert "TRIGPOINT_KEEP_RELEASES" in ran.error


def test_a_release_that_has_gone_is_said_and_can_be_replaced(
    simulated_home: Home, tmp_path: Path, trigpoint: Running
):
    home = Home(tmp_path / "home")
    shutil.copytree(simulated_home.releases, home.releases)
    gone = releases.current(home).release_id
    (home.releases / gone).rename(home.releases / "20200101-000000-000")
    ran = trigpoint("status", "--home", home.root)
    assert ran.code == 1 and is_plain(ran)
    assert f"release {gone} of {home.root} is damaged or gone" in ran.error


def test_every_source_is_listed_with_its_publisher(trigpoint: Running):
    listed = parsed(trigpoint("sources", "--json"))["sources"]
    assert [source["source_id"] for source in listed] == list(all_sources())
    shown = trigpoint("sources").out
    for name, module in all_sources().items():
        assert name in shown and module.SOURCE.publisher in shown


def test_help_explains_every_command(trigpoint: Running):
    ran = trigpoint("--help")
    assert ran.code == 0
    for command in ("run", "load", "build", "check", "publish", "rollback", "status", "sql"):
        assert f" {command} " in ran.out
    assert trigpoint().code == 2
