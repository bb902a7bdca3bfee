-- Files that have no newer day than the file before and say of every day of the last month what it
-- said, in a source whose files nearly always say something new: yesterday's file, newly dated.

with beside_the_last as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        count(case when older.total = newer.total then 1 end) as days_alike,
        count(*) as days
    from {{ ref('file_order') }} as files
    inner join {{ ref('file_order') }} as last_files
        on
            files.source_id = last_files.source_id
            and files.metric_id = last_files.metric_id
            and files.place = last_files.place + 1
    inner join {{ ref('file_days') }} as newer
        on
            files.source_id = newer.source_id
            and files.metric_id = newer.metric_id
            and files.file_sha256 = newer.file_sha256
            and newer.event_date > {{ days_after('files.last_date', -28) }}
    left join {{ ref('file_days') }} as older
        on
            last_files.source_id = older.source_id
            and last_files.metric_id = older.metric_id
            and last_files.file_sha256 = older.file_sha256
            and newer.stratum_id = older.stratum_id
            and newer.area_type = older.area_type
            and newer.event_date = older.event_date
    group by
        files.source_id, files.metric_id, files.file_sha256, files.published_at, files.landed_at
),

in_order as (
    select
        *,
        days_alike = days as is_repeat,
        coalesce(
            lag(days_alike = days) over (
                partition by source_id, metric_id order by published_at, landed_at
            ),
            false
        ) as was_repeat
    from beside_the_last
),

beside_the_month as (
    -- A feed that stood still counts once, however many files it did so.
    select
        *,
        count(*) over month_before as files_before,
        count(case when is_repeat and not was_repeat then 1 end) over month_before as stops_before
    from in_order
    window month_before as {{ files_before('source_id, metric_id', 28) }}
),

tripped as (
    select source_id, metric_id, file_sha256, landed_at, 'nothing_new' as breaker_id
    from beside_the_month
    where is_repeat and files_before >= {{ enough_files() }} and stops_before < 3
)

select * from tripped
