"""One run: a simulated England, the mistakes of one seed, what was held and what was shown."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.truth.episodes import Arrival, arrivals, episodes, harm
from bench.truth.faults import Kind
from bench.truth.feed import fill
from bench.truth.publishers import METRICS, PUBLISHERS, Metric, Published
from bench.truth.score import Errors, errors, evenings, said_cells, shown_cells, true_cells
from bench.warehouse import Warehouse
from simulation.england import Truth, simulate
from store.paths import Home

WANTED = ("figure_versions", "held_files")
NEWEST = "newest wins"


@dataclass(frozen=True)
class Judged:
    """A file, what makes its mistake catastrophic (or nothing), and the breakers that held it."""

    arrival: Arrival
    harm: str
    breakers: frozenset[str]

    @property
    def is_named_rightly(self) -> bool:
        """Whether one of the breakers names what happened."""
        episode = self.arrival.episode
        return episode is not None and bool(self.breakers & episode.kind.breakers)


@dataclass(frozen=True)
class Run:
    """What came of one metric of one England: each evening's error, and each file's verdict.

    `errors` hold, for authorities and for England, what was shown, each publisher alone, and
    whatever is newest; `is_faulty` says on which evenings a file of that day held a mistake.
    """

    seed: int
    published: Published
    files: list[Judged]
    authorities: dict[str, Errors]
    england: dict[str, Errors]
    is_faulty: np.ndarray

    def best(self, of: dict[str, Errors]) -> str:
        """The single publisher with the least error over all evenings, known only afterwards."""
        return min((p.name for p in PUBLISHERS), key=lambda name: float(of[name].mean()))


def runs(home: Home, kinds: Sequence[Kind], days: int, seed: int) -> list[Run]:
    """Every metric of one England, each in a warehouse of its own: they share nothing."""
    truth = simulate(days + 1, seed)
    return [_run(home, truth, metric, kinds, days, seed) for metric in METRICS]


def _run(
    home: Home, truth: Truth, metric: Metric, kinds: Sequence[Kind], days: int, seed: int
) -> Run:
    published = Published(metric, truth, widened_on=days // 2)
    arrived = arrivals(published, episodes(kinds, days, seed, metric.metric_id), days)
    warehouse = Warehouse(home, threads=2)
    fill(warehouse, published, arrived)
    warehouse.run(WANTED)
    cells = {"shown": shown_cells(warehouse, published, days)}
    held = _held(warehouse)
    warehouse.connection.close()
    for publisher in PUBLISHERS:
        own = [arrival for arrival in arrived if arrival.publisher == publisher]
        cells[publisher.name] = said_cells(published, own, days)
    cells[NEWEST] = said_cells(published, arrived, days)
    true = true_cells(published, days)
    parts = published.authorities.height
    return Run(
        seed,
        published,
        [_judged(published, arrival, held) for arrival in arrived],
        {name: errors(shown, true, slice(0, parts)) for name, shown in cells.items()},
        {name: errors(shown, true, slice(-1, None)) for name, shown in cells.items()},
        _faulty(arrived, days),
    )


def _held(warehouse: Warehouse) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for file, breaker in warehouse.connection.sql(
        "select file_sha256, breaker_id from work.held_files"
    ).fetchall():
        found.setdefault(file, set()).add(breaker)
    return {file: frozenset(breakers) for file, breakers in found.items()}


def _judged(published: Published, arrival: Arrival, held: dict[str, frozenset[str]]) -> Judged:
    breakers = held.get(arrival.file_id, frozenset())
    if arrival.episode is None:
        return Judged(arrival, "", breakers)
    truth = published.known_by(arrival.edition.published)
    return Judged(arrival, harm(arrival, truth, published.authorities.height), breakers)


def _faulty(arrived: Sequence[Arrival], days: int) -> np.ndarray:
    wrong = {arrival.edition.published for arrival in arrived if arrival.episode}
    return np.array([evening in wrong for evening in evenings(days)])
