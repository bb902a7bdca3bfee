"""The linter renders what every engine shares: a dispatched macro becomes a plain call."""

from collections.abc import Callable


def dispatch(name: str, *_: str) -> Callable[..., str]:
    return lambda *arguments: f"{name}({', '.join(str(argument) for argument in arguments)})"
