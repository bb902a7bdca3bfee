"""What somebody is to be alerted to, as one reader may see it, each under a name of its own.

A name holds what makes it another alert: the figure and the rule that it breaks, the figure that is
disputed, the source and since when a file of it is held, the source and its newest file, the report
and how many steps were taken with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard import exceptions, words
from dashboard.components import passport as titles
from dashboard.components.figure_button import text
from dashboard.components.problems import steps
from dashboard.queries import breakers, reference, sources
from journal import problems
from journal.subscriptions import ALERTS, Wanted
from store import passport
from store.exports import visible
from store.reader import Reader

Row = dict[str, Any]
DISPUTED = "disputed"
ANSWERED = "answered"
ABOUT_SOURCES = {"held", "late"}
WHATEVER_THE_AREA = {*ABOUT_SOURCES, ANSWERED}


@dataclass(frozen=True)
class Alert:
    """One thing to be told: a sentence, and the path of the page that tells it in full."""

    key: str
    told: str
    path: str


def found(reader: Reader, wanted: Wanted, reporter: str) -> list[Alert]:
    """What there is now of what is wanted, in the order of `ALERTS`.

    `reporter` is whose reports they are of which somebody wants to hear.
    """
    kinds: dict[str, Callable[[Reader, Wanted], list[Alert]]] = {
        "special_cause": _special_causes,
        DISPUTED: _disputed,
        "held": _held,
        "late": _late,
        ANSWERED: lambda reader, wanted: _answered(reader, wanted, reporter),
    }
    return [
        alert for kind in ALERTS if kind in wanted.alerts for alert in kinds[kind](reader, wanted)
    ]


def metrics(reader: Reader, wanted: Wanted) -> list[str]:
    """The measures that a subscription is about."""
    return [wanted.metric_id] if wanted.metric_id else reference.headline_ids(reader)


def is_of_every_area(key: str) -> bool:
    """Whether an alert of this name is the same whatever area was chosen."""
    return key.split(".", 1)[0] in WHATEVER_THE_AREA


def _special_causes(reader: Reader, wanted: Wanted) -> list[Alert]:
    return [
        _of_figure(f"special_cause.{row['figure_id']}.{row['rule_id']}", row)
        for row in _exceptions(reader, wanted)
        if row["rule_id"] != DISPUTED
    ]


def _disputed(reader: Reader, wanted: Wanted) -> list[Alert]:
    return [
        _of_figure(f"{DISPUTED}.{row['figure_id']}", row)
        for row in _exceptions(reader, wanted)
        if row["rule_id"] == DISPUTED
    ]


def _exceptions(reader: Reader, wanted: Wanted) -> list[Row]:
    """Figures alone; of one measure not the full trusts either, unless it is that of their beds."""
    place, chosen = wanted.area_id, wanted.metric_id
    found = exceptions.ranked(reader, metrics(reader, wanted), [place], place)
    return [row for row in found if row.get("figure_id") and chosen in {None, row["metric_id"]}]


def _of_figure(key: str, row: Row) -> Alert:
    when = words.period(row["event_date"], row["grain"])
    told = f"{row['metric_name']}, {row['area_name']}, {when}: {text(row)}. {row['why']}"
    return Alert(key, visible(told), f"/figure/{row['figure_id']}")


def _held(reader: Reader, wanted: Wanted) -> list[Alert]:
    """One a source and moment, also where several breakers hold its file."""
    said: dict[str, tuple[Row, list[str]]] = {}
    for row in _wanted(reader, wanted, breakers.held(reader).to_dicts()):
        key = f"held.{row['source_id']}.{row['since']:%Y-%m-%dT%H:%M:%S}"
        said.setdefault(key, (row, []))[1].append(row["sentence"])
    return [
        _of_source(key, row, f"is held since {words.moment(row['since'])}: {' '.join(why)}")
        for key, (row, why) in said.items()
    ]


def _late(reader: Reader, wanted: Wanted) -> list[Alert]:
    rows = _wanted(reader, wanted, sources.late(reader).to_dicts())
    return [
        _of_source(f"late.{row['source_id']}.{_newest(row)}", row, _is_late(row)) for row in rows
    ]


def _newest(row: Row) -> str:
    return f"{row['published_at']:%Y-%m-%dT%H:%M:%S}" if row["published_at"] else "none"


def _is_late(row: Row) -> str:
    since = f"its newest file is of {words.moment(row['published_at'])}"
    newest = since if row["published_at"] else "it has brought no file"
    return f"is late ({row['due']}): {newest}." if row["due"] else f"is late: {newest}."


def _of_source(key: str, row: Row, said: str) -> Alert:
    title = row["title"] or row["source_id"]
    return Alert(key, visible(f"\u201c{title}\u201d {said}"), f"/sources/{row['source_id']}")


def _answered(reader: Reader, wanted: Wanted, reporter: str) -> list[Alert]:
    """The newest step with each of one's own reports; a channel is told of nobody's."""
    if wanted.channel != "mail":
        return []
    own = problems.of_reporter(reader.home, reporter)
    return [
        _of_report(reader, row)
        for row in problems.for_reader(reader, own)
        if row["state"] != "reported"
    ]


def _of_report(reader: Reader, row: Row) -> Alert:
    taken, figure = steps(row), passport.figure(reader, row["figure_id"])
    about = titles.title(figure) if figure else row["figure_id"]
    told = f"Your report {row['problem_id']} on {about}: {taken[-1][1]}"
    key = f"{ANSWERED}.{row['problem_id']}.{len(taken)}"
    return Alert(key, visible(told), f"/figure/{row['figure_id']}")


def _wanted(reader: Reader, wanted: Wanted, rows: list[Row]) -> list[Row]:
    """Of all sources, or of those that speak of the measure that was chosen."""
    if wanted.metric_id is None:
        return rows
    speaking = sources.of_metric(reader, wanted.metric_id)
    return [row for row in rows if row["source_id"] in speaking]
