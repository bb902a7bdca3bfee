"""Who may look: roles, sign-in, sessions, and the register of every way out of the store."""
