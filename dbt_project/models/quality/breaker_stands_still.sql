-- A file whose newest day is much older than this source's newest day usually is: than in the middle
-- of the month of files before, so that a feed that dies slowly does not make itself usual. A source
-- whose absence says nothing sends what it lists, and may list old days only: it cannot stand still.

with history as (
    select
        files.*,
        metrics.grain,
        {{ middle('files.age_days') }} over month_before as usual_age_days
    from {{ ref('file_order') }} as files
    inner join {{ ref('metrics') }} as metrics on files.metric_id = metrics.metric_id
    inner join {{ ref('sources') }} as sources on files.source_id = sources.source_id
    where sources.absence <> 'not_reported'
    window
        month_before as (
            partition by files.source_id, files.metric_id
            order by files.published_at, files.landed_at, files.file_sha256
            rows between 28 preceding and 1 preceding
        )
),

tripped as (
    select
        history.source_id,
        history.file_sha256,
        history.landed_at,
        history.metric_id,
        history.last_date,
        history.age_days,
        'stands_still' as breaker_id
    from history
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'stands_still'
    where
        history.grain in ('day', 'week')
        and history.age_days > greatest(
            thresholds.floor, coalesce(history.usual_age_days, history.usual_lag_days) + 7
        )
)

select * from tripped
