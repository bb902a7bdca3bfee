"""Lines through time, as plain dictionaries; nothing here knows the database or the page."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl

INK, MUTED, ACCENT, CONTEXT = "#0b1f33", "#4a5a6a", "#12436d", "#6b7785"
FAINT, SHADE, VEIL, GRID = "#8fa3b8", "#eef1f5", "#c9d2da", "#e3e8ee"
# Of the Government Analysis Function, in its order.
SERIES = (ACCENT, "#28a197", "#801650", "#f46a25")
BAND = "rgba(18, 67, 109, 0.28)"
FAMILY = (
    '"Source Sans 3", -apple-system, "Segoe UI", "Liberation Sans", system-ui, Arial, sans-serif'
)
HALF_DAY = timedelta(hours=12)


def trend(points: pl.DataFrame, unit: str, *, step_days: int = 1) -> dict[str, Any]:
    """Values by date, their 7-day mean where given, and the dates still filling in, shaded.

    `points` has event_date, value, is_provisional, is_hidden, mean, expected_low and expected_high,
    oldest first, at least one row. A hidden value is neither zero nor a gap: its date carries a
    mark. The range of the final values is a band below the lines.
    """
    is_filling = pl.col("is_provisional")
    has_mean = points["mean"].null_count() < points.height
    settled = points.with_columns(pl.when(~is_filling).then(pl.col("value")).alias("value"))
    lines = _band(points) if has_range(points) else []
    lines.append(
        _line(settled, "value", unit, FAINT if has_mean else ACCENT, 1.25 if has_mean else 2)
    )
    if has_mean:
        lines.append(_line(settled, "mean", "7-day average", ACCENT, 2.5))
    if points["is_provisional"].any():
        # The dashed line starts at the last settled value, so that the two meet.
        is_dashed = is_filling | is_filling.shift(-1).fill_null(False)
        dashed = points.with_columns(pl.when(is_dashed).then(pl.col("value")).alias("value"))
        lines.append(_line(dashed, "value", f"{unit}, incomplete", CONTEXT, 1.5, dash="dash"))
    half = HALF_DAY * step_days
    held = pl.concat([points["value"], points["expected_high"]]).drop_nulls()
    drawn = _frame(lines, points["event_date"].to_list(), max([0.0, *held.to_list()]), half)
    _shade(drawn, points, half)
    _mark_hidden(drawn, points, half)
    return drawn


def has_range(points: pl.DataFrame) -> bool:
    """Whether of any date it is known in which range its final value is expected."""
    return points["expected_low"].null_count() < points.height


def comparison(rates: pl.DataFrame, area_ids: Sequence[str]) -> dict[str, Any]:
    """One area in dark blue, the others as thin grey lines behind it, solid and dotted."""
    styles = [(ACCENT, 2.5, "solid"), (CONTEXT, 1.25, "solid"), (CONTEXT, 1.25, "dot")]
    lines = []
    for area_id, (colour, width, dash) in zip(area_ids, styles, strict=False):
        one = _daily(rates.filter(pl.col("area_id") == area_id))
        if one.height:
            lines.append(_line(one, "value", one["area_name"][0], colour, width, dash=dash))
            lines[-1]["hovertemplate"] = "%{y:.1f}"
    top = max([0.0, *rates["value"].drop_nulls().to_list()])
    drawn = _frame(lines[::-1], rates["event_date"].unique().sort().to_list(), top, HALF_DAY)
    drawn["layout"]["yaxis"]["tickformat"] = ",.0~f" if top >= 10 else ",~f"
    return drawn


def _daily(rates: pl.DataFrame) -> pl.DataFrame:
    """Every day of a span, those without a rate as a gap, so that no line is drawn across them."""
    if rates.is_empty():
        return rates
    days = rates.sort("event_date").upsample("event_date", every="1d")
    return days.with_columns(pl.col("area_name").forward_fill())


def lines(
    dates: Sequence[date],
    values: Mapping[str, Sequence[float | None]],
    hidden: Mapping[date, Sequence[str]],
    filling: Mapping[date, Sequence[str]],
) -> dict[str, Any]:
    """Up to four lines by name over the same dates, oldest first; None is a gap.

    A date of which a value is hidden carries the mark that tables use; dates still filling in are
    shaded, and the word for that stands by the last of them. Of several lines it says of which.
    """
    drawn = [
        {
            "x": list(dates),
            "y": list(values[name]),
            "name": name,
            "mode": "lines",
            "connectgaps": False,
            "line": {"color": colour, "width": 2.5},
            "hovertemplate": "%{y:,}",
        }
        for name, colour in zip(values, SERIES, strict=False)
    ]
    held = [value for line in values.values() for value in line if value is not None]
    found = _frame(drawn, dates, max([0.0, *held]), HALF_DAY)
    if min([0.0, *held]) < 0:
        found["layout"]["yaxis"] |= {"range": [min(held) * 1.1, max([0.0, *held]) * 1.1]}
    shaded, veiled = [*map(_day_block, filling)], [*map(_day_block, hidden)]
    found["layout"]["shapes"] = [
        *(_block(*ends, SHADE) for ends in shaded),
        *(_block(*ends, VEIL) for ends in veiled),
    ]
    last = [*filling.values()][-1:]
    words = [
        _of_lines(_incomplete(end), named, values)
        for (_, end), named in zip(shaded[-1:], last, strict=True)
    ]
    marks = [
        _of_lines(_hidden(end), named, values)
        for (_, end), named in zip(veiled, hidden.values(), strict=True)
    ]
    found["layout"]["annotations"] = [*words, *marks]
    return found


def _of_lines(
    annotation: dict[str, Any], named: Sequence[str], lines: Collection[str]
) -> dict[str, Any]:
    """A word on the lines that it is true of, where it is not of all."""
    if {*named} == {*lines}:
        return annotation
    return annotation | {"text": f"{annotation['text']} {', '.join(named)}"}


def _day_block(at: date) -> tuple[str, str]:
    start = at if isinstance(at, datetime) else datetime.combine(at, time())
    return (start - HALF_DAY).isoformat(), (start + HALF_DAY).isoformat()


def bars(names: Sequence[str], values: Sequence[float]) -> dict[str, Any]:
    """One bar a name, the first on top; all from zero."""
    bar = {
        "type": "bar",
        "orientation": "h",
        "x": list(values),
        "y": list(names),
        "marker": {"color": ACCENT},
        "hovertemplate": "%{x:,}",
    }
    found = _frame([bar], [], 0, timedelta())
    across, down = dict(found["layout"]["yaxis"]), dict(found["layout"]["xaxis"])
    for name in ("tickformat", "hoverformat", "tickangle"):
        down.pop(name)
    across.pop("range")
    found["layout"] |= {"hovermode": "closest", "xaxis": across | {"rangemode": "tozero"}}
    found["layout"]["yaxis"] = down | {"type": "category", "autorange": "reversed", "ticks": ""}
    return found


def versions(history: pl.DataFrame, unit: str) -> dict[str, Any]:
    """A figure's value by date of publication: level until the next version, then a step.

    The last value is drawn on for a twentieth of the span, so that its step can be seen.
    """
    known = history["known_from"].to_list()
    until = known[-1] + max(timedelta(days=1), (known[-1] - known[0]) / 20)
    moments = [*known, until]
    values = [*history["value"].to_list(), history["value"][-1]]
    line = {
        "x": moments,
        "y": values,
        "name": unit,
        "mode": "lines",
        "line": {"color": ACCENT, "width": 2.5, "shape": "hv"},
        "hovertemplate": "%{y:,}",
    }
    top = max([0.0, *(value for value in values if value is not None)])
    drawn = _frame([line], [], top, HALF_DAY)
    drawn["layout"]["xaxis"]["range"] = [moments[0].isoformat(), until.isoformat()]
    return drawn


def _line(
    points: pl.DataFrame, column: str, name: str, colour: str, width: float, dash: str = "solid"
) -> dict[str, Any]:
    return {
        "x": points["event_date"].to_list(),
        "y": points[column].to_list(),
        "name": name,
        "mode": "lines",
        "connectgaps": False,
        "line": {"color": colour, "width": width, "dash": dash},
        "hovertemplate": "%{y:,.0f}",
    }


def _band(points: pl.DataFrame) -> list[dict[str, Any]]:
    low = _line(points, "expected_low", "Final value expected from", ACCENT, 0)
    high = _line(points, "expected_high", "Final value expected up to", ACCENT, 0)
    return [low, high | {"fill": "tonexty", "fillcolor": BAND}]


def _frame(
    lines: list[dict[str, Any]], dates: Sequence[date], top: float, half: timedelta
) -> dict[str, Any]:
    axis = {"color": MUTED, "fixedrange": True, "zeroline": False, "automargin": True}
    layout: dict[str, Any] = {
        "font": {"family": FAMILY, "size": 14, "color": INK},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "paper_bgcolor": "#ffffff",
        "plot_bgcolor": "#ffffff",
        "showlegend": False,
        "dragmode": False,
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": "#ffffff", "bordercolor": "#c9d2da"},
        "xaxis": axis
        | {
            "type": "date",
            "showgrid": False,
            "ticks": "outside",
            "tickcolor": "#c9d2da",
            "linecolor": MUTED,
            "showline": True,
            "tickformat": "%-d %b\n%Y",
            "hoverformat": "%A %-d %B %Y",
            "tickangle": 0,
        },
        "yaxis": axis
        | {"gridcolor": GRID, "tickformat": ",~f", "range": [0, (top or 1) * 1.1], "nticks": 6},
    }
    if dates:
        first, last = datetime.combine(dates[0], time()), datetime.combine(dates[-1], time())
        layout["xaxis"]["range"] = [first.isoformat(), (last + half).isoformat()]
    return {"data": lines, "layout": layout}


def _shade(drawn: dict[str, Any], points: pl.DataFrame, half: timedelta) -> None:
    """Lay a shaded block behind each run of dates still filling in, with the word that says so."""
    drawn["layout"]["shapes"] = shapes = []
    drawn["layout"]["annotations"] = words = []
    for begin, end in _runs(points, "is_provisional", half):
        shapes.append(_block(begin, end, SHADE))
        words.append(_incomplete(end))


def _mark_hidden(drawn: dict[str, Any], points: pl.DataFrame, half: timedelta) -> None:
    """Lay a darker block behind each run of hidden values, with the mark that tables use."""
    for begin, end in _runs(points, "is_hidden", half):
        drawn["layout"]["shapes"].append(_block(begin, end, VEIL))
        drawn["layout"]["annotations"].append(_hidden(end))


def _runs(points: pl.DataFrame, column: str, half: timedelta) -> list[tuple[str, str]]:
    """Where each run of dates of which `column` is true begins and ends on the axis."""
    blocks = (
        points.with_columns(run=pl.col(column).rle_id())
        .filter(pl.col(column))
        .group_by("run", maintain_order=True)
        .agg(first=pl.col("event_date").min(), last=pl.col("event_date").max())
    )
    return [
        (
            (datetime.combine(first, time()) - half).isoformat(),
            (datetime.combine(last, time()) + half).isoformat(),
        )
        for _, first, last in blocks.iter_rows()
    ]


def _block(begin: str, end: str, colour: str) -> dict[str, Any]:
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": begin,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "fillcolor": colour,
        "line": {"width": 0},
        "layer": "below",
    }


def _hidden(end: str) -> dict[str, Any]:
    return _incomplete(end) | {"text": "[c]", "y": 0, "yanchor": "bottom"}


def _incomplete(end: str) -> dict[str, Any]:
    return {
        "text": "Incomplete",
        "x": end,
        "y": 1,
        "xref": "x",
        "yref": "paper",
        "xanchor": "right",
        "yanchor": "top",
        "showarrow": False,
        "font": {"size": 14, "color": MUTED},
    }
