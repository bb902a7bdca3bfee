"""One measure in the catalogue: its definition, who is believed, and which columns feed it."""

from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.asked import unknown
from dashboard.components import catalogue as parts
from dashboard.components.facts import listed
from dashboard.components.lineage import column_link, lineage, published
from dashboard.components.page import page
from dashboard.components.table import table
from dashboard.first_queries import of_measure
from dashboard.opening import not_found, opened, titled
from dashboard.queries import catalogue as queries
from dashboard.queries.reference import ENGLAND, metric
from dashboard.registry import register
from dashboard.seen import Seen

DIRECTIONS = {
    "up_is_worse": "More is worse",
    "up_is_better": "More is better",
    "neither": "More is neither better nor worse",
}
CLASSES = {
    "published": "Published: already public, shown as it is",
    "nhs_subnational": (
        "Not public: outside its area 1 to 7 is hidden and everything else rounded to 5"
    ),
}


def layout(metric_id: str = "", **query: str) -> html.Div:
    """The page of one measure by its id; `view` (one source), `as_of`."""
    path = f"{parts.PLACES['metric']}{metric_id}"
    return opened(path, query, lambda seen: build(seen, str(metric_id)))


def title(metric_id: str = "", **_: str) -> str:
    """What the measure is called, for the window and the history."""
    return titled(lambda reader: (metric(reader, str(metric_id)) or {}).get("metric_name"))


def build(seen: Seen, metric_id: str) -> html.Div:
    """Everything that is said of a measure, or that there is none of this name."""
    if not queries.has(seen.reader):
        return page(seen, html.H1("Catalogue"), html.P(parts.OLD))
    about = metric(seen.reader, metric_id)
    if about is None:
        return not_found(seen.asked, seen.path, f"There is no measure {metric_id[:40]} here.")
    feeds = _feeds(seen, metric_id)
    return page(
        seen,
        parts.trail(seen, ("Measures", f"{parts.PATH}#measures")),
        html.H1(about["metric_name"]),
        html.P(about["definition"], className="lede"),
        html.P([html.Strong("What it is not: "), about["not_counted"]]),
        _facts(seen, about),
        _believed(seen, metric_id),
        _fed(seen, feeds.to_dicts()),
        lineage(seen, "figures", "value", feeds, has_files=False) if feeds.height else None,
        _family(seen, about),
        _events(seen, metric_id),
        _guarded(seen),
        parts.example(seen, of_measure(metric_id, ENGLAND), measure=metric_id),
        bar=parts.search(seen),
    )


def _feeds(seen: Seen, metric_id: str) -> pl.DataFrame:
    """The series that feed it; with `view` those of that one source."""
    feeds = queries.feeds(seen.reader, metric_id)
    source_id = seen.asked.view
    if source_id is None:
        return feeds
    own = feeds.filter(source_id=source_id)
    if own.is_empty():
        seen.notes.append(unknown("source of this measure", source_id))
    return feeds if own.is_empty() else own


def _facts(seen: Seen, about: dict[str, Any]) -> html.Section:
    denominator, total_of = about.get("denominator_metric_id"), about.get("cumulative_of")
    adds_up = "yes" if about.get("is_additive_over_area") else "no"
    lag = about["usual_lag_days"]
    facts: list[tuple[str, Any]] = [
        ("Name in tables", html.Code(about["metric_id"])),
        ("Unit and grain", f"{about['unit']}, by {about['grain']}"),
        ("Parts add up", f"Parts of an area add up to it: {adds_up}"),
        ("Direction", DIRECTIONS.get(about["direction"], about["direction"])),
        ("Usual lag", words.counted(lag, "day", "days") if lag else "None: whole when published"),
        ("Disclosure", CLASSES.get(about["disclosure_class"], about["disclosure_class"])),
        ("Owner", (about.get("owner") or "nobody is named").replace("_", " ")),
    ]
    if denominator:
        facts.insert(3, ("Rates divide by", parts.metric_link(seen, denominator)))
    if total_of:
        facts.insert(2, ("Running total of", parts.metric_link(seen, total_of)))
    shown = html.A(
        "its newest figures in England",
        href=seen.link(f"/areas/{ENGLAND}", measure=about["metric_id"]),
    )
    facts.append(("Shown on", html.Span(_places(about, shown))))
    return html.Section([html.H2("In short"), listed(facts)])


