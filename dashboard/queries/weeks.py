"""Seven settled days against the seven before, and rates for comparison between areas."""

import polars as pl

from dashboard.queries.lists import among
from store.passport import HIDDEN
from store.reader import Reader


def last_weeks(
    reader: Reader, metric_ids: list[str], area_ids: list[str], at: str = ""
) -> pl.DataFrame:
    """The last seven settled days of measures and the seven before, one row a measure and area.

    All areas stand at one date, `until`, so that they can be compared: the last settled one of the
    area `at` or, where it has none, that of most of them. `total` and `total_before` are null
    unless all seven days have a settled value; `rate` is `total` per 100,000 residents where the
    measure has a denominator and the area a population. `figure_id`, `value`, `lower`, `upper`,
    `missing_reason` and `is_provisional` are those of `until` itself; `days_hidden` is how many of
    the seven days are hidden.
    """
    metrics, named = among("metric", metric_ids)
    areas, placed = among("area", area_ids)
    people, counted = among("people", denominators(reader, metric_ids))
    hidden, unshown = among("hidden", sorted(HIDDEN))
    return reader.ask(
        f"""
        with held as (
            select
                metric_id,
                area_id,
                event_date,
                figure_id,
                value,
                lower,
                upper,
                missing_reason,
                is_provisional
            from figures
            where metric_id in {metrics} and area_id in {areas} and stratum_id = 'all'
        ),

        reached as (
            select metric_id, area_id, max(event_date) as until
            from held
            where not is_provisional and value is not null
            group by metric_id, area_id
        ),

        untils as (
            select metric_id, until
            from reached
            group by metric_id, until
            qualify row_number() over (
                partition by metric_id
                order by bool_or(area_id = $at) desc, count(*) desc, until desc
            ) = 1
        ),

        days as (
            select
                held.*,
                untils.until,
                held.event_date > untils.until - 7 as is_latest,
                held.event_date = untils.until as is_last,
                held.value is not null and not held.is_provisional as is_settled
            from held
            inner join untils using (metric_id)
            where held.event_date > untils.until - 14 and held.event_date <= untils.until
        ),

        totals as (
            select
                metric_id,
                area_id,
                until,
                sum(value) filter (where is_latest) as total,
                sum(value) filter (where not is_latest) as total_before,
                count(*) filter (where is_latest and is_settled) as days_held,
                count(*) filter (where not is_latest and is_settled) as days_held_before,
                count(*) filter (where is_latest and missing_reason in {hidden}) as days_hidden,
                max(figure_id) filter (where is_last) as figure_id,
                max(value) filter (where is_last) as value,
                max(lower) filter (where is_last) as lower,
                max(upper) filter (where is_last) as upper,
                max(missing_reason) filter (where is_last) as missing_reason,
                bool_or(is_provisional) filter (where is_last) as is_provisional
            from days
            group by metric_id, area_id, until
        ),

        residents as (
            select area_id, metric_id as people_id, max_by(value, event_date) as people
            from figures
            where metric_id in {people} and area_id in {areas} and stratum_id = 'all'
            group by area_id, metric_id
        )

        select
            totals.* exclude (total, total_before, days_held, days_held_before),
            areas.area_name,
            if(totals.days_held = 7, totals.total, null) as total,
            if(totals.days_held_before = 7, totals.total_before, null) as total_before,
            if(totals.days_held = 7, totals.total * 100000 / residents.people, null) as rate
        from totals
        inner join metrics using (metric_id)
        inner join areas using (area_id)
        left join residents
            on
                totals.area_id = residents.area_id
                and metrics.denominator_metric_id = residents.people_id
        order by metrics.headline_rank nulls last, totals.metric_id, areas.area_name
        """,
        at=at,
        **named,
        **placed,
        **counted,
        **unshown,
    )


def denominators(reader: Reader, metric_ids: list[str]) -> list[str]:
    """The measures by which these are divided to make rates."""
    metrics, named = among("metric", metric_ids)
    found = reader.ask(
        f"""
        select distinct denominator_metric_id
        from metrics
        where metric_id in {metrics} and denominator_metric_id is not null
        """,
        **named,
    )
    return found["denominator_metric_id"].to_list()
