"""Today: how England, or an area, is doing, and whether it can be trusted."""

from typing import Any

from dash import html

from dashboard import asked, exits, looking, sentences, words
from dashboard.briefing import Briefing, area_of, brief, metric_of
from dashboard.components.areas_table import areas_table
from dashboard.components.bar import bar, form, native
from dashboard.components.cards import cards
from dashboard.components.chart import download
from dashboard.components.figure_button import figure_button, text
from dashboard.components.fold import folded_on_a_phone
from dashboard.components.page import page
from dashboard.components.source_table import badge
from dashboard.components.spoken import read_out
from dashboard.components.table import table
from dashboard.components.trend import trend
from dashboard.opening import opened
from dashboard.queries import reference
from dashboard.queries.sources import PROBLEMS
from dashboard.queries.special_causes import MOST
from dashboard.registry import register
from dashboard.seen import Seen

Row = dict[str, Any]
HOW_JUDGED = (
    f"Only what has settled is judged, each against up to {MOST} settled days or weeks before (XmR "
    "chart). Every other difference on this page is counted, not judged: it can be ordinary "
    "variation."
)


def layout(**query: str) -> html.Div:
    """The page for `area`, `measure`, `from`, `to` and `as_of`."""
    return opened("/", query, build)


def build(seen: Seen) -> html.Div:
    """Sentences, headlines, trend, disagreements, regions and sources of one area."""
    area = _area(seen)
    known = brief(seen, area)
    metric = _metric(seen, known)
    name = words.place(area["area_name"])
    content: list[Any] = [html.H1(f"Today in {name}")]
    if known.heads:
        content += [_summary(seen, known), cards(known.heads, known.runs)]
    else:
        content.append(
            html.P(
                f"Nothing had been published about {name} by then."
                if seen.asked.as_of
                else f"There is no headline figure for {name} in this release."
            )
        )
    if metric:
        content += [_trend_and_disputes(seen, metric, known), _regions(seen, metric, area)]
    content.append(_sources(known.sources))
    return page(seen, *content, bar=_bar(seen, area, known))


def _area(seen: Seen) -> Row:
    found = area_of(seen)
    if found is None and seen.asked.area:
        seen.notes.append(asked.unknown("area", seen.asked.area))
        found = reference.area(seen.reader, looking.own_area())
    return found or {"area_id": reference.ENGLAND, "area_name": "England"}


def _metric(seen: Seen, known: Briefing) -> Row | None:
    wanted, found = seen.asked.measure, metric_of(seen, known)
    if wanted and (found is None or found["metric_id"] != wanted):
        seen.notes.append(asked.unknown("measure", wanted))
    return found


def _bar(seen: Seen, area: Row, known: Briefing) -> html.Div:
    regions = reference.regions(seen.reader).select("area_id", "area_name")
    options = list(regions.iter_rows())
    if area["area_id"] not in dict(options):
        options.append((area["area_id"], area["area_name"]))
    choice = native("select", "area", "Area", area["area_id"], options=options)
    ways = _papers(seen, area) if known.heads else []
    return bar(seen, choice, *ways, area_id=area["area_id"])


def _papers(seen: Seen, area: Row) -> list[html.A]:
    """The ways to this page on paper, and as a picture of it, for whoever may take them."""
    asked_for = {"area": area["area_id"], "measure": seen.asked.measure}
    for name, when in (("from", seen.asked.start), ("to", seen.asked.end)):
        asked_for[name] = when.isoformat() if when else None
    return [
        html.A(
            [kind.upper(), html.Span(" of this page", className="unseen")],
            href=seen.link(f"/files/today.{kind}", **asked_for),
            download="",
            className="button quiet",
        )
        for kind in ("pdf", "png")
        if exits.may_take(f"export.today_{kind}")
    ]


def _summary(seen: Seen, known: Briefing) -> html.Div:
    return html.Div(
        [read_out(seen, known.told), html.P(HOW_JUDGED, className="small")],
        className="summary",
    )


def _trend_and_disputes(seen: Seen, metric: Row, known: Briefing) -> html.Div:
    area = known.area
    return html.Div(
        [
            html.Section([_measure(seen, metric, area), trend(seen, metric, area)]),
            html.Section([html.H2("Where sources disagree"), *_disputes(known)]),
        ],
        className="two",
    )


def _measure(seen: Seen, metric: Row, area: Row) -> html.Form:
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


def _disputes(known: Briefing) -> list[Any]:
    disputed, explained = known.counts["disputed"], known.counts["explained"]
    told = html.P(sentences.disputes(disputed, explained, known.area["area_name"]))
    if not known.disputes:
        return [told]
    rows = [_dispute(row) for row in known.disputes]
    head = ["Measure, and why this value is used", "Used", "Other", "Gap"]
    caption = "Each measure on the date on which sources lie widest apart"
    drawn = table(caption, head, rows, numeric=(1, 2, 3))
    count = words.counted(len(rows), "difference", "differences")
    return [told, folded_on_a_phone(f"Show the {count}", drawn)]


def _dispute(row: Row) -> list[Any]:
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


def _widest(row: Row, when: str) -> str:
    if row["dates"] == 1:
        return f"{when[:1].upper()}{when[1:]}."
    span = f"{words.day(row['first_date'])} to {words.day(row['last_date'])}"
    return f"{row['dates']:,} dates from {span}; widest {when}."


def _regions(seen: Seen, metric: Row, area: Row) -> html.Section:
    found = reference.regions(seen.reader)["area_id"].to_list()
    codes = [code for code in found if code != reference.ENGLAND]
    drawn = areas_table(seen, metric, codes, "Region", here=area["area_id"])
    none = html.P(f"{metric['metric_name']} has no settled value by region.")
    csv = seen.link("/files/regions.csv", measure=metric["metric_id"])
    shown = folded_on_a_phone("Show the table", drawn, download(csv)) if drawn else none
    return html.Section([html.H2("The nine regions"), shown])


def _sources(found: list[Row]) -> html.Section:
    in_trouble = [row for row in found if row["state"] in PROBLEMS]
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
            folded_on_a_phone(
                f"Show the {words.counted(len(in_trouble), 'source', 'sources')} with a problem",
                _sources_table("Sources with a problem", in_trouble),
            )
            if in_trouble
            else None,
            every,
        ]
    )


def _sources_table(caption: str, found: list[Row]) -> html.Div:
    rows = [
        [
            [row["title"], html.Div(row["publisher"], className="small")],
            row["due"] or "",
            words.moment(row["published_at"]) if row["published_at"] else "\u2013",
            [badge(row["state"]), _reason(row)],
        ]
        for row in found
    ]
    head = ["Source", "Due", "Newest file published", "State"]
    return table(caption, head, rows, is_caption_shown=False)


def _reason(row: Row) -> html.Div | None:
    if not row["is_refused"] or not row["last_reason"]:
        return None
    return html.Div(row["last_reason"], className="small")


register(__name__, "/", "Today \u2013 Trigpoint", layout, "page.today")
