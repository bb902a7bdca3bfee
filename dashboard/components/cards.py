"""Headline cards: label, figure, change, run-up, what the sources say, how fresh it is."""

from typing import Any

from dash import html

from dashboard import sentences, words
from dashboard.components.attributes import aria
from dashboard.components.figure_button import figure_button
from dashboard.figures.svg import sparkline


def cards(headlines: list[dict[str, Any]], runs: dict[str, list[float | None]]) -> html.Ul:
    """One card a headline; `runs` are the settled values up to it, by measure."""
    return html.Ul(
        [_card(row, runs.get(row["metric_id"], [])) for row in headlines],
        className=f"cards of-{len(headlines)}",
    )


def _card(row: dict[str, Any], run: list[float | None]) -> html.Li:
    when = words.period(row["event_date"], row["grain"])
    return html.Li(
        [
            html.P(row["metric_name"], className="label"),
            figure_button(row, f"{row['metric_name']}, {when}", is_large=True),
            html.P(when[:1].upper() + when[1:], className="when"),
            _change(row),
            html.Img(src=sparkline(run), alt=run_in_words(run, row), className="sparkline"),
            html.P(_state(row), className="state"),
            html.P(f"Published {words.moment(row['published_at'])}", className="fresh"),
        ],
        className="card",
    )


def _change(row: dict[str, Any]) -> html.P:
    arrow, told, judged = change(row)
    return html.P(
        [html.Span(arrow, **aria(hidden="true")), " " if arrow else "", told],
        className=f"change {judged}",
    )


def change(row: dict[str, Any]) -> tuple[str, str, str]:
    """A headline's change as arrow, words and whether it is worse, better or neither."""
    if row["value"] is None:
        return "", "Not compared", "neither"
    if row["is_provisional"]:
        return "", "Still filling in, so not compared", "neither"
    return sentences.change(row)


def run_in_words(run: list[float | None], row: dict[str, Any]) -> str:
    """The small chart of a card for those who do not see it."""
    held = [value for value in run if value is not None]
    if not held:
        return "No settled values before this one."
    low, high = (words.number(value, row["decimals"]) for value in (min(held), max(held)))
    last = words.number(held[-1], row["decimals"])
    return f"Last {len(run)} settled values: between {low} and {high}, the newest {last}."


def filling(row: dict[str, Any]) -> list[str]:
    """How many later dates are not settled yet, where there are any."""
    if not row["filling"]:
        return []
    unit = "week" if row["grain"] == "week" else "day"
    later = words.counted(row["filling"], f"later {unit}", f"later {unit}s")
    return [f"{later} still filling in"]


def _state(row: dict[str, Any]) -> list[Any]:
    badge = words.status(row["status"], row["sources_reporting"])
    notes: list[Any] = [html.Span(badge, className=f"badge {row['status'] or 'none'}")]
    if row["is_corrected"]:
        notes.append(html.Span("Corrected", className="badge corrected"))
    if row["is_provisional"]:
        notes.append(html.Span("Provisional", className="badge provisional"))
    return notes + [html.Span(told, className="filling") for told in filling(row)]
