"""The review of access on a page: everybody, first those who may look and do not."""

from typing import Any

from dash import html

from dashboard import words
from dashboard.components.table import table
from people.review import UNUSED_AFTER, Reviewed, unused
from people.roles import role
from store.moments import age, now

HEAD = [
    "Who",
    "Role",
    "Scope",
    "Signs in by",
    "Since",
    "Last used",
    "Sessions",
    "Tokens",
    "Figures",
]
DAYS = UNUSED_AFTER.days


def access(everybody: list[Reviewed]) -> html.Section:
    """Each person with their role and scope, and whether they use it."""
    rows = [_row(one) for one in everybody]
    shown = table("Who may look", HEAD, rows, numeric=(6, 7), is_caption_shown=False)
    nobody = html.P("Nobody has an account or has signed in yet.")
    return html.Section(
        [
            html.H2("Who may look"),
            html.P(_told(everybody)),
            html.P(
                "Whoever uses the command line on the machine itself is guarded by the accounts of "
                "that machine and is not listed here; what they ask is on the audit.",
                className="small",
            ),
            shown if rows else nobody,
            html.A("CSV", href="/files/access.csv", download="access.csv", className="download")
            if rows
            else None,
        ],
        id="access",
    )


def _told(everybody: list[Reviewed]) -> str:
    may = sum(one.state == "active" for one in everybody)
    never, long_ago = unused(everybody)
    told = f"{words.counted(may, 'person may', 'people may')} look"
    if not never and not long_ago:
        return words.sentence(f"{told}; each has within the last {DAYS} days")
    parts = f"{never:,} never did, and {long_ago:,} did not for {DAYS} days or longer"
    return f"{words.sentence(f'{told}: {parts}')} These come first; ask whether they still need it."


def _row(one: Reviewed) -> list[Any]:
    return [
        [html.Div(one.name), html.Div(html.Code(one.subject), className="small")],
        role(one.role).name,
        one.scope,
        _way(one),
        words.day(one.since.date()),
        _last(one),
        f"{one.sessions:,}",
        f"{one.tokens:,}",
        "exact in their scope" if one.sees_exact else "as everybody sees them",
    ]


def _way(one: Reviewed) -> str:
    return f"{one.signs_in_by}; not in use now" if one.is_shut_out else one.signs_in_by


def _last(one: Reviewed) -> list[Any]:
    seen = one.last_seen_at
    said = f"{words.day(seen.date())}, {age(seen, now())}" if seen else "Never"
    if one.state != "active":
        return [html.Div(said), html.Span("Removed", className="badge")]
    if one.is_unused:
        badge = f"Not used for {DAYS} days" if seen else "Never used"
        return [html.Div(said) if seen else None, html.Span(badge, className="badge behind")]
    return [html.Div(said)]
