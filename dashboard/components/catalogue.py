"""What pages of the catalogue share: its search, its ways, tests in words, a question to try."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from dash import html

from dashboard import exits, looking
from dashboard.components.attributes import aria
from dashboard.components.bar import copy_link, form, native
from dashboard.seen import Seen

PATH, WORKSPACE, DBT = "/catalogue", "/workspace", "/catalogue/dbt"
# What dbt's pages call what a file of the project makes, by the folder of that file.
KINDS_OF_DBT = {"dbt_project/models/": "model", "dbt_project/seeds/": "seed"}
KINDS = {"metric": "Measure", "table": "Table", "column": "Column", "source": "Source"}
PLACES = {
    "metric": "/catalogue/metrics/",
    "table": "/catalogue/tables/",
    "column": "/catalogue/columns/",
    "source": "/sources/",
}
LAYERS = {
    "raw": "Rows of files, as they were typed",
    "kept": "What the loaders write beside them",
    "policy": "Policy and reference",
    "staging": "Staging: one model a raw table",
    "claims": "Claims: what every source says",
    "figures": "Figures: how one is decided",
    "quality": "Quality: what the breakers look at",
    "released": "Released",
}
OLD = "This release was written before there was a catalogue. The next one carries it."


def search(seen: Seen) -> html.Div:
    """The search over everything, on every page of the catalogue."""
    asked = native("text", "find", "Find a measure, table or column", seen.asked.find or "")
    return html.Div(
        [
            form(PATH, "Find in the catalogue", asked, button="Find"),
            html.Div(copy_link(seen), className="ways"),
        ],
        className="bar",
    )


def trail(seen: Seen, *ways: tuple[str, str]) -> html.Nav:
    """The way back up from a page of the catalogue: a name and an address each."""
    links = [
        html.Li(html.A(name, href=_at(seen, path))) for name, path in (("Catalogue", PATH), *ways)
    ]
    return html.Nav(html.Ul(links), className="contents", **aria(label="In the catalogue"))


def _at(seen: Seen, path: str) -> str:
    """An address at the same moment, with its place on the page behind whatever it asks."""
    page, _, place = path.partition("#")
    return f"{seen.link(page)}#{place}" if place else seen.link(page)


def metric_link(seen: Seen, metric_id: str, name: str | None = None) -> html.A:
    """A measure under its name, which leads to its page."""
    return html.A(name or metric_id, href=seen.link(f"{PLACES['metric']}{metric_id}"))


def table_link(seen: Seen, name: str) -> html.A:
    """A table under its name, which leads to its page."""
    return html.A(html.Code(name), href=seen.link(f"{PLACES['table']}{name}"))


def dbt_link(seen: Seen, said: str, place: str = "") -> html.A:
    """A way to dbt's own pages of this release, in a window of their own."""
    new = html.Span(" (opens in a new window)", className="unseen")
    return html.A([said, new], href=f"{seen.link(DBT)}{place}", target="_blank", rel="noopener")


def at_dbt(name: str, path: str | None) -> str | None:
    """Where dbt's pages tell of a model or a seed; nothing of what dbt does not make."""
    kinds = (kind for folder, kind in KINDS_OF_DBT.items() if (path or "").startswith(folder))
    kind = next(kinds, None)
    return f"#!/{kind}/{kind}.trigpoint.{name}" if kind else None


def results(seen: Seen, found: pl.DataFrame) -> html.Ol:
    """What was found, the best first."""
    return html.Ol([_result(seen, row) for row in found.to_dicts()], className="found")


def _result(seen: Seen, row: Mapping[str, Any]) -> html.Li:
    path = seen.link(f"{PLACES[row['kind']]}{row['name']}")
    return html.Li(
        [
            html.P(
                [
                    html.A(row["title"], href=path, className="name"),
                    " ",
                    html.Span(KINDS[row["kind"]], className="badge"),
                ]
            ),
            html.P(_first_sentences(row["about"]), className="definition"),
        ]
    )


def _first_sentences(text: str, most: int = 260) -> str:
    """As many whole sentences as fit; of one long sentence its beginning."""
    if len(text) <= most:
        return text
    end = text.rfind(". ", 0, most)
    return text[: end + 1] if end > 0 else f"{text[:most].rsplit(' ', 1)[0]}\u2026"


def in_words(text: str) -> html.Span:
    """A description in which every name between backticks is set as code."""
    pieces = text.split("`")
    told = [html.Code(piece) if at % 2 else piece for at, piece in enumerate(pieces)]
    return html.Span(told)


def checks(found: Iterable[Mapping[str, Any]]) -> html.Ul | html.P:
    """What is tested, each a sentence; which column it is about where it is about one."""
    rows = list(found)
    if not rows:
        return html.P("No test is about this alone.")
    return html.Ul([html.Li(_check(row)) for row in rows])


def _check(row: Mapping[str, Any]) -> list[Any]:
    about: list[Any] = [html.Code(row["column_name"]), ": "] if row["column_name"] else []
    kind = " (worked example)" if row["kind"] == "worked example" else ""
    return [*about, f"{row['says'].rstrip('.')}{kind}."]


def example(seen: Seen, sql: str, **about: str) -> html.Section:
    """A question to try: in the Workspace, where who looks may open it, else in a terminal.

    `about` names it in the Workspace's address: a measure, a table, a column of a table.
    """
    ways: list[Any] = []
    if _may_ask():
        link = seen.link(WORKSPACE, **about)
        ways.append(html.P(html.A("Open in the Workspace", href=link)))
    return html.Section(
        [
            html.H2("Ask it yourself"),
            html.Pre(html.Code(sql), tabIndex=0, **aria(label="A question in SQL")),
            *ways,
            html.P(
                ["In a terminal: ", html.Code('trigpoint sql "\u2026"'), "."], className="small"
            ),
        ]
    )


def _may_ask() -> bool:
    way = exits.of_page(WORKSPACE)
    return way is not None and way.name == "page.workspace" and looking.may(way)
