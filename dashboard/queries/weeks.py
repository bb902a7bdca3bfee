"""Seven settled days against the seven before, and rates for comparison between areas."""

from datetime import date

import polars as pl

from store.reader import Reader


def settled_until(reader: Reader, metric_id: str, area_id: str) -> date | None:
    """The last settled date of a measure in an area, or None where nothing is settled."""
    found = reader.ask(
        """
        select max(event_date) as settled_until
        from figures
        where
            metric_id = $metric_id
            and area_id = $area_id
            and stratum_id = 'all'
            and not is_provisional
            and value is not null
        """,
        metric_id=metric_id,
        area_id=area_id,
    )
    until: date | None = found["settled_until"][0]
    return until


def seven_days(reader: Reader, metric_id: str, area_ids: list[str], until: date) -> pl.DataFrame:
    """Sums over the seven days to `until` and the seven before, one row an area.

    `total` and `total_before` are null unless all seven days have a settled value; `rate` is
    `total` per 100,000 residents where the measure has a denominator and the area a population.
    `figure_id`, `value`, `missing_reason` and `is_provisional` are those of `until` itself.
    """
    return reader.ask(
        """
        with days as (
            select
                figures.area_id,
                figures.event_date,
                figures.event_date > $until - 7 as is_latest,
                figures.value,
                figures.missing_reason,
                figures.is_provisional,
                figures.figure_id
            from figures
            where
                figures.metric_id = $metric_id
                and figures.stratum_id = 'all'
                and list_contains($area_ids, figures.area_id)
                and figures.event_date > $until - 14
                and figures.event_date <= $until
        ),

        totals as (
            select
                area_id,
                sum(value) filter (where is_latest) as total,
                sum(value) filter (where not is_latest) as total_before,
                count(value) filter (where is_latest and not is_provisional) as held,
                count(value) filter (where not is_latest and not is_provisional) as held_before,
                max(figure_id) filter (where event_date = $until) as figure_id,
                max(value) filter (where event_date = $until) as value,
                max(missing_reason) filter (where event_date = $until) as missing_reason,
                bool_or(is_provisional) filter (where event_date = $until) as is_provisional
            from days
            group by area_id
        ),

        residents as (
            select figures.area_id, max_by(figures.value, figures.event_date) as people
            from figures
            inner join metrics
                on
                    metrics.metric_id = $metric_id
                    and figures.metric_id = metrics.denominator_metric_id
            where list_contains($area_ids, figures.area_id) and figures.stratum_id = 'all'
            group by figures.area_id
        )

        select
            areas.area_id,
            areas.area_name,
            $until as until,
            totals.figure_id,
            totals.value,
            totals.missing_reason,
            totals.is_provisional,
            residents.people,
            if(totals.held = 7, totals.total, null) as total,
            if(totals.held_before = 7, totals.total_before, null) as total_before,
            if(totals.held = 7, totals.total * 100000 / residents.people, null) as rate
        from areas
        left join totals using (area_id)
        left join residents using (area_id)
        where list_contains($area_ids, areas.area_id)
        order by areas.area_name
        """,
        metric_id=metric_id,
        area_ids=area_ids,
        until=until,
    )
