"""What stands against publishing: failing tests stop everything, breakers hold what tripped them."""

from dataclasses import dataclass
from datetime import datetime

import duckdb

from pipeline.build import Progress, test
from store.errors import TrigpointError
from store.paths import Home


@dataclass(frozen=True)
class Breaker:
    """One thing that a breaker says; `since` is naive UTC."""

    breaker_id: str
    severity: str
    source_id: str
    since: datetime
    sentence: str


def check(home: Home, progress: Progress) -> list[Breaker]:
    """Run the data tests, then read the breakers, holds first.

    Raises `TrigpointError` when nothing was built yet or a test of the whole store fails.
    """
    if not home.warehouse.exists():
        raise TrigpointError(f"nothing has been built in {home.root} yet; run `trigpoint build`")
    test(home, progress)
    return breakers(home)


def breakers(home: Home) -> list[Breaker]:
    """What the breakers of the last build say, holds first."""
    with duckdb.connect(str(home.warehouse), read_only=True) as connection:
        rows = connection.sql(
            "select breaker_id, severity, source_id, since, sentence from work.breakers "
            "order by severity, source_id, since"
        ).fetchall()
    return [Breaker(*row) for row in rows]
