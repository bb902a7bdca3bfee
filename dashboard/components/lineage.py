"""Where a column comes from: its way as a drawing, its steps, and what it is called in files."""

import re
from collections.abc import Iterable, Mapping, Sequence
from textwrap import wrap
from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.attributes import aria
from dashboard.components.drawing import drawing
from dashboard.components.table import table
from dashboard.figures.stages import LETTERS, Line, Stage, drawn
from dashboard.queries import catalogue as queries
from dashboard.seen import Seen

# The stages of the way, from the files on; what a stage is called, and which layers stand in it.
STAGES = (
    ("As it was typed", ("raw", "kept")),
    ("Policy", ("policy",)),
    ("Staging", ("staging",)),
    ("Claims", ("claims",)),
    ("Figures and checks", ("figures", "quality")),
    ("Released", ("released",)),
)
MOST_LINES = 6
MOST_NAMED = 4
Edges = Sequence[Mapping[str, Any]]


def column_link(seen: Seen, table_name: str, column_name: str) -> html.A:
    """A column under its name, which leads to its page."""
    name = f"{table_name}.{column_name}"
    # A long name breaks between its parts.
    parts = [part for piece in re.split(r"(?<=__)|(?<=\.)", name) for part in (piece, html.Wbr())]
    return html.A(html.Code(parts[:-1]), href=seen.link(f"/catalogue/columns/{name}"))


def lineage(
    seen: Seen,
    table_name: str,
    column_name: str,
    feeds: pl.DataFrame | None = None,
    *,
    has_files: bool = True,
) -> html.Section:
    """The whole way of a column; with `feeds` only the part of it that those series take.

    `feeds` are rows of `queries.feeds`: the series that feed one metric from one source or all.
    Without `has_files` the page says itself what the files call it.
    """
    edges = queries.path(seen.reader, table_name, column_name)
    if feeds is not None:
        edges = _only(edges, feeds)
    if edges.is_empty():
        told = "It begins here: it is written down, counted or decided in this table."
        return html.Section([html.H2("Where it comes from"), html.P(told)], id="lineage")
    return html.Section(
        [
            html.H2("Where it comes from"),
            _picture(seen, table_name, column_name, edges.to_dicts()),
            _in_files(seen, edges) if has_files else None,
            _steps(seen, table_name, column_name, edges.to_dicts()),
        ],
        id="lineage",
    )


def _only(edges: pl.DataFrame, feeds: pl.DataFrame) -> pl.DataFrame:
    """The edges from the files on that belong to these series, and every edge after them."""
    taken = feeds.select("table_name", "from_table", "from_column").unique()
    is_first = pl.col("layer").is_in(["raw", "kept"])
    first = edges.filter(is_first).join(
        taken, on=["table_name", "from_table", "from_column"], how="semi"
    )
    stated = first["table_name"].unique().implode()
    later = edges.filter(
        ~is_first & ((pl.col("layer") != "staging") | pl.col("from_table").is_in(stated))
    )
    return pl.concat([first, later.filter(pl.col("layer") != "policy")])


def _picture(seen: Seen, table_name: str, column_name: str, edges: Edges) -> html.Div:
    stages = _stages(seen, table_name, column_name, edges)
    files = sum(edge["layer"] == "raw" for edge in edges)
    summary = (
        f"The way of {table_name}.{column_name} in {words.counted(len(stages), 'stage', 'stages')}"
        f": {words.joined(stage.title.lower() for stage in stages)}. It begins in "
        f"{words.counted(files, 'column', 'columns')} of files; the tables below name every step."
    )
    return html.Div(
        drawing(drawn(stages), summary, "stages"),
        className="scroll",
        tabIndex=0,
        role="region",
        **aria(label="The way as a drawing"),
    )


def _stages(seen: Seen, table_name: str, column_name: str, edges: Edges) -> list[Stage]:
    """The stages that the way has, in order; what the files call it comes first."""
    held = _by_layer(table_name, column_name, edges, seen)
    stages = [Stage("In the file", _file_lines(edges))]
    for title, layers in STAGES:
        lines = [
            Line(_short(name, column), seen.link(f"/catalogue/columns/{name}.{column}"))
            for layer in layers
            for name, column in held.get(layer, [])
        ]
        stages.append(Stage(title, _shortened(lines)))
    return [stage for stage in stages if stage.lines]


