"""Deciding: a disputed figure keeps what was signed, and a held file goes for a reason."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from loaders.sources import phe_cases_vintages
from pipeline import build as building
from pipeline.cli import main
from store.moments import now
from store.paths import Home
from store.reader import open_reader
from tests.conftest import Ran

Running = Callable[..., Any]
CASES = phe_cases_vintages
HEADING = CASES.SAMPLE.splitlines()[0]


TODAY = now()


def day(back: int) -> str:
    """A day of the past week: whoever decides does so today. Midnight may pass meanwhile."""
    return f"{TODAY - timedelta(days=back):%Y-%m-%d}"


LEICESTER = f"cases_by_specimen_date.E06000016.all.{day(6)}"
SHOWN = "select value, source_id, status, awaits_decision, disagreed_from is not null as quarrel"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home under a policy in which cases by specimen date need a sign-off."""
    project = tmp_path / "project"
    shutil.copytree(building.PROJECT, project)
    seed = project / "seeds" / "metrics.csv"
    lines = seed.read_text().splitlines()
    signed = [
        line.replace(",false,case_surveillance", ",true,case_surveillance")
        if line.startswith("cases_by_specimen_date,")
        else line
        for line in lines
    ]
    assert signed != lines
    seed.write_text("\n".join(signed) + "\n")
    monkeypatch.setattr(building, "PROJECT", project)
    return Home(tmp_path / "home")


@pytest.fixture
def trigpoint(capsys: pytest.CaptureFixture[str]) -> Running:
    """The command line in this process, where the policy is the one of this test."""

    def run(*arguments: str | Path) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return Ran(int(ended.value.code or 0), told.out, told.err)

    return run


def put_cases(folder: Path, published: str, count: int) -> None:
    path = folder / "phe_cases_vintages" / f"cases_{published}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    row = f"Leicester,E06000016,Utla,{day(6)},{count},,,{count},,,0.1"
    path.write_text(f"{HEADING}\n{row}\n")


def put_return(folder: Path, published: str, count: int) -> None:
    path = folder / "local_returns" / f"leicester-{published}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    row = f"E06000016,Leicester,{day(6)},cases_by_specimen_date,{count}"
    path.write_text(f"area_code,area_name,date,metric,value\n{row}\n")


def shown(home: Home) -> tuple[Any, ...]:
    with open_reader(home) as reader:
        return reader.ask(f"{SHOWN} from figures where figure_id = '{LEICESTER}'").row(0)


def test_a_disputed_figure_keeps_the_signed_one_until_a_person_decides(
    home: Home, folder: Path, trigpoint: Running
):
    run = ("run", "--from", folder, "--home", home.root)
    put_cases(folder, day(5), 31)
    assert trigpoint(*run).code == 0
    put_return(folder, day(4), 40)
    put_cases(folder, day(3), 33)
    assert trigpoint(*run).code == 0
    assert shown(home) == (31.0, "phe_cases_vintages", "disputed", True, True)

    asked = ("decide", LEICESTER, "--home", home.root, "--follow")
    wrong = trigpoint(*asked, "owid", "--because", "x")
    assert wrong.code == 2
    assert wrong.error.startswith(f"owid says nothing about {LEICESTER}; local_returns, phe_cases")
    silent = trigpoint(*asked, "local_returns")
    assert silent.code == 2 and "a decision needs its reason" in silent.error

    chosen = trigpoint(*asked, "local_returns", "--by", "Ada", "--because", "seen on the ground")
    assert chosen.code == 0 and "local_returns is followed from now on" in chosen.out
    assert trigpoint("build", "--home", home.root).code == 0
    assert trigpoint("publish", "--home", home.root).code == 0
    assert shown(home) == (40.0, "local_returns", "disputed", False, True)
    with open_reader(home) as reader:
        decisions = reader.ask("select person, reason, source_id from decisions").rows()
        before = reader.ask(f"{SHOWN} from figures_as_known(date '{day(3)}')").row(0)
    assert decisions == [("Ada", "seen on the ground", "local_returns")]
    assert before[0] == 31, "a decision holds from when it was taken"

    put_cases(folder, day(1), 50)
    assert trigpoint(*run).code == 0
    assert shown(home)[:2] == (31.0, "phe_cases_vintages"), "nobody had seen this when they decided"
    assert shown(home)[3] is True


@pytest.mark.long
def test_a_held_file_goes_for_a_reason_and_only_then(
    tmp_path: Path, folder: Path, trigpoint: Running
):
    """A workbook of 65,536 rows looks cut off; the publisher says that it is whole."""
    home = Home(tmp_path / "held")
    path = folder / "phe_cases_vintages" / "cases_2020-05-01.csv"
    path.parent.mkdir(parents=True)
    rows = [f"Area {n},E{n:08d},Utla,2020-04-30,1,,,1,,,0.1" for n in range(65_535)]
    path.write_text("\n".join([HEADING, *rows]) + "\n")
    assert trigpoint("load", "--from", folder, "--home", home.root).code == 0
    assert trigpoint("build", "--home", home.root).code == 0
    publish = ("publish", "--home", home.root, "--despite")
    other = trigpoint(*publish, "units", "--because", "it is whole")
    assert other.code == 2
    assert "breaker units holds nothing now; these hold something: row_cap\n" in other.error
    held = trigpoint("publish", "--home", home.root)
    assert held.code == 3 and "Held (row_cap" in held.out
    assert trigpoint(*publish, "row_cap").code == 2
    gone = trigpoint(*publish, "row_cap", "--because", "the publisher confirmed", "--by", "Ada")
    assert gone.code == 0 and "Held" not in gone.out
    with open_reader(home) as reader:
        sentence, is_open = reader.ask("select sentence, is_open from breakers").row(0)
    assert not is_open and "Let go by Ada" in sentence and "the publisher confirmed" in sentence
