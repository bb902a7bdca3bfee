"""The frame that all pages share: bands, header, main, footer."""

from collections.abc import Iterable, Sequence
from typing import Any

from dash import html

from dashboard import exits, looking, words
from dashboard.asked import Asked, moment_in_words
from dashboard.components.account import account
from dashboard.components.attributes import aria
from dashboard.components.replay_bar import replay_bar
from dashboard.components.visible import as_seen
from dashboard.queries.arrivals import newest_publication
from dashboard.queries.breakers import held
from dashboard.queries.reference import area
from dashboard.seen import Seen
from store.moments import age, now

NAVIGATION = (
    ("Today", "/"),
    ("Stand-up", "/standup"),
    ("Areas", "/areas"),
    ("Workspace", "/workspace"),
    ("Catalogue", "/catalogue"),
    ("Export", "/exports"),
    ("Sources", "/sources"),
    ("Governance", "/governance"),
)
CONTENT, BANDS = "main", "screen-bands"


def page(seen: Seen, *content: Any, bar: Any = None) -> html.Div:
    """A page of the current release: its bands, notes and content."""
    notes = [*seen.asked.notes, *seen.notes]
    release = seen.reader.release
    return frame(
        seen.asked,
        seen.path,
        [noted(notes), *content],
        bands=bands(seen),
        bar=bar,
        place=_place(seen),
        footing=f"Release {release.release_id}, published {release.released_at:%d %B %Y, %H:%M}."
        f"{_age(seen)}",
    )


def bare(seen: Seen, content: Any) -> html.Div:
    """A page for a wall: its bands and content alone, without header and footer."""
    notes = noted([*seen.asked.notes, *seen.notes])
    main = html.Main([part for part in (notes, content) if part], id=CONTENT, tabIndex=-1)
    above = html.Div(bands(seen, is_wall=True), id=BANDS)
    drawn: html.Div = as_seen(html.Div([above, main], className="frame screen"))
    return drawn


def bands(seen: Seen, *, is_wall: bool = False) -> list[Any]:
    """What has to be said above any figure of the page; nobody chooses a replay at a wall."""
    invented = _simulated() if seen.reader.release.is_simulated else None
    replayed = replay_bar(seen.asked) if seen.is_replay or not is_wall else None
    said = (invented, replayed, _release(seen), _past(seen), _held(seen))
    return [band for band in said if band is not None]


def frame(
    asked: Asked,
    path: str,
    content: Iterable[Any],
    *,
    bands: Iterable[Any] = (),
    bar: Any = None,
    place: str | None = None,
    footing: str = "",
) -> html.Div:
    """Header, main and footer around any content, a release or not."""
    framed: html.Div = as_seen(
        html.Div(
            [
                *(band for band in bands if band is not None),
                _header(asked, path, place),
                bar,
                html.Main(
                    [part for part in content if part is not None],
                    id=CONTENT,
                    tabIndex=-1,
                ),
                _footer(footing),
            ],
            className="frame",
        )
    )
    return framed


def _header(asked: Asked, path: str, place: str | None) -> html.Header:
    links = [
        html.Li(html.A(text, href=asked.link(href), **_current(path, href)))
        for text, href in NAVIGATION
        if _may(href)
    ]
    return html.Header(
        html.Div(
            [
                html.A(
                    [html.Img(src="/assets/mark.svg", alt="", width=24, height=24), "Trigpoint"],
                    href=asked.link("/"),
                    className="brand",
                ),
                html.Nav(html.Ul(links), **aria(label="Pages")),
                account(place),
            ],
            className="inner",
        ),
        className="head",
    )


def _may(href: str) -> bool:
    """Only pages that whoever looks may open stand in the header."""
    way = exits.of_page(href)
    return way is not None and looking.may(way)


def _place(seen: Seen) -> str | None:
    person = looking.person()
    found = area(seen.reader, person.scope) if person else None
    return found["area_name"] if found else None


def _current(path: str, href: str) -> dict[str, Any]:
    is_here = path == href or (href != "/" and path.startswith(href))
    return {"aria-current": "page"} if is_here else {}


def _footer(footing: str) -> html.Footer:
    return html.Footer(
        html.Div(
            [
                html.P(f"{footing} All times are UTC.".strip()),
                html.P(
                    "Contains public sector information licensed under the Open Government "
                    "Licence v3.0."
                ),
            ],
            className="inner",
        ),
        className="foot",
    )


def _age(seen: Seen) -> str:
    """How old the newest publication is: if everything stops at once no source is behind another.

    An invented England and a past moment have no age.
    """
    newest = newest_publication(seen.reader)
    is_past = seen.asked.as_of is not None or seen.asked.release is not None
    if newest is None or is_past or seen.reader.release.is_simulated:
        return ""
    return f" The newest publication in it is of {words.day(newest)}, {age(newest, now())}."


def _simulated() -> html.Div:
    return html.Div(
        html.P(["Simulated England: ", html.Strong("invented numbers")], className="inner"),
        className="band simulated",
    )


def _held(seen: Seen) -> html.Div | None:
    """What is held, since when and why: the figures stand on what came before it."""
    files = held(seen.reader).to_dicts()
    if not files:
        return None
    count = "One file is held" if len(files) == 1 else f"{len(files)} files are held"
    said = [
        html.Li(f"Since {moment_in_words(file['since'])}: {file['sentence']}") for file in files
    ]
    return html.Div(
        html.Details(
            [html.Summary(f"{count}: the last good figures stay."), html.Ul(said)],
            className="inner",
        ),
        className="band held",
        role="status",
    )


def _past(seen: Seen) -> html.Div | None:
    if seen.asked.as_of is None:
        return None
    return html.Div(
        html.P(
            [
                "You are looking at the data as it was known at ",
                html.Strong(moment_in_words(seen.asked.as_of)),
                ". ",
                _to_now(),
                ".",
            ],
            className="inner",
        ),
        className="band past",
    )


def _release(seen: Seen) -> html.Div | None:
    """That this is not the release that is shown now, but what another one showed."""
    if seen.gone:
        told: list[Any] = [f"{words.sentence(str(seen.gone))} "]
    elif seen.asked.release:
        release = seen.reader.release
        published = words.moment(release.released_at)
        named = html.Strong(f"release {release.release_id}")
        told = ["You are looking at what was shown by ", named, f", published {published}. "]
    else:
        return None
    return html.Div(html.P([*told, _to_now(), "."], className="inner"), className="band past")


def _to_now() -> html.A:
    return html.A("Go back to now", href="", className="to-now")


def noted(notes: Sequence[str]) -> html.Div | None:
    """What was left out of a request, at the top of its page."""
    if not notes:
        return None
    return html.Div(
        [html.P(f"{note} It was left out.") for note in notes], className="notes", role="status"
    )
