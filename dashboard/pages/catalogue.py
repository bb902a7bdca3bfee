"""Catalogue: what does each measure, table and column mean, and where does it come from?"""

from itertools import groupby
from typing import Any

from dash import html

from dashboard import words
from dashboard.components import catalogue as parts
from dashboard.components.attributes import aria
from dashboard.components.page import page
from dashboard.components.table import table
from dashboard.opening import opened
from dashboard.queries import catalogue as queries
from dashboard.registry import register
from dashboard.seen import Seen

PATH = parts.PATH
ALL = "all"


def layout(**query: str) -> html.Div:
    """Everything by kind, or what is found; `find`, `view=all` for all of that, `as_of`."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """The list of everything, or the entries that speak of what was asked."""
    if not queries.has(seen.reader):
        return page(seen, html.H1("Catalogue"), html.P(parts.OLD))
    content = _found(seen, seen.asked.find) if seen.asked.find else _everything(seen)
    return page(seen, html.H1("Catalogue"), *content, bar=parts.search(seen))


def _found(seen: Seen, text: str) -> list[Any]:
    limit = queries.ALL_FOUND if seen.asked.view == ALL else queries.FOUND
    found = queries.found(seen.reader, text, limit)
    everything = html.P(html.A("Show the whole catalogue", href=seen.link(PATH)))
    if found.is_empty():
        told = f"Nothing in the catalogue speaks of \u201c{text}\u201d. Try another word for it."
        return [html.P(told, className="lede"), everything]
    rows = found["entries"][0]
    count = words.counted(rows, "entry speaks", "entries speak")
    told = f"{count} of \u201c{text}\u201d, the best match first."
    if found.height == rows:
        return [html.P(told, className="lede"), parts.results(seen, found), everything]
    best = f"The best {found.height} of {rows} entries that speak of \u201c{text}\u201d."
    more = html.A(f"Show all {rows}", href=seen.link(PATH, find=text, view=ALL))
    return [html.P(best, className="lede"), parts.results(seen, found), html.P(more), everything]


def _everything(seen: Seen) -> list[Any]:
    metrics = queries.metrics(seen.reader).to_dicts()
    tables = queries.tables(seen.reader).to_dicts()
    released = [row for row in tables if row["is_released"]]
    # What the catalogue itself is made of comes last: nobody looks for it first.
    released.sort(key=lambda row: row["table_name"].startswith("catalogue_"))
    columns = sum(row["columns"] for row in released)
    counts = [
        words.counted(len(metrics), "measure", "measures"),
        words.counted(len(released), "table", "tables"),
        words.counted(columns, "column", "columns"),
    ]
    told = f"{words.joined(counts)}: what each means, where it comes from, and what guards it."
    return [
        html.P(told, className="lede"),
        _contents(),
        _measures(seen, metrics),
        _tables(seen, released),
        _on_the_way(seen, [row for row in tables if not row["is_released"]]),
    ]


def _contents() -> html.Nav:
    links = (("Measures", "#measures"), ("Tables", "#tables"), ("On the way", "#on-the-way"))
    items = [html.Li(html.A(name, href=place)) for name, place in links]
    return html.Nav(html.Ul(items), className="contents", **aria(label="On this page"))


def _measures(seen: Seen, metrics: list[dict[str, Any]]) -> html.Section:
    rows = [
        [
            parts.metric_link(seen, row["metric_id"], row["metric_name"]),
            html.Div(
                [row["definition"], html.Div(f"Unit: {row['unit']}, by {row['grain']}.")],
                className="definition",
            ),
        ]
        for row in metrics
        if row["cumulative_of"] is None
    ]
    totals = [
        html.Li(parts.metric_link(seen, row["metric_id"], row["metric_name"]))
        for row in metrics
        if row["cumulative_of"] is not None
    ]
    further = html.Details(
        [html.Summary(f"{len(totals)} running totals of these"), html.Ul(totals)]
    )
    return html.Section(
        [
            html.H2("Measures"),
            table("Measures", ["Measure", "What it counts"], rows, is_caption_shown=False),
            further if totals else None,
        ],
        id="measures",
    )


def _tables(seen: Seen, released: list[dict[str, Any]]) -> html.Section:
    rows = [
        [
            parts.table_link(seen, row["table_name"]),
            parts.in_words(row["description"]),
            str(row["columns"]),
        ]
        for row in released
    ]
    head = ["Table", "What one row is", "Columns"]
    return html.Section(
        [
            html.H2("Tables of a release"),
            table("Tables of a release", head, rows, numeric=(2,), is_caption_shown=False),
        ],
        id="tables",
    )


def _on_the_way(seen: Seen, tables: list[dict[str, Any]]) -> html.Section:
    """The tables between the files and a release: they stay in the warehouse."""
    folded = [
        html.Details(
            [
                html.Summary(f"{parts.LAYERS[layer]} ({len(listed)})"),
                html.Ul([html.Li(parts.table_link(seen, row["table_name"])) for row in listed]),
            ]
        )
        for layer, rows in groupby(tables, key=lambda row: row["layer"])
        if (listed := list(rows))
    ]
    about = "They stay in the warehouse and can only be read about."
    dbt = parts.dbt_link(seen, "Show them in dbt\u2019s own pages")
    further = html.P(dbt) if queries.has_artifacts(seen.reader) else None
    return html.Section(
        [html.H2("Tables on the way there"), html.P(about), *folded, further], id="on-the-way"
    )


register(__name__, PATH, "Catalogue \u2013 Trigpoint", layout, "page.catalogue")
