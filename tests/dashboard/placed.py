"""What a page holds, read from its components without a browser."""

import json
from collections.abc import Iterator
from typing import Any

from dash import html


def parts(component: Any) -> Iterator[Any]:
    """The component and everything in it, in order."""
    if isinstance(component, list | tuple):
        for one in component:
            yield from parts(one)
    elif component is not None:
        yield component
        yield from parts(getattr(component, "children", None))
        yield from parts(laid_out(getattr(component, "data-rows", "[]")))


def laid_out(rows: str) -> list[html.Tr]:
    """The rows of a long table, as `assets/rows.js` lays them out in a browser."""
    return [
        html.Tr([html.Th(_content(first)), *(html.Td(_content(cell)) for cell in others)])
        for first, *others in json.loads(rows)
    ]


def _content(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell
    said = _said(cell)
    return [said, html.Span(f"[{cell['mark']}]", className="mark")] if "mark" in cell else said


def _said(cell: dict[str, str]) -> Any:
    if "href" in cell:
        return html.A(cell["text"], href=cell["href"])
    if "figure" not in cell:
        return cell["text"]
    about = html.Span(f" {cell['about']}, where it comes from", className="unseen")
    return html.Button([cell["text"], about], className="figure", **{"data-figure": cell["figure"]})


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
