"""What goes wrong in published files: each kind is one function, after incidents that happened.

A fault takes the edition that the publisher would have published and gives the one that it did. It
is drawn once an episode, so the same areas are hit on every day of it. `breakers` are those that
would name it rightly; `days` is how long an episode lasts, at least and at most.

A third of the kinds, drawn by lot before any breaker was tuned, is put aside (`PUT_ASIDE`): no
threshold and no model was ever changed after a look at how those were held.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bench.truth.publishers import Edition, Published, Publisher, Values

Areas = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Scene:
    """One day of an episode that began on the day `begun`; `rng` gives the same on each day."""

    published: Published
    publisher: Publisher
    begun: int
    day: int
    rng: np.random.Generator

    @property
    def parts(self) -> Areas:
        """Which columns are authorities."""
        count = self.published.authorities.height
        return np.arange(len(self.published.area_ids)) < count

    @property
    def region(self) -> npt.NDArray[np.str_]:
        """The region of each column; England's is its own."""
        authorities = self.published.authorities["region_id"].to_list()
        return np.array([*authorities, *self.published.region_ids, "England"])

    def some_region(self, inner_only: bool = False) -> Areas:
        """The columns of one region: its authorities and, unless `inner_only`, itself."""
        chosen = self.region == self.rng.choice(self.published.region_ids)
        return np.asarray(chosen & self.parts if inner_only else chosen)

    def earlier(self, day: int) -> Edition:
        """What the publisher published, or would have published, on an earlier day."""
        return self.published.edition(self.publisher, max(day, 3))


Fault = Callable[[Edition, Scene], Edition]


@dataclass(frozen=True)
class Kind:
    """A kind of fault, how long its episodes last, and the breakers that name it rightly."""

    name: str
    make: Fault
    days: tuple[int, int]
    breakers: frozenset[str]


def _with(edition: Edition, values: Values) -> Edition:
    return replace(edition, values=values)


def _summed_up(values: Values, scene: Scene) -> Values:
    """Regions and England as the sums of what their authorities say."""
    found = values.copy()
    parts = scene.parts
    for column, region in enumerate(scene.region):
        if not parts[column]:
            below = parts if region == "England" else parts & (scene.region == region)
            found[:, column] = np.nansum(values[:, below], axis=1)
    return found


def counts_lost(edition: Edition, scene: Scene) -> Edition:
    """Results that never reach the file, in every area and in the totals.

    Laboratory files were cut at a spreadsheet's row limit from 25 September to 2 October 2020:
    15,841 cases of the newest days were missing in all of England, and nothing looked torn.
    """
    values, kept = edition.values.copy(), 1 - scene.rng.uniform(0.25, 0.6)
    values[-7:] = np.floor(values[-7:] * kept)
    return _with(edition, values)


def file_cut(edition: Edition, scene: Scene) -> Edition:
    """A file that ends too early: the last areas in its order are not in it.

    A transfer that breaks off, or a program that keeps only so many rows.
    """
    values = edition.values.copy()
    order = np.argsort(np.array(scene.published.area_ids))
    values[:, order[int(len(order) * scene.rng.uniform(0.4, 0.95)) :]] = np.nan
    return _with(edition, values)


def rows_dropped(edition: Edition, scene: Scene) -> Edition:
    """Rows that are lost here and there, as by a join on a key that some rows do not have."""
    share = scene.rng.uniform(0.03, 0.4)
    lost = scene.rng.random(edition.values.shape) < share
    return _with(edition, np.where(lost, np.nan, edition.values))


def doubled(edition: Edition, _: Scene) -> Edition:
    """A file that holds everything twice and is added up by whoever reads it.

    A load that was repeated after it had half failed.
    """
    return _with(edition, edition.values * 2)


def region_doubled(edition: Edition, scene: Scene) -> Edition:
    """The return of one region appended twice, in its parts and in every total."""
    values = edition.values.copy()
    values[:, scene.some_region(inner_only=True)] *= 2
    return _with(edition, _summed_up(values, scene))


def stale_feed(edition: Edition, scene: Scene) -> Edition:
    """A feed that died: each day's file is that of the day before the trouble, newly dated."""
    stale = scene.earlier(scene.begun - 1)
    return replace(stale, published=edition.published)


def old_edition(edition: Edition, scene: Scene) -> Edition:
    """An edition of some weeks ago, taken from the archive by mistake and sent as today's."""
    old = scene.earlier(scene.day - int(scene.rng.integers(8, 28)))
    return replace(old, published=edition.published)


def units_x10(edition: Edition, _: Scene) -> Edition:
    """A decimal sign lost: 12.0 becomes 120 in every row."""
    return _with(edition, edition.values * 10)


def units_x1000(edition: Edition, _: Scene) -> Edition:
    """People published under a heading in thousands, and multiplied by whoever trusts it."""
    return _with(edition, edition.values * 1000)


