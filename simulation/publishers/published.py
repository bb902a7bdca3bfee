"""What a publisher puts out: files with a name and their bytes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from simulation.arrivals import Arrivals
from simulation.cadence import Cadence


@dataclass(frozen=True)
class PublishedFile:
    """A file under the name and with the bytes that its publisher would have given it."""

    name: str
    content: bytes


class Publisher(Protocol):
    """A module of this package; its name is the source's id and folder."""

    @property
    def CADENCE(self) -> Cadence:  # noqa: N802
        """When it publishes, unless told otherwise."""
        ...

    def files(self, arrivals: Arrivals, published: date) -> Sequence[PublishedFile]:
        """Everything that it publishes on one day."""
        ...


def lines(rows: Iterable[str]) -> bytes:
    """Lines of text as UTF-8, the last one ended as well."""
    return "".join(f"{row}\n" for row in rows).encode()


def quoted(text: str) -> str:
    """A name in quotes where it holds a comma, as the publishers write it."""
    return f'"{text}"' if "," in text else text
