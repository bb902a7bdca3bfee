"""One source: its files, its quarantine, changes of its columns, and the breakers on it."""

from typing import Any

import polars as pl
from dash import html

from dashboard.components import source as parts
from dashboard.components.bar import bar, find
from dashboard.components.page import page
from dashboard.components.sources_menu import menu
from dashboard.opening import not_found, opened, titled
from dashboard.queries import source as queries
from dashboard.queries.sources import states
from dashboard.registry import register
from dashboard.seen import Seen


def layout(source_id: str = "", **query: str) -> html.Div:
    """The page of one source by its name; `as_of`."""
    # A query can name the source again, even twice; then it is none.
    return opened(f"/sources/{source_id}", query, lambda seen: build(seen, str(source_id)))


def title(source_id: str = "", **_: str) -> str:
    """What the source is called, for the window and the history."""
    return titled(lambda reader: (queries.source(reader, str(source_id)) or {}).get("title"))


def build(seen: Seen, source_id: str) -> html.Div:
    """Everything about one source, or that there is none of this name."""
    found = states(seen.reader).filter(pl.col("source_id") == source_id)
    about = queries.source(seen.reader, source_id)
    if about is None or found.is_empty():
        return not_found(seen.asked, seen.path, f"There is no source {source_id[:40]} here.")
    content: list[Any] = [
        html.H1(about["title"]),
        html.P(parts.lede(found.row(0, named=True)), className="lede"),
        menu(seen),
        parts.about(about),
        parts.loads(seen, source_id),
        parts.quarantine(seen, source_id),
        parts.columns(seen, source_id),
        parts.breakers(seen, source_id),
    ]
    return page(seen, *content, bar=bar(seen, find()))


register(__name__, "/sources/<source_id>", title, layout, "page.source")
