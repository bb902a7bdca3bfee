"""Where Alembic starts: it works within the connection, and the transaction, that it is given."""

from alembic import context

from journal.tables import Table

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Table.metadata
)
context.run_migrations()
