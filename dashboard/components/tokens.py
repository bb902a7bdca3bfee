"""One's own tokens: what each may do, when it was last used and until when, and a form for more."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.components.bar import native
from dashboard.components.posting import carried, posting
from dashboard.components.table import table
from dashboard.exits import may_take
from dashboard.tokens import PATH
from people.tokens import LONGEST_NAME, Kept, Use, policy, uses_for
from store.moments import now

HEAD = ["Name", "May", "Made", "Last used", "Until", "End it"]
WHAT = (
    "A token lets a program of yours ask the API at /api/v1 as you, with what you may see when it "
    "asks and no more. It ends when you are given another role, area or password, and is for "
    "nobody else."
)


def tokens(found: list[Kept], role: str) -> html.Section:
    """The tokens that hold, those that ended, and the way to make one."""
    running = [one for one in found if one.holds]
    ended = [one for one in found if not one.holds]
    return html.Section(
        [
            html.H2("Tokens for your programs"),
            html.P(WHAT, className="small"),
            _running(running) if running else html.P("You have no token."),
            html.H3("A new token"),
            _form(role),
            html.Details([html.Summary(_ended(len(ended))), _past(ended)]) if ended else None,
        ],
        id="tokens",
    )


def uses_in_words(uses: tuple[str, ...]) -> str:
    """What a token may do."""
    names = (policy().uses[use].name for use in uses if use in policy().uses)
    return "; ".join(names)


def _running(found: list[Kept]) -> html.Div:
    rows = [[*_row(one), words.moment(one.ends_at), _end(one)] for one in found]
    return table("Your tokens", HEAD, rows, is_caption_shown=False)


def _past(found: list[Kept]) -> html.Div:
    rows = [[*_row(one), words.moment(min(one.ended_at or now(), one.ends_at))] for one in found]
    return table("Tokens that ended", [*HEAD[:4], "Ended"], rows, is_caption_shown=False)


def _row(one: Kept) -> list[Any]:
    used = words.moment(one.last_used_at) if one.last_used_at else "never"
    return [one.name, uses_in_words(one.uses), words.moment(one.made_at), used]


def _end(one: Kept) -> Any:
    named = html.Span(f" {one.name}", className="unseen")
    hidden = carried("token_id", one.token_id)
    return posting(f"{PATH}/end", hidden, named, button="End", is_quiet=True)


def _form(role: str) -> Any:
    uses = uses_for(role)
    if not may_take("action.make_token") or not uses:
        return html.P("Nobody in your role has a token.")
    return posting(
        f"{PATH}/make",
        native("text", "name", "What it is for", longest=LONGEST_NAME, required=True),
        native("select", "uses", "It may", options=_choices(uses)),
        native("select", "days", "It lasts", str(policy().usual.days), options=_days()),
        button="Make a token",
    )


def _choices(uses: list[Use]) -> list[tuple[str, str]]:
    """Each use alone, and all of them together."""
    alone = [(use.use_id, use.name) for use in uses]
    if len(uses) == 1:
        return alone
    every = ",".join(use.use_id for use in uses)
    return [*alone, (every, " and ".join(_small(use.name, at) for at, use in enumerate(uses)))]


def _small(name: str, at: int) -> str:
    return name if at == 0 else f"{name[0].lower()}{name[1:]}"


def _days() -> list[tuple[str, str]]:
    longest = policy().longest.days
    days = sorted({1, 7, policy().usual.days, longest})
    return [(str(number), words.counted(number, "day", "days")) for number in days]


def _ended(count: int) -> str:
    return words.counted(count, "that has ended", "that have ended")