def _places(about: dict[str, Any], shown: html.A) -> list[Any]:
    first = "Today, Stand-up, Areas; " if about.get("headline_rank") else "Areas; "
    return [first, shown]


def _believed(seen: Seen, metric_id: str) -> html.Section:
    rows = [_rule(seen, row) for row in queries.believed(seen.reader, metric_id).to_dicts()]
    head = ["Source", "Why it stands here", "Sources may differ by", "Newest publication"]
    told = table("Sources, the one believed first on top", head, rows, numeric=())
    none = html.P("No source has a rank for this measure.")
    return html.Section([html.H2("Who is believed"), told if rows else none])


def _rule(seen: Seen, row: dict[str, Any]) -> list[Any]:
    named = [
        html.A(row["title"] or row["source_id"], href=seen.link(f"/sources/{row['source_id']}"))
    ]
    spell = _spell(row)
    return [
        html.Span([*named, html.Div(spell, className="small") if spell else None]),
        row["reason"],
        _tolerance(row),
        words.moment(row["newest"]) if row["newest"] else "none yet",
    ]


def _spell(row: dict[str, Any]) -> str:
    start = f"from {words.day(row['agreed_on'])}" if row["agreed_on"] else ""
    end = f"until {words.day(row['retired_on'])}" if row["retired_on"] else ""
    return " ".join(part for part in (start, end) if part)


def _tolerance(row: dict[str, Any]) -> str:
    parts_ = [f"{row['tolerance_absolute']:g}"] if row["tolerance_absolute"] else []
    parts_ += [f"{row['tolerance_relative']:.0%}"] if row["tolerance_relative"] else []
    return " or ".join(parts_) or "nothing"


def _fed(seen: Seen, feeds: list[dict[str, Any]]) -> html.Section:
    rows = [
        [
            html.A(
                row["source_title"] or row["source_id"],
                href=seen.link(f"/sources/{row['source_id']}"),
            ),
            html.Span([html.Code(row["series_id"]), html.Div(_dated(row), className="small")]),
            published(row),
            column_link(seen, row["from_table"], row["from_column"]),
        ]
        for row in feeds
    ]
    head = ["Source", "Published series", "In its file", "As it was typed"]
    none = html.P("No published series feeds it yet.")
    told = table("Series that feed it", head, rows, is_caption_shown=False)
    return html.Section([html.H2("Which columns feed it"), told if rows else none])


def _dated(row: dict[str, Any]) -> str:
    start = f"published from {row['published_from']} " if row["published_from"] else ""
    end = f"before {row['published_until']}. " if row["published_until"] else ""
    made = "Daily values made from this running total. " if row["is_made_daily"] else ""
    return f"{made}{start}{end}{row['reason']}"


def _family(seen: Seen, about: dict[str, Any]) -> html.Section | None:
    rows = queries.related(seen.reader, about).to_dicts()
    if not rows:
        return None
    items = [
        html.Li(
            [
                parts.metric_link(seen, row["metric_id"], row["metric_name"]),
                html.Div(row["definition"], className="definition"),
            ]
        )
        for row in rows
    ]
    told = "Other definitions of the same quantity are compared with it and never merged."
    return html.Section(
        [
            html.H2("Not to be confused with"),
            html.P(told),
            html.Details([html.Summary(f"{len(rows)} other measures"), html.Ul(items)]),
        ],
        className="prose",
    )


def _events(seen: Seen, metric_id: str) -> html.Section | None:
    rows = queries.recorded(seen.reader, metric_id).to_dicts()
    items = [
        html.Li([html.Strong(words.day(row["happened_on"])), ": ", row["published_text"]])
        for row in rows
    ]
    if not items:
        return None
    return html.Section([html.H2("What changed on record"), html.Ul(items)], className="prose")


def _guarded(seen: Seen) -> html.Section:
    found = queries.tests(seen.reader, "figures").to_dicts()
    told: list[Any] = [
        "Every figure of it stands in ",
        parts.table_link(seen, "figures"),
        ", of which holds:",
    ]
    return html.Section(
        [html.H2("Tests that guard it"), html.P(told), parts.checks(found)], className="prose"
    )


register(__name__, "/catalogue/metrics/<metric_id>", title, layout, "page.catalogue")
