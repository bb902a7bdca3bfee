"""What an audience has been shown so far, over all kept releases, as one growing system of sums.

A cell that is revised becomes a new number with nothing known about how far it moved; a cell that
is not revised stays the same number and stays shown as it was: what has been shown cannot be
unseen. Who reads every release can tell the two apart, so the audit assumes it.

Where a sum is seen again with some of its terms revised, the difference between the two is a sum
over those terms alone. It follows from both, and bounds pass through it where the unchanged terms
are wide; so it is kept as a row of its own, against every earlier time the sum was seen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from store.disclosure.relations import KEY, THROUGH
from store.disclosure.system import Bounds, Numbers, Positions, System

CELLS = {
    "metric_id": pl.String,
    "area_id": pl.String,
    "stratum_id": pl.String,
    "event_date": pl.Date,
    "form": pl.String,
}
NUMBERS = {
    **CELLS,
    "cell": pl.Int64,
    "variable": pl.Int64,
    "revision": pl.Int64,
    "value": pl.Float64,
    "shown_as": pl.Int64,
}
TERMS = {"row": pl.Int64, "variable": pl.Int64, "coefficient": pl.Float64}
TIMES = {"row": pl.Int64, "relation": pl.String, "whole": pl.Int64}
SUM = ["relation", "whole"]
FEW = 12  # terms: a difference through several levels with more says nothing in practice


@dataclass(frozen=True)
class Seen:
    """Every number that was ever shown, the sums between them, and what follows for each.

    `numbers`: one row a cell and revision; `variable` is its place in the system (sums that hold
    only in part have one more variable each, for what is missing). `terms`: the system.
    `times`: which row of the system is which sum; differences are not among them. `low` and
    `high`: what the public can derive, by variable; `any_low` and `any_high`: the narrowest that
    any audience can derive of what it is not entitled to see.
    """

    numbers: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=NUMBERS))
    terms: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TERMS))
    times: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=TIMES))
    low: Numbers = field(default_factory=lambda: np.zeros(0))
    high: Numbers = field(default_factory=lambda: np.zeros(0))
    any_low: Numbers = field(default_factory=lambda: np.zeros(0))
    any_high: Numbers = field(default_factory=lambda: np.zeros(0))

    @property
    def rows(self) -> int:
        """How many rows the system has."""
        return 0 if self.terms.is_empty() else int(self.terms["row"].max()) + 1  # type: ignore[arg-type]

    def with_cells(self, cells: pl.DataFrame) -> "tuple[Seen, pl.DataFrame]":
        """Take in a release (`KEY`, value, shown_as): the numbers that are new, and the release.

        The second has a row for each cell: `NUMBERS` and is_new.
        """
        latest = self.numbers.group_by("cell", maintain_order=True).last()
        latest = latest.select(
            *KEY, "cell", "variable", "revision", was="value", was_shown_as="shown_as"
        )
        placed = cells.join(latest, on=KEY, how="left", maintain_order="left")
        is_known, is_new_cell = pl.col("was").eq_missing(pl.col("value")), pl.col("cell").is_null()
        placed = placed.with_columns(
            is_new=~is_known,
            cell=pl.coalesce("cell", is_new_cell.cum_sum() - 1 + latest.height),
        )
        release = placed.with_columns(
            variable=pl.when("is_new")
            .then(pl.col("is_new").cum_sum() - 1 + len(self.low))
            .otherwise("variable"),
            revision=pl.coalesce(pl.col("revision") + pl.col("is_new"), 0),
            shown_as=pl.when("is_new").then("shown_as").otherwise("was_shown_as"),
        ).select(*(pl.col(name).cast(kind) for name, kind in NUMBERS.items()), "is_new")
        added = release.filter("is_new").drop("is_new")
        grown = replace(self._wider(added.height), numbers=pl.concat([self.numbers, added]))
        return grown, release

    def with_sums(self, sums: pl.DataFrame, release: pl.DataFrame) -> "Seen":
        """Take in the sums between the cells of a release, and how they differ from earlier ones.

        A sum none of whose terms is new says nothing new. One whose parts make more than the whole
        does not hold and is left out; one whose parts make less, or that lacks a part, gets a
        variable for what is missing.
        """
        current = release.select("cell", "variable", "value", "is_new")
        terms = _told_apart(sums.join(current, on="cell", maintain_order="left"))
        rows = terms.filter(pl.col("is_new").any().over(SUM) & (pl.col("missing") >= 0))
        numbered = rows.with_columns(
            row=pl.struct(SUM).rank("dense").cast(pl.Int64) - 1 + self.rows
        )
        whole_rows = numbered.select("row", *SUM, "is_exact").unique().sort("row")
        return self._with_rows(whole_rows, numbered)

    def _with_rows(self, rows: pl.DataFrame, terms: pl.DataFrame) -> "Seen":
        exact = rows.filter("is_exact").select(_cast(TIMES))
        apart = rows.filter(~pl.col("is_exact")).select("row")
        missing = apart.select(
            "row",
            variable=pl.int_range(len(self.low), len(self.low) + apart.height),
            coefficient=pl.lit(1.0),
        )
        added = pl.concat([terms.select(_cast(TERMS)), missing.select(_cast(TERMS))])
        differences = self._differences(exact, added, self.rows + rows.height)
        return replace(
            self._wider(apart.height),
            terms=pl.concat([self.terms, added.sort("row", "variable"), differences]),
            times=pl.concat([self.times, exact]),
        )

    def _differences(self, exact: pl.DataFrame, terms: pl.DataFrame, first: int) -> pl.DataFrame:
        """Each new sum less each earlier time it was seen: only the terms in which they differ."""
        pairs = exact.join(self.times, on=SUM, suffix="_before", maintain_order="left_right")
        pairs = pairs.with_row_index("pair")
        now = pairs.join(terms, on="row").select("pair", "variable", "coefficient")
        before = pairs.join(self.terms, left_on="row_before", right_on="row")
        before = before.select("pair", "variable", -pl.col("coefficient"))
        left = (
            pl.concat([now, before])
            .group_by("pair", "variable")
            .agg(pl.col("coefficient").sum())
            .filter(pl.col("coefficient") != 0)
        )
        is_deep = pl.col("relation").str.contains(THROUGH, literal=True)
        left = left.join(pairs.select("pair", "relation"), on="pair").filter(
            ~is_deep | (pl.len().over("pair") <= FEW)
        )
        numbered = left.with_columns(row=pl.col("pair").rank("dense").cast(pl.Int64) - 1 + first)
        return numbered.select(_cast(TERMS)).sort("row", "variable")

    def system(self) -> System:
        """The sums as a sparse system."""
        deep = self.times.filter(pl.col("relation").str.contains(THROUGH, literal=True))
        used = self.terms.join(deep, on="row", how="anti", maintain_order="left")
        used = used.with_columns(pl.col("row").rank("dense").cast(pl.Int64) - 1)
        row, variable, coefficient = (used[name].to_numpy() for name in TERMS)
        return System.of(row, variable, coefficient, len(self.low))

    def with_shown(self, shown_as: Positions) -> "Seen":
        """Every number shown as given, in the order of `numbers`."""
        return replace(
            self, numbers=self.numbers.with_columns(shown_as=pl.Series(shown_as, dtype=pl.Int64))
        )

    def _wider(self, more: int) -> "Seen":
        """With so many more variables, of which nothing is known."""
        nothing, no_limit = np.zeros(more), np.full(more, np.inf)
        return replace(
            self,
            low=np.concatenate([self.low, nothing]),
            high=np.concatenate([self.high, no_limit]),
            any_low=np.concatenate([self.any_low, nothing]),
            any_high=np.concatenate([self.any_high, no_limit]),
        )

    def deriving(self, public: Bounds, anyone: Bounds) -> "Seen":
        """With these bounds as what the public, and the best informed audience, derives."""
        return replace(self, low=public[0], high=public[1], any_low=anyone[0], any_high=anyone[1])


def _cast(schema: Mapping[str, type[pl.DataType]]) -> list[pl.Expr]:
    return [pl.col(name).cast(kind) for name, kind in schema.items()]


def _told_apart(terms: pl.DataFrame) -> pl.DataFrame:
    """Terms with what their sum is `missing` and whether it `is_exact`.

    A sum that skips a level follows from the sums of that level where those are exact, and only
    there; else it stands by itself and gets a name of its own. Of sums with the same terms one is
    kept, one that follows from others if there is one.
    """
    missing = -(pl.col("value") * pl.col("coefficient")).sum().over(SUM)
    is_exact = (missing == 0) & pl.col("is_complete").all().over(SUM)
    terms = terms.with_columns(missing=missing, is_exact=is_exact)
    exact = (
        terms.filter("is_exact")
        .select(above="relation", whole="whole", follows=pl.lit(True))
        .unique()
    )
    level_above = pl.col("relation").str.replace(f"{THROUGH}[^>]*$", "")
    placed = terms.with_columns(above=level_above).join(
        exact, on=["above", "whole"], how="left", maintain_order="left"
    )
    by_itself = pl.col("relation").str.replace_all(THROUGH, " / ", literal=True)
    named = pl.when(pl.col("follows").is_null()).then(by_itself).otherwise("relation")
    kept = _once(placed).select(SUM)
    told_apart = placed.join(kept, on=SUM, how="semi", maintain_order="left")
    return told_apart.with_columns(relation=named).drop("above", "follows")


def _once(terms: pl.DataFrame) -> pl.DataFrame:
    """The sums (`SUM`), each of those with the same terms once."""
    follows = pl.col("follows").is_not_null().any()
    sums = terms.group_by(SUM).agg(pl.col("cell").sort(), pl.col("coefficient").sort(), follows)
    first = sums.sort("follows", "relation", descending=[True, False])
    return first.unique(["whole", "cell", "coefficient"], keep="first", maintain_order=True)
