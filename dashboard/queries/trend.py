"""One measure through time: what the chart, its table and its file all show."""

from datetime import date
from typing import Any

import polars as pl

from dashboard.queries.lists import among
from dashboard.queries.weeks import denominators
from store.reader import Reader

SHOWN_AT_FIRST = 180
# So far back are dates without a figure drawn: one date that is far off must not stop a page.
MOST_FILLED = 7_500


def trend(
    reader: Reader,
    metric_id: str,
    area_id: str,
    start: date | None = None,
    end: date | None = None,
) -> pl.DataFrame:
    """One row a date, oldest first, dates without a figure included; 180 dates unless asked.

    Columns area_id, area_name, event_date, value, lower, upper, missing_reason, is_provisional,
    is_corrected, expected_low, expected_high, status, source_id, figure_id and `mean`: the centred
    mean of seven settled days, for measures by day only.
    """
    every_day = _series(reader, metric_id, area_id)
    if start or end:
        kept = pl.col("event_date").is_between(start or date.min, end or date.max)
        return every_day.filter(kept)
    return every_day.tail(SHOWN_AT_FIRST)


def _series(reader: Reader, metric_id: str, area_id: str) -> pl.DataFrame:
    return reader.ask(
        """
        with held as (
            select
                figures.event_date,
                figures.value,
                figures.lower,
                figures.upper,
                figures.missing_reason,
                figures.is_provisional,
                figures.is_corrected,
                figures.expected_low,
                figures.expected_high,
                figures.status,
                figures.source_id,
                figures.figure_id,
                metrics.grain
            from figures
            inner join metrics using (metric_id)
            where
                figures.metric_id = $metric_id
                and figures.area_id = $area_id
                and figures.stratum_id = 'all'
        ),

        spans as (
            select
                min(event_date) as first_date,
                max(event_date) as last_date,
                case max(grain)
                    when 'week' then interval 7 day
                    when 'year' then interval 1 year
                    else interval 1 day
                end as step
            from held
        ),

        steps as (
            select unnest(
                generate_series(greatest(first_date, last_date - $most * step), last_date, step)
            )::date as event_date
            from spans
        ),

        dates as (
            select event_date from steps
            union
            select event_date from held
        ),

        seven as (
            select
                dates.event_date,
                max(held.grain) over () as grain,
                held.* exclude (event_date, grain),
                count(held.value) filter (where not held.is_provisional) over around as settled,
                avg(held.value) over around as mean
            from dates
            left join held using (event_date)
            window around as (
                order by dates.event_date
                range between interval 3 days preceding and interval 3 days following
            )
        )

        select
            areas.area_id,
            areas.area_name,
            seven.event_date,
            seven.value,
            seven.lower,
            seven.upper,
            seven.missing_reason,
            coalesce(seven.is_provisional, false) as is_provisional,
            coalesce(seven.is_corrected, false) as is_corrected,
            seven.expected_low,
            seven.expected_high,
            seven.status,
            seven.source_id,
            seven.figure_id,
            if(seven.settled = 7 and seven.grain = 'day', seven.mean, null) as mean
        from seven
        inner join areas on areas.area_id = $area_id
        order by seven.event_date
        """,
        metric_id=metric_id,
        area_id=area_id,
        most=MOST_FILLED,
    )


def ranges_held(reader: Reader, metric_id: str, area_id: str) -> dict[str, Any]:
    """How many past ranges of final values can be checked, and the part that held, 0 to 1.

    Of the sources and at the ages of the area's days that are still filling in: `ranges` (0 where
    none can be checked) and `held` (then None).
    """
    found = reader.ask(
        """
        with ages as (
            select distinct
                source_id,
                metric_id,
                date_diff('day', event_date, cast(published_at as date)) as age_days
            from figures
            where
                metric_id = $metric_id
                and area_id = $area_id
                and stratum_id = 'all'
                and expected_low is not null
        )

        select
            cast(coalesce(sum(ranges), 0) as bigint) as ranges,
            sum(ranges * held_95) / sum(ranges) as held
        from ages
        inner join expectation_scores using (source_id, metric_id, age_days)
        """,
        metric_id=metric_id,
        area_id=area_id,
    )
    return found.row(0, named=True)


def comparison(
    reader: Reader,
    metric_id: str,
    area_ids: list[str],
    start: date | None = None,
    end: date | None = None,
) -> pl.DataFrame:
    """Rates side by side: settled 7-day totals per 100,000 residents, one row an area and date.

    Columns area_id, area_name, event_date, value (the rate), is_provisional (never true here),
    missing_reason. Areas come in the order given, dates oldest first; unless dates are asked for,
    the last ones that the first area has.
    """
    areas, placed = among("area", area_ids)
    people, counted = among("people", denominators(reader, [metric_id]))
    rates = reader.ask(
        f"""
        with residents as (
            select area_id, max_by(value, event_date) as people
            from figures
            where metric_id in {people} and area_id in {areas} and stratum_id = 'all'
            group by area_id
        ),

        weeks as (
            select
                area_id,
                event_date,
                sum(value) over back as total,
                count(value) filter (where not is_provisional) over back as settled
            from figures
            where metric_id = $metric_id and area_id in {areas} and stratum_id = 'all'
            window back as (
                partition by area_id order by event_date
                range between interval 6 days preceding and current row
            )
        )

        select
            areas.area_id,
            areas.area_name,
            weeks.event_date,
            weeks.total * 100000 / residents.people as value,
            false as is_provisional,
            cast(null as varchar) as missing_reason
        from weeks
        inner join residents using (area_id)
        inner join areas using (area_id)
        where weeks.settled = 7
        order by list_position($in_order, areas.area_id), weeks.event_date
        """,
        metric_id=metric_id,
        in_order=area_ids,
        **placed,
        **counted,
    )
    if start or end:
        return rates.filter(pl.col("event_date").is_between(start or date.min, end or date.max))
    here = rates.filter(pl.col("area_id") == area_ids[0])["event_date"].tail(SHOWN_AT_FIRST)
    if here.is_empty():
        return rates.head(0)
    return rates.filter(pl.col("event_date").is_between(here[0], here[-1]))
