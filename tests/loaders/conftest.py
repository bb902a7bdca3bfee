"""The real published files, which stand beside the repository where they may be had."""

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real published files; tests that need it are skipped elsewhere."""
    folder = Path(__file__).parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with real published files is not here")
    return folder
