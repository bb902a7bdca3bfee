"""Your mail: what whoever is signed in wants to be sent, where to, and the way to end it."""

from datetime import UTC, datetime, time
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from dash import html
from flask import abort

from dashboard import looking, words
from dashboard.components.bar import native
from dashboard.components.page import page
from dashboard.components.posting import carried, posting
from dashboard.components.table import table
from dashboard.exits import may_take
from dashboard.opening import opened
from dashboard.queries import reference
from dashboard.registry import register
from dashboard.seen import Seen
from dashboard.subscribing import EVERY_ALERT, PATH
from journal import confirmations, subscriptions
from journal.subscriptions import ALERT, ALERTS, BRIEF, CHANNELS, HOURS, REFUSED, Subscribed
from people import addresses
from people.accounts import Known
from people.settings import PROVIDER, SignIn
from store.moments import now
from store.settings import Settings

LONGEST_ADDRESS = 2000
ABOUT = {
    BRIEF: "Morning brief",
    EVERY_ALERT: "Every alert",
    "special_cause": "Alert: out of the ordinary",
    "disputed": "Alert: sources disagree",
    "held": "Alert: a file is held",
    "late": "Alert: a source is late",
    "answered": "Alert: what comes of what you report",
}
SENT_BY = {
    "mail": "Mail, to one person",
    "slack": "Slack, to a channel",
    "teams": "Teams, to a channel",
}
NAMES = {"mail": "Mail", "slack": "Slack", "teams": "Teams"}
# Where the people are whose mail it is; quiet hours are kept in UTC, which has no summer time.
ZONE, LOCAL = "Europe/London", "in London today"
HEADLINES = "All headline measures"
HOW = (
    "Mail is written with what you yourself may see when it leaves. Whoever reads a channel has "
    "shown nobody who they are, so a channel is sent what everybody may see."
)


def layout(**query: str) -> html.Div:
    """One's own subscriptions, and a form for another one; `confirm` brings what a link holds."""
    return opened(PATH, query, partial(build, token=query.get("confirm")))


def build(seen: Seen, token: str | None = None) -> html.Div:
    """Nobody's are asked for but those of who is signed in, whatever the address names."""
    person = looking.person()
    if person is None:
        abort(401)
    found = subscriptions.of_person(Settings.read().home, person.subject)
    running = [one for one in found if one.ended_at is None]
    ended = [one for one in found if one.ended_at is not None]
    content: list[Any] = [
        html.H1("Your mail"),
        html.P(_told(len(running)), className="lede"),
        _confirming(person, token) if token else None,
        _section("What you are sent", _running(seen, running)) if running else None,
        _section(
            "Be sent something else" if running else "Be sent something", *_form(seen, person)
        ),
        html.Details([html.Summary(_ended(len(ended))), _past(seen, ended)]) if ended else None,
    ]
    return page(seen, *content)


def _confirming(person: Known, token: str) -> html.Section:
    """The button that whoever followed a link presses; the link alone changes nothing."""
    address = confirmations.sent_to(Settings.read().home, person.subject, token)
    if address is None:
        return _section("Confirm your address", html.P(words.sentence(confirmations.NO_USE)))
    form = posting(f"{PATH}/confirm", carried("token", token), button="It is mine")
    return _section("Confirm your address", html.P(f"Mail is to go to {address}."), form)


def _told(count: int) -> str:
    if not count:
        return "You are sent nothing."
    return f"You are sent {'one thing' if count == 1 else f'{count} things'}."


def _ended(count: int) -> str:
    return f"{count} that {'has' if count == 1 else 'have'} ended"


def _section(title: str, *content: Any) -> html.Section:
    return html.Section([html.H2(title), *content])


def _running(seen: Seen, found: list[Subscribed]) -> html.Div:
    rows = [[*_row(seen, one), _end(one)] for one in found]
    head = ["What", "About", "To", "Never from", "End it"]
    return table("What you are sent", head, rows, is_caption_shown=False)


def _past(seen: Seen, found: list[Subscribed]) -> html.Div:
    rows = [[*_row(seen, one), words.moment(one.ended_at)] for one in found]
    head = ["What", "About", "To", "Never from", "Ended"]
    return table("What you were sent", head, rows, is_caption_shown=False)


def _row(seen: Seen, one: Subscribed) -> list[Any]:
    wanted = one.wanted
    area = reference.area(seen.reader, wanted.area_id)
    metric = reference.metric(seen.reader, wanted.metric_id) if wanted.metric_id else None
    measure = metric["metric_name"] if metric else wanted.metric_id or HEADLINES
    to = addresses.told(wanted.channel, wanted.address)
    return [
        ABOUT[_what(one)],
        [
            html.Div(area["area_name"] if area else wanted.area_id),
            html.Div(measure, className="small"),
        ],
        [html.Div(to), *(html.Div(line, className="small") for line in _way_there(one))],
        _quiet(wanted.quiet) if wanted.quiet else "no quiet hours",
    ]


