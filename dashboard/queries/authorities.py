"""England's lowest authorities side by side: the rows of the map, its table and its file."""

from typing import Any

import polars as pl

from dashboard import hexagons
from dashboard.queries import weeks
from store.reader import Reader


def rates(reader: Reader, metric_id: str) -> list[dict[str, Any]]:
    """One row an authority, as `weeks.last_weeks` gives them, by name.

    Authorities are those with a figure of the day itself, and all others of the boundaries under
    which the measure is published: an authority of which there is nothing has a row that says so,
    without a `figure_id`.
    """
    names = _names(reader)
    found = weeks.last_weeks(reader, [metric_id], names["area_id"].to_list())
    of_the_day = found.filter(pl.col("figure_id").is_not_null())["area_id"].to_list()
    if not of_the_day:
        return []
    wanted = {*of_the_day, *hexagons.showing(of_the_day)}
    rows = names.filter(pl.col("area_id").is_in(wanted)).join(
        found.drop("area_name", "until"), on="area_id", how="left"
    )
    return rows.with_columns(until=pl.lit(found["until"].item(0))).sort("area_name").to_dicts()


def _names(reader: Reader) -> pl.DataFrame:
    """Every authority that there ever was: area_id, area_name."""
    return reader.ask(
        """
        select area_id, area_name
        from areas
        where is_lower_tier and starts_with(area_id, 'E')
        """
    )


def measures(reader: Reader) -> list[tuple[str, str]]:
    """Which measures a map can show, by code and name: daily ones with a population to divide by.

    Headline ones come first.
    """
    found = reader.ask(
        """
        select metrics.metric_id, metrics.metric_name
        from metrics
        where
            metrics.grain = 'day'
            and metrics.cumulative_of is null
            and metrics.denominator_metric_id is not null
            and exists (
                select 1
                from figures
                inner join areas using (area_id)
                where
                    figures.metric_id = metrics.metric_id
                    and areas.is_lower_tier
                    and starts_with(figures.area_id, 'E')
            )
        order by metrics.headline_rank nulls last, metrics.metric_name
        """
    )
    return list(found.iter_rows())
