"""Stand-up: what changed since yesterday, what needs a look, and who does what."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import polars as pl
from dash import Input, Output, callback, html

from dashboard import asked, exceptions, looking, words
from dashboard.components import screen
from dashboard.components.actions import carried_over, moved
from dashboard.components.attributes import data
from dashboard.components.bar import bar, native
from dashboard.components.capacity import capacity
from dashboard.components.changed import changed
from dashboard.components.exceptions import exceptions as exceptions_table
from dashboard.components.notes import lately
from dashboard.components.page import BANDS, bands, bare, page
from dashboard.components.posting import posting
from dashboard.components.problems import PATH as PROBLEMS
from dashboard.components.problems import came_of
from dashboard.components.visible import as_seen
from dashboard.exits import leaves_by, may_take
from dashboard.limits import limits
from dashboard.opening import opened
from dashboard.queries import changes, headlines, problems, reference
from dashboard.queries.capacity import pressure, trusts
from dashboard.queries.notes import written
from dashboard.registry import register
from dashboard.seen import Seen, see
from journal import actions, standups
from journal.standups import Held
from store.moments import now
from store.settings import Settings

PATH = "/standup"
RUN = 14
SCREEN = "screen"
A_TICK = timedelta(microseconds=1)
Row = dict[str, Any]
Span = tuple[datetime, datetime]


def layout(**query: str) -> html.Div:
    """The stand-up of `area`; `release` opens what an old one looked at, `view=screen` a wall's."""
    return opened(PATH, query, build)


def build(seen: Seen) -> html.Div:
    """Position, sentence, open actions, exceptions, changes and the minute of one scope."""
    if seen.asked.view not in {None, SCREEN}:
        seen.notes.append(asked.unknown("view", str(seen.asked.view)))
    area = _area(seen)
    seen, held = _looking_at(seen, area)
    if seen.asked.view == SCREEN:
        return bare(seen, screen.screen(seen, area["area_id"], _on_screen(seen, area, held)))
    at = _moment(seen, held)
    rows, open_ones = _exceptions(seen, area), _open(seen, area, at)
    since = _since(seen)
    found = _changes(seen, area, since)
    name = words.place(area["area_name"])
    content: list[Any] = [
        html.H1(f"Stand-up, {words.weekday(at.date())}"),
        html.P(_told(rows, open_ones, found, name, since), className="lede"),
        _ways(seen, area, at),
        None if seen.is_replay else _position(area, held),
        _section("Open actions", carried_over(seen, open_ones, at, may_act=_may_act(seen)))
        if open_ones
        else None,
        _section(
            "Exceptions, worst first",
            exceptions_table(seen, rows, _runs(seen, rows), may_act=_may_act(seen))
            if rows
            else html.P("No exceptions: no settled figure here is out of its ordinary variation."),
        ),
        *_capacity(seen, area),
        _section("What changed, and why", *_changed(found, area, since)),
        *([] if seen.is_replay else _written(seen, area, held, at)),
    ]
    return page(seen, *content, bar=bar(seen, _choice(seen, area), area_id=area["area_id"]))


@callback(
    Output(BANDS, "children"),
    Output(screen.BODY, "children"),
    Input(screen.ASKED, "data"),
    prevent_initial_call=True,
)
@leaves_by("callback.screen")
def refreshed(wanted: Any) -> tuple[list[Any], list[Any]]:
    """What the big screen shows now, of the area and moment that it shows: bands and body."""
    given = wanted if isinstance(wanted, dict) else {}
    named = {name: given.get(name) for name in ("area", "as_of", "release", "replay")}
    seen = see(asked.read(named), PATH)
    area = _area(seen)
    seen, held = _looking_at(seen, area)
    shown = [as_seen(part) for part in _on_screen(seen, area, held)]
    return [as_seen(band) for band in bands(seen, is_wall=True)], shown


def _on_screen(seen: Seen, area: Row, held: Held | None) -> list[Any]:
    at = _moment(seen, held)
    rows, open_ones = _exceptions(seen, area), _open(seen, area, at)
    since, name = _since(seen), words.place(area["area_name"])
    found = _changes(seen, area, since)
    title = f"Stand-up of {name}, {words.weekday(at.date())}"
    told = _told(rows, open_ones, found, name, since)
    return screen.body(seen, title, told, rows, _runs(seen, rows))


