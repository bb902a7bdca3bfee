-- How far the settled days of each file lie, all together, from what was said before: by a month of
-- its own source, and by every other source. Settled days still grow a little and sources differ,
-- but by much the same in each file: what is usual is taken off.

with by_itself as (
    select
        source_id,
        metric_id,
        stratum_id,
        area_type,
        file_sha256,
        published_at,
        landed_at,
        '' as other_source_id,
        sum(case when areas = usual_areas then total else 0 end) as total,
        sum(case when areas = usual_areas then usual_total else 0 end) as expected_total,
        sum(least(areas, usual_areas)) / sum(usual_areas) as rows_kept
    from {{ ref('settled_days') }}
    where statements_before >= 3
    group by source_id, metric_id, stratum_id, area_type, file_sha256, published_at, landed_at
),

by_others as (
    select
        newer.source_id,
        newer.metric_id,
        newer.stratum_id,
        newer.area_type,
        newer.file_sha256,
        newer.published_at,
        newer.landed_at,
        others.reference_source_id as other_source_id,
        sum(newer.total) as total,
        sum(older.total) as expected_total,
        1 as rows_kept
    from {{ ref('newest_of_others') }} as others
    inner join {{ ref('settled_days') }} as newer
        on
            others.source_id = newer.source_id
            and others.metric_id = newer.metric_id
            and others.file_sha256 = newer.file_sha256
    inner join {{ ref('settled_days') }} as older
        on
            others.reference_source_id = older.source_id
            and others.metric_id = older.metric_id
            and others.reference_sha256 = older.file_sha256
            and newer.stratum_id = older.stratum_id
            and newer.area_type = older.area_type
            and newer.event_date = older.event_date
            and newer.areas = older.areas
    group by
        newer.source_id, newer.metric_id, newer.stratum_id, newer.area_type, newer.file_sha256,
        newer.published_at, newer.landed_at, others.reference_source_id
),

united as (
    select *, {{ log_ratio('total', 'expected_total') }} as log_ratio from by_itself
    union all
    select *, {{ log_ratio('total', 'expected_total') }} as log_ratio from by_others
),

moved as (
    select
        *,
        log_ratio - coalesce(
            {{ middle('log_ratio') }} over files_before,
            case when other_source_id = '' then 0 end
        ) as moved
    from united
    window
        files_before as (
            partition by source_id, metric_id, stratum_id, area_type, other_source_id
            order by published_at, landed_at
            rows between unbounded preceding and 1 preceding
        )
)

select * from moved
