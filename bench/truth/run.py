"""One run: a simulated England, the mistakes of one seed, what was held and what was shown."""

import os
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context

import numpy as np

from bench.truth.episodes import Arrival, Episode, arrivals, episodes, harm
from bench.truth.faults import Kind
from bench.truth.feed import fill
from bench.truth.publishers import METRICS, PUBLISHERS, Metric, Published
from bench.truth.score import Cells, Errors, errors, evenings, said_cells, shown_cells, true_cells
from bench.warehouse import Warehouse
from simulation.england import simulate
from store.paths import Home

WANTED = ("figure_versions", "held_files")
NEWEST = "newest wins"


@dataclass(frozen=True)
class Judged:
    """A file, what makes its mistake catastrophic (or nothing), and the breakers that held it.

    `nearest` says which witness came nearest to a hold, and how near.
    """

    publisher: str
    day: int
    episode: Episode | None
    harm: str
    breakers: frozenset[str]
    nearest: str

    @property
    def is_named_rightly(self) -> bool:
        """Whether one of the breakers names what happened."""
        return self.episode is not None and bool(self.breakers & self.episode.kind.breakers)


@dataclass(frozen=True)
class Run:
    """What came of one metric of one England: each evening's error, and each file's verdict.

    `errors` hold, for authorities and for England, what was shown, each publisher alone, and
    whatever is newest; `is_faulty` says on which evenings a file of that day held a mistake.
    """

    seed: int
    metric_id: str
    widened_on: int
    files: list[Judged]
    authorities: dict[str, Errors]
    england: dict[str, Errors]
    is_faulty: np.ndarray


def runs(home: Home, kinds: Sequence[Kind], days: int, seeds: Sequence[int]) -> list[Run]:
    """Every metric of the England of each seed, each in a process and a warehouse of its own."""
    asked = [(home, metric, kinds, days, seed) for seed in seeds for metric in METRICS]
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as processes:
        return list(processes.map(_run, *zip(*asked, strict=True)))


def _run(home: Home, metric: Metric, kinds: Sequence[Kind], days: int, seed: int) -> Run:
    published = Published(metric, simulate(days + 1, seed), widened_on=days // 2)
    arrived = arrivals(published, episodes(kinds, days, seed, metric.metric_id), days)
    warehouse = Warehouse(home)
    fill(warehouse, published, arrived)
    warehouse.run(WANTED)
    cells = _cells(warehouse, published, arrived, days)
    files = _judged(warehouse, published, arrived)
    warehouse.connection.close()
    true, parts = true_cells(published, days), published.authorities.height
    return Run(
        seed,
        metric.metric_id,
        published.widened_on,
        files,
        {name: errors(shown, true, slice(0, parts)) for name, shown in cells.items()},
        {name: errors(shown, true, slice(-1, None)) for name, shown in cells.items()},
        _faulty(arrived, days),
    )


def _cells(
    warehouse: Warehouse, published: Published, arrived: Sequence[Arrival], days: int
) -> dict[str, Cells]:
    """What stood on each evening: as shown, by each publisher alone, and by whatever is newest."""
    found = {
        "shown": shown_cells(warehouse, published, days),
        NEWEST: said_cells(published, arrived, days),
    }
    for publisher in PUBLISHERS:
        own = [arrival for arrival in arrived if arrival.publisher == publisher]
        found[publisher.name] = said_cells(published, own, days)
    return found


def _judged(warehouse: Warehouse, published: Published, arrived: Sequence[Arrival]) -> list[Judged]:
    held, nearest = _held(warehouse), _nearest(warehouse)
    parts = published.authorities.height
    return [
        Judged(
            arrival.publisher.name,
            arrival.edition.published,
            arrival.episode,
            harm(arrival, published.known_by(arrival.edition.published), parts)
            if arrival.episode
            else "",
            held.get(arrival.file_id, frozenset()),
            nearest.get(arrival.file_id, "nobody could be asked"),
        )
        for arrival in arrived
    ]


def _held(warehouse: Warehouse) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for file, breaker in warehouse.connection.sql(
        "select file_sha256, breaker_id from work.held_files"
    ).fetchall():
        found.setdefault(file, set()).add(breaker)
    return {file: frozenset(breakers) for file, breakers in found.items()}


def _nearest(warehouse: Warehouse) -> dict[str, str]:
    """For each file what the witness said that spoke most clearly against it."""
    return dict(
        warehouse.connection.sql(
            """
            select file_sha256, max_by(
                format(
                    '{} saw {} of {} areas moved by {:.2f} where {:.2f} is allowed',
                    case witness when '' then 'the source itself' else witness end,
                    subject, area_type, moved, allowed
                ),
                abs(moved) / allowed
            )
            from work.voices group by file_sha256
            """
        ).fetchall()
    )


def _faulty(arrived: Sequence[Arrival], days: int) -> np.ndarray:
    wrong = {arrival.edition.published for arrival in arrived if arrival.episode}
    return np.array([evening in wrong for evening in evenings(days)])
