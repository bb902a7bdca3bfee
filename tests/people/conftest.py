"""A home with an empty journal in each engine, as the journal's own tests have it."""

from tests.journal.conftest import home, postgresql

__all__ = ["home", "postgresql"]
