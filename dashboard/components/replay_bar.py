"""The replay bar: one of the worst data days, its clock, and what happened where that stands."""

from dataclasses import replace
from typing import Any

from dash import html

from dashboard import replaying, words
from dashboard.asked import Asked
from dashboard.components.attributes import aria
from store.moments import written
from store.replayed import Day, Replayed


def replay_bar(asked: Asked) -> html.Div | None:
    """The bar of a demonstration, or None where no data day was run again."""
    known = replaying.to_choose()
    if not known:
        return None
    chosen = known.get(asked.replay or "")
    inside = _clock(asked, chosen) if chosen else [_choice(asked, known)]
    return html.Div(
        html.Section(inside, className="inner", **aria(label="Replay of a data day")),
        className="band replay",
    )


def _choice(asked: Asked, known: dict[str, Replayed]) -> html.Details:
    days = [html.Li(_opened(asked, one)) for one in known.values()]
    return html.Details([html.Summary("Replay one of the worst data days"), html.Ul(days)])


def _opened(asked: Asked, replayed: Replayed) -> html.A:
    there = replace(asked, area=replayed.area_id, measure=None)
    return html.A(replayed.title, href=_at(there, "/", replayed, replayed.days[0]))


def _clock(asked: Asked, replayed: Replayed) -> list[Any]:
    """Where the clock stands: at the newest day that had closed by then."""
    at = _place(asked, replayed)
    day = replayed.days[at]
    told: list[Any] = [html.Strong(words.day(day.published_on)), f": {day.happened}"]
    said = [html.P(told, className="happened", role="status")]
    if at == len(replayed.days) - 1:
        said.append(html.P(replayed.sentence, className="verdict"))
    return [
        html.P([html.Strong(f"Replay: {replayed.title}. "), _left(asked)]),
        html.Nav(
            [
                _step(asked, replayed, at - 1, "Day before"),
                _days(asked, replayed, at),
                _step(asked, replayed, at + 1, "Next day"),
            ],
            className="clock",
            **aria(label="Days of publication"),
        ),
        *said,
    ]


def _place(asked: Asked, replayed: Replayed) -> int:
    if asked.as_of is None:
        return len(replayed.days) - 1
    closed = [place for place, day in enumerate(replayed.days) if day.closes_at <= asked.as_of]
    return closed[-1] if closed else 0


def _days(asked: Asked, replayed: Replayed, at: int) -> html.Ol:
    days = enumerate(replayed.days)
    return html.Ol([html.Li(_day(asked, replayed, day, place == at)) for place, day in days])


def _day(asked: Asked, replayed: Replayed, day: Day, is_current: bool) -> html.A:
    current: dict[str, Any] = aria(current="date") if is_current else {}
    href = _at(asked, None, replayed, day)
    return html.A(f"{day.published_on:%-d %b}", href=href, title=day.happened, **current)


def _step(asked: Asked, replayed: Replayed, place: int, name: str) -> html.A | html.Span:
    if not 0 <= place < len(replayed.days):
        return html.Span(name, className="button quiet off", **aria(disabled="true"))
    href = _at(asked, None, replayed, replayed.days[place])
    return html.A(name, href=href, className="button quiet")


def _at(asked: Asked, path: str | None, replayed: Replayed, day: Day) -> str:
    """The same page at another day, or another page; a bare query keeps the path."""
    link = asked.link(
        path or "/",
        replay=replayed.replay_id,
        as_of=written(day.closes_at),
        release=None,
        area=asked.area,
        measure=asked.measure,
    )
    return link if path else link.removeprefix("/")


def _left(asked: Asked) -> html.A:
    return html.A("Leave the replay", href=asked.link("/", replay=None, as_of=None, release=None))
