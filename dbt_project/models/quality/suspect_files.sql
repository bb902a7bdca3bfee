-- Files that are no yardstick for others: their settled days are far from what a month of their own
-- source said of the same days, or every other source says, or rows are missing that were there. So a
-- file that was held makes neither the next bad one look right nor the next good one wrong.

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
        sum(case when areas = usual_areas then usual_total else 0 end) as people,
        ln(
            (greatest(sum(case when areas = usual_areas then total else 0 end), 0) + 1)
            / (greatest(sum(case when areas = usual_areas then usual_total else 0 end), 0) + 1)
        ) as log_ratio,
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
        sum(older.total) as people,
        ln((greatest(sum(newer.total), 0) + 1) / (greatest(sum(older.total), 0) + 1)) as log_ratio,
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
    select * from by_itself
    union all
    select * from by_others
),

moved as (
    -- Settled days still grow a little, and sources differ, by much the same in each file.
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
),

voices as (
    select
        moved.source_id,
        moved.metric_id,
        moved.file_sha256,
        moved.other_source_id = '' as is_own,
        moved.moved,
        moved.rows_kept < 1 - thresholds.floor / 4 as has_lost_rows,
        abs(moved.moved) > greatest(thresholds.floor, 3 / sqrt(greatest(moved.people, 1))) as is_far,
        moved.stratum_id,
        moved.area_type
    from moved
    cross join {{ ref('breaker_thresholds') }} as thresholds
    where thresholds.breaker_id = 'total_moved' and moved.moved is not null
),

together as (
    select
        source_id,
        metric_id,
        file_sha256,
        count(case when is_own and has_lost_rows then 1 end) as losses,
        count(case when is_own and is_far then 1 end) as own_against,
        count(case when not is_own then 1 end) as others,
        count(case when not is_own and is_far then 1 end) as others_against,
        max(case when not is_own then moved end) * min(case when not is_own then moved end) > 0
            as are_others_alike
    from voices
    group by source_id, metric_id, file_sha256, stratum_id, area_type
),

suspects as (
    select distinct source_id, metric_id, file_sha256
    from together
    where
        losses > 0
        or (own_against > 0 and others_against = others)
        or (others > 1 and others_against = others and are_others_alike)
)

select * from suspects
