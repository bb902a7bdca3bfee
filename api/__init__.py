"""The HTTP API: figures and what stands behind them for people's own programs, by their tokens."""

# Everything that it answers lies below this.
PREFIX = "/api/v1"
# The Flask blueprint of its addresses.
NAME = "api"


def is_below(path: str) -> bool:
    """Whether an address is one of the API, known or not."""
    return path == "/api" or path.startswith("/api/")
