"""Conflicts: where sources disagree about one figure, which is used, and why."""

from datetime import datetime
from itertools import groupby
from typing import Any

import polars as pl
from dash import html

from dashboard import asked, words
from dashboard.components.bar import bar, find, form, native
from dashboard.components.figure_button import figure_button, text
from dashboard.components.page import page
from dashboard.components.sources_menu import menu
from dashboard.components.table import table
from dashboard.opening import opened
from dashboard.queries import conflicts
from dashboard.queries.arrivals import newest_publication
from dashboard.registry import register
from dashboard.seen import Seen

PATH = "/sources/conflicts"
SHOWN = 100
HEAD = ["Measure and date", "Area", "Used", "Others", "Gap", "Known for", "Rule", "Owner"]
EVERYONE = "all"


def layout(**query: str) -> html.Div:
    """The figures about which sources disagree; `measure`, `as_of`."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """Counts by measure, the figures themselves, and why each rule is followed."""
    counted = conflicts.counts(seen.reader)
    measure = _measure(seen, counted)
    content: list[Any] = [
        html.H1("Where sources disagree"),
        html.P(_told(counted), className="lede"),
        menu(seen),
    ]
    if counted.height:
        content += [_choice(measure, counted), *_figures(seen, measure, counted)]
    return page(seen, *content, bar=bar(seen, find()))


def _measure(seen: Seen, counted: pl.DataFrame) -> str | None:
    wanted = seen.asked.measure
    if wanted and wanted not in counted["metric_id"]:
        seen.notes.append(asked.unknown("disagreement about the measure", wanted))
        return None
    return wanted


def _told(counted: pl.DataFrame) -> str:
    disputed, explained = int(counted["disputed"].sum()), int(counted["explained"].sum())
    if not disputed + explained:
        return "No two sources give different values for one figure."
    figures = words.counted(disputed, "figure is", "figures are")
    about = f", about {words.counted(counted.height, 'measure', 'measures')}"
    why = (
        f"; of {explained:,} more a recorded event says why the sources differ" if explained else ""
    )
    return words.sentence(f"{figures} in dispute{why}{about}")


def _choice(measure: str | None, counted: pl.DataFrame) -> html.Form:
    options = [("", "All measures")] + [
        (row["metric_id"], f"{row['metric_name']} ({row['disputed'] + row['explained']:,})")
        for row in counted.to_dicts()
    ]
    choice = native("select", "measure", "Measure", measure or "", options=options)
    return form(PATH, "Measure", choice)


def _figures(seen: Seen, measure: str | None, counted: pl.DataFrame) -> list[Any]:
    found = conflicts.conflicts(seen.reader, measure, SHOWN).to_dicts()
    figures = [list(rows) for _, rows in groupby(found, lambda row: row["place"])]
    chosen = counted if measure is None else counted.filter(pl.col("metric_id") == measure)
    total = sum(row["disputed"] + row["explained"] for row in chosen.to_dicts())
    newest = newest_publication(seen.reader)
    shown = f", the first {SHOWN} of {total:,}" if total > SHOWN else ""
    csv = seen.link("/files/conflicts.csv", measure=measure)
    return [
        table(
            f"Figures about which sources disagree, in dispute first, widest gap first{shown}",
            HEAD,
            [_row(seen, rows, newest) for rows in figures],
            numeric=(2, 3, 4),
        ),
        html.P(
            "Under each gap stands its share of the value that is used. A figure is known to be "
            "in dispute since the first moment at which two sources differed.",
            className="small",
        ),
        html.A("CSV of all that is chosen", href=csv, download="", className="download"),
        *_rules(seen, {rows[0]["rule_id"] for rows in figures if rows[0]["rule_id"]}),
    ]


def _row(seen: Seen, rows: list[dict[str, Any]], newest: datetime | None) -> list[Any]:
    row, decimals = rows[0], rows[0]["decimals"]
    when = words.period(row["event_date"], row["grain"])
    about = f"{row['metric_name']}, {row['area_name'] or row['area_id']}, {when}"
    stratum = row["stratum_name"] if row["stratum_id"] != EVERYONE else None
    return [
        [
            row["metric_name"],
            html.Div(", ".join(part for part in (when, stratum) if part), className="small"),
            html.Div(_state(row), className="state"),
        ],
        html.A(row["area_name"] or row["area_id"], href=seen.area_link(row["area_id"])),
        [figure_button(row, about), _source(seen, row["source_id"], row["used_title"])],
        [_other(seen, one) for one in rows],
        _gap(row, decimals),
        _age(row["disagreed_from"], newest),
        _rule(row),
        (row["owner"] or "").replace("_", " "),
    ]


def _state(row: dict[str, Any]) -> html.Span:
    told = words.status(row["status"], row["sources_reporting"])
    if row["awaits_decision"]:
        told = "Waits for a signature"
    return html.Span(told, className=f"badge {row['status']}")


def _source(seen: Seen, source_id: str | None, title: str | None) -> html.Div | None:
    if source_id is None:
        return None
    link = html.A(source_id, href=seen.link(f"/sources/{source_id}"), title=title or source_id)
    return html.Div(link, className="small source-name")


def _other(seen: Seen, one: dict[str, Any]) -> html.Div:
    value = one | {"value": one["other_value"], "missing_reason": None}
    return html.Div([text(value), _source(seen, one["other_source_id"], one["other_title"])])


def _gap(row: dict[str, Any], decimals: int | None) -> list[Any]:
    """The gap in the unit of the measure, and against what is used."""
    share = row["gap"] / abs(row["value"]) if row["gap"] is not None and row["value"] else None
    told = None if share is None else html.Div(f"{share:.0%}", className="small")
    return [words.number(row["gap"], decimals), told]


def _rule(row: dict[str, Any]) -> Any:
    rule = row["rule_id"]
    if rule is None:
        return "\u2013"
    if row["reason"] is None:
        return [html.Code(rule), html.Div("decided by a person", className="small")]
    return html.Div(
        html.A(html.Code(rule), href=f"#rule-{rule}", title=row["reason"]), className="rule"
    )


def _age(since: datetime | None, newest: datetime | None) -> list[Any]:
    """For how long, up to the newest publication, and since when."""
    if since is None or newest is None:
        return ["\u2013"]
    days = max((newest.date() - since.date()).days, 0)
    told = words.counted(days, "day", "days") if days else "less than a day"
    return [
        html.Div(told, className="when"),
        html.Div(f"since {words.moment(since)}", className="small when"),
    ]


def _rules(seen: Seen, rule_ids: set[str]) -> list[Any]:
    found = conflicts.rules(seen.reader, sorted(rule_ids)).to_dicts()
    if not found:
        return []
    rows = [
        [
            html.Div(html.Code(row["rule_id"]), id=f"rule-{row['rule_id']}"),
            row["metric_name"] or row["metric_id"],
            row["title"] or row["source_id"],
            row["reason"],
            _tolerance(row),
            _agreed(row),
        ]
        for row in found
    ]
    head = ["Rule", "Measure", "Follows", "Why this rule", "Tolerates", "Agreed by"]
    told = (
        "Each figure follows the source that stands first for its measure. Sources further apart "
        "than the rule tolerates are in dispute, until an event that is on record explains it."
    )
    return [
        html.Section(
            [html.H2("Why these rules"), html.P(told), table("Rules", head, rows)], id="rules"
        )
    ]


def _tolerance(row: dict[str, Any]) -> str:
    absolute, relative = row["tolerance_absolute"] or 0, row["tolerance_relative"] or 0
    told = [
        f"{relative:.0%}" if relative else "",
        f"{words.number(absolute)} in number" if absolute else "",
    ]
    return " or ".join(part for part in told if part) or "no gap"


def _agreed(row: dict[str, Any]) -> str:
    on = f", {words.day(row['agreed_on'])}" if row["agreed_on"] else ""
    return f"{row['agreed_by'] or 'not stated'}{on}"


register(__name__, PATH, "Where sources disagree \u2013 Trigpoint", layout, "page.conflicts")
