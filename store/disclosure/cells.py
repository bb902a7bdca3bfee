"""The counts of a warehouse as disclosure control takes them, and everything that links them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import duckdb
import polars as pl

from store.area_tree import tree
from store.disclosure.policy import Guarded
from store.disclosure.relations import KEY, Relations, no_tree

FIGURES = """
    select
        figures.figure_id,
        figures.known_from,
        coalesce(metrics.cumulative_of, metrics.metric_id) as metric_id,
        figures.area_id,
        figures.stratum_id,
        figures.event_date,
        case when metrics.cumulative_of is null then 'daily' else 'cumulative' end as form,
        figures.value,
        figures.missing_reason
    from figures
    inner join metrics using (metric_id)
    where list_contains($metrics, figures.metric_id)
    order by figures.metric_id, figures.area_id, figures.stratum_id, figures.event_date
"""
EVERYONE = "all"


@dataclass(frozen=True)
class World:
    """What everybody knows: the tree of areas, and the strata."""

    tree: pl.DataFrame
    strata: pl.DataFrame

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection) -> "World":
        """From the database in use."""
        catalog = connection.sql("select current_database()").fetchall()[0][0]
        strata = "select stratum_id, age_from, age_to, sex, setting from strata order by stratum_id"
        areas = connection.sql(tree(catalog)).pl().sort("whole_id", "partition", "part_id")
        return cls(areas, connection.sql(strata).pl())

    def inside(self, area_id: str) -> set[str]:
        """An area and all that it is made of, level by level."""
        return {area_id} | _reached(area_id, self._parts)

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        grouped = self.tree.group_by("whole_id").agg("part_id")
        return dict(grouped.iter_rows())

    @cached_property
    def _wholes(self) -> dict[str, list[str]]:
        grouped = self.tree.group_by("part_id").agg("whole_id")
        return dict(grouped.iter_rows())

    def relations(self, cells: pl.DataFrame) -> Relations:
        """What adds up to what among the areas and strata of these cells."""
        areas = _without_absent(self.tree, {*cells["area_id"]})
        return Relations(areas=areas, strata=self._strata({*cells["stratum_id"]}))

    def audiences(self, cells: pl.DataFrame) -> dict[str, set[str]]:
        """For every area with something to see in it, the areas of its exact file.

        Who sees every cell exactly learns nothing from controlled ones, and is left out.
        """
        there = {*cells["area_id"]}
        scopes = sorted(there | {whole for area in there for whole in _reached(area, self._wholes)})
        inside = {scope: self.inside(scope) & there for scope in scopes}
        return {scope: areas for scope, areas in inside.items() if areas != there}

    def _strata(self, there: set[str]) -> pl.DataFrame:
        """The breakdowns of everyone and of each band of ages that these strata give."""
        known = self.strata.filter(pl.col("stratum_id").is_in(list(there)))
        rows = [*_by_column(known, "sex"), *_by_column(known, "setting"), *_by_age(known)]
        return (
            pl.DataFrame(rows, schema=["whole_id", "part_id", "partition"], orient="row")
            if (rows)
            else no_tree()
        )


def _reached(area_id: str, leads_to: Mapping[str, list[str]]) -> set[str]:
    found, waiting = set[str](), [area_id]
    while waiting:
        new = {*leads_to.get(waiting.pop(), ())} - found
        found |= new
        waiting += new
    return found


def figures(connection: duckdb.DuckDBPyConnection, guarded: Guarded) -> pl.DataFrame:
    """The figures of a guarded metric: figure_id, known_from, `KEY`, value, missing_reason."""
    found: pl.DataFrame = connection.sql(FIGURES, params={"metrics": list(guarded.metric_ids)}).pl()
    return found


def counts(figures: pl.DataFrame, guarded: Guarded) -> pl.DataFrame:
    """The figures that disclosure control can take: `KEY` and value, in a form that is shown."""
    value = pl.col("value")
    is_count = (value >= 0) & (value == value.floor())
    is_shown = pl.col("form").is_in(guarded.rule.time_forms)
    return figures.filter(is_count & is_shown).select(*KEY, "value").sort(KEY)


def _without_absent(tree: pl.DataFrame, there: set[str]) -> pl.DataFrame:
    """The tree among the areas that are there: an absent part gives way to its own parts."""
    present = pl.Series(list(there)).implode()
    kept, waiting = [], tree.filter(pl.col("whole_id").is_in(present))
    inner = tree.select(
        part_id="whole_id",
        inner_id="part_id",
        inner="partition",
        inner_since="since",
        inner_until="until",
    )
    while waiting.height:
        # A part that is there stands beside the parts of one that is not.
        kept.append(waiting.filter(pl.col("part_id").is_in(present)))
        absent = waiting.filter(~pl.col("part_id").is_in(present)).join(inner, on="part_id")
        label = pl.concat_str("partition", pl.lit(" / "), "inner")
        gone = absent.select("whole_id", "partition", label=label).unique()
        beside = kept[-1].join(gone, on=["whole_id", "partition"]).with_columns(partition="label")
        waiting = absent.select(
            "whole_id",
            part_id="inner_id",
            partition=label,
            since=pl.max_horizontal("since", "inner_since"),
            until=pl.min_horizontal("until", "inner_until"),
        )
        waiting = pl.concat([waiting, beside.select(waiting.columns)])
    return pl.concat(kept).sort("whole_id", "partition", "part_id") if kept else tree.clear()


def _by_column(strata: pl.DataFrame, column: str) -> Iterator[tuple[str, str, str]]:
    for stratum in strata.filter(pl.col(column).is_not_null())["stratum_id"]:
        yield EVERYONE, stratum, column


def _by_age(strata: pl.DataFrame) -> Iterator[tuple[str, str, str]]:
    """Every way in which bands of ages follow each other from the first to the last of a whole."""
    bands = strata.filter(pl.col("age_from").is_not_null())
    known = [
        (name, low, high)
        for name, low, high in bands.select("stratum_id", "age_from", "age_to").iter_rows()
    ]
    for whole, low, high in [(EVERYONE, 0, None), *known]:
        for number, chain in enumerate(_chains(known, low, high)):
            if whole not in chain:
                for part in chain:
                    yield whole, part, f"age {number}"


def _chains(
    bands: list[tuple[str, int, int | None]], low: int, high: int | None
) -> Iterator[list[str]]:
    for name, begins, ends in bands:
        if begins != low:
            continue
        if ends == high:
            yield [name]
        elif ends is not None and (high is None or ends < high):
            yield from ([name, *rest] for rest in _chains(bands, ends + 1, high))
