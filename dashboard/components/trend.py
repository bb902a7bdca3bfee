"""The trend of one measure in one area, with its table, its file and its words."""

from typing import Any

import polars as pl
from dash import html

from dashboard import sentences, words
from dashboard.components import chart
from dashboard.components.long_table import Cell, figure, long_table, marked
from dashboard.figures import line
from dashboard.queries import trend as queries
from dashboard.queries import weeks
from dashboard.seen import Seen
from store.passport import HIDDEN

STEP = {"week": 7, "year": 365}


def trend(seen: Seen, metric: dict[str, Any], area: dict[str, Any]) -> html.Figure:
    """The chart of a measure, or a sentence where there is nothing to draw."""
    asked = seen.asked
    points = queries.trend(
        seen.reader, metric["metric_id"], area["area_id"], asked.start, asked.end
    )
    told = in_words(seen, metric, area, points)
    if points["value"].null_count() == points.height:
        return chart.empty(told)
    points = points.with_columns(is_hidden=pl.col("missing_reason").is_in(HIDDEN).fill_null(False))
    drawn = line.trend(points, unit_of(metric), step_days=STEP.get(metric["grain"], 1))
    return chart.chart(
        told,
        drawn,
        key(points, metric),
        _table(points, metric),
        _csv(seen, points, metric),
        note=ranges_in_words(seen, metric, area) if line.has_range(points) else None,
    )


def in_words(
    seen: Seen, metric: dict[str, Any], area: dict[str, Any], points: pl.DataFrame
) -> chart.Told:
    """The finding of a chart, what is drawn, and the chart in one sentence."""
    name, place = metric["metric_name"], area["area_name"]
    if points.is_empty():
        about = f"There is no figure of this measure for {words.place(place)} in these dates."
        return chart.Told(name, about, about)
    first, last = points["event_date"][0], points["event_date"][-1]
    dates = f"{words.day(first)} to {words.day(last)}"
    if points["value"].null_count() == points.height:
        return chart.Told(name, f"No value from {dates}.", name)
    about = f"{unit_of(metric)}, {place}, {dates}."
    summary = sentences.trend(points.to_dicts(), name, place, metric["decimals"])
    return chart.Told(_finding(seen, metric, area), about, summary)


def _finding(seen: Seen, metric: dict[str, Any], area: dict[str, Any]) -> str:
    name: str = metric["metric_name"]
    if not adds_up(metric):
        return name
    code = area["area_id"]
    found = weeks.last_weeks(seen.reader, [metric["metric_id"]], [code], code).to_dicts()
    if not found or found[0]["total"] is None:
        return name
    total, before = found[0]["total"], found[0]["total_before"]
    text = f"{name}: {words.number(total)} in the 7 days to {words.day(found[0]['until'])}"
    return text if before is None else f"{text}, {sentences.against(total, before)} in the 7 before"


def adds_up(metric: dict[str, Any]) -> bool:
    """Whether seven daily values of a measure make a week's."""
    return (
        metric.get("grain") == "day"
        and metric["cumulative_of"] is None
        and metric["unit"] in sentences.ADDS_UP_OVER_DAYS
    )


def unit_of(metric: dict[str, Any]) -> str:
    """What is counted and how often: `Cases a day`."""
    each = {"day": " a day", "week": " a week"}.get(metric["grain"], "")
    each = "" if metric["cumulative_of"] else each
    return f"{metric['unit'][:1].upper()}{metric['unit'][1:]}{each}"


def key(points: pl.DataFrame, metric: dict[str, Any]) -> list[tuple[str, str]]:
    """What the lines and blocks of the chart mean: pairs of a style and its name."""
    has_mean = _has_mean(points)
    named = [("faint" if has_mean else "accent", unit_of(metric))]
    if has_mean:
        named.insert(0, ("accent", "7-day average"))
    if points["is_provisional"].any():
        named.append(("dashed", "Incomplete: still filling in"))
    if points["is_hidden"].any():
        named.append(("hidden", "[c] Hidden to protect privacy"))
    if line.has_range(points):
        named.append(("band", "Final value expected here (95% range)"))
    return named


def _table(points: pl.DataFrame, metric: dict[str, Any]) -> html.Div:
    rows = points.reverse().to_dicts()
    marks = [words.mark_of(row) for row in rows]
    cells = [
        [
            words.day(row["event_date"]),
            _value(row, metric, mark),
            *beside(row, points, metric),
        ]
        for row, mark in zip(rows, marks, strict=True)
    ]
    columns = head(points, metric)
    return long_table(metric["metric_name"], columns, cells, numeric=(1, 2, 3), marks=marks)


def head(points: pl.DataFrame, metric: dict[str, Any]) -> list[str]:
    """The heads of the table: a column that no date fills is left out."""
    return [
        "Date",
        unit_of(metric),
        *(["7-day average"] * _has_mean(points)),
        *(["Expected final"] * line.has_range(points)),
    ]


def beside(row: dict[str, Any], points: pl.DataFrame, metric: dict[str, Any]) -> list[str]:
    """What stands beside a date's value, a cell for each further column of `head`."""
    mean = words.number(row["mean"], 1) if row["mean"] is not None else ""
    return [*([mean] * _has_mean(points)), *([expected(row, metric)] * line.has_range(points))]


def _has_mean(points: pl.DataFrame) -> bool:
    return points["mean"].null_count() < points.height


def expected(row: dict[str, Any], metric: dict[str, Any]) -> str:
    """The range in which a value is expected to settle; empty where none is."""
    if row["expected_low"] is None:
        return ""
    ends = (words.number(row[end], metric["decimals"]) for end in ("expected_low", "expected_high"))
    return " to ".join(ends)


def _value(row: dict[str, Any], metric: dict[str, Any], mark: str) -> Cell:
    if row["figure_id"] is None:
        return marked("not available", mark)
    about = words.period(row["event_date"], metric["grain"])
    return figure(row | {"decimals": metric["decimals"]}, about, mark)


def ranges_in_words(seen: Seen, metric: dict[str, Any], area: dict[str, Any]) -> str:
    """How far the ranges in which final values are expected can be relied on."""
    scored = queries.ranges_held(seen.reader, metric["metric_id"], area["area_id"])
    told = "Final values are expected within their range in 95 of 100 cases. "
    return told + sentences.ranges_held(scored["ranges"], scored["held"])


def _csv(seen: Seen, points: pl.DataFrame, metric: dict[str, Any]) -> str:
    return seen.link(
        "/files/trend.csv",
        measure=metric["metric_id"],
        area=points["area_id"][0],
        **{
            "from": points["event_date"][0].isoformat(),
            "to": points["event_date"][-1].isoformat(),
        },
    )
