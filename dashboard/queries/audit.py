"""What stands on the audit, counted among the rows of the answer as those of readers are."""

import polars as pl

from dashboard import audited
from journal import reading
from journal.reading import Wanted
from people import review
from people.review import Reviewed
from people.settings import SignIn
from store.settings import Settings


def entries(wanted: Wanted, before: int | None = None, most: int | None = None) -> pl.DataFrame:
    """The questions wanted, the newest first, as `journal.reading.found` gives them."""
    found = reading.found(Settings.read().home, wanted, before, most)
    audited.count(found.height)
    return found


def everybody() -> list[Reviewed]:
    """The review of access, at this moment and for the way of signing in that is in use."""
    found = review.review(Settings.read().home, SignIn.read())
    audited.count(len(found))
    return found


def on_the_audit(names: dict[str, str]) -> list[tuple[str, str]]:
    """Everybody who stands on the audit, by subject and with the name that is known of them."""
    subjects = reading.people(Settings.read().home)
    return [(subject, _called(subject, names)) for subject in subjects]


def _called(subject: str, names: dict[str, str]) -> str:
    return f"{names[subject]} ({subject})" if subject in names else subject
