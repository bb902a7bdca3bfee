-- What each file says of each day, beside what its reference files say of it, by kind of area.

with compared as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        files.reference_source_id,
        files.reference_sha256,
        files.epoch,
        files.reference_epoch,
        newer.stratum_id,
        newer.area_type,
        newer.event_date,
        {{ days_between('newer.event_date', 'files.published_at') }} as age_days,
        {{ days_between('newer.event_date', 'files.reference_published_at') }}
            as reference_age_days,
        {{ days_after('newer.event_date', 'files.usual_lag_days') }}
        < least(files.published_at, files.reference_published_at) as is_settled,
        newer.total,
        older.total as reference_total
    from {{ ref('reference_files') }} as files
    inner join {{ ref('file_days') }} as newer
        on
            files.source_id = newer.source_id
            and files.metric_id = newer.metric_id
            and files.file_sha256 = newer.file_sha256
    inner join {{ ref('file_days') }} as older
        on
            files.reference_source_id = older.source_id
            and files.metric_id = older.metric_id
            and files.reference_sha256 = older.file_sha256
            and newer.stratum_id = older.stratum_id
            and newer.area_type = older.area_type
            and newer.event_date = older.event_date
            and newer.areas = older.areas
)

select * from compared
