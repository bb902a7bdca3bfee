"""A home with an empty journal, once in SQLite and once in a PostgreSQL that the tests start."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from journal.engine import Journal, journal_of
from store.paths import Home
from tests.journal.postgresql import Server

ENGINES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    server = Server()
    server.start()
    yield server
    server.stop()
    server.remove()


@pytest.fixture(params=ENGINES)
def home(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv("TRIGPOINT_JOURNAL", raising=False)
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        monkeypatch.setenv("TRIGPOINT_JOURNAL", server.new_database())
    return Home(tmp_path)


@pytest.fixture
def journal(home: Home) -> Iterator[Journal]:
    opened = journal_of(home)
    yield opened
    opened.engine.dispose()
