"""England's lowest authorities side by side: the rows of the map, its table and its file."""

from typing import Any

from dashboard.queries import weeks
from store.reader import Reader


def rates(reader: Reader, metric_id: str) -> list[dict[str, Any]]:
    """One row an authority with a figure of the day itself, as `weeks.last_weeks` gives them."""
    codes = reader.ask(
        """
        select area_id
        from areas
        where is_lower_tier and starts_with(area_id, 'E')
        """
    )["area_id"].to_list()
    found = weeks.last_weeks(reader, [metric_id], codes)
    return found.filter(found["figure_id"].is_not_null()).to_dicts()


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
