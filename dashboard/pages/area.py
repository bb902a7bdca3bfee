"""Area: how one place is doing against its region and England."""

from typing import Any

import polars as pl
from dash import html

from dashboard import asked, sentences, words
from dashboard.components import chart
from dashboard.components.against import Compared, against, compared, definition
from dashboard.components.area_map import area_map
from dashboard.components.areas_table import areas_table
from dashboard.components.bar import bar, find, form, native
from dashboard.components.figure_button import figure_button
from dashboard.components.long_table import long_table
from dashboard.components.page import page
from dashboard.components.problems import area_queries
from dashboard.components.table import marked, table
from dashboard.components.trend import adds_up, trend
from dashboard.figures import line
from dashboard.opening import not_found, opened, titled
from dashboard.queries import problems, reference
from dashboard.queries.trend import comparison
from dashboard.registry import register
from dashboard.seen import Seen

STYLES = ("accent", "grey", "dotted")


def layout(code: str = "", **query: str) -> html.Div:
    """The page of one area by its code; `measure`, `from`, `to`, `as_of`."""
    # A query can name the code again, even twice; then it is no code.
    return opened(f"/areas/{code}", query, lambda seen: build(seen, str(code)))


def title(code: str = "", **_: str) -> str:
    """The area's name, for the window and the history."""
    return titled(lambda reader: (reference.area(reader, code) or {}).get("area_name"))


def build(seen: Seen, code: str) -> html.Div:
    """Headline rows, trends, what lies inside, every measure; or that there is no such area."""
    area = reference.area(seen.reader, code)
    if area is None:
        return not_found(seen.asked, seen.path, f"There is no area with the code {code[:20]} here.")
    held = reference.measures(seen.reader, code)
    metric = _metric(seen, held)
    content: list[Any] = [html.H1(area["area_name"]), html.P(_about(seen, area), className="lede")]
    content += _successions(seen, area)
    content.append(area_queries(seen, problems.under_query(seen, area["area_id"])))
    if metric is None:
        content.append(html.P(_nothing(seen, area)))
    else:
        beside = compared(seen, area, held)
        content += [against(seen, beside, held), _trends(seen, area, metric, held)]
        content += [_around(seen, area, metric, beside)]
    content += [_inside(seen, area, metric), _measures(area, held)]
    return page(seen, *content, bar=bar(seen, find()))


def _metric(seen: Seen, held: pl.DataFrame) -> dict[str, Any] | None:
    wanted = seen.asked.measure
    found = held.filter(pl.col("metric_id") == wanted) if wanted else held.head(0)
    if wanted and found.is_empty():
        seen.notes.append(asked.unknown("measure", wanted))
    if found.is_empty():
        found = held.filter(pl.col("grain") == "day")
    return (found if found.height else held).row(0, named=True) if held.height else None


def _about(seen: Seen, area: dict[str, Any]) -> list[Any]:
    kind = f"{words.area_type(area['area_type'])}, code {area['area_id']}"
    above = {area["region_id"]: area["region_name"], area["parent_area_id"]: area["parent_name"]}
    links = [
        html.A(name, href=seen.area_link(code))
        for code, name in above.items()
        if code and name and code != area["area_id"]
    ]
    parts: list[Any] = [kind]
    for i, link in enumerate(links):
        parts += [", in " if i == 0 else ", ", link]
    return [*parts, "."]


def _nothing(seen: Seen, area: dict[str, Any]) -> str:
    if seen.asked.as_of:
        return f"Nothing had been published about {words.place(area['area_name'])} by then."
    return f"No figure of this release is about {words.place(area['area_name'])}."


def _successions(seen: Seen, area: dict[str, Any]) -> list[html.P]:
    found = reference.successions(seen.reader, area["area_id"]).to_dicts()
    came_from = [row for row in found if row["to_area_id"] == area["area_id"]]
    became = [row for row in found if row["from_area_id"] == area["area_id"]]
    told = []
    if area["valid_to"]:
        told.append(html.P(f"This code ended on {words.day(area['valid_to'])}.", className="ended"))
    for row in became:
        when = words.day(row["happened_on"])
        share = "" if row["share"] in (None, 1.0) else f" ({row['share']:.0%} of it)"
        successor = html.A(row["to_name"], href=seen.area_link(row["to_area_id"]))
        told.append(
            html.P([f"Succeeded on {when} by ", successor, f" {row['to_area_id']}{share}."])
        )
    if came_from:
        told.append(html.P(["Formed from ", *_former(seen, came_from), "."]))
    return told


def _former(seen: Seen, rows: list[dict[str, Any]]) -> list[Any]:
    parts: list[Any] = []
    for row in rows:
        link = html.A(row["from_name"], href=seen.area_link(row["from_area_id"]))
        when = words.day(row["happened_on"])
        parts += ["; " if parts else "", link, f" {row['from_area_id']} on {when}"]
    return parts


def _trends(
    seen: Seen, area: dict[str, Any], metric: dict[str, Any], held: pl.DataFrame
) -> html.Section:
    options = list(held.select("metric_id", "metric_name").iter_rows())
    start, end = (when.isoformat() if when else "" for when in (seen.asked.start, seen.asked.end))
    choice = form(
        seen.path,
        "Measure and dates",
        native("select", "measure", "Measure", metric["metric_id"], options=options),
        native("date", "from", "From", start),
        native("date", "to", "To", end),
    )
    beside = _comparison(seen, area, metric)
    charts = [trend(seen, metric, area), *([beside] if beside else [])]
    return html.Section(
        [html.H2("Trends", className="unseen"), choice, html.Div(charts, className="even")]
    )


