"""Today: how England, or a region, is doing, and whether it can be trusted."""

from typing import Any

import polars as pl
from dash import html

from dashboard import asked, sentences, words
from dashboard.components.areas_table import areas_table
from dashboard.components.bar import bar, form, native
from dashboard.components.cards import cards
from dashboard.components.chart import download
from dashboard.components.figure_button import figure_button, text
from dashboard.components.page import page
from dashboard.components.table import table
from dashboard.components.trend import adds_up, trend
from dashboard.opening import opened
from dashboard.queries import arrivals, disagreements, headlines, reference, weeks
from dashboard.registry import register
from dashboard.seen import Seen

RUN = 42
SENTENCES = 3
STATES = {
    "current": "Up to date",
    "behind": "Behind",
    "ended": "Ended",
    "refused": "Newest file refused",
    "nothing": "No file yet",
}


def layout(**query: str) -> html.Div:
    """The page for `area`, `measure`, `from`, `to` and `as_of`."""
    return opened("/", query, build)


def build(seen: Seen) -> html.Div:
    """Headlines, trend, disagreements, regions and sources of one area."""
    areas = reference.regions(seen.reader)
    area = _area(seen, areas)
    heads = headlines.headlines(seen.reader, area["area_id"])
    metric = _metric(seen, heads)
    name = words.place(area["area_name"])
    content: list[Any] = [html.H1(f"Today in {name}")]
    if heads.is_empty():
        content.append(
            html.P(
                f"Nothing had been published about {name} by then."
                if seen.asked.as_of
                else f"There is no headline figure for {name} in this release."
            )
        )
    else:
        content += [_summary(seen, area, heads), _cards(seen, area, heads)]
    if metric:
        content += [_trend_and_disputes(seen, metric, area), _regions(seen, metric, areas, area)]
    content.append(_sources(seen))
    return page(seen, *content, bar=bar(seen, _choice(areas, area)))


def _area(seen: Seen, areas: pl.DataFrame) -> dict[str, Any]:
    wanted = seen.asked.area or reference.ENGLAND
    found = areas.filter(pl.col("area_id") == wanted)
    if found.is_empty() and wanted != reference.ENGLAND:
        seen.notes.append(asked.unknown("region", wanted))
        found = areas.filter(pl.col("area_id") == reference.ENGLAND)
    if found.is_empty():
        return {"area_id": reference.ENGLAND, "area_name": "England"}
    return found.row(0, named=True)


def _metric(seen: Seen, heads: pl.DataFrame) -> dict[str, Any] | None:
    wanted = seen.asked.measure
    found = reference.metric(seen.reader, wanted) if wanted else None
    if wanted and found is None:
        seen.notes.append(asked.unknown("measure", wanted))
    if found is None and heads.height:
        found = reference.metric(seen.reader, heads["metric_id"][0])
    return found


def _choice(areas: pl.DataFrame, area: dict[str, Any]) -> html.Div:
    options = list(areas.select("area_id", "area_name").iter_rows())
    return native("select", "area", "Area", area["area_id"], options=options)


def _summary(seen: Seen, area: dict[str, Any], heads: pl.DataFrame) -> html.Div:
    told = sentences.weeks(area["area_name"], _weeks(seen, area, heads))[:SENTENCES]
    note = "Settled days only. Differences are counted, not judged: they can be ordinary variation."
    return html.Div(
        [
            html.P(" ".join(told), className="lede") if told else None,
            html.P(note, className="small") if told else None,
        ],
        className="summary",
    )


def _weeks(seen: Seen, area: dict[str, Any], heads: pl.DataFrame) -> list[dict[str, Any]]:
    """The last settled week of each headline measure: seven days added up, or a week as it is."""
    code, rows = area["area_id"], heads.to_dicts()
    daily = [row["metric_id"] for row in rows if adds_up(row)]
    found = weeks.last_weeks(seen.reader, daily, [code], code).to_dicts()
    totals = {row["metric_id"]: row for row in found}
    totals |= {row["metric_id"]: _published_week(row) for row in rows if _is_settled_week(row)}
    return [row | totals[row["metric_id"]] for row in rows if row["metric_id"] in totals]


def _is_settled_week(head: dict[str, Any]) -> bool:
    return head["grain"] == "week" and not head["is_provisional"]


def _published_week(head: dict[str, Any]) -> dict[str, Any]:
    before = head["value_before"]
    return {"until": head["event_date"], "total": head["value"], "total_before": before}


def _cards(seen: Seen, area: dict[str, Any], heads: pl.DataFrame) -> html.Ul:
    held = headlines.runs(seen.reader, [area["area_id"]], heads["metric_id"].to_list(), RUN)
    runs = {
        key[0]: rows["value"].to_list()
        for key, rows in held.group_by("metric_id", maintain_order=True)
    }
    return cards(heads.to_dicts(), runs)


