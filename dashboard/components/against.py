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
    daily = {metric["metric_id"]: metric for metric in held.to_dicts() if adds_up(metric)}
    found = weeks.last_weeks(seen.reader, list(daily), codes, codes[0])
    mine = found.filter(pl.col("area_id") == codes[0])
    has_rates = mine["rate"].null_count() < mine.height
    here = mine["metric_id"].to_list()
    if not here:
        return None
    names = dict(found.select("area_id", "area_name").iter_rows())
    head = ["Measure", "Newest settled day", "7 days to then", "7 days before", "Difference"]
    head += [f"{names.get(code, code)}, per 100,000" for code in codes] if has_rates else []
    head.append(f"Last {RUN} settled days")
    runs = headlines.runs(seen.reader, codes[:1], here, RUN)
    cells = [
        _row(seen, daily[metric_id], _of(found, metric_id), codes, _of(runs, metric_id), has_rates)
        for metric_id in here
    ]
    caption = "Seven settled days, here and elsewhere"
    heading = "Here and elsewhere" if has_rates and len(codes) > 1 else "The last seven days"
    note = html.P("Rates are seven days per 100,000 residents.", className="small")
    return html.Section(
        [
            html.H2(heading),
            table(caption, head, cells, numeric=range(1, len(head) - 1), is_caption_shown=False),
            note if has_rates else None,
        ]
    )


def _of(rows: pl.DataFrame, metric_id: str) -> pl.DataFrame:
    return rows.filter(pl.col("metric_id") == metric_id)


def _row(
    seen: Seen,
    metric: dict[str, Any],
    found: pl.DataFrame,
    codes: list[str],
    run: pl.DataFrame,
    has_rates: bool,
) -> list[Any]:
    rows = {row["area_id"]: row for row in found.to_dicts()}
    here = rows[codes[0]] | {"decimals": metric["decimals"]}
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