def in_thousands(edition: Edition, _: Scene) -> Edition:
    """A table rounded to thousands is exported in place of the one with people."""
    return _with(edition, np.round(edition.values / 1000, 3))


def dates_shifted(edition: Edition, scene: Scene) -> Edition:
    """Every row dated a day late, or a day early, as by a change of time zone or of convention.

    ECDC dated by the morning after; a workbook of the ONS by the day before.
    """
    shift = int(scene.rng.choice([-1, 1]))
    return replace(edition, first=max(0, edition.first + shift))


def areas_swapped(edition: Edition, scene: Scene) -> Edition:
    """Two large authorities under each other's code, totals right."""
    size = np.where(scene.parts, np.nansum(edition.values, axis=0), -1)
    one, other = scene.rng.choice(np.argsort(size)[-40:], 2, replace=False)
    values = edition.values.copy()
    values[:, [one, other]] = values[:, [other, one]]
    return _with(edition, values)


def rows_slipped(edition: Edition, scene: Scene) -> Edition:
    """One column of a sheet sorted without the others: authorities have a neighbour's counts."""
    values = edition.values.copy()
    values[:, scene.parts] = np.roll(values[:, scene.parts], 1, axis=1)
    return _with(edition, values)


def negative_correction(edition: Edition, scene: Scene) -> Edition:
    """Corrections of months booked on one day, which becomes negative.

    Spain took 11,000 deaths, France 348,846 cases off on a single day.
    """
    values, day = edition.values.copy(), -int(scene.rng.integers(2, 10))
    total = np.nansum(values[:, scene.parts], axis=0)
    values[day, scene.parts] -= np.floor(total * scene.rng.uniform(0.2, 0.5))
    return _with(edition, _summed_up(values, scene))


def backlog_dumped(edition: Edition, scene: Scene) -> Edition:
    """A backlog that was cleared stands on the newest day instead of the days of the samples."""
    values = edition.values.copy()
    extra = np.nansum(values[-8:-1, scene.parts], axis=0) * scene.rng.uniform(0.3, 0.9)
    values[-1, scene.parts] += np.floor(extra)
    return _with(edition, _summed_up(values, scene))


def late_returns(edition: Edition, scene: Scene) -> Edition:
    """The returns of one or two regions are not in yet, and the newest days stand without them."""
    values = edition.values.copy()
    late = scene.some_region(inner_only=True) | scene.some_region(inner_only=True)
    values[-4:, late] = np.floor(values[-4:, late] * scene.rng.uniform(0, 0.3))
    return _with(edition, _summed_up(values, scene))


def missing_as_zero(edition: Edition, scene: Scene) -> Edition:
    """What has not been reported is published as none, in one region, on all days."""
    values = edition.values.copy()
    values[:, scene.some_region(inner_only=True)] = 0
    return _with(edition, _summed_up(values, scene))


def area_lost(edition: Edition, scene: Scene) -> Edition:
    """An authority that is not in the file, its people nowhere but in the totals."""
    values = edition.values.copy()
    values[:, scene.rng.choice(np.flatnonzero(scene.parts))] = np.nan
    return _with(edition, values)


def region_lost(edition: Edition, scene: Scene) -> Edition:
    """A region and its authorities that are not in the file."""
    values = edition.values.copy()
    values[:, scene.some_region()] = np.nan
    return _with(edition, values)


def day_lost(edition: Edition, scene: Scene) -> Edition:
    """One day that stands in no row, as when a daily batch failed and nobody ran it again."""
    values = edition.values.copy()
    values[-int(scene.rng.integers(2, 10))] = np.nan
    return _with(edition, values)


def newest_day_empty(edition: Edition, _: Scene) -> Edition:
    """A file made before the day's data came in: its newest day is there and says none."""
    values = edition.values.copy()
    values[-1] = 0
    return _with(edition, values)


def definition_changed(edition: Edition, scene: Scene) -> Edition:
    """A definition changed unannounced: from one day on, for all days, it counts other people.

    Providers came to distrust a store whose definitions changed without a word.
    """
    factor = scene.rng.choice([scene.rng.uniform(0.6, 0.8), scene.rng.uniform(1.2, 1.6)])
    return _with(edition, np.round(edition.values * factor))


def drift(edition: Edition, scene: Scene) -> Edition:
    """One source that drifts: a little more each day, as a list that is never cleaned."""
    daily = scene.rng.choice([-1, 1]) * scene.rng.uniform(0.008, 0.02)
    return _with(edition, np.round(edition.values * (1 + daily * (1 + scene.day - scene.begun))))


def wrong_column(edition: Edition, _: Scene) -> Edition:
    """The running total in the column of the daily counts, after a column was put in."""
    return _with(edition, np.nancumsum(edition.values, axis=0))


def thousands_cut(edition: Edition, _: Scene) -> Edition:
    """Numbers with a comma for thousands, read up to the comma: 1,234 is 1."""
    values = edition.values
    return _with(edition, np.where(values >= 1000, np.floor(values / 1000), values))


