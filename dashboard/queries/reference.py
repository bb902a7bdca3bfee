"""Areas, measures and what the release says of itself."""

from typing import Any

import polars as pl

from store import area_tree
from store.reader import Reader

ENGLAND = "E92000001"


def area(reader: Reader, area_id: str) -> dict[str, Any] | None:
    """One area with the names of its parent and region, or None where there is none."""
    found = reader.ask(
        """
        select
            areas.*,
            parents.area_name as parent_name,
            regions.area_name as region_name
        from areas
        left join areas as parents on areas.parent_area_id = parents.area_id
        left join areas as regions on areas.region_id = regions.area_id
        where areas.area_id = $area_id
        """,
        area_id=area_id,
    )
    return found.row(0, named=True) if found.height else None


def areas(reader: Reader) -> pl.DataFrame:
    """Every area for the type-to-find list: area_id, area_name, area_type, valid_to."""
    return reader.ask(
        """
        select area_id, area_name, area_type, valid_to
        from areas
        order by area_name, area_id
        """
    )


def found(reader: Reader, text: str) -> pl.DataFrame:
    """Areas whose name or code holds the text; names that begin with it come first."""
    return reader.ask(
        """
        select area_id, area_name, area_type, valid_to
        from areas
        where contains(lower(area_name), lower($text)) or contains(lower(area_id), lower($text))
        order by starts_with(lower(area_name), lower($text)) desc, area_name, area_id
        limit 100
        """,
        text=text,
    )


def regions(reader: Reader) -> pl.DataFrame:
    """England and its nine regions by name, England first: area_id, area_name."""
    return reader.ask(
        """
        select area_id, area_name
        from areas
        where area_type = 'region' and area_id like 'E12%' or area_id = $england
        order by area_id = $england desc, area_name
        """,
        england=ENGLAND,
    )


def children(reader: Reader, area_id: str) -> pl.DataFrame:
    """Areas directly below this one, or, of a region, all its lower-tier ones, by name."""
    return reader.ask(
        """
        select area_id, area_name, area_type, valid_to
        from areas
        where (parent_area_id = $area_id or region_id = $area_id) and area_id <> $area_id
        order by area_type, area_name, area_id
        """,
        area_id=area_id,
    )


def inside(reader: Reader, area_id: str) -> list[str]:
    """An area and all that it is made of, level by level; of England every area."""
    if area_id == ENGLAND:
        return reader.ask("select area_id from areas")["area_id"].to_list()
    return reader.ask(area_tree.inside(reader.catalog), scope=area_id)["area_id"].to_list()


def successions(reader: Reader, area_id: str) -> pl.DataFrame:
    """What this area came from and what followed it, with names on both sides."""
    return reader.ask(
        """
        select
            happened_on,
            kind,
            share,
            from_area_id,
            to_area_id,
            coalesce(former.area_name, from_area_id) as from_name,
            coalesce(later.area_name, to_area_id) as to_name
        from area_successions
        left join areas as former on from_area_id = former.area_id
        left join areas as later on to_area_id = later.area_id
        where from_area_id = $area_id or to_area_id = $area_id
        order by happened_on, from_area_id, to_area_id
        """,
        area_id=area_id,
    )


def metric(reader: Reader, metric_id: str) -> dict[str, Any] | None:
    """One row of `metrics`, or None where there is no such measure."""
    found = reader.ask("select * from metrics where metric_id = $metric_id", metric_id=metric_id)
    return found.row(0, named=True) if found.height else None


def metrics(reader: Reader) -> pl.DataFrame:
    """Every measure by name, headline ones first, totals so far last: metric_id, metric_name."""
    return reader.ask(
        """
        select metric_id, metric_name
        from metrics
        order by cumulative_of is not null, headline_rank nulls last, metric_name, metric_id
        """
    )


def measures(reader: Reader, area_id: str) -> pl.DataFrame:
    """Every measure that has a value in the area, headline ones first, totals so far last.

    One row a measure: its definition and grain, first and last date, days, newest figure.
    """
    return reader.ask(
        """
        with held as (
            select
                metric_id,
                min(event_date) as first_date,
                max(event_date) as last_date,
                count(*) as dates,
                max_by(figure_id, event_date) as figure_id,
                max_by(value, event_date) as value,
                max_by(is_provisional, event_date) as is_provisional
            from figures
            where area_id = $area_id and stratum_id = 'all' and value is not null
            group by metric_id
        )

        select
            metrics.*,
            held.first_date,
            held.last_date,
            held.dates,
            held.figure_id,
            held.value,
            held.is_provisional
        from held
        inner join metrics using (metric_id)
        order by
            metrics.cumulative_of is not null, metrics.headline_rank nulls last, metrics.metric_name
        """,
        area_id=area_id,
    )


def compared(area: dict[str, Any]) -> list[str]:
    """The area itself, its region and England, each once, in this order."""
    codes = [area["area_id"], area["region_id"], ENGLAND]
    return list(dict.fromkeys(code for code in codes if code))


def headline_ids(reader: Reader) -> list[str]:
    """The measures that stand on the first page, in their order."""
    found = reader.ask(
        """
        select metric_id
        from metrics
        where headline_rank is not null
        order by headline_rank, metric_id
        """
    )
    return found["metric_id"].to_list()
