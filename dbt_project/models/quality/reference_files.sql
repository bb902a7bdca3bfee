-- What each file is set beside: the last three of its source that are no suspects, and the newest of
-- every other source that speaks of the metric.

with yardsticks as (
    select files.*
    from {{ ref('file_epochs') }} as files
    left join {{ ref('suspect_files') }} as suspects
        on
            files.source_id = suspects.source_id
            and files.metric_id = suspects.metric_id
            and files.file_sha256 = suspects.file_sha256
    where suspects.file_sha256 is null
),

own as (
    select
        newer.source_id,
        newer.metric_id,
        newer.file_sha256,
        newer.published_at,
        newer.landed_at,
        newer.usual_lag_days,
        older.source_id as reference_source_id,
        older.file_sha256 as reference_sha256,
        older.published_at as reference_published_at,
        newer.epoch,
        older.epoch as reference_epoch
    from {{ ref('file_epochs') }} as newer
    inner join yardsticks as older
        on
            newer.source_id = older.source_id
            and newer.metric_id = older.metric_id
            and newer.epoch = older.epoch
            and older.place between newer.place - 28 and newer.place - 1
    qualify
        row_number() over (
            partition by newer.source_id, newer.metric_id, newer.file_sha256
            order by older.place desc
        ) <= 3
),

others as (
    select
        newer.source_id,
        newer.metric_id,
        newer.file_sha256,
        newer.published_at,
        newer.landed_at,
        newer.usual_lag_days,
        older.source_id as reference_source_id,
        older.file_sha256 as reference_sha256,
        older.published_at as reference_published_at,
        newer.epoch,
        older.epoch as reference_epoch
    from {{ ref('file_epochs') }} as newer
    inner join yardsticks as older
        on
            newer.metric_id = older.metric_id
            and newer.source_id <> older.source_id
            and older.published_at <= newer.published_at
            and older.published_at > {{ days_after('newer.published_at', -7) }}
    qualify
        row_number() over (
            partition by newer.source_id, newer.metric_id, newer.file_sha256, older.source_id
            order by older.published_at desc, older.landed_at desc
        ) = 1
),

united as (
    select * from own
    union all
    select * from others
)

select * from united
