"""The table of checks in README.md names tests that are there, at least one a check."""

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
README = (HERE / "README.md").read_text()
NAMED = re.compile(r"`([\w./]+\.py)::(\w+)`")


def names_in(path: Path) -> set[str]:
    """The names of all tests of a module, those of its classes too."""
    tree = ast.parse(path.read_text())
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {node.name for node in functions if node.name.startswith("test_")}


def test_each_check_has_its_row_and_its_tests():
    rows = re.findall(r"^\| (\d+) \|.*\|(.*)\|$", README, re.MULTILINE)
    assert [int(number) for number, _ in rows] == list(range(1, 26))
    assert [number for number, tests in rows if not NAMED.search(tests)] == []


def test_each_named_test_is_there():
    named = NAMED.findall(README)
    assert [f"{file}::{name}" for file, name in named if name not in names_in(HERE / file)] == []
    assert len(named) == README.count("::")
