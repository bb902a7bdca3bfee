-- A country's running total that falls within a file, by more than a small correction.

with falls as (
    select
        falls.source_id,
        falls.file_sha256,
        falls.landed_at,
        falls.metric_id,
        falls.area_id,
        falls.event_date,
        falls.value as fall,
        falls.total_before
    from {{ ref('cumulative_falls') }} as falls
    inner join {{ ref('areas') }} as areas on falls.area_id = areas.area_id
    where areas.area_type in ('country', 'country_group', 'nation')
),

tripped as (
    select falls.*, 'cumulative_falls' as breaker_id
    from falls
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'cumulative_falls'
    left join {{ ref('events') }} as events
        on
            falls.metric_id = events.metric_id
            and coalesce(events.area_id, falls.area_id) = falls.area_id
            and falls.event_date >= coalesce(events.event_from, date '1900-01-01')
            and falls.event_date < coalesce(events.event_until, date '9999-01-01')
    where
        events.event_id is null
        and -falls.fall >= thresholds.least_count
        and -falls.fall > thresholds.floor * falls.total_before
)

select * from tripped
