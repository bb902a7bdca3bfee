-- How much of the grid of areas by days is empty in the last month of each file: of all of it, and
-- of its emptiest day. A day that stands in no row at all is empty from end to end.

with listed as (
    select source_id, metric_id, file_sha256, area_type, count(*) as areas
    from {{ ref('listed_areas') }}
    group by source_id, metric_id, file_sha256, area_type
),

grids as (
    select
        days.source_id,
        days.metric_id,
        days.stratum_id,
        days.area_type,
        days.file_sha256,
        days.published_at,
        days.landed_at,
        max(listed.areas) as areas,
        min(days.areas) as fewest_areas,
        sum(days.areas) as rows_found,
        count(*) as days_found,
        {{ days_between('min(days.event_date)', 'max(days.event_date)') }} + 1 as days
    from {{ ref('file_days') }} as days
    inner join {{ ref('file_order') }} as files
        on
            days.source_id = files.source_id
            and days.metric_id = files.metric_id
            and days.file_sha256 = files.file_sha256
            and days.event_date > {{ days_after('files.last_date', -28) }}
    inner join listed
        on
            days.source_id = listed.source_id
            and days.metric_id = listed.metric_id
            and days.file_sha256 = listed.file_sha256
            and days.area_type = listed.area_type
    group by
        days.source_id, days.metric_id, days.stratum_id, days.area_type, days.file_sha256,
        days.published_at, days.landed_at
),

emptiness as (
    select
        *,
        areas * days - rows_found as rows_short,
        1 - rows_found / (areas * days) as empty,
        case when days_found < days then 1 else 1 - fewest_areas / areas end as emptiest_day
    from grids
),

beside_the_usual as (
    select
        *,
        count(*) over files_before as files_before,
        {{ middle('empty') }} over files_before as usually_empty,
        {{ middle('emptiest_day') }} over files_before as usually_emptiest_day
    from emptiness
    window
        files_before as {{ files_before('source_id, metric_id, stratum_id, area_type, areas') }}
)

select * from beside_the_usual
