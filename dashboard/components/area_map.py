"""The map of England's authorities for one measure, with the same numbers as a table and a file."""

from collections import Counter
from collections.abc import Collection
from typing import Any

from dash import html

from dashboard import hexagons, words
from dashboard.bands import HIDDEN, MISSING, NAMES, Bands, bands
from dashboard.components import chart
from dashboard.components.attributes import aria
from dashboard.components.drawing import drawing
from dashboard.components.long_table import Cell, figure, linked, long_table, marked
from dashboard.figures.hexagons import Hexagon, drawn
from dashboard.queries import authorities
from dashboard.seen import Seen
from store.passport import HIDDEN as REASONS

MOST_NAMED = 3
HEAD = ["Area", "7 days to then", "Per 100,000", "Band"]
Row = dict[str, Any]


def area_map(
    seen: Seen, metric: Row, here: str = "", inside: Collection[str] = ()
) -> html.Figure | None:
    """The map, or None where no authority has a rate; `here`, or what is `inside`, is outlined."""
    rows = authorities.rates(seen.reader, metric["metric_id"])
    shown = [row["rate"] for row in rows if row["rate"] is not None]
    if not shown:
        return None
    cells = hexagons.showing([row["area_id"] for row in rows])
    on_map = [row for row in rows if row["area_id"] in cells]
    found, told = bands(shown), in_words(metric, on_map)
    outlined = {here} if here in cells else set(inside) & set(cells)
    placed = [_hexagon(seen, row, cells, found) for row in on_map]
    csv = seen.link("/files/authorities.csv", measure=metric["metric_id"])
    listed = html.Details([html.Summary("Show as table"), _table(seen, metric, rows, found)])
    return html.Figure(
        [
            html.Figcaption([html.H2(told.finding), html.P(told.about, className="about")]),
            drawing(drawn(placed, outlined), told.summary, "hexagons"),
            _legend(on_map, found, _outline(outlined, here)),
            html.Div([listed, chart.download(csv)], className="under"),
        ],
        className="chart map",
    )


def _hexagon(seen: Seen, row: Row, cells: dict[str, hexagons.Cell], found: Bands) -> Hexagon:
    area_id = row["area_id"]
    return Hexagon(area_id, cells[area_id], _style(row, found), _tip(row), seen.area_link(area_id))


def _outline(outlined: Collection[str], here: str) -> str:
    """What an outline means; empty where nothing is outlined."""
    if not outlined:
        return ""
    return "This area" if here in outlined else "Inside this area"


def _style(row: Row, found: Bands) -> str:
    if row["rate"] is not None:
        return f"band-{found.of(row['rate'])}"
    return HIDDEN if _is_hidden(row) else MISSING


def _is_hidden(row: Row) -> bool:
    return bool(row["days_hidden"]) or row["missing_reason"] in REASONS


def _tip(row: Row) -> str:
    return f"{row['area_name']}: {_in_words(row)}"


def _in_words(row: Row) -> str:
    if row["rate"] is not None:
        return words.number(row["rate"], 1)
    return "hidden to protect privacy" if _is_hidden(row) else words.missing(row["missing_reason"])


def in_words(metric: Row, rows: list[Row]) -> chart.Told:
    """What the map finds, what it is about, and both for those who do not see it."""
    when = words.day(rows[0]["until"])
    shown = [row for row in rows if row["rate"] is not None]
    name, where, rate = metric["metric_name"], *_highest(shown)
    about = (
        f"7 settled days to {when}, per 100,000 residents, in England\u2019s authorities. "
        "Each hexagon is one authority, whatever its size."
    )
    without = len(rows) - len(shown)
    among = f", {without:,} of them without a rate" if without else ""
    summary = (
        f"{name}, 7 days to {when} per 100,000 residents, as a map of {len(rows):,} "
        f"authorities{among}: {where} with {rate}."
    )
    return chart.Told(f"{name}: {where}, {rate} per 100,000", about, summary)


def _highest(shown: list[Row]) -> tuple[str, str]:
    """Where the rate is highest, and that rate; authorities that share it are named as sharing."""
    rate = max(row["rate"] for row in shown)
    places = [words.place(row["area_name"]) for row in shown if row["rate"] == rate]
    told = words.number(rate, 1)
    if len(shown) == 1:
        return f"known of {places[0]} alone", told
    if len(places) == len(shown):
        return f"the same in all {len(places):,} authorities", told
    if len(places) > MOST_NAMED:
        return f"highest in {len(places):,} authorities alike", told
    alike = " alike" if len(places) > 1 else ""
    return f"highest in {words.joined(places)}{alike}", told


def _legend(rows: list[Row], found: Bands, outline: str) -> html.Ul:
    counts = Counter(_style(row, found) for row in rows)
    entries = [(f"band-{band}", found.told(band)) for band in range(len(NAMES))]
    entries += [(HIDDEN, "Hidden to protect privacy"), (MISSING, "Not available")]
    key = [_entry(style, f"{told} ({counts[style]:,})") for style, told in entries if counts[style]]
    return html.Ul([*key, _entry("outline", outline) if outline else None], className="key")


def _entry(style: str, told: str) -> html.Li:
    return html.Li([html.Span(className=f"swatch {style}", **aria(hidden="true")), told])


def _table(seen: Seen, metric: Row, rows: list[Row], found: Bands) -> html.Div:
    when = words.period(rows[0]["until"], metric["grain"])
    head = [HEAD[0], f"{when[:1].upper()}{when[1:]}", *HEAD[1:]]
    ordered = sorted(rows, key=lambda row: (row["rate"] is None, -(row["rate"] or 0)))
    cells = [_cell(seen, metric, row, found) for row in ordered]
    marks = [_mark(row) for row in ordered]
    caption = f"{metric['metric_name']}, England\u2019s authorities, highest first"
    return long_table(caption, head, cells, numeric=(1, 2, 3), marks=marks)


def _cell(seen: Seen, metric: Row, row: Row, found: Bands) -> list[Cell]:
    about = f"{metric['metric_name']}, {row['area_name']}"
    return [
        linked(row["area_name"], seen.area_link(row["area_id"])),
        _figure(row | {"decimals": metric["decimals"]}, about),
        words.number(row["total"]),
        words.number(row["rate"], 1),
        _band(row, found),
    ]


def _figure(row: Row, about: str) -> Cell:
    """Of an authority of which nothing was published there is nothing to open."""
    mark = _mark(row)
    return figure(row, about, mark) if row["figure_id"] else marked("not available", mark)


def _band(row: Row, found: Bands) -> str:
    told = _in_words(row) if row["rate"] is None else found.name(found.of(row["rate"]))
    return told[:1].upper() + told[1:]


def _mark(row: Row) -> str:
    return words.mark(row["value"], row["missing_reason"], row["is_provisional"])