def _looking_at(seen: Seen, area: Row) -> tuple[Seen, Held | None]:
    """The release that a stand-up going on looks at, where nothing else is asked for."""
    if seen.is_replay:
        return seen, None
    held = standups.going_on(Settings.read().home, area["area_id"])
    if held is not None and seen.asked.release is None and seen.asked.as_of is None:
        notes = seen.notes
        seen = see(replace(seen.asked, release=held.release_id), PATH)
        seen.notes += notes
    return seen, held


def _ways(seen: Seen, area: Row, at: datetime) -> html.Div:
    """To the wall, to the day before, to paper."""
    yesterday = (at - timedelta(days=1)).date().isoformat()
    before = {"area": area["area_id"], "as_of": yesterday, "release": None}
    wall = seen.link(PATH, area=area["area_id"], view=SCREEN)
    return html.Div(
        [
            html.A("Big screen", href=wall, className="button quiet"),
            html.A("Yesterday", href=seen.link(PATH, **before), className="button quiet"),
            html.Button("Print", type="button", className="button quiet", **data(print="page")),
        ],
        className="ways",
    )


def _capacity(seen: Seen, area: Row) -> list[html.Section]:
    """One section a limit; a place without trusts of its own has those of its NHS region."""
    return [
        _section(
            f"Capacity pressure: {limit.of}",
            *capacity(seen, limit, pressure(seen.reader, limit, area["area_id"]).to_dicts()),
        )
        for limit in limits()
    ]


def _area(seen: Seen) -> Row:
    """The area asked for; else that of whoever looks."""
    own = looking.own_area()
    found = reference.area(seen.reader, seen.asked.area or own)
    if found is None and seen.asked.area:
        seen.notes.append(asked.unknown("area", seen.asked.area))
        found = reference.area(seen.reader, own)
    return found or reference.area(seen.reader, reference.ENGLAND) or _nowhere()


def _nowhere() -> Row:
    return {"area_id": reference.ENGLAND, "area_name": "England"}


def _choice(seen: Seen, area: Row) -> html.Div:
    options = list(reference.regions(seen.reader).select("area_id", "area_name").iter_rows())
    if area["area_id"] not in dict(options):
        options.append((area["area_id"], area["area_name"]))
    return native("select", "area", "Area", area["area_id"], options=options)


def _moment(seen: Seen, held: Held | None) -> datetime:
    """From when the page looks: a past moment, the end of an old stand-up, the start of this."""
    if seen.asked.as_of is not None:
        return seen.asked.as_of
    if held is not None:
        return now()
    return seen.reader.release.released_at if seen.asked.release else now()


def _within(seen: Seen, area: Row) -> list[str]:
    """The area and those that a stand-up of it looks at: regions of England, else what is below."""
    if area["area_id"] == reference.ENGLAND:
        return reference.regions(seen.reader)["area_id"].to_list()
    below = reference.children(seen.reader, area["area_id"])["area_id"].to_list()
    return [area["area_id"], *below]


def _concerns(seen: Seen, area: Row) -> set[str]:
    """The areas of whose figures a stand-up tells: its own, all it is made of, its trusts."""
    around = trusts(seen.reader, area["area_id"])["area_id"]
    return {*reference.inside(seen.reader, area["area_id"]), *_within(seen, area), *around}


def _headline_ids(seen: Seen) -> list[str]:
    return reference.headline_ids(seen.reader)


def _exceptions(seen: Seen, area: Row) -> list[Row]:
    return exceptions.ranked(seen.reader, _headline_ids(seen), _within(seen, area), area["area_id"])


def _runs(seen: Seen, rows: list[Row]) -> dict[tuple[str, str], list[float | None]]:
    figures = [row for row in rows if row.get("figure_id")]
    metrics, areas = ({row[name] for row in figures} for name in ("metric_id", "area_id"))
    held = headlines.runs(seen.reader, sorted(areas), sorted(metrics), RUN)
    return {
        (str(key[0]), str(key[1])): run["value"].to_list()
        for key, run in held.group_by("metric_id", "area_id", maintain_order=True)
    }


def _open(seen: Seen, area: Row, at: datetime) -> list[Row]:
    if seen.is_replay:
        return []
    found = actions.open_at(Settings.read().home, at)
    return actions.for_reader(seen.reader, found, _concerns(seen, area))


def _since(seen: Seen) -> Span | None:
    """Between which moments changes are told: the newest ones, and those of the day before them."""
    newest = changes.newest(seen.reader)
    return (newest - changes.A_DAY, newest) if newest else None


def _changes(seen: Seen, area: Row, span: Span | None) -> pl.DataFrame:
    if span is None:
        return pl.DataFrame(schema={"metric_id": pl.String, "of_measure": pl.Int64})
    return changes.by_kind(seen.reader, _headline_ids(seen), area["area_id"], *span)


