"""From an accepted report to a corrected figure, and back once the publisher has repaired it."""

import json
import shutil
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from journal import problems
from journal.notes import SeenFigure
from journal.problems import Correction, Report, Reporter
from journal.reading import questions
from loaders.receipts import read_receipts
from loaders.sources import phe_cases_vintages
from pipeline import ground_reports as bringing
from pipeline.cli import main
from store import agreements, releases
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from tests.homes import copied, once

Running = Callable[..., Any]
HEADING = phe_cases_vintages.SAMPLE.splitlines()[0]
TODAY = now()


def day(back: int) -> str:
    """A day of the past weeks: whoever accepts a report does so today."""
    return f"{TODAY - timedelta(days=back):%Y-%m-%d}"


def figure(back: int) -> str:
    return f"cases_by_specimen_date.E06000016.all.{day(back)}"


FIGURE = figure(20)
TOM = Reporter("local|tom", "Tom Hughes")


def put_cases(folder: Path, back: int, count: int, others: int = 54) -> None:
    """A publication some days ago; of the day after, so that no two files are the same.

    Of the figure it says `count`, and `others` of the two days before.
    """
    path = folder / "phe_cases_vintages" / f"cases_{day(back)}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"Leicester,E06000016,Utla,{when},{cases},,,{cases},,,0.1"
        for when, cases in (
            *((day(20), count), (day(21), others), (day(22), others)),
            (day(back + 7), 60 + back),
        )
    ]
    path.write_text("\n".join([HEADING, *rows]) + "\n")


