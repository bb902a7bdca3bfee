"""Texts on a page as they can be seen: names of files and notes can hold anything."""

from typing import Any

from dash.development.base_component import Component

from store.exports import visible


def as_seen(part: Any) -> Any:
    """A component, or a list of them, with what cannot be seen in its texts shown by its escape."""
    if isinstance(part, str):
        return "\n".join(visible(line) for line in part.split("\n"))
    if isinstance(part, list | tuple):
        return [as_seen(one) for one in part]
    if isinstance(part, Component) and hasattr(part, "children"):
        part.children = as_seen(part.children)
    return part
