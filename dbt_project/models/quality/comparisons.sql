-- What each file says, beside what its reference files say: each of the last 28 days by kind of
-- area, all settled days together, and the share of each area in all of its kind. A day that no file
-- of the source had before is set beside the same weekday of the file of a week ago.

with days as (
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
        'day' as scope,
        cast(newer.event_date as string) as subject,
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
),

totals as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        reference_source_id,
        epoch,
        reference_epoch,
        stratum_id,
        area_type,
        'total' as scope,
        area_type || case when is_settled then '' else ', recent days' end as subject,
        case when is_settled then null else min(age_days) end as age_days,
        case when is_settled then null else min(reference_age_days) end as reference_age_days,
        is_settled,
        sum(total) as total,
        sum(reference_total) as reference_total
    from days
    where is_settled or age_days <= 28
    group by
        source_id, metric_id, file_sha256, published_at, landed_at, reference_source_id, epoch,
        reference_epoch, stratum_id, area_type, is_settled, reference_sha256
),

areas as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        files.reference_source_id,
        files.epoch,
        files.reference_epoch,
        newer.stratum_id,
        newer.area_type,
        'area' as scope,
        newer.area_id as subject,
        cast(null as bigint) as age_days,
        cast(null as bigint) as reference_age_days,
        true as is_settled,
        newer.total,
        -- What it would be if it had kept its share.
        older.total * (greatest(newer.total_of_kind, 0) + 1)
        / (greatest(older.total_of_kind, 0) + 1) as reference_total
    from {{ ref('reference_files') }} as files
    inner join {{ ref('area_totals') }} as newer
        on
            files.source_id = newer.source_id
            and files.metric_id = newer.metric_id
            and files.file_sha256 = newer.file_sha256
    inner join {{ ref('area_totals') }} as older
        on
            files.reference_source_id = older.source_id
            and files.metric_id = older.metric_id
            and files.reference_sha256 = older.file_sha256
            and newer.stratum_id = older.stratum_id
            and newer.area_id = older.area_id
),

newest_days as (
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
        'day' as scope,
        cast(newer.event_date as string) as subject,
        {{ days_between('newer.event_date', 'newer.published_at') }} as age_days,
        cast(-7 as bigint) as reference_age_days,
        false as is_settled,
        newer.total,
        older.total as reference_total
    from {{ ref('file_epochs') }} as files
    inner join {{ ref('file_days') }} as newer
        on
            files.source_id = newer.source_id
            and files.metric_id = newer.metric_id
            and files.file_sha256 = newer.file_sha256
    inner join {{ ref('file_order') }} as last_files
        on
            files.source_id = last_files.source_id
            and files.metric_id = last_files.metric_id
            and files.place = last_files.place + 1
            and newer.event_date > last_files.last_date
    inner join {{ ref('file_days') }} as older
        on
            newer.source_id = older.source_id
            and newer.metric_id = older.metric_id
            and newer.stratum_id = older.stratum_id
            and newer.area_type = older.area_type
            and newer.areas = older.areas
            and {{ days_after('older.event_date', 7) }} = newer.event_date
            and {{ days_after('older.published_at', 7) }} = cast(newer.published_at as date)
    left join {{ ref('suspect_files') }} as suspects
        on
            older.source_id = suspects.source_id
            and older.metric_id = suspects.metric_id
            and older.file_sha256 = suspects.file_sha256
    where suspects.file_sha256 is null
),

united as (
    select * exclude (reference_sha256) from days where age_days <= 28
    union all
    select * from totals
    union all
    select * from areas
    union all
    select * from newest_days
)

select
    *,
    reference_source_id = source_id as is_own,
    greatest(total, reference_total) as people,
    ln((greatest(total, 0) + 1) / (greatest(reference_total, 0) + 1)) as log_ratio
from united
