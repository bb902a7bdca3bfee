-- The files in order with the epoch that each belongs to: an event on record begins a new one, and
-- a file is only set beside files of its own epoch.

with epochs as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        files.place,
        metrics.usual_lag_days,
        count(events.event_id) as epoch
    from {{ ref('file_order') }} as files
    inner join {{ ref('metrics') }} as metrics on files.metric_id = metrics.metric_id
    left join {{ ref('events') }} as events
        on
            (events.metric_id = files.metric_id or events.metric_id = metrics.cumulative_of)
            and (events.source_id is null or events.source_id = files.source_id)
            and files.published_at >= events.happened_on
    group by
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        files.place,
        metrics.usual_lag_days
)

select * from epochs
