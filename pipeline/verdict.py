"""What two stores answer after a day of a replay, beside what is known to be right.

One is Trigpoint's release. The other is naive: every value of every file that arrived lies in one
table, the newest row wins whatever it meant, and nothing is ever held.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from string import Formatter
from typing import Any

import duckdb

from pipeline.check import Breaker
from simulation.replays.story import PublicationDay, Replay, Store
from store.paths import Home
from store.reader import Reader, open_reader

Value = float | None
Ask = Callable[[str], Value]
NONE_OPEN = "none"


@dataclass(frozen=True)
class Shown:
    """What each of two stores answered to one question; `None` where it had no answer yet."""

    key: str
    asks: str
    naive: Value
    trigpoint: Value


@dataclass(frozen=True)
class Change:
    """How much of a day's change in a metric and area is of one kind, and the event behind it."""

    metric_id: str
    area_id: str
    area_name: str
    kind: str
    figures: int
    amount: float
    event_text: str | None


@dataclass(frozen=True)
class Answer:
    """A known answer beside what was found."""

    says: str
    expected: float | str | None
    found: float | str | None

    @property
    def is_met(self) -> bool:
        """Whether exactly the known answer was found."""
        return self.found == self.expected


@dataclass(frozen=True)
class DayPlayed:
    """One day of publication: what was shown, which breakers stand open, what changed and why."""

    published_on: date
    happened: str
    shown: list[Shown]
    breakers: list[Breaker]
    changes: list[Change]
    answers: list[Answer]


@dataclass(frozen=True)
class Verdict:
    """How a replay ended; `sentence` sets the naive store beside Trigpoint."""

    replay_id: str
    title: str
    source: str
    home: str
    days: list[DayPlayed]
    sentence: str

    @property
    def missed(self) -> list[Answer]:
        """The known answers that did not come out."""
        return [answer for day in self.days for answer in day.answers if not answer.is_met]


def read_day(
    home: Home,
    replay: Replay,
    day: PublicationDay,
    before: PublicationDay | None,
    breakers: list[Breaker],
    *,
    is_last: bool,
) -> DayPlayed:
    """Ask both stores after a day; `before` is the day of publication before it."""
    with open_reader(home) as reader, duckdb.connect(str(home.warehouse), read_only=True) as raw:
        ask: dict[Store, Ask] = {
            "trigpoint": lambda sql: _only_value(reader.ask(sql).rows()),
            "naive": lambda sql: _only_value(raw.sql(_over_every_row(sql)).fetchall()),
        }
        changes = _changes(reader, replay, day)
        answers = [
            *_known(replay, day, ask, is_last=is_last),
            *_sums(ask["trigpoint"], replay, day, before, changes),
            _breakers_as_known(replay, day, breakers),
        ]
        return DayPlayed(
            day.published_on, day.happened, _shown(replay, ask), breakers, changes, answers
        )


def closing_sentence(replay: Replay, last: DayPlayed) -> str:
    """The replay's last line with both stores' answers after the last day in it."""
    naive = {f"naive_{shown.key}": shown.naive for shown in last.shown}
    trigpoint = {f"trigpoint_{shown.key}": shown.trigpoint for shown in last.shown}
    return _Sentence().format(replay.verdict, **naive, **trigpoint)


class _Sentence(Formatter):
    """Numbers in a sentence; a store that had no answer said nothing."""

    def format_field(self, value: Any, format_spec: str) -> str:
        return "nothing" if value is None else str(super().format_field(value, format_spec))


def _over_every_row(sql: str) -> str:
    """`published_values` in a question means the warehouse's table of every published value."""
    return f"with published_values as (from work.published_values) from ({sql})"


def _only_value(rows: Sequence[tuple[Value, ...]]) -> Value:
    """The one number of an answer; no row and no value are no answer."""
    return None if not rows or rows[0][0] is None else float(rows[0][0])


def _shown(replay: Replay, ask: Mapping[Store, Ask]) -> list[Shown]:
    return [
        Shown(one.key, one.asks, ask["naive"](one.naive), ask["trigpoint"](one.trigpoint))
        for one in replay.questions
    ]


def _changes(reader: Reader, replay: Replay, day: PublicationDay) -> list[Change]:
    """The day's changes in what the replay watches, by kind."""
    return [
        Change(metric_id, area_id, *row)
        for metric_id, area_id in replay.watched
        for row in reader.ask(
            """
            select
                areas.area_name,
                figure_changes.kind,
                count(distinct figure_changes.figure_id) as figures,
                sum(figure_changes.amount) as amount,
                min(figure_changes.event_text) as event_text
            from figure_changes
            inner join areas using (area_id)
            where
                figure_changes.metric_id = $metric_id
                and area_id = $area_id
                and cast(figure_changes.changed_at as date) = $day
            group by all
            order by figure_changes.kind
            """,
            metric_id=metric_id,
            area_id=area_id,
            day=day.published_on,
        ).rows()
    ]


def _known(
    replay: Replay, day: PublicationDay, ask: Mapping[Store, Ask], *, is_last: bool
) -> list[Answer]:
    """The known answers that are due after this day."""
    return [
        Answer(known.says, known.expected, ask[known.of](known.asked))
        for known in replay.answers
        if known.after == day.published_on or (known.after is None and is_last)
    ]


def _sums(
    ask: Ask,
    replay: Replay,
    day: PublicationDay,
    before: PublicationDay | None,
    changes: Sequence[Change],
) -> list[Answer]:
    """The parts of a day's changes add up to the difference of what was known."""
    sums = []
    for metric_id, area_id in replay.watched:
        known, known_before = (
            ask(_known_in_all(metric_id, area_id, at)) or 0 if at else 0 for at in (day, before)
        )
        parts = sum(
            change.amount
            for change in changes
            if (change.metric_id, change.area_id) == (metric_id, area_id)
        )
        says = f"the parts of the change in {metric_id} of {area_id} add up"
        sums.append(Answer(says, known - known_before, parts))
    return sums


def _known_in_all(metric_id: str, area_id: str, day: PublicationDay) -> str:
    end = datetime.combine(day.published_on, time.max)
    return (
        f"select sum(value) from figures_as_known(timestamp '{end}') "
        f"where metric_id = '{metric_id}' and area_id = '{area_id}'"
    )


def _breakers_as_known(replay: Replay, day: PublicationDay, breakers: Sequence[Breaker]) -> Answer:
    """Which breakers stand open is known of every day."""
    expected = sorted(replay.breakers.get(day.published_on, ()))
    found = sorted({breaker.breaker_id for breaker in breakers})
    return Answer(
        "the breakers that stand open",
        ", ".join(expected) or NONE_OPEN,
        ", ".join(found) or NONE_OPEN,
    )
