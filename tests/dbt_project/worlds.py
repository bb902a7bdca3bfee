"""Small worlds of publishers, drawn at random.

A world is one metric with its sources, files and rules. Times of publication are few, so that they
often tie. A world is changed by making another of it: cut off at a moment, landed in another order,
told twice, under another rule.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from hypothesis import strategies as st

AREAS = ("A", "B", "C")
DAYS = tuple(date(2020, 5, day) for day in (1, 2, 3))
START = datetime(2020, 5, 9)
MOMENTS = tuple(START + timedelta(hours=12 * half_day) for half_day in range(-1, 11))
LANDING = datetime(2020, 6, 1)
ABSENCE = {"full": "withdrawn", "partial": "not_reported", "third": "not_reported"}
MARKS = ("suppressed_by_publisher", "not_reported")
Cell = tuple[str, date]
Said = float | str  # a value, or the reason why there is none


@dataclass(frozen=True)
class File:
    """What one source published at a moment, and how it landed.

    `restated` is what the publisher says that some cells were before, on the footing of this file.
    """

    name: str
    source: str
    published_at: datetime
    landed_at: datetime
    said: dict[Cell, Said]
    restated: dict[Cell, float] = field(default_factory=dict)
    has_quarantined_rows: bool = False
    is_cut: bool = False

    def covers(self, cell: Cell) -> bool:
        """Whether it lists the area, and the day lies between its first and its last."""
        days = [day for _, day in self.said]
        return cell[0] in {area for area, _ in self.said} and min(days) <= cell[1] <= max(days)


@dataclass(frozen=True)
class Rule:
    """The rank of a source from one day until another; no day means without end."""

    source: str
    rank: int
    tolerance: float
    agreed_on: date | None = None
    retired_on: date | None = None


@dataclass(frozen=True)
class World:
    """One metric as its sources tell it; `happened_on` is the day of a recorded redefinition."""

    files: tuple[File, ...]
    rules: tuple[Rule, ...]
    happened_on: date | None = None

    def until(self, moment: datetime) -> "World":
        """What had been published, agreed and recorded by a moment."""
        files = tuple(file for file in self.files if file.published_at <= moment)
        known = [rule for rule in self.rules if _has_come(rule.agreed_on or date.min, moment)]
        rules = tuple(
            rule if rule.retired_on and _has_come(rule.retired_on, moment) else _in_force(rule)
            for rule in known
        )
        happened = self.happened_on and _has_come(self.happened_on, moment)
        return World(files, rules, self.happened_on if happened else None)

    def landed_backwards(self) -> "World":
        """The newest publication landed first; files of one moment land in the order they did."""
        last = max(MOMENTS)
        return replace(
            self,
            files=tuple(
                replace(file, landed_at=file.landed_at + 2 * (last - file.published_at))
                for file in self.files
            ),
        )

    def told_twice(self) -> "World":
        """Whatever counted last at its moment of publication comes again an hour later."""
        in_order = sorted(self.files, key=lambda file: file.landed_at)
        again = {(file.source, file.published_at): file for file in in_order}
        return replace(
            self,
            files=self.files
            + tuple(
                replace(
                    file,
                    name=f"{file.name}-again",
                    published_at=file.published_at + timedelta(hours=1),
                    restated={},
                )
                for file in again.values()
            ),
        )

    def ruled_anew(self, rules: tuple[Rule, ...], day: date) -> "World":
        """The rules in force end on a day, and others begin."""
        ended = tuple(replace(rule, retired_on=day) for rule in self.rules)
        return replace(self, rules=ended + tuple(replace(rule, agreed_on=day) for rule in rules))


def _in_force(rule: Rule) -> Rule:
    return replace(rule, retired_on=None)


def _has_come(day: date, moment: datetime) -> bool:
    return datetime(day.year, day.month, day.day) <= moment


def worlds() -> st.SearchStrategy[World]:
    """Worlds in which anybody says anything, and worlds in which breakers find something odd."""
    return st.one_of(_anything(), _anything(), steady_worlds())


@st.composite
def _anything(draw: st.DrawFn) -> World:
    """Up to eight files of any source, at any moment, with any values."""
    files = draw(st.lists(_files(), min_size=1, max_size=8))
    return World(_landed(draw, files), draw(rules()), draw(st.none() | days_of_change()))


@st.composite
def steady_worlds(draw: st.DrawFn) -> World:
    """One source repeats large values, but for an odd file now and then; others speak too."""
    source, usual = draw(st.sampled_from(sorted(ABSENCE))), draw(st.integers(300, 500))
    steady = [
        replace(
            draw(_files()), source=source, published_at=moment, said=draw(_odd_or(float(usual)))
        )
        for moment in MOMENTS[1:]
    ]
    others = draw(st.lists(_files(), max_size=3))
    return World(_landed(draw, steady + others), draw(rules()), draw(st.none() | days_of_change()))


def _odd_or(value: float) -> st.SearchStrategy[dict[Cell, Said]]:
    usual: dict[Cell, Said] = {(area, day): value for area in AREAS for day in DAYS}
    return st.sampled_from(
        [usual] * 5
        + [
            dict.fromkeys(usual, 10 * value),
            dict.fromkeys(usual, value // 3),
            {(area, day): value for area, day in usual if area != "B"},
        ]
    )


def _landed(draw: st.DrawFn, files: list[File]) -> tuple[File, ...]:
    """Named, in any order of landing; the intake gives every file a moment of its own."""
    hours = draw(st.permutations(range(len(files))))
    return tuple(
        replace(file, name=f"f{at}", landed_at=LANDING + timedelta(hours=hour))
        for at, (file, hour) in enumerate(zip(files, hours, strict=True))
    )


def days_of_change() -> st.SearchStrategy[date]:
    """Days among those on which files are published."""
    return st.integers(0, 4).map(lambda day: (START + timedelta(day)).date())


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    """One rule for every source, in any order of rank."""
    order = draw(st.permutations(sorted(ABSENCE)))
    tolerance = draw(st.sampled_from((0.0, 1.0)))
    return tuple(Rule(source, rank, tolerance) for rank, source in enumerate(order, start=1))


@st.composite
def _files(draw: st.DrawFn) -> File:
    value = st.integers(0, 5).map(float)
    said = {
        (area, day): draw(value | st.sampled_from(MARKS))
        for area in AREAS
        for day in DAYS
        if draw(st.integers(0, 3))
    }
    return File(
        name="",
        source=draw(st.sampled_from(sorted(ABSENCE))),
        published_at=draw(st.sampled_from(MOMENTS[1:-1])),
        landed_at=LANDING,
        said=said,
        restated={cell: 2.0 for cell in said if draw(st.integers(0, 7)) == 0},
        has_quarantined_rows=draw(st.integers(0, 7)) == 0,
        is_cut=draw(st.integers(0, 9)) == 0,
    )
