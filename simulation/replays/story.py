"""The parts of a replay: days of publication, questions, and answers that are known."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from simulation.publishers.published import PublishedFile

Store = Literal["naive", "trigpoint"]


@dataclass(frozen=True)
class PublicationDay:
    """What came out on one day: files by source, and in words what there is to know of it."""

    published_on: date
    happened: str
    files: Mapping[str, Sequence[PublishedFile]]


@dataclass(frozen=True)
class Question:
    """What is asked of both stores after each day; each select statement gives one number.

    `naive` asks `published_values`, every value of every file that arrived, in which the newest row
    wins whatever it meant; `trigpoint` asks the tables of a release.
    """

    key: str
    asks: str
    naive: str
    trigpoint: str


@dataclass(frozen=True)
class KnownAnswer:
    """A number that has to come out exactly, after the last day unless another one is named.

    `None` is a known answer too: the store must not know any number then.
    """

    says: str
    expected: float | None
    asked: str
    of: Store = "trigpoint"
    after: date | None = None


@dataclass(frozen=True)
class Replay:
    """One story: its days, what is asked, what must come out and how it ends.

    `watched` names the metrics and areas whose changes are told day by day; their parts have to add
    up to the change. `breakers` has the breakers that stand open after a day; after a day without a
    row none may. `verdict` is the last line, in which `{naive_<key>}` and `{trigpoint_<key>}` are
    the answers to a question after the last day.
    """

    replay_id: str
    title: str
    happened_on: date
    source: str
    days: Callable[[], Sequence[PublicationDay]]
    questions: Sequence[Question]
    answers: Sequence[KnownAnswer]
    watched: Sequence[tuple[str, str]]
    verdict: str
    breakers: Mapping[date, Sequence[str]] = field(default_factory=dict)
