"""Small worlds of publishers, drawn at random.

A world is one metric with its sources, files, rules and what people decided. Times of publication
are few, so that they often tie. A world is changed by making another of it: cut off at a moment,
landed in another order, told twice, under another rule.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st

AREAS = ("A", "B", "C")
# A Friday and two Tuesdays: by the third day it is known how the values of the first two grew.
DAYS = (date(2020, 5, 1), date(2020, 5, 5), date(2020, 5, 12))
# Every other one is a midnight, at which rules change and events happen as well. Nothing has been
# published by the first, and everything by the last.
MOMENTS = tuple(datetime(2020, 5, 1, 12) + timedelta(hours=36 * step) for step in range(12))
PUBLISHING = MOMENTS[1:-1]
LANDING = datetime(2020, 6, 1)
ABSENCE = {"full": "withdrawn", "partial": "not_reported", "third": "not_reported"}
MARKS = ("suppressed_by_publisher", "not_reported")
Cell = tuple[str, date]
Said = float | str  # a value, or the reason why there is none


@dataclass(frozen=True)
class File:
    """What one source published at a moment, and how it landed.

    `restated` is what the publisher says that some cells were before, on the footing of this file.
    Of cells in `contradicted` the file says something else in another row.
    """

    name: str
    source: str
    published_at: datetime
    landed_at: datetime
    said: dict[Cell, Said]
    restated: dict[Cell, float] = field(default_factory=dict)
    contradicted: frozenset[Cell] = frozenset()
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
class Decision:
    """The source that a cell follows because a person said so."""

    cell: Cell
    source: str
    decided_at: datetime


@dataclass(frozen=True)
class LetGo:
    """A file that is not held any more, by whatever held it, because a person said so."""

    source: str
    file: str
    decided_at: datetime


@dataclass(frozen=True)
class World:
    """One metric as its sources tell it; `happened_on` is the day of a recorded redefinition."""

    files: tuple[File, ...]
    rules: tuple[Rule, ...]
    happened_on: date | None = None
    decisions: tuple[Decision, ...] = ()
    let_go: tuple[LetGo, ...] = ()
    needs_sign_off: bool = False

    def until(self, moment: datetime) -> "World":
        """What had been published, agreed, recorded and decided by a moment."""
        known = [rule for rule in self.rules if _has_come(rule.agreed_on or date.min, moment)]
        happened = self.happened_on and _has_come(self.happened_on, moment)
        return replace(
            self,
            files=tuple(file for file in self.files if file.published_at <= moment),
            rules=tuple(
                rule if rule.retired_on and _has_come(rule.retired_on, moment) else _in_force(rule)
                for rule in known
            ),
            happened_on=self.happened_on if happened else None,
            decisions=tuple(made for made in self.decisions if made.decided_at <= moment),
            let_go=tuple(made for made in self.let_go if made.decided_at <= moment),
        )

    def holding_on(self) -> "World":
        """The same, had nobody let any file go."""
        return replace(self, let_go=())

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

    def told_twice(self, same_bytes: bool = False) -> "World":
        """Whatever counted last at its moment of publication comes again an hour later."""
        in_order = sorted(self.files, key=lambda file: file.landed_at)
        again = {(file.source, file.published_at): file for file in in_order}
        return replace(
            self,
            files=self.files
            + tuple(
                replace(
                    file,
                    name=f"{file.name}@{at}" if same_bytes else f"{file.name}-again",
                    published_at=file.published_at + timedelta(hours=1),
                    landed_at=file.landed_at + timedelta(hours=1),
                    restated={},
                )
                for at, file in enumerate(again.values())
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
    return draw(_worlds_of(files))


@st.composite
def steady_worlds(draw: st.DrawFn) -> World:
    """One source has large values that grow a little, but for an odd file now and then.

    Others speak too, and it may have nothing to say of the second day.
    """
    source, usual = draw(st.sampled_from(sorted(ABSENCE))), draw(st.integers(300, 500))
    days = draw(st.sampled_from((DAYS, DAYS[::2])))
    steady = [
        replace(
            draw(_files()),
            source=source,
            published_at=moment,
            said=draw(_odd_or(float(usual), moment, days)),
            contradicted=frozenset(),
        )
        for moment in PUBLISHING
    ]
    return draw(_worlds_of(steady + draw(st.lists(_files(), max_size=3))))


@st.composite
def decided_worlds(draw: st.DrawFn) -> World:
    """Files land as they are published, and people decide cells between them."""
    world = draw(worlds())
    files = tuple(
        replace(file, landed_at=file.published_at + (file.landed_at - LANDING))
        for file in world.files
    )
    return replace(world, files=files, decisions=draw(_decisions))


@st.composite
def let_go_worlds(draw: st.DrawFn) -> World:
    """Some files are cut, and people let files go that are held for it, and now and then others."""
    world = draw(worlds())
    cut = draw(st.sets(st.integers(0, len(world.files) - 1), min_size=1, max_size=4))
    files = tuple(replace(file, is_cut=at in cut) for at, file in enumerate(world.files))
    chosen = [*sorted(cut), draw(st.integers(0, len(files) - 1))]
    let_go = {files[at].name: draw(_let_go(files[at])) for at in chosen}
    return replace(world, files=files, let_go=tuple(let_go.values()))


def _let_go(file: File) -> st.SearchStrategy[LetGo]:
    """At once, with any later publication, or soon after it."""
    moments = [moment for moment in MOMENTS if moment >= file.published_at]
    return st.builds(
        lambda moment, hours: LetGo(file.source, file.name, moment + timedelta(hours=hours)),
        st.sampled_from(moments),
        st.integers(0, 1),
    )


def _odd_or(
    value: float, moment: datetime, days: tuple[date, ...]
) -> st.SearchStrategy[dict[Cell, Said]]:
    usual: dict[Cell, float] = {
        (area, day): value - (128 >> (moment.date() - day).days)
        for area, day in _cells_before(moment)
        if day in days
    }
    moved = {"A": 20.0, "B": -20.0, "C": 0.0}
    odd: list[dict[Cell, Said]] = [
        {cell: 10 * said for cell, said in usual.items()},
        {cell: said // 3 for cell, said in usual.items()},
        {cell: said for cell, said in usual.items() if cell[0] != "B"},
        {cell: said + moved[cell[0]] for cell, said in usual.items()},
        {cell: MARKS[0] if cell[0] == "C" else said for cell, said in usual.items()},
    ]
    return st.sampled_from([dict[Cell, Said](usual)] * 6 + odd)


@st.composite
def _worlds_of(draw: st.DrawFn, files: list[File]) -> World:
    """Files are named and land in any order; the intake gives every file a moment of its own."""
    hours = draw(st.permutations(range(len(files))))
    landed = tuple(
        replace(file, name=f"f{at}", landed_at=LANDING + timedelta(hours=hour))
        for at, (file, hour) in enumerate(zip(files, hours, strict=True))
    )
    happened = draw(st.none() | days_of_change())
    return World(landed, draw(rules()), happened, needs_sign_off=draw(st.booleans()))


def days_of_change() -> st.SearchStrategy[date]:
    """Days at whose start files are published."""
    return st.sampled_from([at.date() for at in PUBLISHING if at.time() == time.min])


@st.composite
def rules(draw: st.DrawFn) -> tuple[Rule, ...]:
    """One rule for every source, in any order of rank."""
    order = draw(st.permutations(sorted(ABSENCE)))
    tolerance = draw(st.sampled_from((0.0, 1.0)))
    return tuple(Rule(source, rank, tolerance) for rank, source in enumerate(order, start=1))


_decisions = st.lists(
    st.builds(
        Decision,
        cell=st.tuples(st.sampled_from(AREAS), st.sampled_from(DAYS)),
        source=st.sampled_from(sorted(ABSENCE)),
        # With a file, or so soon after it that one of the same moment has landed and another not.
        decided_at=st.builds(
            lambda moment, hours: moment + timedelta(hours=hours),
            st.sampled_from(PUBLISHING),
            st.integers(0, 2),
        ),
    ),
    min_size=1,
    max_size=6,
    unique=True,
).map(tuple)


def _cells_before(moment: datetime) -> list[Cell]:
    """Nobody speaks of a day before it is over."""
    return [(area, day) for area in AREAS for day in DAYS if day < moment.date()]


VALUES: tuple[Said | None, ...] = (None, None, None, *MARKS, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0)


def _files() -> st.SearchStrategy[File]:
    """Files that are read from bytes: few draws, so that many worlds fit into one example."""
    return st.binary(min_size=16, max_size=16).map(_file)


def _file(drawn: bytes) -> File:
    source, moment, quarantined, cut, contradicted, *restated = drawn[:7]
    published_at = PUBLISHING[moment % len(PUBLISHING)]
    values = {
        cell: VALUES[byte % len(VALUES)]
        for cell, byte in zip(_cells_before(published_at), drawn[7:], strict=False)
    }
    said = {cell: value for cell, value in values.items() if value is not None}
    cells = list(said)
    return File(
        name="",
        source=sorted(ABSENCE)[source % len(ABSENCE)],
        published_at=published_at,
        landed_at=LANDING,
        said=said,
        restated={cells[byte % len(cells)]: 2.0 for byte in restated if cells},
        contradicted=frozenset(cells[contradicted % 32 : contradicted % 32 + 1]),
        has_quarantined_rows=quarantined % 8 == 7,
        is_cut=cut % 8 == 7,
    )
