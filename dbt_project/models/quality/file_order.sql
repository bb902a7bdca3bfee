-- The files of each source and metric in order of publication, with the newest day that each holds
-- and its epoch: how many events on record had changed the series by then.

with files as (
    select
        days.source_id,
        days.metric_id,
        metrics.cumulative_of,
        metrics.usual_lag_days,
        days.file_sha256,
        days.published_at,
        days.landed_at,
        max(days.event_date) as last_date,
        {{ days_between('max(days.event_date)', 'days.published_at') }} as age_days
    from {{ ref('file_days') }} as days
    inner join {{ ref('metrics') }} as metrics on days.metric_id = metrics.metric_id
    group by
        days.source_id,
        days.metric_id,
        metrics.cumulative_of,
        metrics.usual_lag_days,
        days.file_sha256,
        days.published_at,
        days.landed_at
),

changes as (
    select files.source_id, files.metric_id, files.file_sha256, count(*) as epoch
    from files
    inner join {{ ref('events') }} as events
        on
            events.metric_id in (files.metric_id, files.cumulative_of)
            and coalesce(events.source_id, files.source_id) = files.source_id
            and files.published_at >= events.happened_on
    group by files.source_id, files.metric_id, files.file_sha256
),

in_order as (
    select
        files.*,
        coalesce(changes.epoch, 0) as epoch,
        row_number() over (
            partition by files.source_id, files.metric_id
            order by files.published_at, files.landed_at, files.file_sha256
        ) as place,
        lead(files.published_at) over (
            partition by files.source_id, files.metric_id
            order by files.published_at, files.landed_at, files.file_sha256
        ) as next_published_at
    from files
    left join changes
        on
            files.source_id = changes.source_id
            and files.metric_id = changes.metric_id
            and files.file_sha256 = changes.file_sha256
)

select * from in_order
