"""What tests of the confined engine ask with, and how they look at what came of it."""

from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from store.paths import Home
from store.sandbox import Answer, Question, ask
from store.scopes import ENGLAND
from store.viewer import Viewer

NATIONAL = Viewer("ann", "analyst", ENGLAND)
FOLDER = Path(__file__).parent
SECRET = "not for anybody"


@dataclass(frozen=True)
class Around:
    """Where things lie around the release that is asked."""

    home: Path
    file: Path
    outside: Path
    written: Path
    port: int

    def placed(self, sql: str) -> str:
        """A statement with the places that it wants to reach."""
        for name, place in asdict(self).items():
            sql = sql.replace(f"{{{name}}}", str(place))
        return sql


def statements(name: str) -> list[str]:
    """The statements of a file of this folder; a blank line stands between two."""
    blocks = (FOLDER / name).read_text().split("\n\n")
    return [block.strip("\n") for block in blocks if block.strip()]


def asked(home: Home, sql: str, viewer: Viewer = NATIONAL, **parameters: str | int) -> Answer:
    """The answer to a question that somebody of their own asks."""
    return ask(
        home, viewer, viewer.who, Question(sql, parameters), sha256(repr(sql).encode()).hexdigest()
    )


def hashes(folder: Path) -> dict[str, str]:
    """What every file of a home holds, but for those that say who asks."""
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != "asking"
    }


def text_of(outside: Path) -> str:
    """What stands in the file that nobody may read."""
    return f"a,b\n1,{SECRET} {outside.name}\n"
