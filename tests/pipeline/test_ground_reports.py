"""From an accepted report to a corrected figure, and back once the publisher has repaired it."""

import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from journal import problems
from journal.notes import SeenFigure
from journal.problems import Correction, Report, Reporter
from journal.reading import questions
from loaders.receipts import read_receipts
from loaders.sources import phe_cases_vintages
from pipeline import ground_reports as bringing
from pipeline.cli import main
from store import releases
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


FIGURE = f"cases_by_specimen_date.E06000016.all.{day(20)}"
TOM = Reporter("local|tom", "Tom Hughes")


def put_cases(folder: Path, back: int, count: int) -> None:
    """A publication some days ago; of the day after, so that no two files are the same."""
    path = folder / "phe_cases_vintages" / f"cases_{day(back)}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"Leicester,E06000016,Utla,{when},{cases},,,{cases},,,0.1"
        for when, cases in ((day(20), count), (day(back + 7), 60 + back))
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


def accepted(home: Home, value: float = 27.0, days: int = 30) -> str:
    seen = SeenFigure(FIGURE, releases.current(home).release_id, None)
    told = Report("counted_twice", "One laboratory sent its file twice.")
    number: str = problems.report(home, seen, told, TOM)["problem_id"]
    problems.take_up(home, number, "James Wu")
    until = problems.now().date() + timedelta(days=days)
    correction = Correction(
        value, "The laboratory confirms it.", until, phe_cases_vintages.SOURCE.name, 54
    )
    problems.accept(home, number, "James Wu", correction)
    return number


def shown(
    home: Home, columns: str = "value, source_id, status, is_corrected, is_provisional"
) -> Any:
    with open_reader(home) as reader:
        return reader.ask(f"select {columns} from figures where figure_id = '{FIGURE}'").row(0)


def asked(home: Home, question: str) -> list[Any]:
    with open_reader(home) as reader:
        return reader.ask(question).rows()


PUBLISHED = (54.0, "phe_cases_vintages", "single", False, False)
CORRECTED = (27.0, "ground_reports", "explained", True, False)
ENDS = "select correction_id, author, guard_value, ended_at, ended_because from corrections"


def kinds(home: Home) -> list[Any]:
    changes = "select kind, amount, source_id from figure_changes where figure_id = "
    return asked(home, f"{changes} '{FIGURE}' order by version")


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


@pytest.mark.long
def test_a_correction_expires_at_the_beginning_of_its_day(
    home: Home, folder: Path, accepting_at: Callable[[int], None]
):
    accepting_at(4)
    number = accepted(home, days=3)
    run(home, folder)
    assert shown(home) == PUBLISHED
    problem = problems.found(home, number)
    assert (problem["state"], problem["ended_because"]) == ("ended", "expired")
    ended_at = datetime.fromisoformat(day(1))
    assert asked(home, ENDS) == [(number, "James Wu", 54.0, ended_at, "expired")]


@pytest.mark.long
def test_what_was_repaired_before_it_was_accepted_never_held(home: Home, folder: Path):
    number = accepted(home)
    put_cases(folder, 1, 50)
    run(home, folder)
    assert shown(home) == (50.0, "phe_cases_vintages", "single", False, False)
    assert problems.found(home, number)["ended_because"] == "repaired"
    assert not asked(home, "select * from figure_versions where is_corrected")


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
