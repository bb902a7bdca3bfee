-- Files that say of every day what the file before said, and of no new day anything, in a source whose
-- files nearly always say something new: yesterday's file under today's date.

with beside_the_last as (
    select
        files.source_id,
        files.metric_id,
        files.file_sha256,
        files.published_at,
        files.landed_at,
        sum(case when older.total = newer.total then 0 else 1 end) as days_changed
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
    left join {{ ref('file_days') }} as older
        on
            last_files.source_id = older.source_id
            and last_files.metric_id = older.metric_id
            and last_files.file_sha256 = older.file_sha256
            and newer.stratum_id = older.stratum_id
            and newer.area_type = older.area_type
            and newer.event_date = older.event_date
            and newer.areas = older.areas
    group by
        files.source_id, files.metric_id, files.file_sha256, files.published_at, files.landed_at
),

beside_the_month as (
    -- A file that said nothing new counts once, however often it came again.
    select
        *,
        count(*) over month_before as files_before,
        count(case when days_changed = 0 and days_changed_before > 0 then 1 end)
            over month_before as stops_before
    from (
        select
            *,
            coalesce(lag(days_changed) over (
                partition by source_id, metric_id order by published_at, landed_at
            ), 1) as days_changed_before
        from beside_the_last
    ) as in_order
    window
        month_before as (
            partition by source_id, metric_id order by published_at, landed_at
            rows between 28 preceding and 1 preceding
        )
),

tripped as (
    select source_id, metric_id, file_sha256, landed_at, 'nothing_new' as breaker_id
    from beside_the_month
    where files_before >= 10 and days_changed = 0 and stops_before < 3
)

select * from tripped
