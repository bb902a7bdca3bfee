"""A small England published into a temporary home, and the reader that answers from it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from store.paths import Home
from store.reader import Reader, open_reader
from tests.dashboard.signed_in import signed_in
from tests.dashboard.small_england import write_release


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("home")
    write_release(root)
    return root


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRIGPOINT_HOME", str(home))
    monkeypatch.setenv("TRIGPOINT_SIGN_IN", "demonstration")


@pytest.fixture
def client(at_home: None) -> FlaskClient:
    """A client of somebody who is signed in and may see all of England."""
    return signed_in()


@pytest.fixture(scope="session")
def reader(home: Path) -> Iterator[Reader]:
    with open_reader(Home(home)) as opened:
        yield opened
