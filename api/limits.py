"""How much programs may ask, as `api/limits.toml` states it."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files

from people.attempts import Limit


@dataclass(frozen=True)
class Limits:
    """Rows of a page, names in a filter, bytes of a body, requests of a person, wrong tokens."""

    usual_rows: int
    most_rows: int
    requests_a_minute: int
    wrong_tokens: int
    most_names: int
    most_body_bytes: int

    @property
    def requests(self) -> Limit:
        """How often one person may ask."""
        return Limit("api", self.requests_a_minute, timedelta(minutes=1))

    @property
    def told(self) -> Limit:
        """How often it is put on the audit that one person asks too often."""
        return Limit("api_told", 1, timedelta(minutes=1))

    @property
    def guesses(self) -> Limit:
        """How often one address may bring what is no token."""
        return Limit("api_token", self.wrong_tokens, timedelta(minutes=15))


@cache
def limits() -> Limits:
    """The limits of this store."""
    return Limits(**tomllib.loads(files("api").joinpath("limits.toml").read_text()))
