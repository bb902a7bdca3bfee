"""Sums as a sparse system, and what follows from them: intervals passed along until none narrows.

Each row says that its terms add up to 0 (whole -1, parts 1); values are whole numbers from 0 on.
Looking at one row at a time is enough where sums form trees, and quick: only rows that touch what
has just become narrower are looked at again.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

Numbers = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]
Bounds = tuple[Numbers, Numbers]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Implied:
    """What rows say about each of their terms: arrays over the entries of those rows.

    `low` and `high` bound the variable, as the other terms of its row do; `starts` is where each
    row begins.
    """

    rows: Positions
    starts: Positions
    row: Positions
    variables: Positions
    coefficients: Numbers
    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Sums:
    """Rows that are sums of one whole: `least` is what the lowest counts of its parts add up to."""

    wholes: Positions
    least: Numbers


@dataclass(frozen=True)
class System:
    """Rows of terms, sorted by row; `width` is the number of variables."""

    starts: Positions
    variables: Positions
    coefficients: Numbers
    width: int

    @classmethod
    def of(
        cls, row: Positions, variables: Positions, coefficients: Numbers, width: int
    ) -> "System":
        """From terms sorted by row; rows are numbered from 0 without a gap."""
        counts = np.bincount(row) if len(row) else np.zeros(0, dtype=np.int64)
        starts = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        return cls(starts, variables, coefficients, width)

    @cached_property
    def matrix(self) -> csr_array:
        """The rows as a matrix, [row, variable]."""
        parts = (self.coefficients, self.variables, self.starts)
        return csr_array(parts, shape=(len(self.starts) - 1, self.width))

    @cached_property
    def _columns(self) -> tuple[Positions, Positions]:
        turned = self.matrix.tocsc()
        return turned.indptr.astype(np.int64), turned.indices.astype(np.int64)

    @cached_property
    def linked(self) -> Positions:
        """A label for each variable, the same for all that sums link."""
        rows = len(self.starts) - 1
        row = np.repeat(np.arange(rows), np.diff(self.starts)) + self.width
        size = rows + self.width
        edges = csr_array((np.ones(len(row)), (row, self.variables)), shape=(size, size))
        _, label = connected_components(edges, directed=False)
        return np.asarray(label[: self.width], dtype=np.int64)

    @cached_property
    def is_summed(self) -> Flags:
        """Whether a variable is a term of any row."""
        return np.bincount(self.variables, minlength=self.width) > 0

    def variables_of(self, rows: Positions) -> Positions:
        """The variables that are terms of any of these rows."""
        return np.unique(self.variables[_ranges(self.starts[rows], self.starts[rows + 1])])

    def rows_of(self, variables: Positions) -> Positions:
        """The rows in which any of these variables is a term."""
        starts, rows = self._columns
        return np.unique(rows[_ranges(starts[variables], starts[variables + 1])])

    def implied(self, rows: Positions, low: Numbers, high: Numbers) -> Implied:
        """What these rows say about their terms, given bounds on every variable."""
        at = _ranges(self.starts[rows], self.starts[rows + 1])
        lengths = self.starts[rows + 1] - self.starts[rows]
        starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]).astype(np.int64)
        variables, coefficients = self.variables[at], self.coefficients[at]
        least = np.where(coefficients > 0, low[variables], -high[variables])
        most = np.where(coefficients > 0, high[variables], -low[variables])
        others_least = _others(least, starts, lengths)
        others_most = _others(most, starts, lengths)
        return Implied(
            rows=rows,
            starts=starts,
            row=np.repeat(np.arange(len(rows)), lengths),
            variables=variables,
            coefficients=coefficients,
            low=np.where(coefficients > 0, -others_most, others_least),
            high=np.where(coefficients > 0, -others_least, others_most),
        )

    def sums(self, rows: Positions, low: Numbers) -> Sums:
        """Those of these rows that have one whole; differences of two sums have several."""
        at = _ranges(self.starts[rows], self.starts[rows + 1])
        row = np.repeat(np.arange(len(rows)), self.starts[rows + 1] - self.starts[rows])
        variables, is_whole = self.variables[at], self.coefficients[at] < 0
        least = np.bincount(row, np.where(is_whole, 0.0, low[variables]), len(rows))
        is_sum = np.bincount(row, is_whole, len(rows)) == 1
        chosen = is_whole & is_sum[row]
        return Sums(variables[chosen], least[row[chosen]])

    def narrow(self, low: Numbers, high: Numbers, changed: Positions) -> tuple[Numbers, Numbers]:
        """Bounds that no row narrows any further, given that those `changed` have just changed."""
        low, high = low.copy(), high.copy()
        while len(changed):
            said = self.implied(self.rows_of(changed), low, high)
            tighter = (said.low > low[said.variables]) | (said.high < high[said.variables])
            np.maximum.at(low, said.variables[tighter], said.low[tighter])
            np.minimum.at(high, said.variables[tighter], said.high[tighter])
            changed = np.unique(said.variables[tighter])
        return low, high


def _others(terms: Numbers, starts: Positions, lengths: Positions) -> Numbers:
    """For each term the sum of all others in its row, where single terms may be without bound."""
    if not len(terms):
        return terms
    endless = np.isinf(terms)
    bounded = np.where(endless, 0.0, terms)
    sums = np.repeat(np.add.reduceat(bounded, starts), lengths) - bounded
    without = np.repeat(np.add.reduceat(endless.astype(np.int64), starts), lengths) - endless
    sign = np.repeat(np.add.reduceat(np.where(endless, np.sign(terms), 0.0), starts), lengths)
    return np.where(without > 0, np.copysign(np.inf, sign), sums)


def _ranges(starts: Positions, ends: Positions) -> Positions:
    """All whole numbers of the ranges, one range after the other."""
    lengths = ends - starts
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())
