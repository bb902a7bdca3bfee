"""What was published of a small England, for commands to take in."""

from pathlib import Path

import pytest

from loaders.sources import phe_cases_vintages


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one good file."""
    folder = tmp_path_factory.mktemp("published")
    (folder / "phe_cases_vintages").mkdir()
    path = folder / "phe_cases_vintages" / phe_cases_vintages.SAMPLE_NAME
    path.write_text(phe_cases_vintages.SAMPLE)
    return folder
