"""A small guarded England that is asked in SQL, and what around it must stay untouched."""

import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from confined_england import Around, hashes, text_of

from store import releases
from store.paths import Home
from tests.homes import once
from tests.mailing import guarded_england


@pytest.fixture(scope="session")
def england(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A guarded England; its folder is one that no other account may enter."""
    return once(tmp_path_factory, "confined", lambda root: guarded_england.filled(Home(root)))


@pytest.fixture
def around(england: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Around]:
    """Secrets within reach of whoever could read, write or connect; nothing of it may happen."""
    outside, written = tmp_path / "outside.csv", tmp_path / "open" / "written"
    outside.write_text(text_of(outside))
    written.parent.mkdir(mode=0o777)
    tmp_path.chmod(0o755)
    monkeypatch.setenv("TRIGPOINT_SECRET", text_of(outside))
    file = releases.controlled_file(england, releases.current(england).release_id)
    before = hashes(england.root)
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:
        listening.setblocking(False)
        yield Around(england.root, file, outside, written, listening.getsockname()[1])
        with pytest.raises(BlockingIOError):
            listening.accept()
    assert hashes(england.root) == before
    assert list(written.parent.iterdir()) == []
    assert outside.read_text() == text_of(outside)
