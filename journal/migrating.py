"""Bringing a journal to the newest version: Alembic's steps, within one transaction."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from store.errors import TrigpointError

HEAD = "0009"


def bring_to_head(
    transaction: Callable[[], AbstractContextManager[Connection]], where: str
) -> None:
    """Make the journal's tables what this version works with; does nothing where they are.

    Raises `TrigpointError` for a journal of a newer version, which is left as it is.
    """
    with transaction() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
        if found == HEAD:
            return
        steps = configuration(connection)
        if found is not None and found not in _known(steps):
            raise TrigpointError(
                f"the journal {where} was written by a newer Trigpoint (version {found} of its "
                f"tables, known here up to {HEAD}); run that one"
            )
        command.upgrade(steps, "head")


def configuration(connection: Connection) -> Config:
    """Alembic's own settings, for steps within this connection."""
    steps = Config(attributes={"connection": connection})
    steps.set_main_option("script_location", "journal:migrations")
    steps.set_main_option("path_separator", "os")
    return steps


def _known(steps: Config) -> set[str]:
    return {step.revision for step in ScriptDirectory.from_config(steps).walk_revisions()}
