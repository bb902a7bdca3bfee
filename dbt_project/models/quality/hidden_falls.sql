-- Parts of such an area whose running total fell on a day while their number of that day stands
-- higher: a publisher that prints no negative day prints 0, and its whole knows the fall.

with falls as (
    select
        exceeding.source_id,
        exceeding.metric_id,
        exceeding.stratum_id,
        exceeding.event_date,
        exceeding.area_id,
        exceeding.level,
        areas.area_name as part_name,
        daily.value - (total.value - total_before.value) as hidden
    from {{ ref('parts_and_wholes') }} as exceeding
    inner join {{ ref('areas') }} as areas on exceeding.area_id = areas.parent_area_id
    inner join {{ ref('metrics') }} as metrics on exceeding.metric_id = metrics.cumulative_of
    inner join {{ ref('said_in_files') }} as daily
        on
            exceeding.file_sha256 = daily.file_sha256
            and exceeding.source_id = daily.source_id
            and exceeding.metric_id = daily.metric_id
            and exceeding.stratum_id = daily.stratum_id
            and exceeding.event_date = daily.event_date
            and areas.area_id = daily.area_id
    inner join {{ ref('said_in_files') }} as total
        on
            daily.file_sha256 = total.file_sha256
            and daily.source_id = total.source_id
            and metrics.metric_id = total.metric_id
            and daily.stratum_id = total.stratum_id
            and daily.event_date = total.event_date
            and daily.area_id = total.area_id
    inner join {{ ref('said_in_files') }} as total_before
        on
            total.file_sha256 = total_before.file_sha256
            and total.source_id = total_before.source_id
            and total.metric_id = total_before.metric_id
            and total.stratum_id = total_before.stratum_id
            and total.area_id = total_before.area_id
            and total.event_date = {{ days_after('total_before.event_date', 1) }}
    where daily.value > total.value - total_before.value and total.value < total_before.value
),

hidden as (
    select
        source_id,
        metric_id,
        stratum_id,
        event_date,
        area_id,
        level,
        min(part_name) as part_name,
        sum(hidden) as hidden
    from falls
    group by source_id, metric_id, stratum_id, event_date, area_id, level
)

select * from hidden
