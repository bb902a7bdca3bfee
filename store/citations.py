"""Citations: `TP-<figure>-<release>` names one number for ever.

A release is never changed once it is published, so a citation resolves to the same number as long
as that release is kept, and to what the record of showings says of it after that.
"""

import re
from dataclasses import dataclass

from store.errors import WrongUse
from store.releases import RELEASE_ID

PREFIX = "TP-"
# A figure id holds dots and hyphens itself, so the release is what stands at the right.
WRITTEN = re.compile(
    rf"TP-(?P<figure_id>[A-Za-z0-9_.\-]{{5,200}})-(?P<release_id>{RELEASE_ID.pattern})"
)
EXAMPLE = "TP-cases_by_specimen_date.E92000001.all.2020-07-30-20261123-052259-128"


@dataclass(frozen=True)
class Citation:
    """A figure as one release shows it; its text is what people write down."""

    figure_id: str
    release_id: str

    def __str__(self) -> str:
        return f"{PREFIX}{self.figure_id}-{self.release_id}"


def parse(text: str) -> Citation:
    """The figure and the release that a citation names. Raises `WrongUse` for any other text."""
    found = WRITTEN.fullmatch(text.strip())
    if found is None:
        raise WrongUse(f"{text[:60]!r} is no citation; one is written as {EXAMPLE}")
    return Citation(**found.groupdict())
