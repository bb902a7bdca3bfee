"""Headline rows of an area: its last seven settled days, beside its region and England."""

from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.areas_table import RUN, sums
from dashboard.components.figure_button import figure_button
from dashboard.components.table import table
from dashboard.components.trend import adds_up
from dashboard.figures.svg import sparkline
from dashboard.queries import headlines, reference, weeks
from dashboard.seen import Seen


def against(seen: Seen, area: dict[str, Any], held: pl.DataFrame) -> html.Section | None:
    """One row a daily measure; rates only where the measure and the areas have a population."""
    codes = reference.compared(area)
    found = [(m, _found(seen, m, codes)) for m in held.to_dicts() if adds_up(m)]
    shown = [(metric, rows) for metric, rows in found if rows]
    if not shown:
        return None
    has_rates = any(row["rate"] is not None for _, rows in shown for row in rows.values())
    names = _names(shown, codes) if has_rates else []
    head = ["Measure", "Newest settled day", "7 days to then", "7 days before", "Difference"]
    head += [*(f"{name}, per 100,000" for name in names), f"Last {RUN} settled days"]
    cells = [_row(seen, metric, rows, codes, has_rates=has_rates) for metric, rows in shown]
    caption = "Seven settled days, here and elsewhere"
    heading = "Here and elsewhere" if has_rates and len(codes) > 1 else "The last seven days"
    note = html.P("Rates are seven days per 100,000 residents.", className="small")
    return html.Section(
        [
            html.H2(
                "Here and elsewhere" if has_rates and len(codes) > 1 else "The last seven days"
            ),
            table(caption, head, cells, numeric=range(1, len(head) - 1), is_caption_shown=False),
            note if has_rates else None,
        ]
    )


def _found(seen: Seen, metric: dict[str, Any], codes: list[str]) -> dict[str, dict[str, Any]]:
    """Seven days to the area's own last settled date, for each area by its code."""
    until = weeks.settled_until(seen.reader, metric["metric_id"], codes[0])
    if until is None:
        return {}
    found = weeks.seven_days(seen.reader, metric["metric_id"], codes, until)
    return {row["area_id"]: row for row in found.to_dicts()}


def _names(
    shown: list[tuple[dict[str, Any], dict[str, dict[str, Any]]]], codes: list[str]
) -> list[str]:
    rows = shown[0][1]
    return [rows[code]["area_name"] if code in rows else code for code in codes]


def _row(
    seen: Seen,
    metric: dict[str, Any],
    rows: dict[str, dict[str, Any]],
    codes: list[str],
    *,
    has_rates: bool,
) -> list[Any]:
    here = rows[codes[0]] | {"decimals": metric["decimals"]}
    run = headlines.runs(seen.reader, codes[:1], [metric["metric_id"]], RUN)
    line = sparkline(run["value"].to_list(), width=120, height=24)
    about = f"{metric['metric_name']}, {words.weekday(here['until'])}"
    rates = [words.number(rows.get(code, {}).get("rate"), 1) for code in codes]
    return [
        html.A(metric["metric_name"], href=seen.link(seen.path, measure=metric["metric_id"])),
        [figure_button(here, about), html.Div(words.day(here["until"]), className="small")],
        *sums(here),
        *(rates if has_rates else []),
        html.Img(src=line, alt="", className="sparkline"),
    ]
