-- The newest days of each file beside the same weekday one and two weeks before, as it stood then: a
-- day that nobody stated before has nothing else to be compared with.

with files as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        files.epoch,
        last_files.last_date
    from {{ ref('file_epochs') }} as files
    inner join {{ ref('file_order') }} as last_files
        on
            files.source_id = last_files.source_id
            and files.metric_id = last_files.metric_id
            and files.place = last_files.place + 1
),

yardsticks as (
    select days.*, files.epoch
    from {{ ref('file_days') }} as days
    inner join {{ ref('file_epochs') }} as files
        on
            days.source_id = files.source_id
            and days.metric_id = files.metric_id
            and days.file_sha256 = files.file_sha256
    left join {{ ref('suspect_files') }} as suspects
        on
            days.source_id = suspects.source_id
            and days.metric_id = suspects.metric_id
            and days.file_sha256 = suspects.file_sha256
    where suspects.file_sha256 is null
),

compared as (
    select
        newer.source_id,
        newer.metric_id,
        newer.file_sha256,
        newer.published_at,
        newer.landed_at,
        newer.source_id as reference_source_id,
        files.epoch,
        files.epoch as reference_epoch,
        newer.stratum_id,
        newer.area_type,
        newer.event_date,
        {{ days_between('newer.event_date', 'newer.published_at') }} as age_days,
        {{ days_between('newer.event_date', 'older.event_date') }} as reference_age_days,
        newer.total,
        older.total as reference_total
    from files
    inner join {{ ref('file_days') }} as newer
        on
            files.source_id = newer.source_id
            and files.metric_id = newer.metric_id
            and files.file_sha256 = newer.file_sha256
            and newer.event_date >= files.last_date
    inner join yardsticks as older
        on
            newer.source_id = older.source_id
            and newer.metric_id = older.metric_id
            and newer.stratum_id = older.stratum_id
            and newer.area_type = older.area_type
            and newer.areas = older.areas
            and files.epoch = older.epoch
            and {{ days_between('older.event_date', 'newer.event_date') }} in (7, 14)
            and {{ days_between('older.published_at', 'newer.published_at') }}
            = {{ days_between('older.event_date', 'newer.event_date') }}
)

select * from compared
