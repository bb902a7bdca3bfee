"""One column in the catalogue: what it means, where it comes from, what is made of it."""

from typing import Any

from dash import html

from dashboard.components import catalogue as parts
from dashboard.components.facts import listed
from dashboard.components.lineage import column_link, lineage
from dashboard.components.page import page
from dashboard.first_queries import of_column
from dashboard.opening import not_found, opened, titled
from dashboard.pages.catalogue_table import meaning
from dashboard.queries import catalogue as queries
from dashboard.registry import register
from dashboard.seen import Seen
from store.reader import Reader

AT_A_GLANCE = 12


def layout(name: str = "", **query: str) -> html.Div:
    """The page of one column by table and name, as `figures.value`; `as_of`."""
    path = f"{parts.PLACES['column']}{name}"
    return opened(path, query, lambda seen: build(seen, str(name)))


def title(name: str = "", **_: str) -> str:
    """Table and column, for the window and the history."""
    return titled(lambda reader: str(name) if _known(reader, str(name)) else None)


def _known(reader: Reader, name: str) -> dict[str, Any] | None:
    table_name, _, column_name = name.partition(".")
    return queries.column(reader, table_name, column_name) if queries.has(reader) else None


def build(seen: Seen, name: str) -> html.Div:
    """Everything that is said of a column, or that there is none of this name."""
    if not queries.has(seen.reader):
        return page(seen, html.H1("Catalogue"), html.P(parts.OLD))
    about = _known(seen.reader, name)
    if about is None:
        return not_found(seen.asked, seen.path, f"There is no column {name[:60]} here.")
    table_name, column_name = about["table_name"], about["column_name"]
    held = queries.table(seen.reader, table_name) or {}
    return page(
        seen,
        parts.trail(seen, (table_name, f"{parts.PLACES['table']}{table_name}")),
        html.H1(html.Code(name)),
        html.P(meaning(about), className="lede"),
        _facts(seen, about, held),
        lineage(seen, table_name, column_name),
        _decided(seen, table_name, column_name),
        _used(seen, table_name, column_name),
        _tests(seen, table_name, column_name),
        _example(seen, held, column_name),
        bar=parts.search(seen),
    )


def _facts(seen: Seen, about: dict[str, Any], held: dict[str, Any]) -> html.Section:
    facts: list[tuple[str, Any]] = [
        ("Table", parts.table_link(seen, about["table_name"])),
        ("One row is", held.get("description", "")),
        ("Type", about["data_type"]),
    ]
    return html.Section([html.H2("In short"), listed(facts)])


def _decided(seen: Seen, table_name: str, column_name: str) -> html.Section | None:
    """What helps to decide it and does not come out in it."""
    rows = queries.deciding(seen.reader, table_name, column_name).to_dicts()
    if not rows:
        return None
    links = [html.Li(column_link(seen, row["from_table"], row["from_column"])) for row in rows]
    named: Any = html.Ul(links, className="columns")
    if len(rows) > AT_A_GLANCE:
        named = html.Details([html.Summary(f"{len(rows)} columns"), named])
    told = (
        "These do not come out in it. A condition, an order or a group on the way asks them, after "
        "staging."
    )
    return html.Section([html.H2("What helps to decide it"), html.P(told), named])


def _used(seen: Seen, table_name: str, column_name: str) -> html.Section:
    rows = queries.made_of(seen.reader, table_name, column_name).to_dicts()
    links = [html.Li(column_link(seen, row["table_name"], row["column_name"])) for row in rows]
    none = html.P("No other column is made of it: it is read as it stands.")
    told = html.Ul(links, className="columns") if links else none
    return html.Section([html.H2("What is made of it"), told])


def _tests(seen: Seen, table_name: str, column_name: str) -> html.Section:
    rows = queries.tests(seen.reader, table_name).to_dicts()
    own = [row for row in rows if row["column_name"] in {None, column_name}]
    return html.Section([html.H2("Tests that guard it"), parts.checks(own)], className="prose")


def _example(seen: Seen, held: dict[str, Any], column_name: str) -> html.Section | None:
    if not held.get("is_released"):
        return None
    name = held["table_name"]
    return parts.example(seen, of_column(name, column_name), table=name, column=column_name)


register(__name__, "/catalogue/columns/<name>", title, layout, "page.catalogue")
