"""Areas: find any place or organisation by name or code."""

from typing import Any

import polars as pl
from dash import html

from dashboard import asked, words
from dashboard.components.area_map import area_map
from dashboard.components.bar import bar, find, form, native
from dashboard.components.page import page
from dashboard.opening import opened
from dashboard.queries import authorities, reference
from dashboard.registry import register
from dashboard.seen import Seen


def layout(**query: str) -> html.Div:
    """The areas that `find` names, else England and its regions."""
    return opened("/areas", query, build)


def build(seen: Seen) -> html.Div:
    """A list of areas with a sentence above it."""
    wanted = seen.asked.find
    found = reference.found(seen.reader, wanted) if wanted else _usual(seen)
    told = _told(wanted, found.height)
    drawn = [] if wanted else _map(seen)
    listed = html.Ul([_entry(seen, row) for row in found.to_dicts()], className="areas wide")
    content = [html.H1("Areas"), html.P(told, className="lede"), listed, *drawn]
    return page(seen, *content, bar=bar(seen, find()))


def _map(seen: Seen) -> list[Any]:
    """England's authorities by one measure, which can be chosen, or nothing before there is any."""
    options = authorities.measures(seen.reader)
    if not options:
        return []
    metric = reference.metric(seen.reader, _chosen(seen, options))
    drawn = area_map(seen, metric) if metric else None
    choice = native("select", "measure", "Measure", _chosen(seen, options), options=options)
    none = html.P("No authority has seven settled days of this measure in the same week.")
    return [html.Section([form("/areas", "Measure of the map", choice), drawn or none])]


def _chosen(seen: Seen, options: list[tuple[str, str]]) -> str:
    wanted = seen.asked.measure
    if wanted in dict(options):
        return str(wanted)
    if wanted:
        seen.notes.append(asked.unknown("measure", wanted))
    return options[0][0]


def _usual(seen: Seen) -> pl.DataFrame:
    codes = reference.regions(seen.reader)["area_id"].to_list()
    return reference.areas(seen.reader).filter(pl.col("area_id").is_in(codes))


def _told(wanted: str | None, count: int) -> str:
    if not wanted:
        return "Type a name or a code above, or begin with England or a region."
    if not count:
        return f"No area has \u201c{wanted}\u201d in its name or code. Try fewer letters."
    return f"{words.counted(count, 'area has', 'areas have')} \u201c{wanted}\u201d in name or code."


def _entry(seen: Seen, row: dict[str, Any]) -> html.Li:
    ended = f", ended {words.day(row['valid_to'])}" if row["valid_to"] else ""
    kind = f"{words.area_type(row['area_type'])} {row['area_id']}{ended}"
    link = html.A(row["area_name"], href=seen.area_link(row["area_id"]))
    return html.Li([link, html.Span(f" {kind}", className="small")])


register(__name__, "/areas", "Areas \u2013 Trigpoint", layout, "page.areas")
