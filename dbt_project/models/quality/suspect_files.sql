-- Files that at first sight contradict what their own source said of settled days and of areas, or are
-- dated oddly or say nothing new. What a suspect said is not asked when the next files are judged, so
-- that a week of bad files makes neither the next bad one usual nor the first good one odd. What a
-- source does all the time is no suspicion.

with apart as (
    select days.source_id, days.metric_id, days.file_sha256
    from {{ ref('recalled_days') }} as days
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'days_moved'
    where
        days.settled_total is not null
        and {{ is_apart('days.total', 'days.settled_total') }}
    union
    select shares.source_id, shares.metric_id, shares.file_sha256
    from {{ ref('area_shares') }} as shares
    inner join {{ ref('breaker_thresholds') }} as thresholds
        on thresholds.breaker_id = 'areas_moved'
    where
        shares.usual_total is not null
        and {{ is_apart('shares.total', 'shares.usual_total') }}
    union
    select source_id, metric_id, file_sha256 from {{ ref('breaker_dated_oddly') }}
    union
    select source_id, metric_id, file_sha256 from {{ ref('breaker_nothing_new') }}
),

in_order as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        apart.file_sha256 is not null as is_apart,
        count(apart.file_sha256) over (
            partition by files.source_id, files.metric_id order by files.place
            rows between 28 preceding and 1 preceding
        ) as apart_before
    from {{ ref('file_order') }} as files
    left join apart
        on
            files.source_id = apart.source_id
            and files.metric_id = apart.metric_id
            and files.file_sha256 = apart.file_sha256
),

suspects as (
    select source_id, metric_id, file_sha256
    from in_order
    where is_apart and apart_before < {{ enough_files() }}
)

select * from suspects
