"""One measure over many areas: the newest settled figure, seven days, the seven before, a rate."""

from typing import Any

import polars as pl
from dash import html

from dashboard import words
from dashboard.components.figure_button import figure_button
from dashboard.components.table import marked, table
from dashboard.components.trend import adds_up
from dashboard.figures.svg import sparkline
from dashboard.queries import headlines, weeks
from dashboard.seen import Seen

RUN = 42
WEEKS = ("7 days to then", "7 days before", "Difference")


def areas_table(
    seen: Seen,
    metric: dict[str, Any],
    area_ids: list[str],
    what: str,
    here: str = "",
    *,
    has_before: bool = True,
) -> html.Div | None:
    """The areas, highest rate first, or None where none has a settled figure.

    All stand at the last settled date of most, so that they can be compared; `here` is in bold.
    The seven days before are left out where there is no room for them.
    """
    rows = ranked(seen, metric, area_ids)
    if not rows:
        return None
    held = headlines.runs(seen.reader, area_ids, [metric["metric_id"]], RUN)
    when = words.period(rows[0]["until"], metric["grain"])
    head = [what, when[:1].upper() + when[1:]]
    has_rates = adds_up(metric) and any(row["rate"] is not None for row in rows)
    weeks_told = len(WEEKS) if has_before else 1
    head += WEEKS[:weeks_told] if adds_up(metric) else []
    head += ["7 days per 100,000"] if has_rates else []
    head.append(f"Last {RUN} settled values")
    cells = [_row(seen, metric, row, held, here, weeks_told, has_rates=has_rates) for row in rows]
    marks = [_mark(row) for row in rows]
    caption = f"{metric['metric_name']}, highest first"
    return table(caption, head, cells, numeric=range(1, len(head) - 1), marks=marks)


def ranked(seen: Seen, metric: dict[str, Any], area_ids: list[str]) -> list[dict[str, Any]]:
    """The rows of `weeks.last_weeks` for areas with a figure on that date, highest first."""
    found = weeks.last_weeks(seen.reader, [metric["metric_id"]], area_ids)
    held = found.filter(pl.col("figure_id").is_not_null())
    return held.sort("rate", "total", "value", descending=True, nulls_last=True).to_dicts()


def _row(
    seen: Seen,
    metric: dict[str, Any],
    row: dict[str, Any],
    held: pl.DataFrame,
    here: str,
    weeks_told: int,
    *,
    has_rates: bool,
) -> list[Any]:
    name = html.A(row["area_name"], href=seen.area_link(row["area_id"]))
    run = held.filter(pl.col("area_id") == row["area_id"])["value"].to_list()
    about = f"{metric['metric_name']}, {row['area_name']}"
    figure = figure_button(row | {"decimals": metric["decimals"]}, about)
    return [
        html.Strong(name) if row["area_id"] == here else name,
        marked(figure, _mark(row)),
        *(sums(row)[:weeks_told] if adds_up(metric) else []),
        *([words.number(row["rate"], 1)] if has_rates else []),
        html.Img(src=sparkline(run, width=120, height=24), alt="", className="sparkline"),
    ]


def _mark(row: dict[str, Any]) -> str:
    return words.mark(row["value"], row["missing_reason"], row["is_provisional"])


def sums(row: dict[str, Any]) -> list[str]:
    """Seven days, the seven before and their difference, for three columns of a table."""
    total, before = row["total"], row["total_before"]
    both = total is not None and before is not None
    return [
        words.number(total),
        words.number(before),
        words.signed(total - before) if both else "not available",
    ]
