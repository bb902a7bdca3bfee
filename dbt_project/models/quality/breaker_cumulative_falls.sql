-- A country's running total that falls within a file, by more than a small correction, on a day for
-- which no event of the total or of its daily values is on record.

with unexplained as (
    select falls.*
    from {{ ref('cumulative_falls') }} as falls
    left join {{ ref('events') }} as events
        on
            events.metric_id in (falls.metric_id, falls.cumulative_of)
            and coalesce(events.area_id, falls.area_id) = falls.area_id
            and falls.event_date >= coalesce(events.event_from, date '1900-01-01')
            and falls.event_date < coalesce(events.event_until, date '9999-01-01')
    where events.event_id is null
),

tripped as (
    select
        unexplained.source_id,
        unexplained.file_sha256,
        unexplained.landed_at,
        unexplained.metric_id,
        unexplained.area_id,
        unexplained.event_date,
        unexplained.fall,
        'cumulative_falls' as breaker_id
    from unexplained
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'cumulative_falls'
    where
        -unexplained.fall >= thresholds.least_count
        and -unexplained.fall > thresholds.floor * unexplained.total_before
)

select * from tripped