def _way_there(one: Subscribed) -> list[str]:
    """How it is sent, and what stands in the way of that."""
    return [NAMES[one.wanted.channel], *([stands] if (stands := _in_the_way(one)) else [])]


def _in_the_way(one: Subscribed) -> str | None:
    if one.ended_at is not None:
        return f"{one.refused_with}, for a week" if one.ended_because == REFUSED else None
    if one.refused_at is not None:
        when = words.moment(one.refused_at)
        return f"{one.refused_with} at {when}; tried once a day, for a week"
    home, where = Settings.read().home, one.wanted.address
    if one.wanted.channel != "mail" or confirmations.is_confirmed(home, one.subject, where):
        return None
    asked = confirmations.asked(home, one.subject, where)
    if asked is None:
        return "not confirmed: a link is sent there first"
    if asked.ends_at <= now():
        return "not confirmed: subscribe once more to be sent another link"
    return f"not confirmed: use the link that was sent there, until {words.moment(asked.ends_at)}"


def _quiet(hours: tuple[int, int]) -> str:
    """Both hours in UTC, and beside them as clocks show them where the pages are read today."""
    begins, ends = hours
    return f"{begins:02d}:00 to {ends:02d}:00 UTC ({_local(begins)} to {_local(ends)} {LOCAL})"


def _local(hour: int) -> str:
    at = datetime.combine(now().date(), time(hour), UTC)
    return f"{at.astimezone(ZoneInfo(ZONE)):%H:%M}"


def _what(one: Subscribed) -> str:
    if one.wanted.kind == BRIEF:
        return BRIEF
    return one.wanted.alerts[0] if len(one.wanted.alerts) == 1 else EVERY_ALERT


def _end(one: Subscribed) -> Any:
    named = html.Span(f" {ABOUT[_what(one)]}, {one.wanted.area_id}", className="unseen")
    return posting(
        f"{PATH}/end",
        carried("subscription", one.subscription_id),
        named,
        button="End",
        is_quiet=True,
    )


def _form(seen: Seen, person: Known) -> list[Any]:
    channels = [name for name in CHANNELS if addresses.allowed(name) and _may_send(name)]
    kinds = [name for name in (BRIEF, ALERT) if may_take(f"mail.{name}")]
    if not may_take("action.subscribe") or not kinds:
        return [html.P("Nothing is sent to people in your role.")]
    if not channels:
        return [
            html.P(
                "This store sends nothing yet. Whoever runs it has not said where it may send to."
            )
        ]
    return [
        posting(
            f"{PATH}/subscribe",
            native("select", "what", "What", options=_about(kinds)),
            native("select", "area", "Area", person.scope, options=_areas(seen, person)),
            native("select", "measure", "Measure", options=_measures(seen)),
            native("select", "channel", "By", options=[(name, SENT_BY[name]) for name in channels]),
            native(
                "text",
                "address",
                "Address",
                hint=_hint(channels),
                longest=LONGEST_ADDRESS,
                required=True,
            ),
            native("select", "quiet_from", "Nothing from (UTC)", options=_hours()),
            native("select", "quiet_to", "until (UTC)", options=_hours()),
            button="Subscribe",
        ),
        html.P(HOW, className="small"),
        html.P(_how_long(), className="small"),
    ]


def _how_long() -> str:
    """For how long mail is sent to whoever does not come back."""
    settings = SignIn.read()
    once = "A link goes to a new address first; nothing else is sent there before you use it."
    if settings.way != PROVIDER:
        return once
    days = settings.sent_for.days
    return f"{once} {days} days after you last signed in, nothing is sent until you do again."


def _may_send(channel: str) -> bool:
    return channel == "mail" or may_take("webhook")


def _about(kinds: list[str]) -> list[tuple[str, str]]:
    wanted = [BRIEF] * (BRIEF in kinds) + [EVERY_ALERT, *ALERTS] * (ALERT in kinds)
    return [(name, ABOUT[name]) for name in wanted]


def _areas(seen: Seen, person: Known) -> list[tuple[str, str]]:
    found = list(reference.regions(seen.reader).select("area_id", "area_name").iter_rows())
    own = reference.area(seen.reader, person.scope)
    if own is not None and person.scope not in dict(found):
        found.insert(0, (person.scope, own["area_name"]))
    return found


def _measures(seen: Seen) -> list[tuple[str, str]]:
    names = [
        (name, metric["metric_name"])
        for name in reference.headline_ids(seen.reader)
        if (metric := reference.metric(seen.reader, name))
    ]
    return [("", HEADLINES), *names]


def _hint(channels: list[str]) -> str:
    places = dict.fromkeys(place for name in channels for place in addresses.allowed(name))
    return f"at {words.joined(places)}"


def _hours() -> list[tuple[str, str]]:
    hours = [(str(hour), f"{hour:02d}:00 ({_local(hour)} {LOCAL})") for hour in HOURS]
    return [("", "no quiet hours"), *hours]


register(__name__, PATH, "Your mail \u2013 Trigpoint", layout, "page.subscriptions")
