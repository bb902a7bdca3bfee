"""A letter as a message to a channel of Slack or Teams; what is in it is text and never markup."""

from collections.abc import Callable
from typing import Any

import requests

from mailing.letters import Letter, Part
from mailing.mail import NotDelivered, RefusedForGood
from people.addresses import require_webhook, told

PATIENCE_S = 10
# How a host says that there is no such channel, or none any more.
GONE = {404, 410}
# Slack reads these three as its own marks; every other character is what it is.
ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
CARD = "application/vnd.microsoft.card.adaptive"


def post(channel: str, letter: Letter, address: str) -> None:
    """Post a letter. Raises `WrongUse` for an address that is not allowed, else `NotDelivered`.

    No redirect is followed: it could lead to a host that nobody has allowed.
    """
    where = told(channel, require_webhook(address))
    try:
        answer = requests.post(
            address, json=MESSAGES[channel](letter), timeout=PATIENCE_S, allow_redirects=False
        )
    except requests.RequestException as fault:
        # The words of the fault hold the address, which is a secret.
        raise NotDelivered(f"{where} could not be reached ({type(fault).__name__})") from None
    if not 200 <= answer.status_code < 300:
        refusal = RefusedForGood if answer.status_code in GONE else NotDelivered
        raise refusal(f"{where} did not take the message ({answer.status_code})")


def as_slack(letter: Letter) -> dict[str, Any]:
    """The body of a message to an incoming webhook of Slack."""
    lines = [f"*{_escaped(letter.title)}*", *map(_escaped, letter.bands)]
    lines += ["".join(map(_linked, parts)) for parts in letter.paragraphs]
    lines += [_escaped(_card(card)) for card in letter.cards]
    lines += [*map(_escaped, letter.notes), _escaped(letter.seen_as), _linked(letter.page)]
    return {"text": "\n".join(lines)}


def as_teams(letter: Letter) -> dict[str, Any]:
    """The body of a message to a workflow of Teams: a card whose texts are read as they are."""
    lines = [*letter.bands, *("".join(part["text"] for part in p) for p in letter.paragraphs)]
    lines += [_card(card) for card in letter.cards]
    small = [*letter.notes, letter.seen_as]
    card = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            _block(letter.title, size="Large", weight="Bolder"),
            *(_block(line) for line in lines),
            *(_block(line, size="Small", isSubtle=True) for line in small),
        ],
        "actions": [
            {"type": "Action.OpenUrl", "title": letter.page["text"], "url": letter.page["address"]}
        ],
    }
    return {"type": "message", "attachments": [{"contentType": CARD, "content": card}]}


MESSAGES: dict[str, Callable[[Letter], dict[str, Any]]] = {"slack": as_slack, "teams": as_teams}


def _card(card: Part) -> str:
    mark = f" [{card['mark']}]" if card["mark"] else ""
    return f"{card['name']}: {card['figure']}{mark}. {card['when']}. {card['change']}."


def _block(line: str, **looks: Any) -> dict[str, Any]:
    """A `TextBlock` would read marks for links and lists in a text; a run of text does not."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": line, **looks}]}


def _linked(part: Part) -> str:
    words = _escaped(part["text"])
    if part["address"] is None:
        return words
    return f"<{_escaped(part['address'])}|{words.replace('|', '/')}>"


def _escaped(line: str) -> str:
    return "".join(ESCAPES.get(character, character) for character in line)
