"""One table in the catalogue: what a row is, its columns, its tests, what it is made from."""

from typing import Any

from dash import html

from dashboard import used_on, words
from dashboard.components import catalogue as parts
from dashboard.components.attributes import aria
from dashboard.components.facts import listed
from dashboard.components.lineage import published
from dashboard.components.page import page
from dashboard.components.table import table
from dashboard.first_queries import of_table
from dashboard.opening import not_found, opened, titled
from dashboard.queries import catalogue as queries
from dashboard.registry import register
from dashboard.seen import Seen
from people.exits import Exit


def layout(table_name: str = "", **query: str) -> html.Div:
    """The page of one table by its name; `as_of`."""
    path = f"{parts.PLACES['table']}{table_name}"
    return opened(path, query, lambda seen: build(seen, str(table_name)))


def title(table_name: str = "", **_: str) -> str:
    """The table's name, for the window and the history."""
    return titled(
        lambda reader: (
            str(table_name)
            if queries.has(reader) and queries.table(reader, str(table_name))
            else None
        )
    )


def build(seen: Seen, table_name: str) -> html.Div:
    """Everything that is said of a table, or that there is none of this name."""
    if not queries.has(seen.reader):
        return page(seen, html.H1("Catalogue"), html.P(parts.OLD))
    about = queries.table(seen.reader, table_name)
    if about is None:
        return not_found(seen.asked, seen.path, f"There is no table {table_name[:40]} here.")
    return page(
        seen,
        parts.trail(seen, ("Tables", f"{parts.PATH}#tables")),
        html.H1(html.Code(about["title"])),
        html.P(parts.in_words(about["description"]), className="lede"),
        _facts(seen, about),
        _columns(seen, about),
        html.Section(
            [
                html.H2("Tests that guard it"),
                parts.checks(queries.tests(seen.reader, table_name).to_dicts()),
            ],
            className="prose",
        ),
        _code(about),
        _example(seen, about),
        bar=parts.search(seen),
    )


def _facts(seen: Seen, about: dict[str, Any]) -> html.Section:
    above, below = queries.neighbours(seen.reader, about["table_name"])
    facts: list[tuple[str, Any]] = [("Kind", parts.LAYERS[about["layer"]])]
    if about["source_id"]:
        source = html.A(about["source_id"], href=seen.link(f"/sources/{about['source_id']}"))
        facts.append(("Source", source))
    facts += [("Written in", html.Code(about["path"]))] if about["path"] else []
    facts += _in_dbt(seen, about)
    facts += [("Made from", _links(seen, above))] if above else []
    facts += [("Used by", _links(seen, below))] if below else []
    ways = used_on.uses().get(about["table_name"], []) if about["is_released"] else []
    facts += [("Asked by", _ways(ways))] if ways else []
    return html.Section([html.H2("In short"), listed(facts)])


def _in_dbt(seen: Seen, about: dict[str, Any]) -> list[tuple[str, Any]]:
    place = parts.at_dbt(about["table_name"], about["path"])
    if place is None or not queries.has_artifacts(seen.reader):
        return []
    return [("In dbt", parts.dbt_link(seen, "Show it in dbt\u2019s own pages", place))]


def _links(seen: Seen, names: list[str]) -> html.Ul:
    return html.Ul([html.Li(parts.table_link(seen, name)) for name in names], className="columns")


def _ways(ways: list[Exit]) -> html.Details:
    """The pages and files that ask it, each with what it is."""
    items = [html.Li([html.Code(way.name), f": {way.what}"]) for way in ways]
    count = words.counted(len(ways), "page or file", "pages and files")
    return html.Details([html.Summary(count), html.Ul(items)])


def _columns(seen: Seen, about: dict[str, Any]) -> html.Section:
    rows = [
        _column(seen, row) for row in queries.columns(seen.reader, about["table_name"]).to_dicts()
    ]
    head = ["Column", "Type", "What it means"]
    told = table("Columns", head, rows, is_caption_shown=False)
    return html.Section([html.H2("Columns"), told], id="columns")


def _column(seen: Seen, row: dict[str, Any]) -> list[Any]:
    name = f"{row['table_name']}.{row['column_name']}"
    link = html.A(html.Code(row["column_name"]), href=seen.link(f"{parts.PLACES['column']}{name}"))
    return [link, row["data_type"], meaning(row)]


def meaning(row: dict[str, Any]) -> Any:
    """What a column means, or what it is in the file that it is from."""
    if row["published_as"] or row["where_it_stands"]:
        return html.Span(["In the file: ", published(row), "."])
    step = "A step on the way; its lineage says from what it is made."
    return parts.in_words(row["description"] or step)


def _code(about: dict[str, Any]) -> html.Section | None:
    if not about["code"]:
        return None
    written = html.Pre(html.Code(about["code"]), tabIndex=0, **aria(label="The model in SQL"))
    folded = html.Details([html.Summary("Show the model"), written])
    return html.Section([html.H2("How it is made"), folded])


def _example(seen: Seen, about: dict[str, Any]) -> html.Section | None:
    if not about["is_released"]:
        return None
    name = about["table_name"]
    return parts.example(seen, of_table(name), table=name)


register(__name__, "/catalogue/tables/<table_name>", title, layout, "page.catalogue")