def _told(
    rows: list[Row], open_ones: list[Row], found: pl.DataFrame, name: str, since: Span | None
) -> str:
    figures = found.group_by("metric_id").agg(pl.col("of_measure").first())["of_measure"].sum()
    changed_ones = words.counted(int(figures), "figure", "figures")
    told = [
        f"{changed_ones} of {name} changed {_lately(since)}",
        words.counted(len(rows), "exception", "exceptions"),
        words.counted(len(open_ones), "open action", "open actions"),
    ]
    return words.sentence("; ".join(told))


def _lately(since: Span | None) -> str:
    """The day that ends with the newest change, however long ago that was."""
    return f"in the day to {words.moment(since[1])}" if since else "so far"


def _section(title: str, *content: Any) -> html.Section:
    return html.Section([html.H2(title), *content])


def _changed(found: pl.DataFrame, area: Row, span: Span | None) -> list[Any]:
    if span is None or found.is_empty():
        return [html.P(f"Nothing that was published here changed {_lately(span)}.")]
    between = f"From {words.moment(span[0])} to {words.moment(span[1])}, as it was published."
    return [html.P(between, className="small"), changed(found, area["area_name"])]


def _may_act(seen: Seen) -> bool:
    return not seen.is_replay and may_take("action.take_up")


def _is_own(area: Row) -> bool:
    person = looking.person()
    return person is not None and person.scope == area["area_id"] and may_take("action.standup")


def _position(area: Row, held: Held | None) -> html.Div | None:
    """Whether everybody looks at one release, and the button that begins or ends it."""
    if held is not None:
        told = (
            f"Since {words.moment(held.started_at)} everybody looks at release {held.release_id}. "
            f"{held.started_by} began this stand-up."
        )
        stop = posting("/standup/end", button="End the stand-up", is_quiet=True)
        return html.Div([html.P(told), stop if _is_own(area) else None], className="position")
    if not _is_own(area):
        return None
    hint = html.P("From then on everybody looks at this release until it ends.", className="small")
    begin = posting("/standup/start", button="Begin the stand-up")
    return html.Div([begin, hint], className="position")


def _written(seen: Seen, area: Row, held: Held | None, at: datetime) -> list[html.Section]:
    """What people put down: reports, notes and the minute. A replay has none of them."""
    return [
        _section("Reported problems", *_problems(seen, area, at)),
        _section("Notes", _notes(seen, area, at)),
        _section("The minute", *_minute(seen, area, held, at)),
    ]


def _problems(seen: Seen, area: Row, at: datetime) -> list[Any]:
    """What came of each report in the last day, and the way to all of them."""
    since = at - changes.A_DAY
    found = problems.moved(seen, _concerns(seen, area), since, at)
    ways = html.P(html.A("All reports that are yours to see", href=seen.link(PROBLEMS)))
    if not found:
        return [html.P("Nothing was reported or decided here in the last day."), ways]
    return [came_of(seen, found, since), ways]


def _notes(seen: Seen, area: Row, at: datetime) -> Any:
    """What was written on figures since the day before began: a note comes up again once."""
    here, day = _concerns(seen, area), at - changes.A_DAY
    since = day.replace(hour=0, minute=0, second=0, microsecond=0)
    found = written(seen, here, since, at)
    if not found:
        return html.P("Nobody has written a note on a figure here since yesterday.")
    return lately(seen, found)


def _minute(seen: Seen, area: Row, held: Held | None, at: datetime) -> list[Any]:
    """What was opened and done in this stand-up, or in the last one."""
    home = Settings.read().home
    told = held or standups.last_before(home, area["area_id"], at + A_TICK)
    if told is None:
        return [html.P("There has been no stand-up here yet.")]
    found = actions.between(home, told.started_at, told.until())
    here = actions.for_reader(seen.reader, found, _concerns(seen, area))
    when = f"begun by {told.started_by}, {words.moment(told.started_at)}"
    old = html.A(
        "what it looked at", href=seen.link(PATH, area=area["area_id"], release=told.release_id)
    )
    begun = html.P(
        [words.sentence(f"{'this' if held else 'the last'} stand-up was {when}"), " See ", old, "."]
    )
    if not here:
        return [begun, html.P("Nothing was opened or done in it.")]
    return [begun, moved(seen, here, told.started_at)]


register(__name__, PATH, "Stand-up \u2013 Trigpoint", layout, "page.standup")
