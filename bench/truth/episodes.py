"""Which publisher makes which mistake when, drawn at random from a seed, and what then came out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from bench.truth.faults import Kind, Scene
from bench.truth.publishers import PUBLISHERS, Edition, Published, Publisher, Values
from simulation.streams import stream

FAULTLESS_DAYS = 28  # nobody can be judged by a history that he does not have yet
BETWEEN_DAYS = 60.0
LEAST_PEOPLE = 100
LOST_PEOPLE = 20
OF_A_TOTAL = 0.1


@dataclass(frozen=True)
class Episode:
    """One publisher's mistake of one kind, from the day `begun` on."""

    kind: Kind
    publisher: Publisher
    begun: int
    days: int
    seed: int


@dataclass(frozen=True)
class Arrival:
    """A file as it came out, and as it would have come out without a mistake."""

    edition: Edition
    clean: Edition
    publisher: Publisher
    episode: Episode | None

    @property
    def file_id(self) -> str:
        """The name of the file, by publisher and day."""
        return f"{self.edition.publisher}-{self.edition.published:03}"


def episodes(kinds: Sequence[Kind], days: int, seed: int, metric_id: str) -> list[Episode]:
    """Each publisher makes mistakes of its own; each kind turns up about as often as the others."""
    found = []
    for publisher in PUBLISHERS:
        rng = stream(seed, f"mistakes of {publisher.name} about {metric_id}")
        deck = _shuffled_forever(kinds, rng)
        day = FAULTLESS_DAYS + int(rng.exponential(BETWEEN_DAYS))
        while kinds and day < days:
            kind = next(deck)
            lasts = int(rng.integers(kind.days[0], kind.days[1] + 1))
            found.append(Episode(kind, publisher, day, lasts, int(rng.integers(2**31))))
            day += lasts + 1 + int(rng.exponential(BETWEEN_DAYS))
    return found


def _shuffled_forever(kinds: Sequence[Kind], rng: np.random.Generator) -> Iterator[Kind]:
    while True:
        yield from (kinds[at] for at in rng.permutation(len(kinds)))


def arrivals(published: Published, drawn: Sequence[Episode], days: int) -> list[Arrival]:
    """Every file of every publisher, from the first day on which all of them know something."""
    at = {
        (episode.publisher.name, episode.begun + day): episode
        for episode in drawn
        for day in range(episode.days)
    }
    return [
        _arrival(published, publisher, day, at.get((publisher.name, day)))
        for day in range(3, days)
        for publisher in PUBLISHERS
    ]


def _arrival(
    published: Published, publisher: Publisher, day: int, episode: Episode | None
) -> Arrival:
    clean = published.edition(publisher, day)
    if episode is None:
        return Arrival(clean, clean, publisher, None)
    rng = np.random.default_rng(episode.seed)
    scene = Scene(published, publisher, episode.begun, day, rng)
    return Arrival(episode.kind.make(clean, scene), clean, publisher, episode)


def harm(arrival: Arrival, truth: Values, parts: int) -> str:
    """What makes a mistake catastrophic, in words, or nothing: judged by the truth of the evening.

    More than a tenth of a national total: on a day of at least `LEAST_PEOPLE`, or over all days of
    the file; or a whole area or a whole day that is gone, or stands at none where there were some.
    """
    clean, said = arrival.clean, _on_the_days_of(arrival.clean, arrival.edition)
    people = truth[clean.first : clean.last + 1, -1]
    off = np.maximum(
        abs(np.nansum(said[:, :parts], axis=1) - np.nansum(clean.values[:, :parts], axis=1)),
        abs(np.nan_to_num(said[:, -1]) - clean.values[:, -1]),
    )
    share = np.where(people >= LEAST_PEOPLE, off / np.maximum(people, 1), 0).max()
    over_all = _off_over_all(said, clean.values, parts) / max(people.sum(), LEAST_PEOPLE)
    if _lost(said, clean.values, axis=0)[:parts].any():
        return "an area lost"
    covered = np.arange(clean.first, clean.last + 1) >= arrival.edition.first
    if (_lost(said[:, :parts], clean.values[:, :parts], axis=1) & covered).any():
        return "a day lost"
    worst = max(share, over_all)
    return f"{worst:.0%} of a national total" if worst > OF_A_TOTAL else ""


def _off_over_all(said: Values, clean: Values, parts: int) -> float:
    authorities = abs(np.nansum(said[:, :parts]) - np.nansum(clean[:, :parts]))
    return float(max(authorities, abs(np.nansum(said[:, -1]) - np.nansum(clean[:, -1]))))


def _lost(said: Values, clean: Values, axis: int) -> np.ndarray:
    """Which areas (axis 0) or days (axis 1) have no row any more, or none of their people."""
    gone = np.isnan(said).all(axis=axis)
    is_none = np.nansum(abs(said), axis=axis) == 0
    return np.asarray(gone | (is_none & (clean.sum(axis=axis) >= LOST_PEOPLE)))


def _on_the_days_of(clean: Edition, edition: Edition) -> Values:
    """What an edition says of the days that another covers."""
    found = np.full(clean.values.shape, np.nan)
    first, last = max(clean.first, edition.first), min(clean.last, edition.last)
    if first <= last:
        rows = edition.values[first - edition.first : last - edition.first + 1]
        found[first - clean.first : last - clean.first + 1] = rows
    return found
