"""Pictures of every page for every role, and what a script can see is wrong with them."""