def marks_as_numbers(edition: Edition, scene: Scene) -> Edition:
    """Small counts that a publisher begins to hide stand as -99 and are taken for numbers."""
    small = scene.parts[None, :] & (edition.values > 0) & (edition.values <= 7)
    return _with(edition, np.where(small, -99, edition.values))


def filled_down(edition: Edition, scene: Scene) -> Edition:
    """A spreadsheet filled down: all authorities of a region have the counts of the first."""
    values, region = edition.values.copy(), scene.some_region(inner_only=True)
    values[:, region] = values[:, np.flatnonzero(region)[:1]]
    return _with(edition, values)


def test_file(edition: Edition, scene: Scene) -> Edition:
    """A file with made-up counts, meant for a test, goes out as the day's."""
    made_up = scene.rng.integers(0, 100, edition.values.shape).astype(np.float64)
    return _with(edition, _summed_up(made_up, scene))


def filter_left_on(edition: Edition, scene: Scene) -> Edition:
    """One sex, or one kind of laboratory, only: a filter of somebody's question was left on."""
    share = scene.rng.uniform(0.4, 0.6)
    kept = scene.rng.binomial(np.nan_to_num(edition.values).astype(np.int64).clip(0), share)
    return _with(edition, _summed_up(kept.astype(np.float64), scene))


def rounded(edition: Edition, _: Scene) -> Edition:
    """Every count rounded to 10, as for another audience, and published to this one."""
    return _with(edition, np.round(edition.values / 10) * 10)


def total_alone(edition: Edition, scene: Scene) -> Edition:
    """England's own row wrong and its parts right, as when it is typed in by hand."""
    values = edition.values.copy()
    values[:, -1] = np.round(values[:, -1] * scene.rng.uniform(1.2, 2))
    return _with(edition, values)


MOVED = frozenset({"total_moved", "days_moved"})
PLACED = frozenset({"areas_moved"})
LOST = frozenset({"keys_vanished", "rows_missing"})
UNITS = frozenset({"units"})
DATED = frozenset({"dated_oddly", "stands_still", "days_moved"})
STILL = frozenset({"nothing_new", "stands_still"})
KINDS = (
    Kind("counts_lost", counts_lost, (1, 7), MOVED),
    Kind("file_cut", file_cut, (1, 2), LOST),
    Kind("rows_dropped", rows_dropped, (1, 3), LOST),
    Kind("doubled", doubled, (1, 3), MOVED),
    Kind("region_doubled", region_doubled, (1, 4), PLACED | MOVED),
    Kind("stale_feed", stale_feed, (1, 8), STILL),
    Kind("old_edition", old_edition, (1, 1), STILL),
    Kind("units_x10", units_x10, (1, 3), UNITS),
    Kind("units_x1000", units_x1000, (1, 3), UNITS),
    Kind("in_thousands", in_thousands, (1, 3), UNITS),
    Kind("dates_shifted", dates_shifted, (1, 5), DATED),
    Kind("areas_swapped", areas_swapped, (1, 5), PLACED),
    Kind("rows_slipped", rows_slipped, (1, 3), PLACED),
    Kind("negative_correction", negative_correction, (1, 3), MOVED),
    Kind("backlog_dumped", backlog_dumped, (1, 2), MOVED),
    Kind("late_returns", late_returns, (1, 5), PLACED | MOVED),
    Kind("missing_as_zero", missing_as_zero, (1, 5), PLACED | MOVED),
    Kind("area_lost", area_lost, (1, 5), LOST),
    Kind("region_lost", region_lost, (1, 3), LOST),
    Kind("day_lost", day_lost, (1, 3), LOST),
    Kind("newest_day_empty", newest_day_empty, (1, 2), MOVED),
    Kind("definition_changed", definition_changed, (5, 14), MOVED),
    Kind("drift", drift, (15, 30), MOVED),
    Kind("wrong_column", wrong_column, (1, 3), MOVED),
    Kind("thousands_cut", thousands_cut, (1, 5), MOVED),
    Kind("marks_as_numbers", marks_as_numbers, (1, 5), PLACED | MOVED),
    Kind("filled_down", filled_down, (1, 3), PLACED | MOVED),
    Kind("test_file", test_file, (1, 1), PLACED | MOVED),
    Kind("filter_left_on", filter_left_on, (1, 3), MOVED),
    Kind("rounded", rounded, (1, 3), MOVED),
    Kind("total_alone", total_alone, (1, 3), MOVED),
)
# Drawn once by lot: random.Random(2020).sample(the names in order, a third of them).
PUT_ASIDE = frozenset(
    {
        "day_lost",
        "filter_left_on",
        "late_returns",
        "marks_as_numbers",
        "missing_as_zero",
        "region_doubled",
        "rounded",
        "stale_feed",
        "test_file",
        "wrong_column",
    }
)
