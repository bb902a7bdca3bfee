"""What can be asked in SQL, and the figures that stand in an answer."""

from collections.abc import Collection
from datetime import date

import polars as pl

from store.passport import cell
from store.reader import Reader
from store.release_tables import RELEASED


def tables(reader: Reader) -> pl.DataFrame:
    """Every table and its columns in their order: table_name, column_name, data_type.

    The tables stand as the release holds them, figures first; those that every reader has at last.
    """
    return reader.ask(
        """
        select table_name, column_name, lower(data_type) as data_type
        from information_schema.columns
        where table_catalog = 'memory' and table_schema = 'main'
        order by list_position($released, table_name) nulls last, table_name, ordinal_position
        """,
        released=list(RELEASED),
    )


def measures(reader: Reader) -> pl.DataFrame:
    """Every measure by its id, with its definition and what it does not count."""
    return reader.ask(
        """
        select metric_id, metric_name, definition, not_counted, headline_rank
        from metrics
        order by metric_id
        """
    )


def released(reader: Reader, figure_ids: Collection[str]) -> pl.DataFrame:
    """Those of these figures that there are, as this reader is shown them, one row a figure.

    The lists of measures, areas and days let the engine pass over what cannot be among them.
    """
    cells = [named for named in map(cell, figure_ids) if named and _day(named["event_date"])]
    days = sorted(named["event_date"] for named in cells)
    if not cells:
        return pl.DataFrame()
    return reader.ask(
        """
        select
            figures.figure_id,
            figures.value,
            figures.missing_reason,
            figures.lower,
            figures.upper,
            figures.is_provisional,
            figures.is_corrected,
            metrics.decimals
        from figures
        inner join metrics using (metric_id)
        where
            list_contains($metrics, figures.metric_id)
            and list_contains($areas, figures.area_id)
            and figures.event_date between $first and $last
            and figures.figure_id in (select unnest($ids))
        """,
        metrics=sorted({named["metric_id"] for named in cells}),
        areas=sorted({named["area_id"] for named in cells}),
        first=_day(days[0]),
        last=_day(days[-1]),
        ids=sorted(set(figure_ids)),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
