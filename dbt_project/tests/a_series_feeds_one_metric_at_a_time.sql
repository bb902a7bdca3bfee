-- Two policy rows of one series must not hold on the same day of publication. In order of their first
-- days, spans overlap where one begins before the span ahead of it has ended, and also where both
-- begin together.
with spans as (
    select
        source_id,
        series_id,
        metric_id,
        coalesce(published_from, date '1900-01-01') as first_day,
        coalesce(published_until, date '9999-01-01') as day_after
    from {{ ref('series') }}
),

in_order as (
    select
        *,
        lead(first_day) over one_series as next_first_day,
        lead(metric_id) over one_series as next_metric_id
    from spans
    window one_series as (partition by source_id, series_id order by first_day, day_after)
)

select * from in_order
where next_first_day < day_after
