"""Lists in questions, written out: what a literal list rules out, the engine does not read."""

from collections.abc import Sequence
from typing import Any


def among(name: str, values: Sequence[str]) -> tuple[str, dict[str, Any]]:
    """The text `($name_0, $name_1)` for `in`, and its parameters; an empty list matches nothing."""
    parameters = {f"{name}_{place}": value for place, value in enumerate(values or [""])}
    return f"({', '.join(f'${key}' for key in parameters)})", parameters