def trigpoint(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return int(ended.value.code or 0)


def run(home: Home, folder: Path) -> None:
    assert trigpoint("run", "--from", folder, "--home", home.root, "--json") == 0


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home in which one publisher said 54 of one figure."""

    def fill(root: Path) -> None:
        folder = root.parent / "said"
        put_cases(folder, 12, 54)
        run(Home(root), folder)

    return once(tmp_path_factory, "corrected", fill)


@pytest.fixture
def home(published: Home, tmp_path: Path) -> Home:
    return Home(copied(published.root, tmp_path / "home"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where what is published next lies: another file that says the same of the figure."""
    put_cases(tmp_path / "next", 6, 54)
    return tmp_path / "next"


@pytest.fixture
def accepting_at(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let what the journal puts down be of noon some days ago."""

    def at(back: int) -> None:
        moment = datetime.combine(TODAY.date() - timedelta(days=back), time(12))
        monkeypatch.setattr(problems, "now", lambda: moment)

    return at


def accepted(
    home: Home, value: float = 27.0, days: int = 30, about: str = FIGURE, decimals: int = 0
) -> str:
    seen = SeenFigure(about, "20200805-162000-000", None)
    told = Report("counted_twice", "One laboratory sent its file twice.")
    number: str = problems.report(home, seen, told, TOM)["problem_id"]
    problems.take_up(home, number, "James Wu")
    until = problems.now().date() + timedelta(days=days)
    correction = Correction(
        value, "The laboratory confirms it.", until, phe_cases_vintages.SOURCE.name, 54, decimals
    )
    problems.accept(home, number, "James Wu", correction)
    return number


def shown(home: Home, about: str = FIGURE) -> Any:
    columns = "value, source_id, status, is_corrected, is_provisional"
    (found,) = asked(home, f"select {columns} from figures where figure_id = '{about}'")
    return found


def asked(home: Home, question: str) -> list[Any]:
    with open_reader(home) as reader:
        return reader.ask(question).rows()


PUBLISHED = (54.0, "phe_cases_vintages", "single", False, False)
CORRECTED = (27.0, "ground_reports", "explained", True, False)
ENDS = "select correction_id, author, guard_value, ended_at, ended_because from corrections"


def files_of(home: Home) -> list[str]:
    receipts = read_receipts(home).filter(source_id="ground_reports", verdict="landed")
    return sorted(receipts["file_name"])


def kinds(home: Home) -> list[Any]:
    changes = "select kind, amount, source_id from figure_changes where figure_id = "
    return asked(home, f"{changes} '{FIGURE}' order by version")


@pytest.mark.long  # the loop in the browser takes the same way in every build
def test_a_correction_holds_from_its_acceptance_until_the_publisher_says_something_else(
    home: Home, folder: Path, accepting_at: Callable[[int], None]
):
    assert shown(home) == PUBLISHED
    accepting_at(4)
    number = accepted(home)
    run(home, folder)
    assert shown(home) == CORRECTED
    assert problems.found(home, number)["state"] == "corrected"
    assert asked(home, ENDS) == [(number, "James Wu", 54.0, None, None)]
    receipts = read_receipts(home).filter(source_id="ground_reports")
    assert receipts["verdict"].to_list() == ["landed"]
    assert receipts["file_name"].to_list() == [f"ground-report-{number}-correction.csv"]

    put_cases(folder, 3, 54)
    run(home, folder)
    assert shown(home) == CORRECTED, "whoever repeats the value has repaired nothing"

    put_cases(folder, 2, 31)
    run(home, folder)
    assert shown(home) == (31.0, "phe_cases_vintages", "single", False, False)
    problem = problems.found(home, number)
    assert (problem["state"], problem["ended_because"]) == ("ended", "repaired")
    repaired_at = datetime.fromisoformat(day(2))
    assert asked(home, ENDS) == [(number, "James Wu", 54.0, repaired_at, "repaired")]
    assert kinds(home) == [
        ("new", 54.0, "phe_cases_vintages"),
        ("correction", -27.0, "ground_reports"),
        ("correction", 4.0, "phe_cases_vintages"),
    ]
    then = f"value from figures_as_known('{day(3)}') where figure_id = '{FIGURE}'"
    assert asked(home, f"select {then}") == [(27.0,)], "what was known is not rewritten"
    assert asked(home, ENDS.replace("corrections", f"corrections_as_known('{day(3)}')")) == [
        (number, "James Wu", 54.0, None, None)
    ]


def test_one_build_takes_in_what_it_can_and_ends_what_has_ended(
    home: Home, folder: Path, accepting_at: Callable[[int], None], capfd: pytest.CaptureFixture[str]
):
    """One has expired, one was repaired before, one cannot be; and a build was stopped before."""
    accepting_at(4)
    expired = accepted(home, days=3)
    accepting_at(0)
    repaired = accepted(home, about=figure(21))
    odd = accepted(home, value=27.4, about=figure(22), decimals=1)
    put_cases(folder, 1, 54, others=50)
    for _ in range(2):
        bringing.bring(home)
    assert capfd.readouterr().err.count(f"{odd}: the correction was not taken in") == 1
    assert files_of(home) == sorted(
        f"ground-report-{name}.csv"
        for name in (f"{expired}-correction", f"{expired}-expired", f"{repaired}-correction")
    )
    problem = problems.found(home, odd)
    assert (problem["state"], problem["ended_because"]) == ("ended", "not_taken_in")
    assert "break the rules" in problem["ended_why"]

    run(home, folder)
    assert shown(home) == PUBLISHED
    assert problems.found(home, expired)["ended_because"] == "expired"
    assert shown(home, figure(21)) == (50.0, "phe_cases_vintages", "single", False, False)
    assert problems.found(home, repaired)["ended_because"] == "repaired"
    corrected = "select distinct figure_id from figure_versions where is_corrected"
    assert asked(home, corrected) == [(FIGURE,)], "what was repaired before never held"
    ends = asked(home, f"{ENDS} order by correction_id")
    assert (expired, "James Wu", 54.0, datetime.fromisoformat(day(1)), "expired") in ends


class TestWhatIsBrought:
    """The files alone, without a build."""

    @pytest.fixture
    def home(self, tmp_path: Path) -> Home:
        return Home(tmp_path / "home")

    def test_what_ended_otherwise_expires_too_so_that_it_never_comes_back_for_ever(
        self, home: Home, accepting_at: Callable[[int], None], monkeypatch: pytest.MonkeyPatch
    ):
        accepting_at(4)
        number = accepted(home, days=3)
        monkeypatch.setattr(bringing, "now", lambda: TODAY - timedelta(days=3))
        bringing.bring(home)
        problems.correct(home, number)
        problems.end(home, number, "repaired")
        bringing.bring(home)
        assert files_of(home) == [f"ground-report-{number}-correction.csv"]
        monkeypatch.undo()
        bringing.bring(home)
        assert f"ground-report-{number}-expired.csv" in files_of(home)
        assert problems.found(home, number)["ended_because"] == "repaired"

    def test_what_is_taken_back_is_told_to_the_build_where_that_had_heard_of_it(self, home: Home):
        number, unheard = accepted(home), accepted(home, about=figure(21))
        problems.take_back(home, unheard, "Ada", "It was right.")
        bringing.bring(home)
        problems.take_back(home, number, "Ada", "The first count was right.")
        bringing.bring(home)
        begun = f"ground-report-{number}"
        assert files_of(home) == [f"{begun}-correction.csv", f"{begun}-taken_back.csv"]
        files = home.raw / "ground_reports" / "corrections" / "*.parquet"
        (row,) = pl.read_parquet(files).filter(says="taken_back").iter_rows(named=True)
        assert (row["reason"], row["author"]) == ("The first count was right.", "Ada")
        assert row["_published_at"] == problems.found(home, number)["ended_at"]

    def test_without_an_agreement_a_report_ends_and_nothing_else_is_stopped(
        self, home: Home, unagreed: None
    ):
        number = accepted(home)
        bringing.bring(home)
        bringing.bring(home)
        problem = problems.found(home, number)
        assert (problem["state"], problem["ended_because"]) == ("ended", "not_taken_in")
        assert "no agreement" in problem["ended_why"]


@pytest.fixture
def unagreed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No agreement that lists corrections, from now on."""
    folder = tmp_path / "agreements"
    shutil.copytree(agreements.folder(), folder)
    (folder / "ground_reports.toml").unlink()
    monkeypatch.setenv("TRIGPOINT_AGREEMENTS", str(folder))


def put_in_release(home: Home, number: str, ended_because: str | None = None) -> None:
    """A correction that the release holds and whose figure it does not show as corrected."""
    folder = releases.folder(home, releases.current(home).release_id)
    row = [number, FIGURE, TODAY, ended_because]
    with duckdb.connect(str(folder / "controlled.duckdb")) as connection:
        names = "correction_id, figure_id, accepted_at, ended_because"
        connection.execute(f"insert into corrections ({names}) values (?, ?, ?, ?)", row)


class TestWhatIsTold:
    def test_nobody_is_told_that_a_figure_is_corrected_which_is_not(self, home: Home):
        number = accepted(home)
        put_in_release(home, number)
        bringing.tell(home)
        assert problems.found(home, number)["state"] == "accepted"

    def test_what_expired_ends_whatever_the_release_holds(
        self, home: Home, accepting_at: Callable[[int], None]
    ):
        accepting_at(4)
        number = accepted(home, days=3)
        accepting_at(0)
        bringing.tell(home)
        assert problems.found(home, number)["ended_because"] == "expired"

    def test_an_agreement_that_ended_leaves_nothing_accepted_for_ever(
        self, home: Home, unagreed: None
    ):
        number = accepted(home)
        bringing.tell(home)
        assert problems.found(home, number)["ended_because"] == "agreement_ended"


@pytest.mark.long
def test_a_correction_outlasts_a_build_that_was_stopped_and_a_full_refresh(home: Home):
    """What landed and was not built yet is built, and nothing is brought twice.

    No breaker holds it, however far it lies from what is published: a person has weighed that.
    """
    number = accepted(home, value=54_000.0)
    bringing.bring(home)
    bringing.bring(home)
    assert read_receipts(home).filter(source_id="ground_reports").height == 1
    assert trigpoint("build", "--full-refresh", "--home", home.root) == 0
    assert problems.found(home, number)["state"] == "accepted", "no release shows it yet"
    assert trigpoint("publish", "--home", home.root) == 0
    assert shown(home) == (54_000.0, *CORRECTED[1:])
    assert problems.found(home, number)["state"] == "corrected"

    before = read_receipts(home).height, releases.current(home).release_id
    assert trigpoint("build", "--home", home.root) == 0
    assert trigpoint("publish", "--home", home.root) == 0
    assert (read_receipts(home).height, releases.current(home).release_id) == before
    told = [said for said in questions(home)["question"] if number in said]
    assert len(told) == 2
    assert "goes to the build" in told[1] and "is shown" in told[0]


def test_the_command_lists_what_was_reported(home: Home, capsys: pytest.CaptureFixture[str]):
    assert trigpoint("problems", "--home", home.root) == 0
    assert "No problem has been reported." in capsys.readouterr().out
    number = accepted(home)
    assert trigpoint("problems", "--open", "--home", home.root) == 0
    told = capsys.readouterr().out
    assert number in told and "The laboratory confirms it." in told and "Tom Hughes" in told
    assert trigpoint("problems", "--json", "--home", home.root) == 0
    (row,) = json.loads(capsys.readouterr().out)["problems"]
    assert row["problem_id"] == number and "contact" not in row and "reporter" not in row
