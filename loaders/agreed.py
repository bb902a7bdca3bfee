"""Which columns of a file may be held, as the agreements of its source say."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from loaders.reading import Refused
from store import agreements

LONGEST, MOST = 60, 3


@dataclass(frozen=True)
class AgreedColumns:
    """What each agreement that lists a source says of its columns, None where every one may come.

    A heading has to stand in each of the lists, as no agreement is got round by another.
    """

    source_id: str
    lists: Mapping[str, tuple[str, ...] | None]

    @classmethod
    def of(cls, source_id: str) -> "AgreedColumns":
        """What the agreements at hand say; one that cannot be read allows nothing."""
        return cls(source_id, agreements.columns(source_id, agreements.readable()))

    @property
    def is_limited(self) -> bool:
        """Whether any agreement has a list, so that headings have to be looked at."""
        return any(listed is not None for listed in self.lists.values())

    def require_any(self, file: str) -> None:
        """Raise `Refused` where no agreement says which columns of a source may be held."""
        if not self.lists:
            raise Refused(
                f"no agreement that can be read lists the source {self.source_id}, so nobody says "
                f"which columns of {file} may be held; mend that and load it again"
            )

    def require(self, headings: Iterable[str], file: str) -> None:
        """Raise `Refused` naming the columns of a file that an agreement does not list."""
        published = list(headings)
        for agreement_id, listed in self.lists.items():
            allowed = {plain(name) for name in listed or published}
            if others := [name for name in published if plain(name) not in allowed]:
                raise Refused(
                    f"{file} has {_named(others)}, which agreement {agreement_id} does not list; "
                    "ask for the file without it, or have it agreed and signed, and load it again"
                )


def plain(heading: str) -> str:
    """A heading without case, blanks, hyphens and underscores, which nobody means by them."""
    return re.sub(r"[\s_-]+", "", heading).lower()


def names_in(parsed: Any) -> Iterator[str]:
    """What records of JSON call their values, however deep they lie; some more than once."""
    waiting = [parsed]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield from one
            waiting += [value for value in one.values() if isinstance(value, dict | list)]
        elif isinstance(one, list):
            waiting += one


def _named(headings: list[str]) -> str:
    shown = ", ".join(repr(name[:LONGEST]) for name in headings[:MOST])
    more = f" and {len(headings) - MOST} more" if len(headings) > MOST else ""
    return f"the column{'s' if len(headings) > 1 else ''} {shown}{more}"