def _comparison(seen: Seen, area: dict[str, Any], metric: dict[str, Any]) -> html.Figure | None:
    codes = reference.compared(area)
    if len(codes) == 1 or not adds_up(metric):
        return None
    asked_for = seen.asked
    rates = comparison(seen.reader, metric["metric_id"], codes, asked_for.start, asked_for.end)
    here = rates.filter(pl.col("area_id") == area["area_id"])
    if here.is_empty():
        return None
    names = list(dict.fromkeys(rates["area_name"].to_list()))
    key = list(zip(STYLES, names, strict=False))
    csv = seen.link(
        "/files/comparison.csv", measure=metric["metric_id"], area=area["area_id"], **_dates(rates)
    )
    return chart.chart(
        _told(area, metric, rates, names),
        line.comparison(rates, codes),
        key,
        _comparison_table(metric, rates),
        csv,
    )


def _dates(rates: pl.DataFrame) -> dict[str, str]:
    dates = rates["event_date"].sort()
    return {"from": dates[0].isoformat(), "to": dates[-1].isoformat()}


def _told(
    area: dict[str, Any], metric: dict[str, Any], rates: pl.DataFrame, names: list[str]
) -> chart.Told:
    newest = rates.filter(pl.col("area_id") == area["area_id"])["event_date"][-1]
    at_newest = rates.filter(pl.col("event_date") == newest)
    last = [
        f"{words.number(row['value'], 1)} in {words.place(row['area_name'])}"
        for row in at_newest.to_dicts()
    ]
    name = metric["metric_name"]
    finding = f"Per 100,000 residents: {words.joined(last)}"
    about = f"{name}, 7 settled days to {words.day(newest)}, per 100,000 residents."
    summary = sentences.trend(
        rates.filter(pl.col("area_id") == area["area_id"]).to_dicts(),
        f"{name}, 7 days per 100,000 residents",
        area["area_name"],
        1,
    )
    return chart.Told(finding, about, f"{summary} On that day {words.joined(last)}.")


def _comparison_table(metric: dict[str, Any], rates: pl.DataFrame) -> html.Div:
    rows = [
        [words.day(row["event_date"]), row["area_name"], words.number(row["value"], 1)]
        for row in rates.sort("event_date", descending=True, maintain_order=True).to_dicts()
    ]
    head = ["7 days to", "Area", "Per 100,000 residents"]
    return long_table(metric["metric_name"], head, rows, numeric=(2,))


def _around(
    seen: Seen, area: dict[str, Any], metric: dict[str, Any], beside: Compared
) -> html.Section | None:
    """The map of the measure, and the nearest areas of the same kind."""
    below = reference.children(seen.reader, area["area_id"])["area_id"].to_list()
    drawn = area_map(seen, metric, area["area_id"], below) if adds_up(metric) else None
    near = beside.neighbours["area_id"].to_list()
    listed = areas_table(
        seen, metric, [*beside.codes[:1], *near], "Area", area["area_id"], has_before=False
    )
    if not near or listed is None:
        return html.Section([html.H2("Around", className="unseen"), drawn]) if drawn else None
    heading = f"{area['area_name']} and its nearest neighbours"
    return html.Section([drawn, html.Div([html.H2(heading), listed])], className="around")


def _inside(seen: Seen, area: dict[str, Any], metric: dict[str, Any] | None) -> html.Section | None:
    below = reference.children(seen.reader, area["area_id"])
    if below.is_empty():
        return None
    codes = below["area_id"].to_list()
    drawn = areas_table(seen, metric, codes, "Area") if metric else None
    links = [
        html.Li([html.A(row["area_name"], href=seen.area_link(row["area_id"])), _kind(row)])
        for row in below.to_dicts()
    ]
    name = words.place(area["area_name"])
    listed = html.Details(
        [html.Summary(f"All {len(links)} areas, ended ones too"), html.Ul(links, className="areas")]
    )
    plain = html.Ul(links, className="areas")
    return html.Section([html.H2(f"Inside {name}"), *([drawn, listed] if drawn else [plain])])


def _kind(row: dict[str, Any]) -> html.Span:
    ended = f", ended {words.day(row['valid_to'])}" if row["valid_to"] else ""
    kind = words.area_type(row["area_type"])
    return html.Span(f" {kind} {row['area_id']}{ended}", className="small")


def _measures(area: dict[str, Any], held: pl.DataFrame) -> html.Section | None:
    if held.is_empty():
        return None
    rows = [_measure(area, row) for row in held.to_dicts()]
    marks = ["p" if row["is_provisional"] else "" for row in held.to_dicts()]
    head = ["Measure and what it counts", "Newest value", "Date", "Held from", "Dates"]
    name = words.place(area["area_name"])
    return html.Section(
        [
            html.H2(f"Every measure held for {name}"),
            table(
                f"Measures held for {name}",
                head,
                rows,
                numeric=(1, 4),
                marks=marks,
                is_caption_shown=False,
            ),
        ]
    )


def _measure(area: dict[str, Any], row: dict[str, Any]) -> list[Any]:
    when = words.period(row["last_date"], row["grain"])
    about = f"{row['metric_name']}, {area['area_name']}, {when}"
    mark = "p" if row["is_provisional"] else ""
    return [
        [html.Div(row["metric_name"], className="name"), *definition(row)],
        marked(figure_button(row, about), mark),
        words.day(row["last_date"]),
        words.day(row["first_date"]),
        f"{row['dates']:,}",
    ]


register(__name__, "/areas/<code>", title, layout, "page.area")
