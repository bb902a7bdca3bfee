"""How the journal came to its present form, one step a version; Alembic runs them in order."""
