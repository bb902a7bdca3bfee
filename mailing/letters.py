"""What is sent, whether as mail or as a message: words, figures and addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dashboard import briefing, words
from dashboard.asked import Asked
from dashboard.paper import today as paper
from dashboard.paper.typeset import NotTypeset, typeset
from dashboard.queries import reference
from dashboard.seen import Seen
from journal.subscriptions import Wanted
from mailing.alerts import Alert
from mailing.recipients import NotForThem, Recipient
from store.exports import visible
from store.reader import Reader

INVENTED = "Simulated England: invented numbers."
NO_SHEET = "The sheet of paper could not be made; the page shows the same figures."
Part = dict[str, Any]


@dataclass(frozen=True)
class Letter:
    """One thing that leaves. A part has `text` and `address`, which may be None.

    `bands` have to be known before anything is believed; `paragraphs` are lists of parts, `cards`
    headline figures as the sheet shows them; `page` is what leads on, `sheet` a PDF with its name.
    """

    title: str
    paragraphs: Sequence[Sequence[Part]]
    page: Part
    seen_as: str
    settings: str
    bands: Sequence[str] = ()
    cards: Sequence[Part] = ()
    notes: Sequence[str] = ()
    sheet: tuple[str, bytes] | None = field(default=None, repr=False)


def brief(reader: Reader, wanted: Wanted, recipient: Recipient, site: str) -> Letter:
    """The page Today of an area, with its sheet where they may take it.

    Raises `NotForThem` where the release does not know the area.
    """
    area = _area(reader, wanted)
    seen = Seen(Asked(area=wanted.area_id, measure=wanted.metric_id), reader, "/")
    known = briefing.brief(seen, area)
    told = paper.told(seen, known, briefing.metric_of(seen, known), site)
    sheet, notes = _sheet(told, wanted, reader) if recipient.takes_sheet else (None, [])
    return Letter(
        title=told["heading"],
        paragraphs=[*(told["sentences"] or [_nothing(area)]), *_measure(told, wanted)],
        page={"text": "Open the page", "address": told["address"]},
        seen_as=recipient.seen_as,
        settings=f"{site}/subscriptions",
        bands=told["bands"],
        cards=told["cards"],
        notes=[*notes, *([told["marks"]] if told["marks"] else []), told["known"], told["release"]],
        sheet=sheet,
    )


def alert(
    reader: Reader,
    wanted: Wanted,
    recipient: Recipient,
    told: Sequence[tuple[Alert, str | None]],
    over: int,
    site: str,
) -> Letter:
    """Alerts of an area, those that are over with the release that showed them.

    `over` counts what came up and cannot be told any more: its release is not kept, or the
    recipient may not see it there any more.
    """
    area = _area(reader, wanted)
    name = words.place(area["area_name"])
    count = words.counted(len(told) + over, "alert", "alerts")
    release = reader.release
    return Letter(
        title=visible(f"{count} for {name}"),
        paragraphs=[[_part(one, shown_by, site)] for one, shown_by in told],
        page={"text": "Open the page", "address": f"{site}/?area={wanted.area_id}"},
        seen_as=recipient.seen_as,
        settings=f"{site}/subscriptions",
        bands=[INVENTED] if release.is_simulated else [],
        notes=[
            *([_over(over)] if over else []),
            f"Release {release.release_id}, published "
            f"{words.moment(release.released_at.replace(second=0, microsecond=0))}.",
        ],
    )


def confirmation(recipient: Recipient, token: str, site: str) -> Letter:
    """The only thing that goes to an address before it was shown to be the recipient's."""
    name = visible(recipient.known.name)
    said = (
        f"{name} asked Trigpoint to send mail to this address. If that is you, open the link, sign "
        "in and confirm it; it holds for 48 hours. If it is not, there is nothing to do: nothing "
        "more is sent here."
    )
    return Letter(
        title="Confirm your address",
        paragraphs=[[{"text": said, "address": None}]],
        page={"text": "Confirm the address", "address": f"{site}/subscriptions?confirm={token}"},
        seen_as="No figure is sent here before that.",
        settings=f"{site}/subscriptions",
    )


def _area(reader: Reader, wanted: Wanted) -> dict[str, Any]:
    area = reference.area(reader, wanted.area_id)
    if area is None:
        raise NotForThem(
            f"there is no area {wanted.area_id} in release {reader.release.release_id}"
        )
    return area


def _measure(told: dict[str, Any], wanted: Wanted) -> list[list[Part]]:
    """What is said of the measure that was chosen, with the newest dates that the sheet lists."""
    trend = told["trend"]
    if wanted.metric_id is None or trend is None:
        return []
    lines = [f"{words.sentence(trend['finding'])} {words.sentence(trend['about'])}"]
    dates = list(zip(*trend.get("lines", [])[:2], strict=True))[1:]
    if dates:
        lines.append(words.sentence("; ".join(f"{day}: {value}" for day, value in dates)))
    return [[{"text": line, "address": None}] for line in lines]


def _nothing(area: dict[str, Any]) -> list[Part]:
    name = words.place(area["area_name"])
    told = f"There is no headline figure for {name} in this release."
    return [{"text": visible(told), "address": None}]


def _part(alert: Alert, shown_by: str | None, site: str) -> Part:
    if shown_by is None:
        return {"text": alert.told, "address": f"{site}{alert.path}"}
    return {
        "text": f"{alert.told} It is over; this is what release {shown_by} showed.",
        "address": f"{site}{alert.path}?release={shown_by}",
    }


def _over(over: int) -> str:
    came = words.counted(over, "alert that came up is over", "alerts that came up are over")
    return words.sentence(
        f"{came} and cannot be told: what showed it is not kept, or may not be shown to you"
    )


def _sheet(
    told: dict[str, Any], wanted: Wanted, reader: Reader
) -> tuple[tuple[str, bytes] | None, list[str]]:
    name = f"today_{wanted.area_id}_{reader.release.release_id}.pdf"
    try:
        return (name, typeset("today.typ", told, "pdf")), []
    except NotTypeset:
        return None, [NO_SHEET]
