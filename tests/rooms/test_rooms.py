"""Who may import whom."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    linter = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([linter], cwd=folder, capture_output=True, text=True, check=False)


def test_every_room_stands_where_the_design_says():
    linted = lint(ROOT)
    assert linted.returncode == 0, linted.stdout