def _trend_and_disputes(seen: Seen, metric: dict[str, Any], area: dict[str, Any]) -> html.Div:
    return html.Div(
        [
            html.Section([_measure(seen, metric, area), trend(seen, metric, area)]),
            html.Section([html.H2("Where sources disagree"), *_disputes(seen, area)]),
        ],
        className="two",
    )


def _measure(seen: Seen, metric: dict[str, Any], area: dict[str, Any]) -> html.Form:
    held = reference.measures(seen.reader, area["area_id"])
    options = list(held.select("metric_id", "metric_name").iter_rows())
    start, end = (when.isoformat() if when else "" for when in (seen.asked.start, seen.asked.end))
    return form(
        seen.path,
        "Measure and dates",
        native("select", "measure", "Measure", metric["metric_id"], options=options),
        native("date", "from", "From", start),
        native("date", "to", "To", end),
    )


def _disputes(seen: Seen, area: dict[str, Any]) -> list[Any]:
    found = disagreements.disagreements(seen.reader, area["area_id"])
    counts = disagreements.counts(seen.reader, area["area_id"])
    told = html.P(sentences.disputes(counts["disputed"], counts["explained"], area["area_name"]))
    if found.is_empty():
        return [told]
    rows = [_dispute(row) for row in found.to_dicts()]
    head = ["Measure, and why this value is used", "Used", "Other", "Gap"]
    caption = "Each measure on the date on which sources lie widest apart"
    return [told, table(caption, head, rows, numeric=(1, 2, 3))]


def _dispute(row: dict[str, Any]) -> list[Any]:
    when = words.period(row["event_date"], row["grain"])
    other = row | {"value": row["other_value"], "missing_reason": None}
    about = f"{row['metric_name']}, {when}"
    used, not_used = row["publisher"] or row["source_id"], row["other_publisher"]
    state = words.status(row["status"], row["sources_reporting"])
    return [
        [
            html.Div(row["metric_name"]),
            html.Div([html.Span(state, className=f"badge {row['status']}")], className="state"),
            html.Div(_widest(row, when), className="small"),
            html.Div(row["reason"] or "", className="small"),
        ],
        [figure_button(row, about), html.Div(used, className="small")],
        [text(other), html.Div(not_used or row["other_source_id"], className="small")],
        words.number(abs(row["other_value"] - row["value"]), row["decimals"]),
    ]


def _widest(row: dict[str, Any], when: str) -> str:
    if row["dates"] == 1:
        return f"{when[:1].upper()}{when[1:]}."
    span = f"{words.day(row['first_date'])} to {words.day(row['last_date'])}"
    return f"{row['dates']:,} dates from {span}; widest {when}."


def _regions(
    seen: Seen, metric: dict[str, Any], areas: pl.DataFrame, area: dict[str, Any]
) -> html.Section:
    codes = areas.filter(pl.col("area_id") != reference.ENGLAND)["area_id"].to_list()
    drawn = areas_table(seen, metric, codes, "Region", here=area["area_id"])
    none = html.P(f"{metric['metric_name']} has no settled value by region.")
    csv = seen.link("/files/regions.csv", measure=metric["metric_id"])
    return html.Section(
        [html.H2("The nine regions"), *([drawn, download(csv)] if drawn else [none])]
    )


def _sources(seen: Seen) -> html.Section:
    found = arrivals.freshness(seen.reader).to_dicts()
    in_trouble = [row for row in found if row["state"] in {"behind", "refused"}]
    every = html.Details(
        [
            html.Summary(f"All {words.counted(len(found), 'source', 'sources')}"),
            _sources_table("All sources", found),
        ]
    )
    return html.Section(
        [
            html.H2("Sources"),
            html.P(sentences.sources([row["state"] for row in found])),
            _sources_table("Sources with a problem", in_trouble) if in_trouble else None,
            every,
        ]
    )


def _sources_table(caption: str, found: list[dict[str, Any]]) -> html.Div:
    rows = [
        [
            [row["title"], html.Div(row["publisher"], className="small")],
            row["due"] or "",
            words.moment(row["published_at"]) if row["published_at"] else "\u2013",
            [_state(row["state"]), _reason(row)],
        ]
        for row in found
    ]
    head = ["Source", "Due", "Newest file published", "State"]
    return table(caption, head, rows, is_caption_shown=False)


def _state(state: str) -> html.Span:
    return html.Span(STATES[state], className=f"badge {state}")


def _reason(row: dict[str, Any]) -> html.Div | None:
    if row["state"] != "refused" or not row["last_reason"]:
        return None
    return html.Div(row["last_reason"], className="small")


register(__name__, "/", "Today \u2013 Trigpoint", layout, "page.today")
