-- What part of the rows of its last reference files each file has not, within the days that it covers:
-- over all days, and on the day that lost most.

with spans as (
    select
        source_id,
        metric_id,
        stratum_id,
        file_sha256,
        min(event_date) as first_date,
        max(event_date) as last_date
    from {{ ref('file_days') }}
    group by source_id, metric_id, stratum_id, file_sha256
),

expected as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        files.reference_sha256,
        older.event_date,
        older.areas as expected,
        least(older.areas, coalesce(newer.areas, 0)) as found
    from {{ ref('reference_files') }} as files
    inner join {{ ref('file_days') }} as older
        on
            files.reference_source_id = older.source_id
            and files.metric_id = older.metric_id
            and files.reference_sha256 = older.file_sha256
    inner join spans
        on
            files.source_id = spans.source_id
            and files.metric_id = spans.metric_id
            and files.file_sha256 = spans.file_sha256
            and older.stratum_id = spans.stratum_id
            and older.event_date between spans.first_date and spans.last_date
    left join {{ ref('file_days') }} as newer
        on
            files.source_id = newer.source_id
            and files.metric_id = newer.metric_id
            and files.file_sha256 = newer.file_sha256
            and older.stratum_id = newer.stratum_id
            and older.area_type = newer.area_type
            and older.event_date = newer.event_date
    where files.reference_source_id = files.source_id
),

beside_each as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        reference_sha256,
        1 - sum(found) / sum(expected) as lost,
        1 - min(found / expected) as lost_on_a_day
    from expected
    group by source_id, metric_id, file_sha256, published_at, landed_at, reference_sha256
),

by_file as (
    select
        source_id,
        metric_id,
        file_sha256,
        published_at,
        landed_at,
        {{ middle('lost') }} as lost,
        {{ middle('lost_on_a_day') }} as lost_on_a_day
    from beside_each
    group by source_id, metric_id, file_sha256, published_at, landed_at
),

beside_the_usual as (
    select
        *,
        {{ middle('lost') }} over files_before as usually_lost,
        {{ middle('lost_on_a_day') }} over files_before as usually_lost_on_a_day,
        count(*) over files_before as files_before
    from by_file
    window
        files_before as (
            partition by source_id, metric_id order by published_at, landed_at
            rows between unbounded preceding and 1 preceding
        )
)

select * from beside_the_usual
