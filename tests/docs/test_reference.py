"""The documents tell the truth: generated pages are current, links and commands lead somewhere."""

import re
import runpy
import shlex
from pathlib import Path

import duckdb
import pytest
import typer

from pipeline.cli import app
from store.moments import parse_moment
from store.paths import Home
from store.reader import open_reader
from store.releases import controlled_file, current

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
WRITTEN = [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.glob("*.md"), *DOCS.glob("how-to/*.md")]
GENERATED = runpy.run_path(str(DOCS / "generate.py"))["pages"]()
COMMANDS = typer.main.get_command(app).commands


@pytest.mark.parametrize("name", GENERATED)
def test_the_committed_reference_is_what_the_generator_gives(name: str):
    committed = (DOCS / "reference" / name).read_text(encoding="utf-8")
    assert committed == GENERATED[name], f"docs/reference/{name} is old: run `make docs`"


def test_the_reference_holds_nothing_else():
    assert {path.name for path in (DOCS / "reference").iterdir()} == set(GENERATED)


def test_every_table_and_column_of_a_release_is_in_the_reference(simulated_home: Home):
    path = controlled_file(simulated_home, current(simulated_home).release_id)
    with duckdb.connect(str(path), read_only=True) as connection:
        released = connection.sql(
            "select table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    sections = dict(re.findall(r"(?ms)^## `(\w+)`\n(.*?)(?=^## |\Z)", GENERATED["tables.md"]))
    described = {
        (t, c) for t, text in sections.items() for c in re.findall(r"(?m)^\| `(\w+)`", text)
    }
    assert described == set(released)


def test_every_column_of_what_was_shown_is_in_the_reference(simulated_home: Home):
    section = GENERATED["tables.md"].split("## As shown at a moment")[1]
    described = re.findall(r"(?m)^\| `(\w+)`", section)
    with open_reader(simulated_home) as reader:
        shown = reader.ask("select * from figures_as_shown('2100-01-01')").columns
    assert described == shown and len(shown) == len(set(shown))


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not target.startswith("https://"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_exists_with_its_options(page: Path):
    for line in commands(page):
        words = shlex.split(line, comments=True)
        if words[0] == "make":
            makefile = (ROOT / "Makefile").read_text()
            assert re.search(rf"(?m)^{words[1]}:", makefile), f"{page.name}: {line}"
        elif words[1] != "--help":
            command = COMMANDS[words[1]]
            # A group such as `people` holds commands of its own.
            command = (
                getattr(command, "commands", {}).get(words[2], command) if words[2:] else command
            )
            known = {name for param in command.params for name in param.opts} | {"--help"}
            given = {word for word in words[2:] if word.startswith("--")}
            assert given <= known, f"{page.name}: {line}"


@pytest.mark.parametrize("page", WRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_question_can_be_asked(page: Path, simulated_home: Home):
    for line in commands(page):
        words = shlex.split(line, comments=True)
        question = next((word for word in words if word.startswith("select ")), None)
        if question:
            as_of = words[words.index("--as-of") + 1] if "--as-of" in words else None
            moment = parse_moment(as_of) if as_of else None
            with open_reader(simulated_home, as_of=moment) as reader:
                reader.ask(question)


def test_the_tutorial_leaves_nothing_beside_the_folder_of_data():
    text = (DOCS / "tutorial.md").read_text(encoding="utf-8")
    made = re.findall(r"(?m)(?:mkdir -p|--output|^cat >|^cp \S+) (\S+)", text)
    assert len(made) >= 4
    assert all(path.startswith("data/") for path in made)
    assert "data/" in (ROOT / ".gitignore").read_text().splitlines()


def test_the_disputes_of_the_tutorial_are_those_of_england_as_its_pages_say():
    [line] = [line for line in commands(DOCS / "tutorial.md") if "status = 'disputed'" in line]
    assert "area_id = 'E92000001'" in line


def commands(page: Path) -> list[str]:
    """The calls of make and trigpoint in a page's blocks of shell, continued lines joined."""
    blocks = re.findall(r"(?ms)^ *```sh\n(.*?)^ *```", page.read_text(encoding="utf-8"))
    text = "\n".join(blocks).replace("\\\n", " ")
    # A question in SQL may run over several lines between its quotes.
    calls = re.findall(r"(?m)^ *(?:\w+=\S+ )*((?:make|trigpoint) (?:\"[^\"]*\"|[^\"\n])*)", text)
    return [" ".join(call.split()) for call in calls]
