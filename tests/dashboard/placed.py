"""What a page holds, read from its components without a browser."""

from collections.abc import Iterator
from typing import Any


def parts(component: Any) -> Iterator[Any]:
    """The component and everything in it, in order."""
    if isinstance(component, list | tuple):
        for one in component:
            yield from parts(one)
    elif component is not None:
        yield component
        yield from parts(getattr(component, "children", None))


def words_in(component: Any) -> str:
    """All text, joined by spaces."""
    return " ".join(str(part) for part in parts(component) if isinstance(part, str | int | float))


def every(component: Any, kind: str, style: str | None = None) -> list[Any]:
    """Every component of a kind such as `Button`, of a class where `style` names one."""
    return [
        part
        for part in parts(component)
        if type(part).__name__ == kind
        and (style is None or style in (getattr(part, "className", None) or "").split())
    ]


def notes_of(page: Any) -> str:
    """What stands in the notes at the top of a page."""
    return words_in(every(page, "Div", "notes"))