def _short(table_name: str, column_name: str) -> str:
    """The name without its source, which stands in the tables beneath: there is little room."""
    return f"{table_name.rsplit('__', 1)[-1]}.{column_name}"


def _by_layer(
    table_name: str, column_name: str, edges: Edges, seen: Seen
) -> dict[str, list[tuple[str, str]]]:
    own = queries.table(seen.reader, table_name)
    held: dict[str, list[tuple[str, str]]] = {}
    layers = {(edge["from_table"], edge["from_column"]): edge["layer"] for edge in edges}
    for place in reversed(list(_order((table_name, column_name), _made(edges)))):
        if place in layers:
            held.setdefault(layers[place], []).append(place)
    if own is not None:
        held.setdefault(own["layer"], []).append((table_name, column_name))
    return held


def _file_lines(edges: Edges) -> list[Line]:
    raw = [edge for edge in edges if edge["layer"] == "raw"]
    headings = dict.fromkeys(heading for edge in raw for heading in _headings(edge))
    return _shortened([Line(part) for heading in headings for part in wrap(heading, LETTERS)])


def _headings(edge: Mapping[str, Any]) -> list[str]:
    """What the publisher calls it: each heading, or where in the file it stands."""
    if edge["published_as"]:
        return str(edge["published_as"]).split("|")
    return [edge["where_it_stands"]] if edge["where_it_stands"] else []


def _shortened(lines: list[Line]) -> list[Line]:
    more = len(lines) - MOST_LINES
    return [*lines[:MOST_LINES], Line(f"and {more} more")] if more > 1 else lines


def _in_files(seen: Seen, edges: pl.DataFrame) -> html.Div | None:
    raw = edges.filter(pl.col("layer") == "raw").unique(["from_table", "from_column"])
    rows = raw.sort("from_table", "from_column").to_dicts()
    if not rows:
        return None
    head = ["Source", "In its file", "As it was typed"]
    cells = [
        [
            html.A(row["source_id"], href=seen.link(f"/sources/{row['source_id']}")),
            published(row),
            column_link(seen, row["from_table"], row["from_column"]),
        ]
        for row in rows
    ]
    return table("What the files call it", head, cells)


def published(row: Mapping[str, Any]) -> Any:
    """A heading of a file as it is written there, and where it stands."""
    named = [html.Code(heading) for heading in (row["published_as"] or "").split("|") if heading]
    told: list[Any] = []
    for heading in named:
        told += [", or ", heading] if told else [heading]
    if row["where_it_stands"]:
        told += ["; ", row["where_it_stands"]] if told else [row["where_it_stands"]]
    return html.Span(told)


def _steps(seen: Seen, table_name: str, column_name: str, edges: Edges) -> html.Details:
    """Every step back from the column, and what it comes out of there."""
    made = _made(edges)
    order = _order((table_name, column_name), made)
    cells = [
        [column_link(seen, *place), _from(seen, made[place])] for place in order if place in made
    ]
    steps = table("Steps, the last first", ["Column", "Comes out of"], cells)
    return html.Details([html.Summary(f"All {len(cells)} steps as a table"), steps])


def _made(edges: Edges) -> dict[tuple[str, str], list[Mapping[str, Any]]]:
    """The edges that end in each column."""
    made: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for edge in edges:
        made.setdefault((edge["table_name"], edge["column_name"]), []).append(edge)
    return made


def _order(
    start: tuple[str, str], made: Mapping[tuple[str, str], Edges]
) -> Iterable[tuple[str, str]]:
    order = [start]
    for place in order:
        above = [(edge["from_table"], edge["from_column"]) for edge in made.get(place, ())]
        order += [one for one in above if one not in order]
    return order


def _from(seen: Seen, edges: Edges) -> Any:
    links = [column_link(seen, edge["from_table"], edge["from_column"]) for edge in edges]
    if len(links) <= MOST_NAMED:
        return html.Ul([html.Li(link) for link in links])
    listed = html.Ul([html.Li(link) for link in links])
    return html.Details([html.Summary(words.counted(len(links), "column", "columns")), listed])
