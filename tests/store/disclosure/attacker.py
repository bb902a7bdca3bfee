"""An attacker, written apart from the audit: all that an audience saw, and a linear programme.

It reads the words that stand in the cells of every release, knows the rules, which areas make up
which and which cells were revised, and asks HiGHS how low and how high each cell that was held back
may be. It shares no code with `store.disclosure`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import numpy as np
import polars as pl
from scipy.optimize import linprog
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

KEY = ("metric_id", "area_id", "stratum_id", "event_date", "form")
NO_LIMIT = 1e5  # more people than any cell of a test has
LEFT_OPEN = 6  # 1 to 7 leaves six between its ends
WORLDS = 40  # pairs of possible worlds before a target is asked about by itself
Cell = tuple[object, ...]


def possible(words: str, rounds_to: int) -> tuple[float, float]:
    """What a count may be when these words stand in its cell, by the published rule."""
    if words == "withheld":
        return 0, NO_LIMIT
    if " to " in words:
        low, high = words.split(" to ")
        return float(low), float(high)
    number, either_side = float(words), rounds_to // 2
    return (0, 0) if number == 0 else (max(8, number - either_side), number + either_side)


@dataclass
class Attacker:
    """Knows nothing until it `reads` releases; areas and strata are the parts of each whole."""

    areas: Mapping[str, Sequence[Sequence[str]]]
    strata: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    places: dict[tuple[Cell, object], int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    sums: set[tuple[int, ...]] = field(default_factory=set)
    rounds_to: int = 5

    def reads(self, cells: pl.DataFrame, exact: Mapping[Cell, float]) -> None:
        """Take in what one release shows; `exact` are counts that this reader may see."""
        now: dict[Cell, int] = {}
        for *key, revision, words in cells.select(*KEY, "revision", "shown").iter_rows():
            cell = tuple(key)
            now[cell] = self._place(cell, revision)
            low, high = possible(words, self.rounds_to)
            if cell in exact:
                low = high = exact[cell]
            self._learn(now[cell], low, high)
        for cell in now:
            self.sums.update(self._sums_of(cell, now))

    def _place(self, cell: Cell, revision: object) -> int:
        if (cell, revision) not in self.places:
            self.places[cell, revision] = len(self.low)
            self.low.append(0)
            self.high.append(NO_LIMIT)
        return self.places[cell, revision]

    def _learn(self, place: int, low: float, high: float) -> None:
        self.low[place] = max(self.low[place], low)
        self.high[place] = min(self.high[place], high)

    def _sums_of(self, cell: Cell, now: Mapping[Cell, int]) -> Iterable[tuple[int, ...]]:
        metric, area, stratum, day, form = cell
        sums = [
            [(metric, a, stratum, day, form) for a in parts] for parts in self.areas.get(area, ())
        ]
        sums += [
            [(metric, area, s, day, form) for s in parts] for parts in self.strata.get(stratum, ())
        ]
        if form == "cumulative":
            before = (metric, area, stratum, day - timedelta(1), form)
            sums.append([before, (metric, area, stratum, day, "daily")])
        if form == "rolling":
            days = [day - timedelta(ago) for ago in range(7)]
            sums.append([(metric, area, stratum, then, "daily") for then in days])
        for parts in sums:
            if all(part in now for part in parts):
                yield (now[cell], *(now[part] for part in parts))

    def finds(
        self, targets: Iterable[tuple[Cell, object]]
    ) -> dict[tuple[Cell, object], tuple[float, float]]:
        """The cells of `targets` that are narrower than the rule leaves them, and how narrow."""
        wanted = {self.places[target]: target for target in targets}
        found = {}
        for system in self._systems():
            mine = [place for place in system.places if place in wanted]
            for place, interval in system.narrow(mine).items():
                found[wanted[place]] = interval
        return found

    def interval(self, target: tuple[Cell, object]) -> tuple[float, float]:
        """The narrowest interval of one cell."""
        place = self.places[target]
        system = next(one for one in self._systems() if place in one.places)
        return system.ends(place)

    def _systems(self) -> list["Connected"]:
        """The sums, apart where no number links them."""
        rows = sorted(self.sums)
        row = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
        column = np.array([place for one in rows for place in one], dtype=int)
        sign = np.concatenate([[-1.0, *[1.0] * (len(one) - 1)] for one in rows] or [[]])
        matrix = csr_array((sign, (row, column)), shape=(len(rows), len(self.low)))
        linked = abs(matrix).T @ abs(matrix)
        _, label = connected_components(linked, directed=False)
        low, high = np.array(self.low), np.array(self.high)
        order = np.argsort(label, kind="stable")
        found = []
        for places in np.split(order, np.flatnonzero(np.diff(label[order])) + 1):
            some = matrix[:, places]
            some = some[np.flatnonzero(np.diff(some.indptr))]
            found.append(Connected(places, some, low[places], high[places]))
        return found


@dataclass
class Connected:
    """Numbers that sums link; every answer of the programme shows what is still possible."""

    places: np.ndarray
    matrix: csr_array
    low: np.ndarray
    high: np.ndarray

    def solve(self, objective: np.ndarray) -> np.ndarray:
        """A possible world in which the objective is least."""
        if not self.matrix.shape[0]:
            return np.where(objective > 0, self.low, self.high)
        solved = linprog(
            objective,
            A_eq=self.matrix,
            b_eq=np.zeros(self.matrix.shape[0]),
            bounds=np.column_stack([self.low, self.high]),
            method="highs",
        )
        assert solved.status == 0, solved.message
        return solved.x

    def ends(self, place: int) -> tuple[float, float]:
        objective = (self.places == place).astype(float)
        at = int(np.flatnonzero(objective)[0])
        return float(self.solve(objective)[at]), float(self.solve(-objective)[at])

    def narrow(self, targets: list[int]) -> dict[int, tuple[float, float]]:
        """Targets that are not left as open as the rule says, each proved by its own programme."""
        found = {}
        for place in self._doubtful(np.flatnonzero(np.isin(self.places, targets))):
            low, high = self.ends(place)
            if high - low < LEFT_OPEN - 1e-6:
                found[int(place)] = (low, high)
        return found

    def _doubtful(self, at: np.ndarray) -> np.ndarray:
        """Targets that no two of many possible worlds show to be open.

        Each world pushes some targets up and the others down, by a toss: all at once in one
        direction, the parts of a whole would hold each other back.
        """
        toss = np.random.default_rng(2020)
        least, most = np.full(len(at), np.inf), np.full(len(at), -np.inf)
        for _ in range(WORLDS):
            doubtful = ~(most - least >= LEFT_OPEN - 1e-6)
            if not doubtful.any():
                break
            objective = np.zeros(len(self.places))
            objective[at[doubtful]] = toss.choice([-1.0, 1.0], doubtful.sum())
            for world in (self.solve(objective)[at], self.solve(-objective)[at]):
                least, most = np.minimum(least, world), np.maximum(most, world)
        return self.places[at[~(most - least >= LEFT_OPEN - 1e-6)]]
