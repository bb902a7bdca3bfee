-- What one file says of one cell. Equal rows are one statement; unequal rows of one area are nobody's
-- statement and are shown in quarantine with both; among columns with a cut-off the newest counts.

with united as (
    select {{ stated_columns() }} from {{ ref('statements') }}
    union all
    select {{ stated_columns() }} from {{ ref('daily_from_cumulative') }}
),

counting as (
    select
        united.metric_id,
        united.area_id,
        united.stratum_id,
        united.event_date,
        united.series_id,
        united.value,
        united.lower,
        united.upper,
        united.missing_reason,
        united.cut_off_date,
        united.published_at,
        united.landed_at,
        united.file_row,
        united.sheet_name,
        files.file_number
    from united
    inner join {{ ref('landed_files') }} as files
        on united.source_id = files.source_id and united.file_sha256 = files.file_sha256
    inner join {{ ref('areas') }} as areas on united.area_id = areas.area_id
),

newest_cut_off as (
    select * from counting where cut_off_date is null
    union all
    select * from counting where cut_off_date is not null
    qualify
        rank() over (
            partition by metric_id, area_id, stratum_id, event_date, file_number
            order by cut_off_date desc
        ) = 1
),

said as (
    select
        metric_id,
        area_id,
        stratum_id,
        event_date,
        file_number,
        min(published_at) as published_at,
        min(landed_at) as landed_at,
        min(series_id) as series_id,
        min(value) as value,
        min(lower) as lower,
        min(upper) as upper,
        min(missing_reason) as missing_reason,
        min(file_row) as file_row,
        min(sheet_name) as sheet_name,
        case
            when count(value) = 0 then false
            when count(value) < count(*) then true
            else min(value) <> max(value)
        end as is_conflicting
    from newest_cut_off
    group by metric_id, area_id, stratum_id, event_date, file_number
),

named as (
    select said.*, files.source_id, files.file_sha256
    from said
    inner join {{ ref('landed_files') }} as files on said.file_number = files.file_number
)

select * from named
