"""The bar under the header: native controls in a form whose answer is the address."""

import json
from typing import Any

from dash import html

from dashboard.components.attributes import aria
from dashboard.seen import Seen


def native(kind: str, name: str, label: str, value: str = "", **more: Any) -> html.Div:
    """A native control, made in the browser from these attributes (`assets/native.js`).

    `kind` is select or a type of input (date, text, search, …); `options` are pairs of value and
    text for a select; `source` is the address of a search's suggestions; `max` is the last date
    and `longest` the most characters that it takes.
    """
    attributes: dict[str, Any] = {
        "data-kind": kind,
        "data-name": name,
        "data-label": label,
        "data-value": value,
    }
    if "options" in more:
        attributes["data-options"] = json.dumps(more["options"])
    for extra in ("source", "hint", "max", "longest", "required"):
        if more.get(extra):
            attributes[f"data-{extra}"] = str(more[extra])
    return html.Div(className="native", **attributes)


def find() -> html.Div:
    """The search that leads to any area by name or code."""
    return native("search", "find", "Find an area", source="/files/areas.json")


def form(path: str, label: str, *controls: Any, button: str = "Show") -> html.Form:
    """A form that leads to `path` with what was chosen and whatever else the address says."""
    return html.Form(
        [*controls, html.Button(button, type="submit", className="button")],
        action=path,
        method="GET",
        className="ask",
        **aria(label=label),
    )


def bar(seen: Seen, control: html.Div, *ways: html.A, area_id: str | None = None) -> html.Div:
    """Area and moment, other ways to have this, and a link to exactly this.

    `area_id` is the area shown where the address may name none: whoever is sent the link may have
    another area of their own.
    """
    as_of = seen.asked.as_of.date().isoformat() if seen.asked.as_of else ""
    return html.Div(
        [
            form(
                seen.path,
                "Area and moment",
                control,
                native("date", "as_of", "As it was on", as_of, hint="empty: now"),
            ),
            html.Div(
                [
                    *ways,
                    *copy_link(seen, area_id),
                ],
                className="ways",
            ),
        ],
        className="bar",
    )


def copy_link(seen: Seen, area_id: str | None = None) -> list[Any]:
    """The button that copies a link to exactly what is open, and where it says that it did."""
    button = html.Button(
        "Copy link", type="button", className="button quiet", **_copied(seen, area_id)
    )
    return [button, html.Span(role="status", className="copied")]


def _copied(seen: Seen, area_id: str | None) -> dict[str, Any]:
    """A copied link carries the moment, so that it opens on the same numbers tomorrow."""
    released_at = seen.reader.release.released_at.replace(microsecond=0)
    carried = {"data-copy": "address", "data-moment": released_at.isoformat()}
    return carried | ({"data-area": area_id} if area_id else {})
